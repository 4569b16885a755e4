"""Publishing through rclone and rsync: real SFTP and WebDAV servers on loopback, a folder behind rsync."""

import os
import time
from pathlib import Path

import pytest

from sitegen.config.schema import Config, Target
from sitegen.errors import SiteError
from sitegen.publish.registry import open_target
from sitegen.publish.targets.subprocess import Program
from tests.support.programs import require_program
from tests.support.publish_servers import rclone_settings, serving
from tests.support.publishing import SITE, contents, publish_output, rewrite, write


@pytest.fixture(params=["sftp", "webdav", "rsync"])
def server_target(request, tmp_path):
    """A target, its environment variables, and the local folder with its files."""
    there = tmp_path / "there"
    there.mkdir()
    if request.param == "rsync":
        require_program("rsync")
        yield Target("web", "rsync", remote=f"{there}/www"), dict(os.environ), there / "www"
        return
    with serving(request.param, there) as port:
        yield (
            Target("web", "rclone", remote="site:www"),
            {**os.environ, **rclone_settings(request.param, port)},
            there / "www",
        )


def publish(server_target, tmp_path, force=False):
    target, environment, _ = server_target
    opened = open_target(
        target,
        Config(publish=(target,)),
        tmp_path,
        tmp_path / ".sitegen",
        environment,
        lambda _seconds: None,
        time.time_ns,
    )
    with opened as (publisher, _):
        return publish_output(publisher, tmp_path / "output", force)


def test_the_files_become_those_of_the_output(server_target, tmp_path):
    _, _, there = server_target
    output = write(tmp_path / "output", SITE)
    assert len(publish(server_target, tmp_path).added) == len(SITE)
    assert contents(there) == SITE
    assert not publish(server_target, tmp_path)
    changed = {**SITE, "index.html": "<p>another front", "a": "a file where a folder was", "new/x.html": "x"}
    del changed["a/index.html"]
    rewrite(output, changed)
    plan = publish(server_target, tmp_path)
    assert plan.removed == ("a/index.html",)
    assert contents(there) == contents(output)


def test_changes_of_others_are_reported_and_stay_unless_forced(server_target, tmp_path):
    _, _, there = server_target
    write(tmp_path / "output", SITE)
    publish(server_target, tmp_path)
    write(there, {"mine.txt": "mine", "index.html": "<p>foreign"})
    with pytest.raises(SiteError) as caught:
        publish(server_target, tmp_path)
    assert [Path(problem.path).name for problem in caught.value.problems] == ["index.html", "mine.txt"]
    publish(server_target, tmp_path, force=True)
    assert contents(there) == SITE


def test_files_of_an_interrupted_transfer_are_removed(server_target, tmp_path):
    target, _, there = server_target
    write(tmp_path / "output", SITE)
    publish(server_target, tmp_path)
    left = ".index.html.Ab3xYz" if target.kind == "rsync" else "index.html.0a1b2c3d.partial"
    write(there, {left: "half"})
    assert publish(server_target, tmp_path).removed == (left,)
    assert contents(there) == SITE


def test_what_a_killed_publish_needed_on_the_way_is_cleared_away_by_the_next(server_target, tmp_path):
    write(tmp_path / "output", SITE)
    scratch = tmp_path / ".sitegen/publish/web.tmp"
    write(scratch, {"stage-abc/index.html": "x"})
    publish(server_target, tmp_path)
    assert not scratch.exists()


def test_an_empty_folder_in_the_place_of_a_file_gives_way(server_target, tmp_path):
    _, _, there = server_target
    write(tmp_path / "output", SITE)
    publish(server_target, tmp_path)
    (there / "x/deeper").mkdir(parents=True)
    write(tmp_path / "output", {"x": "a file"})
    publish(server_target, tmp_path)
    assert contents(there) == {**SITE, "x": "a file"}


def test_missing_programs_and_failed_connections_are_reported_plainly(tmp_path):
    pauses = []
    flaky = write(
        tmp_path,
        {
            "flaky": "#!/bin/sh\necho x >> tries\n"
            "[ $(wc -l < tries) -gt 2 ] && echo done && exit 0\necho 'Connection reset by peer' >&2\nexit 1\n",
            "closed": "#!/bin/sh\necho 'Permission denied (publickey).' >&2\nexit 255\n",
        },
    )
    for name in ("flaky", "closed"):
        (flaky / name).chmod(0o755)
    outside = {"PATH": os.environ["PATH"]}

    def program(*command):
        return Program(command, "web", outside, pauses.append, -1)

    assert program("env", "-C", str(tmp_path), "./flaky").run("x") == b"done\n"
    assert pauses == [1.0, 2.0]
    with pytest.raises(SiteError, match=r"the target does not let .* in: Permission denied"):
        program(str(tmp_path / "closed")).run("x")
    with pytest.raises(SiteError, match="the program no-such-program is not installed"):
        program("no-such-program").run("x")


def test_two_publishes_at_once_exclude_each_other(tmp_path):
    write(tmp_path / "output", SITE)
    target = Target("web", "folder", path="www")

    def opened():
        return open_target(
            target,
            Config(publish=(target,)),
            tmp_path,
            tmp_path / ".sitegen",
            os.environ,
            lambda _seconds: None,
            time.time_ns,
        )

    with opened() as (publisher, _):
        with pytest.raises(SiteError, match='being published to "web" by another process'), opened():
            pass
        publish_output(publisher, tmp_path / "output")
    with opened() as (publisher, _):
        assert not publish_output(publisher, tmp_path / "output")
