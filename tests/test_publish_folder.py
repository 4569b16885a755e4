"""Publishing to a folder: real directories, broken off, foreign, exchanged under a reader."""

import threading
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.publish.folder import _alone, _write_files, exchange, publish_folder, read_folder
from sitegen.publish.plan import plan_publish


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def places(tmp_path):
    output = write(tmp_path / "output", {"index.html": "1", "a/index.html": "1", "site.css": "1"})
    return output, tmp_path / "www" / "site", tmp_path / ".sitegen" / "site.json"


def test_a_publish_makes_the_folder_equal_and_a_second_one_does_nothing(places):
    output, target, record = places
    target.parent.mkdir()
    assert len(publish_folder(output, target, record).added) == 3
    assert read_folder(target) == read_folder(output)
    assert not publish_folder(output, target, record)
    write(output, {"index.html": "2", "b/index.html": "1"})
    (output / "a/index.html").unlink()
    plan = publish_folder(output, target, record)
    assert (plan.added, plan.changed, plan.removed) == (("b/index.html",), ("index.html",), ("a/index.html",))
    assert read_folder(target) == read_folder(output)
    assert [path.name for path in target.parent.iterdir()] == ["site"]


@pytest.mark.parametrize("name", ["mine.txt", "index.html"])
def test_what_somebody_else_put_there_is_noticed_and_kept_unless_forced(places, name):
    output, target, record = places
    target.parent.mkdir()
    publish_folder(output, target, record)
    write(target, {name: "foreign"})
    write(output, {"site.css": "2"})
    with pytest.raises(SiteError, match=f"site/{name}: this file was put or changed there by somebody else"):
        publish_folder(output, target, record)
    assert (target / name).read_text() == "foreign"
    publish_folder(output, target, record, force=True)
    assert read_folder(target) == read_folder(output)


def test_a_folder_that_was_never_published_to_is_not_emptied(places):
    output, target, record = places
    write(target, {"photos/one.jpg": "x"})
    with pytest.raises(SiteError, match="somebody else"):
        publish_folder(output, target, record)
    assert (target / "photos/one.jpg").exists()


def test_a_publish_that_was_broken_off_is_finished_by_the_next(places):
    output, target, record = places
    target.parent.mkdir()
    publish_folder(output, target, record)
    write(output, {"index.html": "2", "c/index.html": "1"})
    write(target.with_name(".site.sitegen-next"), {"index.html": "half"})
    write(target, {"index.html": "2", ".site.css.sitegen-next": "half"})
    publish_folder(output, target, record)
    assert read_folder(target) == read_folder(output)
    assert [path.name for path in target.parent.iterdir()] == ["site"]


def test_two_publishes_at_once_exclude_each_other(places):
    output, target, record = places
    target.parent.mkdir()
    with _alone(record), pytest.raises(SiteError, match="by another process"):
        publish_folder(output, target, record)
    assert not target.exists()


def test_file_by_file_ends_the_same_and_takes_empty_folders_away(places):
    output, target, _ = places
    write(target, {"old/deep/index.html": "1", "a": "a file where a folder must be", "site.css/x": "the reverse"})
    sizes = dict.fromkeys(read_folder(output), 1)
    _write_files(output, target, plan_publish(read_folder(output), read_folder(target), sizes))
    assert read_folder(target) == read_folder(output)
    assert not (target / "old").exists()


def test_readers_never_meet_a_mixed_or_missing_folder_while_it_is_exchanged(tmp_path):
    first = write(tmp_path / "first", {"a": "1"})
    second = write(tmp_path / "second", {"a": "2"})
    if not exchange(first, second):
        assert (first / "a").read_text() == "1"
        return
    seen: list[str] = []
    done = threading.Event()

    def read():
        while not done.is_set():
            seen.append((second / "a").read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(200):
        assert exchange(first, second)
    done.set()
    reader.join()
    assert set(seen) <= {"1", "2"}
    assert seen
