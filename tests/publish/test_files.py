"""The files to publish."""

from sitegen.publish import files
from sitegen.publish.files import pack
from sitegen.system.fingerprints import of_bytes


def test_files_of_known_fingerprints_are_not_read(tmp_path, monkeypatch):
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(name)
    complete = pack(tmp_path, "cab")
    read = []
    original = files.of_file
    monkeypatch.setattr(files, "of_file", lambda path: (read.append(path.name), original(path))[1])
    assert pack(tmp_path, "cab", fingerprints={"a": of_bytes(b"a"), "b": ""}) == complete
    assert read == ["b", "c"]
