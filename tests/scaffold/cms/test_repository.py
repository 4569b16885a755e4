import subprocess

import pytest

from sitegen.scaffold.cms.repository import Repository, find_repository
from tests.support.programs import require_program


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/ada/letters.git", ("github", "ada/letters")),
        ("https://ada:word@github.com/ada/letters", ("github", "ada/letters")),
        ("git@github.com:ada/letters.git", ("github", "ada/letters")),
        ("ssh://git@github.com/ada/let.ters.git", ("github", "ada/let.ters")),
        ("git@gitlab.com:group/below/letters.git", ("gitlab", "group/below/letters")),
        ("https://git.example.com/ada/letters.git", None),
        ("/srv/letters.git", None),
    ],
)
def test_the_repository_is_that_of_the_remote_origin(tmp_path, url, expected):
    git = require_program("git")
    subprocess.run([git, "init", "-q", "-b", "drafts", tmp_path], check=True)
    for name, remote in (("fork", "git@github.com:someone/else.git"), ("origin", url)):
        subprocess.run([git, "-C", tmp_path, "remote", "add", name, remote], check=True)
    assert find_repository(tmp_path) == (Repository(*expected, "drafts") if expected else None)


def test_a_site_without_a_remote_has_no_repository(tmp_path):
    assert find_repository(tmp_path) is None
    (tmp_path / ".git").write_text("gitdir: ../.git/worktrees/site\n")
    assert find_repository(tmp_path) is None
