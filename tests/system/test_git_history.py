"""The day of the first commit of each file, without running anything that a repository names."""

import os
import subprocess
from datetime import date

import pytest

from sitegen.errors import SiteError
from sitegen.system.git_history import first_commit_days
from tests.support.programs import require_program

ENVIRONMENT = {
    **os.environ,
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@a.example",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@a.example",
}


def git(folder, *arguments, **more):
    subprocess.run(["git", "-C", folder, *arguments], check=True, env={**ENVIRONMENT, **more}, capture_output=True)


def commit(folder, day, files):
    """Commit files with contents (None removes one) at 23:30 of a day, seven hours behind UTC; skip without git."""
    require_program("git")
    folder.mkdir(exist_ok=True)
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink() if text is None else path.write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x", GIT_AUTHOR_DATE=f"{day}T23:30:00-07:00")


TEXT = "".join(f"Line {number}.\n" for number in range(20))


@pytest.fixture
def clone(tmp_path):
    folder = tmp_path / "old"
    commit(folder, "2018-04-20", {"1.md": TEXT, "ü 2.md": "two"})
    commit(folder, "2018-04-27", {"1.md": None, "posts/1.md": f"---\ntitle: One\n---\n{TEXT}", "posts/3.md": "three"})
    commit(folder, "2018-05-04", {"posts/1.md": "edited", "posts/3.md": None})
    commit(folder, "2018-05-11", {"posts/3.md": "again"})
    (folder / "posts/4.md").write_text("not committed")
    return folder


def test_a_renamed_file_keeps_the_day_of_its_first_name(clone):
    days = first_commit_days(clone, ENVIRONMENT)
    assert days["posts/1.md"] == date(2018, 4, 20)
    assert days["ü 2.md"] == date(2018, 4, 20)
    assert days["posts/3.md"] == date(2018, 4, 27)
    assert "posts/4.md" not in days


def test_a_folder_of_a_repository_has_paths_of_its_own(clone):
    assert sorted(first_commit_days(clone / "posts", ENVIRONMENT)) == ["1.md", "3.md"]


def test_the_repository_cannot_name_a_program_to_run(clone, tmp_path):
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    trap.chmod(0o755)
    (clone / ".gitattributes").write_text("*.md diff=trap\n")
    keys = ("core.fsmonitor", "core.pager", "diff.external", "diff.trap.textconv", "diff.trap.command", "gpg.program",
            "core.sshCommand", "core.alternateRefsCommand", "log.showSignature")  # fmt: skip
    for key in keys:
        git(clone, "config", key, "true" if key == "log.showSignature" else str(trap))
    assert first_commit_days(clone, {**ENVIRONMENT, "GIT_DIR": str(tmp_path)})
    git(clone, "config", "core.worktree", str(tmp_path))
    assert first_commit_days(clone, ENVIRONMENT) == {}
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("change", ["none", "empty", "shallow"])
def test_a_folder_without_a_whole_history_is_a_problem_with_a_hint(change, clone, tmp_path):
    folder = tmp_path / change
    folder.mkdir()
    if change == "empty":
        git(folder, "init", "-q")
    if change == "shallow":
        git(folder, "clone", "-q", "--depth=1", f"file://{clone}", ".")
    expected = {"none": "not in a git repository", "empty": "has no commits", "shallow": "is a shallow clone"}
    with pytest.raises(SiteError, match=expected[change]) as error:
        first_commit_days(folder, {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(tmp_path)})
    assert error.value.problems[0].hint
