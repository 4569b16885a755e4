"""Starting the command line, and interrupting it."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.sites import CONFIG, make_site, tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals")

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

REPOSITORY = Path(__file__).parents[1]
MAX_SECONDS = 60
"""How long a process may take to answer a key: one that waits for another fails its test, and does not stop all."""

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


def wait_until_asleep(process):
    """Wait until a process waits for input: Python misses an interrupt between its question and its next call."""
    state = Path(f"/proc/{process}/stat")
    time.sleep(0.1)
    while state.exists() and state.read_text().rpartition(")")[2].split()[0] in "RD":  # running, or reading a disk
        time.sleep(0.01)


def answer(keys, *words):
    """Run sitegen on a terminal, press keys at its question, and return its exit code and the words after that."""
    process, terminal = pty.fork()
    if not process:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(REPOSITORY)
        os.execv(sys.executable, [sys.executable, "-m", "sitegen", *map(str, words)])
    with open(terminal, "r+b", buffering=0) as stream:
        shown = b""
        while not shown.endswith(b"[y/N]: "):
            shown += stream.read(1)
        wait_until_asleep(process)
        stream.write(keys)
        rest = b""
        try:
            while True:
                if not select.select([stream], [], [], MAX_SECONDS)[0]:
                    os.kill(process, signal.SIGKILL)
                if not (data := stream.read(1000)):
                    break
                rest += data
        except OSError:  # a terminal whose process has ended
            pass
        _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), rest.decode().split()


@pytest.mark.parametrize(
    ("keys", "code", "end"),
    [(b"\x03", 130, "^C stopped"), (b"\x04", 1, "nothing was {done}"), (b"\n", 1, "nothing was {done}")],
    ids=["Ctrl-C", "Ctrl-D", "Enter"],
)
@pytest.mark.parametrize(
    ("words", "done"), [(["takedown", "first"], "changed"), (["publish"], "published")], ids=["takedown", "publish"]
)
def test_a_question_that_is_not_answered_with_yes_changes_nothing(tmp_path, keys, code, end, words, done):
    site = make_site(tmp_path, config=f'{CONFIG}[[publish]]\nname = "web"\nkind = "folder"\npath = "www"\n')
    before = tree(site / "content")
    assert answer(keys, "-C", site, *words) == (code, end.format(done=done).split())
    assert tree(site / "content") == before
    assert not (site / "www").exists()
    assert not (site / "published.json").exists()
