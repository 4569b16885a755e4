"""Which files get compressed copies, and when these are made again."""

import gzip
import sys

import pytest

from sitegen.errors import Problem, SiteError
from sitegen.publish.compression import MIN_BYTES, add_compressed, require_brotli
from sitegen.publish.files import Shipment, SourceFile, pack, read_source_file
from sitegen.system.fingerprints import of_file
from sitegen.system.installation import install_hint

brotli = pytest.importorskip("brotli", reason="brotli is not installed")

TEXT = "<p>many words</p>" * 100
FILES = {
    "b.html": TEXT,
    "a/style.css": "p{}" * 500,
    "exact.txt": "x" * MIN_BYTES,
    "short.txt": "x" * (MIN_BYTES - 1),
    "image.png": "x" * 5000,
}


@pytest.fixture
def output(tmp_path):
    for name, text in FILES.items():
        (tmp_path / "output" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "output" / name).write_text(text)
    return tmp_path / "output"


def test_files_are_packed_in_the_order_of_their_paths(output):
    shipment = pack(output, FILES, ["b.html"])
    assert list(shipment.files) == sorted(FILES)
    assert shipment.listings == {"b.html"}
    assert pack(output, []) == Shipment({})
    path = output / "b.html"
    assert shipment.files["b.html"] == SourceFile(str(path), of_file(path), len(TEXT))
    assert shipment.sizes == {name: len(FILES[name]) for name in sorted(FILES)}
    assert shipment.digests == {name: of_file(output / name) for name in sorted(FILES)}


def test_longer_text_files_get_a_copy_for_each_encoding(output, tmp_path):
    shipment = pack(output, FILES, ["b.html"])
    cache = tmp_path / "a/cache"
    compressed = add_compressed(shipment, cache, 1)
    texts = ("a/style.css", "b.html", "exact.txt")
    copies = {f"{path}.{end}" for path in texts for end in ("gz", "br")}
    assert list(compressed.files) == sorted({*FILES, *copies})
    assert compressed.listings == shipment.listings
    for path in texts:
        digest = shipment.files[path].digest
        packed, brotlied = compressed.files[f"{path}.gz"], compressed.files[f"{path}.br"]
        assert (packed.path, brotlied.path) == (cache / f"{digest}.gz", cache / f"{digest}.br")
        assert packed == read_source_file(packed.location)
        assert gzip.decompress(packed.path.read_bytes()).decode() == FILES[path]
        assert packed.path.read_bytes()[4:8] == bytes(4), "there is no time in the header"
        assert packed.path.read_bytes() == gzip.compress(FILES[path].encode(), 9, mtime=0)
        assert brotlied.path.read_bytes() == brotli.compress(FILES[path].encode(), mode=brotli.MODE_TEXT)
    assert {path: compressed.files[path] for path in FILES} == shipment.files


def test_copies_are_made_once_and_removed_when_they_are_of_no_more_use(output, tmp_path):
    cache = tmp_path / "cache"
    add_compressed(pack(output, FILES), cache, 1)
    before = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    add_compressed(pack(output, FILES), cache, 1)
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == before
    (output / "b.html").write_text(TEXT + TEXT)
    compressed = add_compressed(pack(output, FILES), cache, 1)
    after = {path.name for path in cache.iterdir()}
    assert len(after) == len(before)
    assert after - before.keys() == {compressed.files[f"b.html.{end}"].path.name for end in ("gz", "br")}


def test_a_file_that_another_build_has_changed_since_is_not_compressed(output, tmp_path):
    shipment = pack(output, FILES)
    (output / "b.html").write_text(TEXT.swapcase())
    with pytest.raises(SiteError, match=r"another build has changed b\.html"):
        add_compressed(shipment, tmp_path / "cache", 1)
    digest = shipment.files["b.html"].digest
    assert not [path for path in (tmp_path / "cache").iterdir() if path.stem == digest]


def test_without_brotli_there_is_a_problem_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "brotli", None)
    (tmp_path / "sitegen.toml").write_text("[[publish]]\ncompress = true\n")
    with pytest.raises(SiteError) as error:
        require_brotli(tmp_path, ("publish", 0, "compress"))
    message = "compressed copies need the package brotli"
    assert error.value.problems == (Problem("sitegen.toml", 2, message, install_hint("publish"), "compress = true"),)
