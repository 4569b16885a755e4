"""Which target is meant, and which folders may be one."""

import os
import time
from pathlib import Path

import pytest

from sitegen.config.load import read_config
from sitegen.config.schema import Config, Target
from sitegen.errors import Problem, SiteError
from sitegen.publish.registry import choose_target, folder_of, open_target
from sitegen.publish.targets.folder import FolderPublisher
from sitegen.publish.targets.git import GitPublisher
from sitegen.publish.targets.rclone import Rclone
from sitegen.publish.targets.rsync import Rsync
from sitegen.publish.transfer import Transfer
from tests.support.publishing import git, make_context, write

WEB, PAGES = Target("web", "folder", path="www"), Target("pages", "git", remote="origin")


def refusal(config: Config, name: str | None) -> Problem:
    with pytest.raises(SiteError) as error:
        choose_target(Path("none"), config, name)
    (problem,) = error.value.problems
    assert (problem.path, problem.line) == ("sitegen.toml", 0)
    return problem


def test_the_target_is_the_named_one_or_the_only_one():
    both = Config(publish=(WEB, PAGES))
    root = Path("none")
    assert choose_target(root, Config(publish=(WEB,)), None) is WEB
    assert choose_target(root, both, "web") is WEB
    assert choose_target(root, both, "pages") is PAGES


@pytest.mark.parametrize(
    ("targets", "name", "message", "hint"),
    [
        (
            (),
            None,
            "the site has no target to publish to",
            "run `sitegen init . --host github`, or name another host: it adds a target, a table [[publish]], to"
            " sitegen.toml. `sitegen help hosting` compares the hosts",
        ),
        ((WEB, PAGES), None, "the site has several targets to publish to", "say which one: web, pages"),
        ((WEB, PAGES), "page", 'there is no target "page" to publish to', 'did you mean "pages"?'),
        ((WEB, PAGES), "x", 'there is no target "x" to publish to', "known are: web, pages"),
        ((WEB,), "x", 'there is no target "x" to publish to', "known are: web"),
    ],
)
def test_a_target_that_is_not_clear_is_a_problem(targets, name, message, hint):
    problem = refusal(Config(publish=targets), name)
    assert (problem.message, problem.hint) == (message, hint)


@pytest.mark.parametrize(
    "path", [".", "..", "content", "content/a", "templates", "output", "output/x", ".sitegen", "/", "../site"]
)
def test_a_folder_that_holds_a_part_of_the_site_is_refused(tmp_path, path):
    root = tmp_path / "site"
    around = make_context(root)
    with pytest.raises(SiteError) as error:
        folder_of(Target("web", "folder", path=path), Config(), around)
    message = 'the target "web" is a folder that holds a part of the site, which would be replaced'
    assert error.value.problems == (Problem("sitegen.toml", 0, message, "give it a folder of its own"),)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("www", "site/www"),
        ("../www", "www"),
        ("~", "home"),
        ("~/www", "home/www"),
        ("~www", "site/~www"),
        ("outputs", "site/outputs"),
        ("a/content", "site/a/content"),
    ],
)
def test_a_folder_is_relative_to_the_site_or_the_home_folder(tmp_path, path, expected):
    root = tmp_path / "site"
    around = make_context(root, HOME=str(tmp_path / "home"))
    assert folder_of(Target("web", "folder", path=path), Config(), around) == tmp_path / expected


def test_a_problem_of_a_target_names_the_line_of_its_setting(tmp_path):
    config = '[[publish]]\nname = "web"\nkind = "folder"\npath = "www"\n\n[[publish]]\nname = "own"\n{more}'
    write(tmp_path, {"sitegen.toml": config.format(more='kind = "folder"\npath = "output"\n')})
    found = read_config(tmp_path).config
    hint = "give it a folder of its own"
    message = 'the target "own" is a folder that holds a part of the site, which would be replaced'
    opened = open_target(found.publish[1], found, tmp_path, tmp_path / "w", {}, lambda _: None, time.time_ns)
    with pytest.raises(SiteError) as error, opened:
        pass
    assert error.value.problems == (Problem("sitegen.toml", 9, message, hint, 'path = "output"'),)
    write(tmp_path, {"sitegen.toml": config.format(more='kind = "git"\nremote = "./gone"\n')})
    found = read_config(tmp_path).config
    opened = open_target(found.publish[1], found, tmp_path, tmp_path / "w", os.environ, lambda _: None, time.time_ns)
    with pytest.raises(SiteError, match=r"sitegen\.toml:9: the folder \./gone does not exist"), opened:
        pass
    with pytest.raises(SiteError, match=r"sitegen\.toml:1: the site has several targets"):
        choose_target(tmp_path, found, None)


def open_here(target: Target, root: Path, **environment: str):
    work = root / ".sitegen"
    config, environment = Config(publish=(target,)), os.environ | environment
    return open_target(target, config, root, work, environment, lambda _seconds: None, time.time_ns)


def test_a_target_has_a_record_and_a_folder_for_temporary_files(tmp_path):
    with open_here(WEB, tmp_path) as (publisher, record):
        assert isinstance(publisher, FolderPublisher)
        assert publisher.path == tmp_path / "www"
        assert publisher.transfer.record is record
        assert record.path == tmp_path / ".sitegen/publish/web.json"
        assert [path.name for path in record.path.parent.iterdir() if path.is_dir()] == ["web.tmp"]
        with pytest.raises(SiteError) as error, open_here(WEB, tmp_path):
            pass
        message = 'the site is being published to "web" by another process'
        assert error.value.problems == (Problem("", 0, message, "wait until it is done"),)
        with open_here(Target("other", "folder", path="there"), tmp_path):
            pass
    assert not [path for path in record.path.parent.iterdir() if path.is_dir()]


@pytest.mark.parametrize(("program_name", "remote_type"), [("rsync", Rsync), ("rclone", Rclone)])
def test_programs_run_in_english_and_utc_without_credentials_in_messages(tmp_path, program_name, remote_type):
    target = Target("web", program_name, remote="https://ann:pw@h.example/x")
    with open_here(target, tmp_path, LC_ALL="de_DE.UTF-8", TZ="Asia/Tokyo", EXTRA="x") as (publisher, record):
        assert isinstance(publisher, Transfer)
        assert (publisher.label, publisher.record) == ("https://h.example/x", record)
        assert isinstance(publisher.remote, remote_type)
        program = publisher.remote.program
        assert (program.command, program.label) == ((program_name,), "https://h.example/x")
        assert [program.environment[name] for name in ("LC_ALL", "TZ", "EXTRA")] == ["C", "UTC", "x"]
        assert program.lock >= 0
        assert publisher.remote.scratch == record.path.with_suffix(".tmp")
        assert publisher.remote.remote.rstrip("/") == target.remote


def test_a_branch_is_published_by_git(tmp_path):
    git(tmp_path, "init", "--quiet", "--bare", "there")
    target = Target("pages", "git", remote=str(tmp_path / "there"), branch="web")
    with open_here(target, tmp_path) as (publisher, record):
        assert isinstance(publisher, GitPublisher)
        assert publisher.record == record
        assert publisher.branch == "refs/heads/web"
        assert publisher.ref == "refs/sitegen/pages"


def test_an_unknown_type_of_target_is_refused(tmp_path):
    with pytest.raises(ValueError, match="unknown kind of target: 'ftp'"), open_here(Target("web", "ftp"), tmp_path):
        pass
