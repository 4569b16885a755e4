"""The smallest reproduction of each problem that fault injection found."""

import contextlib
import errno
import os
import shutil
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.msgpack import Decoder

from sitegen.build.builder import Builder
from sitegen.build.manifest import read_manifest
from sitegen.build.request import Request
from sitegen.build.staging import STAGE
from sitegen.cache.store import Store
from sitegen.config.load import read_config
from sitegen.errors import SiteError, describe_os_error, naming
from sitegen.formats.toml import read_toml
from sitegen.system.atomic_write import is_temporary
from tests.faults import strace
from tests.faults.killed_builds import PARALLEL_POSTS
from tests.faults.killed_imports import ImportedSite
from tests.faults.processes import preload
from tests.faults.scenario import UnavailableError
from tests.faults.site_under_test import SiteUnderTest
from tests.support.sites import CACHE, build, make_site, tree


@pytest.fixture
def tracer() -> None:
    try:
        strace.require()
    except UnavailableError as unavailable:
        pytest.skip(str(unavailable))


def test_the_lock_is_released_when_a_build_with_several_processes_is_killed(tmp_path: Path) -> None:
    preload(tmp_path)
    site = SiteUnderTest(tmp_path / "three", PARALLEL_POSTS, jobs=3)
    site.prepare("cold")
    killed = False
    for _ in range(20):  # the build may end before this process reads its workers again
        run = site.start()
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
        while not run.has_ended() and not killed:
            killed = len(children.read_text().split()) >= 2
        run.kill(signal.SIGKILL)
        run.wait()
        if killed:
            break
        site.prepare("cold")
    assert killed
    assert site.check_interrupted() == ""


def test_a_missing_content_folder_leaves_the_output_unchanged(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site")
    build(root)
    before = tree(root / "output")
    shutil.move(root / "content", tmp_path / "elsewhere")
    with pytest.raises(SiteError, match="content: the content folder is missing"):
        build(root)
    assert tree(root / "output") == before
    (root / "content").write_text("a file")
    with pytest.raises(SiteError, match="content: the content folder is missing"):
        build(root)
    assert tree(root / "output") == before


def test_a_build_succeeds_if_its_cache_cannot_be_written(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site")
    builder = Builder(root, time.time_ns, cache=CACHE)
    builder.build(read_config(root).config, Request())
    lock = root / ".sitegen/lock"
    lock.unlink()
    lock.mkdir()
    (problem,) = builder.close()
    assert problem.path == ".sitegen/lock"
    assert problem.message == "the build cache cannot be written: Is a directory"
    lock.rmdir()
    before = tree(root / "output")
    build(root)
    assert tree(root / "output") == before


def test_a_snapshot_does_not_overwrite_that_of_a_later_build_by_another_process(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site")
    first, second = Builder(root, time.time_ns, cache=CACHE), Builder(root, time.time_ns, cache=CACHE)
    first.build(read_config(root).config, Request())
    (root / "content/posts/2024-01-03-third.md").unlink()
    second.build(read_config(root).config, Request())
    assert second.close() == ()
    stored = Store(root / ".sitegen/store.db").get("fact", "snapshot of output", Decoder(Any).decode)
    assert first.close() == ()
    assert Store(root / ".sitegen/store.db").get("fact", "snapshot of output", Decoder(Any).decode) == stored


def test_a_cache_that_is_damaged_before_the_snapshot_is_stored_is_repaired_by_the_next_build(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site")
    builder = Builder(root, time.time_ns, cache=CACHE)
    builder.build(read_config(root).config, Request())
    with sqlite3.connect(root / ".sitegen/store.db") as connection:
        connection.execute("DROP TABLE fact")
    connection.close()
    assert builder.close() == ()
    report = build(root)
    assert any("damaged" in warning.message for warning in report.warnings)


def test_a_failed_write_names_the_page(tmp_path: Path, tracer: None) -> None:
    preload(tmp_path)
    site = SiteUnderTest(tmp_path / "one")
    site.prepare("cold")
    result = strace.trace(site.start(paused=True), ["-e", "inject=write:error=ENOSPC:when=5+"], tmp_path / "calls.txt")
    assert result.code == 1
    assert result.output.startswith("output/")
    assert ": No space left on device" in result.output.partition("\n")[0]
    assert site.check_interrupted() == ""


def test_a_failed_read_names_the_file() -> None:
    with pytest.raises(OSError, match=r"about\.md") as caught, naming("about.md"):
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    assert describe_os_error(caught.value, Path("/site")).path == "about.md"


def test_a_failed_move_names_its_target() -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "/site/output/stage/1", None, "/site/output/index.html")
    assert describe_os_error(error, Path("/site")).path == "output/index.html"


@pytest.mark.parametrize(
    ("number", "hint"),
    [(errno.EACCES, "permission"), (errno.ENOSPC, "free some disk space"), (errno.EROFS, "read-only")],
)
def test_an_error_of_the_system_says_what_to_do(number, hint):
    error = OSError(number, os.strerror(number), "/site/output")
    assert hint in describe_os_error(error, Path("/site")).hint


def test_an_unreadable_manifest_does_not_count_as_missing(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "none.txt") == set()
    with pytest.raises(IsADirectoryError):
        read_manifest(tmp_path)


def test_a_staging_folder_that_cannot_be_removed_is_reported(tmp_path: Path, tracer: None) -> None:
    preload(tmp_path)
    site = SiteUnderTest(tmp_path / "one")
    site.prepare("cold")
    options = ["-e", "inject=rmdir:error=EACCES:when=1+"]
    result = strace.trace(site.start(paused=True), options, tmp_path / "calls.txt")
    assert result.code == 1
    assert STAGE in result.output
    with contextlib.suppress(FileNotFoundError):
        assert not list((site.output / STAGE).iterdir())
    assert site.check_interrupted() == ""


@pytest.mark.parametrize("header", ['["a] \\"b\\""]', "['a] \"b\"']", '[ "\\u0061] \\"b\\"" ] # c'])
def test_the_line_of_a_toml_key_with_brackets_and_quotes_is_found(header: str) -> None:
    assert read_toml(f"x = 1\n{header}\nurl = 2\n".encode(), "a.toml").line_of(('a] "b"', "url")) == 3


@pytest.mark.parametrize("folder", ["/etc", "../x", "a/../../x"])
def test_the_content_folder_must_be_inside_the_site(tmp_path: Path, folder: str) -> None:
    root = make_site(tmp_path / "site", {"sitegen.toml": f'title = "T"\ncontent = "{folder}"\n'})
    with pytest.raises(SiteError, match=r"sitegen.toml:2: the folder .* is outside of the site"):
        read_config(root)


@pytest.mark.parametrize("text", ["[", "\n", '{"a": [1, 2\n', ""])
def test_truncated_json_data_is_a_problem(tmp_path: Path, text: str) -> None:
    with pytest.raises(SiteError, match="not valid JSON"):
        build(make_site(tmp_path / "site", {"content/data/a.json": text}))


@pytest.mark.parametrize("url", ["https://a[].example/", "https://[^1]/", "https://[::1"])
def test_a_base_url_with_stray_brackets_is_a_problem(tmp_path: Path, url: str) -> None:
    root = make_site(tmp_path / "site", {"sitegen.toml": f'title = "T"\nbase_url = "{url}"\n'})
    with pytest.raises(SiteError, match=r"sitegen.toml:2: the base URL .* its host or port is not valid"):
        read_config(root)


def test_a_template_that_is_nested_too_deeply_is_a_problem(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site", {"templates/home.html": "{{ " + "[" * 2_000 + "}}"})
    with pytest.raises(SiteError, match=r"templates/home.html:1: not a valid template: it is nested too deep"):
        build(root)


def test_the_next_import_removes_temporary_files_of_a_killed_one(tmp_path: Path, tracer: None) -> None:
    preload(tmp_path)
    imported = ImportedSite(tmp_path / "one", "substack")
    imported.prepare("first")
    strace.trace(
        imported.start("first", paused=True), ["-e", "inject=rename:signal=KILL:when=2"], tmp_path / "calls.txt"
    )
    assert [name for name in imported.read() if is_temporary(name)]
    assert not list(imported.check_interrupted("first"))
    assert not list(imported.check_next_build("first"))
