"""Archives refuse unsafe and private files, and keep to their limits."""

import io
import os
import stat
import struct
import zipfile
from collections import Counter
from random import Random
from unicodedata import normalize

import pytest

from sitegen.errors import SiteError
from sitegen.importers.archive.archive import Archive, Limits, UnreadableError
from sitegen.importers.archive.csv_rows import read_rows
from sitegen.importers.archive.members import is_unsafe, make_matcher


def pack(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def test_a_folder_a_zip_and_single_files_have_the_same_members(tmp_path):
    (tmp_path / "export" / "posts").mkdir(parents=True)
    (tmp_path / "export" / "posts" / "a.html").write_text("x")
    (tmp_path / "export" / "posts.csv").write_text("y")
    packed = pack(tmp_path / "e.zip", {"export/posts/a.html": "x", "export/posts.csv": "y"})
    for path in (tmp_path / "export", packed):
        with Archive([path]) as archive:
            (name,) = archive.find("posts/*.HTML")
            assert archive.read(name) == b"x"
            assert len(archive.find("posts.csv")) == 1
    with Archive([tmp_path / "export" / "posts.csv"]) as archive:
        assert archive.names == ("posts.csv",)


def test_members_with_unsafe_names_are_skipped_and_reported(tmp_path):
    names = ["../evil.html", "/etc/evil.html", "a/../../evil.html", "C:/evil.html", "..\\evil.html", "good.html"]
    packed = pack(tmp_path / "e.zip", dict.fromkeys(names, "x"))
    with Archive([packed]) as archive:
        assert archive.names == ("good.html",)
        assert len(archive.notes) == 5
        assert all("unsafe path" in note.message for note in archive.notes)


def test_a_symbolic_link_in_a_zip_is_not_followed(tmp_path):
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as file:
        info = zipfile.ZipInfo("link.html")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    with Archive([path]) as archive:
        assert archive.names == ()
        assert "symbolic link" in archive.notes[0].message


def test_a_symbolic_link_in_a_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("s")
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "export" / "folder").symlink_to(tmp_path)
    with Archive([tmp_path / "export"]) as archive:
        assert archive.names == ()
        assert len(archive.notes) == 2


def test_a_named_pipe_is_skipped(tmp_path):
    (tmp_path / "export").mkdir()
    os.mkfifo(tmp_path / "export" / "pipe.txt")
    with Archive([tmp_path / "export"]) as archive:
        assert archive.names == ()


def test_a_zip_bomb_is_refused_by_its_declared_size(tmp_path):
    packed = pack(tmp_path / "e.zip", {"bomb.html": b"\0" * (20 << 20), "good.html": b"x"})
    with Archive([packed]) as archive:
        assert archive.names == ("good.html",)
        assert "zip bomb" in archive.notes[0].message


def test_a_small_file_that_compresses_well_is_not_a_zip_bomb(tmp_path):
    packed = pack(tmp_path / "e.zip", {"blank.html": b" " * (1 << 20)})
    with Archive([packed]) as archive:
        assert archive.names == ("blank.html",)
        assert archive.notes == []


def test_a_zip_with_too_many_members_is_an_error(tmp_path):
    packed = pack(tmp_path / "e.zip", {f"{n}.html": "x" for n in range(20)})
    with pytest.raises(SiteError, match="more than 10 files"):
        Archive([packed], limits=Limits(max_files=10))


def test_an_item_over_the_limit_is_not_read(tmp_path):
    packed = pack(tmp_path / "e.zip", {"a.html": b"x" * 2000})
    with (
        Archive([packed], limits=Limits(max_item_bytes=1000)) as archive,
        pytest.raises(UnreadableError, match="larger"),
    ):
        archive.read("a.html")


def test_private_members_cannot_be_opened(tmp_path):
    packed = pack(tmp_path / "e.zip", {"x/email_list.a.csv": "a@b", "posts/1.opens.csv": "a@b", "posts/1.html": "x"})
    with Archive([packed], ("email_list*.csv", "*.opens.csv")) as archive:
        assert archive.names == ("posts/1.html",)
        assert sorted(archive.withheld) == ["posts/1.opens.csv", "x/email_list.a.csv"]
        with pytest.raises(KeyError):
            archive.open("x/email_list.a.csv")


def test_a_damaged_member_does_not_affect_the_others(tmp_path):
    path = pack(tmp_path / "e.zip", {"a.html": os.urandom(500), "b.html": b"fine"})
    data = bytearray(path.read_bytes())
    data[60:80] = b"\0" * 20
    path.write_bytes(data)
    with Archive([path]) as archive:
        with pytest.raises(UnreadableError, match="damaged"):
            archive.read("a.html")
        assert archive.read("b.html") == b"fine"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_any_damage_of_a_zip_is_an_error_or_makes_single_members_unreadable(tmp_path, method):
    random = Random(method)
    with zipfile.ZipFile(tmp_path / "e.zip", "w", method) as file:
        file.writestr("posts.csv", "id,title\n" + "1,One\n" * 50)
        file.writestr("posts/é.html", "<p>Words.</p>" * 30)
    intact = (tmp_path / "e.zip").read_bytes()
    outcomes = Counter()
    for _ in range(400):
        data = bytearray(intact)
        for at in random.choices(range(len(data)), k=2) + random.choices(range(len(data) - 200, len(data)), k=1):
            data[at] ^= 1 << random.randrange(8)
        (tmp_path / "e.zip").write_bytes(data)
        try:
            with Archive([tmp_path / "e.zip"]) as archive:
                for name in archive.names:
                    list(read_rows(archive, name))
                    try:
                        archive.read(name)
                        outcomes["read"] += 1
                    except UnreadableError:
                        outcomes["unreadable"] += 1
        except SiteError:
            outcomes["error"] += 1
    assert min(outcomes["read"], outcomes["unreadable"], outcomes["error"]) > 10, outcomes


def test_an_encrypted_member_is_reported(tmp_path):
    path = pack(tmp_path / "e.zip", {"a.html": b"x"})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8 : at + 10] = struct.pack("<H", 1)
    path.write_bytes(data)
    with Archive([path]) as archive:
        assert "encrypted" in archive.notes[0].message


def test_complete_members_of_a_truncated_zip_are_read(tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        for n in range(5):
            file.writestr(f"{n}.html", os.urandom(3000))
    path = tmp_path / "e.zip"
    path.write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    with Archive([path]) as archive:
        assert archive.names == ("0.html", "1.html")
        assert len(archive.read("1.html")) == 3000
        assert "cut off" in archive.notes[0].message


def test_a_truncated_zip_with_data_descriptors_is_read(tmp_path):
    class Unseekable(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

    whole = Unseekable()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as file:
        for n in range(4):
            file.writestr(f"{n}.txt", f"text {n} " * 50)
    path = tmp_path / "e.zip"
    path.write_bytes(whole.getvalue()[:-250])
    with Archive([path]) as archive:
        assert archive.read("2.txt").startswith(b"text 2")


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(SiteError, match="the file does not exist"):
        Archive([tmp_path / "nothing.zip"])


@pytest.mark.parametrize("name", ["", "/a", "a/../b", "..", "a\0b", "d:x"])
def test_names_outside_of_the_archive_are_unsafe(name):
    assert is_unsafe(name)


@pytest.mark.parametrize(
    ("name", "patterns", "found"),
    [
        ("Export/Posts/A.html", ("posts/*.html",), True),
        ("posts/deep/a.html", ("posts/*.html",), False),
        ("a.html", ("posts/*.html",), False),
        ("Posts.CSV", ("*.md", "POSTS.csv"), True),
        ("export/posts.csv", ("posts.csv",), True),
        ("export/my-posts.csv", ("posts.csv",), False),
        ("posts.csv/a", ("posts.csv",), False),
        ("lists/1/members.csv", ("lists/*", "lists/*/*"), True),
        ("lists/1/2/members.csv", ("lists/*", "lists/*/*"), False),
        ("a/b.c", ("a?b.c",), False),
        ("a/x1.md", ("a/x[0-9].md",), True),
        ("a/x[0-9].md", ("a/x[0-9].md",), False),
        ("a/(b)+.md", ("a/(b)+.md",), True),
        ("a.md", (), False),
    ],
)
def test_a_pattern_matches_the_end_of_a_name_part_by_part(name, patterns, found):
    assert make_matcher(patterns)(name) is found


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("is_truncated", [False, True])
def test_names_in_utf_8_are_decoded_without_the_utf_8_flag(tmp_path, form, is_truncated):
    name = normalize(form, "grün/größe – 日本.md").encode()
    plain = b"x" * len(name)
    path = pack(tmp_path / "e.zip", {plain.decode(): "y" * 100})
    data = path.read_bytes().replace(plain, name)
    path.write_bytes(data[:-30] if is_truncated else data)
    with Archive([path], ()) as archive:
        assert list(archive.names) == ["grün/größe – 日本.md"]
        assert archive.read("grün/größe – 日本.md") == b"y" * 100


def test_names_in_other_encodings_stay_unchanged(tmp_path):
    path = pack(tmp_path / "e.zip", {"xxxx.md": "y"})
    path.write_bytes(path.read_bytes().replace(b"xxxx", "é".encode("cp437") * 4))
    with Archive([path], ()) as archive:
        assert list(archive.names) == ["éééé.md"]
