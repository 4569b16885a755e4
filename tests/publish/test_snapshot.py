"""A snapshot of the built site, by hard links or copies."""

import errno
import os
import time

import pytest

from sitegen.build.builder import Builder, Request
from sitegen.config.load import read_config
from sitegen.publish.snapshot import empty_folder, take_snapshot
from tests.support.sites import CACHE, build, make_site, tree, write


def deny(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("copied", [False, True])
def test_later_builds_leave_a_snapshot_as_it_is(tmp_path, monkeypatch, copied):
    root = make_site(tmp_path / "site")
    build(root)
    if copied:
        monkeypatch.setattr(os, "link", deny)
    before = tree(root / "output")
    with empty_folder(tmp_path / "built") as folder:
        take_snapshot(root / "output", before, folder)
        write(root, {"content/posts/2024-01-03-third.md": "---\ntitle: Third\ndate: 2024-01-03\n---\nOther words.\n"})
        (root / "content/posts/2024-01-01-first.md").unlink()
        build(root)
        assert tree(folder) == before != tree(root / "output")
    assert not folder.exists()


def test_files_of_a_killed_publish_are_removed_first(tmp_path):
    write(tmp_path / "built", {"output/old.html": "old"})
    with empty_folder(tmp_path / "built") as folder:
        assert not folder.exists()


def interrupt() -> None:
    raise InterruptedError


def test_a_builder_that_is_alone_excludes_other_builds(tmp_path):
    root = make_site(tmp_path / "site")
    config = read_config(root).config
    builder = Builder(root, time.time_ns, cache=CACHE)
    other = Builder(root, time.time_ns, waiting=interrupt, cache=CACHE)
    with builder.lock.hold():
        assert builder.build(config, Request()).rendered
        with pytest.raises(InterruptedError):
            other.build(config, Request())
        assert builder.close() == ()
    assert other.build(config, Request()).rendered == ()
    other.close()
