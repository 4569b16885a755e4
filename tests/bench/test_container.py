"""The sizes of an image's layers are those that a registry would store."""

import hashlib
import json

from bench.container import read_layers


def test_each_layer_is_listed_with_its_compressed_size_and_its_instruction(tmp_path):
    blobs = tmp_path / "blobs/sha256"
    blobs.mkdir(parents=True)

    def store(value):
        data = json.dumps(value).encode()
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {"digest": f"sha256:{digest}"}

    steps = [{"created_by": "COPY  a"}, {"created_by": "ENV b", "empty_layer": True}, {"created_by": "RUN c \\\n d"}]
    layers = [{"digest": "sha256:1", "size": 1_200_000}, {"digest": "sha256:2", "size": 70}]
    manifest = store({"config": store({"history": steps}), "layers": layers})
    (tmp_path / "index.json").write_text(json.dumps({"manifests": [manifest]}))
    assert read_layers(tmp_path) == [(1_200_000, "COPY a"), (70, "RUN c \\ d")]
