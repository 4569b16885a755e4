"""Private metadata of films are blanked in the copy: nothing moves, and titles and samples stay."""

import struct
import tracemalloc
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.media.metadata.mp4 import DamagedFileError, find_private_metadata, has_boxes, write_patches
from tests.law.site_under_test import SiteUnderTest
from tests.support.films import PRIVATE, SAMPLES, TITLE, box, make_film, make_handler, make_track
from tests.support.sites import build, make_site

FILM = make_film()


def strip(data: bytes) -> bytes:
    copy = BytesIO(data)
    write_patches(copy, find_private_metadata(BytesIO(data), len(data)))
    return copy.getvalue()


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("constant", [False, True])
def test_private_metadata_are_blanked_and_the_rest_stays_where_it_is(wide, constant):
    film = make_film(wide=wide, constant=constant)
    assert film.count(PRIVATE) >= 18
    done = strip(film)
    assert has_boxes(film)
    assert PRIVATE not in done
    assert len(done) == len(film)
    assert done.count(TITLE) == film.count(TITLE)
    assert done.find(SAMPLES) == film.find(SAMPLES) > 0
    assert strip(done) == done


def test_a_film_without_private_metadata_is_the_same():
    film = box(b"ftyp", b"isom") + box(b"mdat", SAMPLES) + box(b"moov", box(b"mvhd", bytes(100)))
    assert find_private_metadata(BytesIO(film), len(film)) == []


def test_only_films_and_sounds_have_boxes():
    assert has_boxes(box(b"ftyp", b"qt  ", bytes(4)))
    assert has_boxes(box(b"moov"))
    assert not has_boxes(box(b"ftyp", b"avif", bytes(4), b"avif"))
    assert not has_boxes(b"ID3\x04")
    assert not has_boxes(b"%PDF-1.7 and so on")


def movie(*contents: bytes) -> bytes:
    return box(b"ftyp", b"isom") + box(b"moov", *contents)


HUGE = 1 << 31
DAMAGED = {
    "truncated": FILM[: len(FILM) // 2],
    "a box larger than the file": box(b"ftyp", b"isom") + struct.pack(">I4s", HUGE, b"mdat") + b"x",
    "a box larger than its parent": movie(struct.pack(">I4s", 99, b"udta") + bytes(8)),
    "a box smaller than its header": movie(struct.pack(">I4s", 4, b"udta") + bytes(8)),
    "a wide box that is cut off": box(b"ftyp", b"isom") + struct.pack(">I4s", 1, b"mdat"),
    "a compressed index": movie(box(b"cmov", b"x")),
    "measurements outside of the file": movie(make_track(b"meta", [(9000, [9])])),
    "measurements in fragments": movie(make_track(b"meta", [(8, [1])]), box(b"mvex")),
    "an index that is too large": box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"moov", 16 + (1 << 40)),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_film_is_refused(name):
    data = DAMAGED[name]
    size = 1 << 41 if "too large" in name else len(data)
    with pytest.raises(DamagedFileError):
        find_private_metadata(BytesIO(data), size)


def find_tables(data: bytes, name: bytes) -> list[int]:
    return [at for at in range(len(data)) if data[at : at + 4] == name]


def with_number(name: bytes, at: int, number: int) -> bytes:
    """Return the film with a number in the table of its track of measurements."""
    changed = bytearray(FILM)
    start = find_tables(FILM, name)[-1] + at
    changed[start : start + 4] = struct.pack(">I", number)
    return bytes(changed)


@pytest.mark.parametrize(("name", "at"), [(b"stsz", 12), (b"stco", 8), (b"stsc", 8), (b"stsc", 16), (b"stsz", 8)])
def test_tables_with_huge_numbers_take_no_time_and_no_memory(name, at):
    data = with_number(name, at, 0xFFFFFFFF)
    tracemalloc.start()
    with suppress(DamagedFileError):
        strip(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_chunks_that_overlap_are_written_once():
    start = box(b"ftyp", b"isom") + box(b"mdat", bytes(2000))
    data = start + box(b"moov", make_track(b"meta", [(24, [1900])] * 500))
    patches = find_private_metadata(BytesIO(data), len(data))
    assert sum(patch.end - patch.start for patch in patches) < 3 * len(data)


class CountingFile:
    """A file that counts the bytes that are read."""

    def __init__(self, file):
        self.file, self.count, self.seek = file, 0, file.seek

    def read(self, size):
        self.count += size
        return self.file.read(size)


def test_of_a_film_of_many_gigabytes_only_headers_and_the_index_are_read(tmp_path):
    path = tmp_path / "film.mp4"
    ending = box(b"moov", box(b"udta", box(b"\xa9xyz", PRIVATE)))
    with path.open("wb") as file:
        file.write(box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"mdat", 16 + (5 << 30)))
        file.seek(5 << 30, 1)
        file.write(ending)
    with path.open("rb") as file:
        opened = CountingFile(file)
        patches = find_private_metadata(opened, path.stat().st_size)
    assert opened.count < 1000
    assert [patch.data for patch in patches] == [b"free", b""]


@example([(4, 0)], 100)
@given(st.lists(st.tuples(st.integers(0, len(FILM) - 1), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0))
def test_a_damaged_film_raises_nothing_else(changes, length):
    data = bytearray(FILM)
    for at, value in changes:
        data[at] = value
    for film in (bytes(data), bytes(data[: length % len(data)])):
        try:
            assert len(strip(film)) == len(film)
        except DamagedFileError:
            continue


POST = "content/posts/2024-05-01-film.md"
FILES = {
    POST: "---\ntitle: Film\ndate: 2024-05-01\n---\n\n[The film](film.mp4)\n",
    "content/posts/film.mp4": FILM,
}


def test_a_build_publishes_films_without_locations_and_a_setting_keeps_them(tmp_path):
    root = make_site(tmp_path, FILES)
    published = root / "output/posts/film.mp4"
    assert build(root).warnings == ()
    assert published.read_bytes() == strip(FILM)
    config = (root / "sitegen.toml").read_text()
    (root / "sitegen.toml").write_text(config + '[images]\nmetadata = "keep"\n')
    assert build(root).warnings == ()
    assert published.read_bytes() == FILM
    (root / "sitegen.toml").write_text(config)
    build(root)
    assert published.read_bytes() == strip(FILM)
    assert (root / "content/posts/film.mp4").read_bytes() == FILM


def test_a_damaged_film_is_published_as_it_is_with_a_warning_in_every_build(tmp_path):
    cut = FILM[:-30]
    root = make_site(tmp_path, {**FILES, "content/posts/film.mp4": cut})
    for text in ("", "More words."):
        (root / POST).write_text(FILES[POST].replace("title: Film", f"title: Film {text}"))
        (warning,) = build(root).warnings
        assert (warning.path, warning.message) == (
            "content/posts/film.mp4",
            "the file is published as it is, with the location that it may contain: one of its boxes has a wrong size",
        )
        assert (root / "output/posts/film.mp4").read_bytes() == cut


@pytest.mark.parametrize("data", [make_handler(b"vide"), b"ID3\x04\0" + PRIVATE, b"%PDF-1.7 /Author " + PRIVATE])
def test_other_files_are_published_as_they_are(tmp_path, data):
    root = make_site(tmp_path, {**FILES, "content/posts/film.mp4": data})
    assert build(root).warnings == ()
    assert (root / "output/posts/film.mp4").read_bytes() == data


FILM_STEPS = (
    (FILM, "remove"), (make_film(wide=True), "remove"), (FILM, "keep"), (FILM, "remove"), (FILM[:300], "remove"),
    (FILM[:300], "keep"), (b"no film", "keep"), (b"no film", "remove"), (FILM, "credit"), (None, "credit"),
)  # fmt: skip


def test_a_build_after_changes_of_a_film_is_like_a_clean_one(tmp_path):
    site = SiteUnderTest(tmp_path)
    try:
        for number, (data, metadata) in enumerate(FILM_STEPS):
            site.write("content/posts/film.mp4", data)
            site.settings["images.metadata"] = f'"{metadata}"'
            site.write_config()
            if number % 3 == 2:
                site.restart(crash=number % 2 == 0)
            assert site.build_and_check()
            published = site.root / "output/posts/film.mp4"
            assert published.exists() == (data is not None)
            if data == FILM:
                assert (PRIVATE in published.read_bytes()) == (metadata == "keep")
    finally:
        site.close()
