"""A command that the disk has no space for names the file, and leaves no half-written one."""

import signal
import subprocess
import sys

import pytest

from tests.support.sites import make_site, tree

resource = pytest.importorskip("resource")


def run_without_space(root, *arguments):
    """Run sitegen, in whose process no file can grow beyond 20 bytes."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))

    command = [sys.executable, "-m", "sitegen", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, preexec_fn=limit, check=False)


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (("new", "A long title that does not fit"), "content/posts/"),
        (("init", ".", "--host", "github"), ".github/workflows/"),
        (("theme", "copy", "post.html"), "templates/"),
        (("cms", "pages"), ".pages.yml"),
    ],
)
def test_a_file_that_cannot_be_written_is_named_and_others_stay_whole(tmp_path, arguments, file):
    root = make_site(tmp_path / "site")
    before = tree(root)
    result = run_without_space(root, *arguments)
    assert result.returncode == 1
    assert result.stderr.startswith(file)
    assert "File too large" in result.stderr
    assert tree(root) == before


def test_a_new_site_that_cannot_be_written_has_no_half_written_file(tmp_path):
    result = run_without_space(tmp_path, "init", "site")
    assert result.returncode == 1
    assert "site/sitegen.toml: File too large" in result.stderr
    assert tree(tmp_path) == {}
