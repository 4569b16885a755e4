"""Starting the command line, and interrupting it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sites import make_site

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals")

REPOSITORY = Path(__file__).parents[1]
INTERRUPT = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"


def run(*words, folder, on_interrupt=signal.SIG_DFL):
    """Run sitegen in a new process, which finds the modules of a folder first, and inherits a handler of interrupts.

    In a background job, which tests can be too, interrupts are ignored.
    """
    command = [sys.executable, "-m", "sitegen", *map(str, words)]
    environment = {"PYTHONPATH": f"{folder}:{REPOSITORY}", "PATH": ""}
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, on_interrupt),
    )


@pytest.mark.parametrize(("module", "command"), [("click", "--version"), ("sqlite3", "build")])
def test_an_interrupt_while_modules_are_loaded_ends_the_process_without_a_traceback(tmp_path, module, command):
    (tmp_path / f"{module}.py").write_text(f"{INTERRUPT}raise ImportError('not interrupted')\n")
    done = run(command, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_an_interrupt_that_is_ignored_stays_ignored(tmp_path):
    (tmp_path / "click.py").write_text(f"{INTERRUPT}raise ImportError('went on')\n")
    done = run("--version", folder=tmp_path, on_interrupt=signal.SIG_IGN)
    assert "went on" in done.stderr


def test_an_interrupted_command_says_that_it_was_stopped(tmp_path):
    site = make_site(tmp_path / "site", {"hooks.py": INTERRUPT})
    done = run("-C", site, "build", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "stopped\n")
