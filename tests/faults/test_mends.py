"""Each fault that was found, by the smallest thing that shows it."""

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
from tests.faults.imports import Export
from tests.faults.kills import MANY
from tests.faults.letter import Letter
from tests.faults.process import preload
from tests.faults.row import UnfitError
from tests.support.sites import CACHE, build, make_site, tree


@pytest.fixture
def tracing() -> None:
    try:
        strace.require()
    except UnfitError as unfit:
        pytest.skip(str(unfit))


def test_the_lock_is_free_as_soon_as_a_build_by_several_processes_was_killed(tmp_path: Path) -> None:
    preload(tmp_path)
    letter = Letter(tmp_path / "two", MANY, jobs=2)
    letter.begin("cold")
    run = letter.start()
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    while len(children.read_text().split()) < 2:
        time.sleep(0.001)
    run.kill(signal.SIGKILL)
    run.wait()
    assert letter.judge_broken_off() == ""


def test_a_site_whose_content_folder_is_gone_is_left_as_it_is(tmp_path: Path) -> None:
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


def test_a_right_build_is_right_though_its_cache_cannot_be_written(tmp_path: Path) -> None:
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


def test_a_trace_is_not_kept_over_that_of_a_later_build_by_another_process(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site")
    first, second = Builder(root, time.time_ns, cache=CACHE), Builder(root, time.time_ns, cache=CACHE)
    first.build(read_config(root).config, Request())
    (root / "content/posts/2024-01-03-third.md").unlink()
    second.build(read_config(root).config, Request())
    assert second.close() == ()
    kept = Store(root / ".sitegen/store.db").get("fact", "snapshot of output", Decoder(Any).decode)
    assert first.close() == ()
    assert Store(root / ".sitegen/store.db").get("fact", "snapshot of output", Decoder(Any).decode) == kept


def test_a_store_that_is_damaged_while_the_trace_is_kept_is_mended_by_the_next_build(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site")
    builder = Builder(root, time.time_ns, cache=CACHE)
    builder.build(read_config(root).config, Request())
    with sqlite3.connect(root / ".sitegen/store.db") as connection:
        connection.execute("DROP TABLE fact")
    connection.close()
    assert builder.close() == ()
    report = build(root)
    assert any("damaged" in warning.message for warning in report.warnings)


def test_a_fault_of_a_write_names_the_page(tmp_path: Path, tracing: None) -> None:
    preload(tmp_path)
    letter = Letter(tmp_path / "one")
    letter.begin("cold")
    ended = strace.trace(letter.start(held=True), ["-e", "inject=write:error=ENOSPC:when=5+"], tmp_path / "calls.txt")
    assert ended.code == 1
    assert ended.said.startswith("output/")
    assert ": No space left on device" in ended.said.partition("\n")[0]
    assert letter.judge_broken_off() == ""


def test_a_fault_without_a_file_is_named_after_what_was_read() -> None:
    with pytest.raises(OSError, match=r"about\.md") as caught, naming("about.md"):
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    assert describe_os_error(caught.value, Path("/site")).path == "about.md"


def test_a_fault_of_a_move_is_told_of_its_target() -> None:
    fault = PermissionError(errno.EACCES, "Permission denied", "/site/output/stage/1", None, "/site/output/index.html")
    assert describe_os_error(fault, Path("/site")).path == "output/index.html"


def test_a_manifest_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "none.txt") == set()
    with pytest.raises(IsADirectoryError):
        read_manifest(tmp_path)


def test_what_waits_is_cleared_away_or_told_of(tmp_path: Path, tracing: None) -> None:
    preload(tmp_path)
    letter = Letter(tmp_path / "one")
    letter.begin("cold")
    options = ["-e", "inject=rmdir:error=EACCES:when=1+"]
    ended = strace.trace(letter.start(held=True), options, tmp_path / "calls.txt")
    assert ended.code == 1
    assert STAGE in ended.said
    with contextlib.suppress(FileNotFoundError):
        assert not list((letter.output / STAGE).iterdir())
    assert letter.judge_broken_off() == ""


@pytest.mark.parametrize("header", ['["a] \\"b\\""]', "['a] \"b\"']", '[ "\\u0061] \\"b\\"" ] # c'])
def test_the_line_of_a_key_is_found_whatever_signs_its_name_has(header: str) -> None:
    assert read_toml(f"x = 1\n{header}\nurl = 2\n".encode(), "a.toml").line_of(('a] "b"', "url")) == 3


@pytest.mark.parametrize("folder", ["/etc", "../x", "a/../../x"])
def test_texts_lie_inside_the_site(tmp_path: Path, folder: str) -> None:
    root = make_site(tmp_path / "site", {"sitegen.toml": f'title = "T"\ncontent = "{folder}"\n'})
    with pytest.raises(SiteError, match=r"sitegen.toml:2: the folder .* is outside of the site"):
        read_config(root)


@pytest.mark.parametrize("text", ["[", "\n", '{"a": [1, 2\n', ""])
def test_data_that_ends_too_early_is_a_problem_of_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SiteError, match="not valid JSON"):
        build(make_site(tmp_path / "site", {"content/data/a.json": text}))


@pytest.mark.parametrize("url", ["https://a[].example/", "https://[^1]/", "https://[::1"])
def test_an_address_with_stray_brackets_is_a_problem(tmp_path: Path, url: str) -> None:
    root = make_site(tmp_path / "site", {"sitegen.toml": f'title = "T"\nbase_url = "{url}"\n'})
    with pytest.raises(SiteError, match=r"sitegen.toml:2: the base URL .* its host or port is not valid"):
        read_config(root)


def test_a_template_that_is_nested_too_deep_is_a_problem(tmp_path: Path) -> None:
    root = make_site(tmp_path / "site", {"templates/home.html": "{{ " + "[" * 2_000 + "}}"})
    with pytest.raises(SiteError, match=r"templates/home.html:1: not a valid template: it is nested too deep"):
        build(root)


def test_what_a_killed_import_left_waiting_goes_with_the_next(tmp_path: Path, tracing: None) -> None:
    preload(tmp_path)
    export = Export(tmp_path / "one", "substack")
    export.begin("first")
    strace.trace(export.start("first", held=True), ["-e", "inject=rename:signal=KILL:when=2"], tmp_path / "calls.txt")
    assert [name for name in export.read() if is_temporary(name)]
    assert not list(export.judge_broken_off("first"))
    assert not list(export.judge_next("first"))
