"""A small site, a server process for it, and a plain HTTP client, for the tests of serving."""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import TIMEOUT_SECONDS


def write_site(root: Path, settings: str = "") -> Path:
    """Write a site with three posts and its own templates."""
    files = {
        "sitegen.toml": f'title = "Small"\nbase_url = "https://small.example/"\n{settings}',
        "content/posts/one.md": post("One", "The first post."),
        "content/posts/two.md": post("Two", "The second post."),
        "content/posts/three.md": post("Three", "The third post."),
        "content/notes.txt": "plain notes\n",
        "content/plain.css": "body { color: rgb(1, 2, 3) }\n",
        "templates/assets/own.css": "body { background: rgb(10, 20, 30) }\n",
        "templates/own.html": '{% extends "base.html" %}\n',
    }
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def save(file: Path, text: str) -> None:
    """Replace the text of a file at once: a build that runs meanwhile never reads an empty file."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text)
    beside.replace(file)


def post(title: str, text: str, more: str = "") -> str:
    """Return a post's file."""
    return f"---\ntitle: {title}\ndate: 2024-01-02\n{more}---\n{text}\n"


PATIENT = """
from sitegen.cli import serve
from sitegen.serve import state
serve.SHUTDOWN_SECONDS = serve.COMPLETION_SECONDS = state.MAX_WAIT_SECONDS = 3600
"""
"""A `setup` of a server that takes its time to complete the feeds, which on a busy machine it would give up."""


class ServerProcess:
    """A process that serves a site; the command `before`, if given, starts it in another environment.

    It first runs the Python program `setup`, if given. Conditions that the tests wait for must become true within
    `timeout` seconds.
    """

    def __init__(
        self,
        root: Path,
        *options: str,
        before: Sequence[str] = (),
        setup: str = "",
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        program = ("-c", f"{setup}from sitegen.__main__ import main\nmain()") if setup else ("-m", "sitegen")
        self.root, self.timeout = root, timeout
        self.lines: list[str] = []
        environment = os.environ | {"NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [*before, sys.executable, *program, "-C", str(root), "serve", "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.wait_for_line("Serving http")
        except AssertionError:
            self.stop()
            raise
        address = next(line for line in self.lines if line.startswith("Serving "))
        match = re.search(r"http://(\S+?):(\d+)(\S*)/ ", address)
        assert match
        self.port = int(match[2])
        self.base = match[3]

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    def wait_for_line(self, part: str) -> None:
        self.wait(lambda: part in self.output or self.process.poll() is not None)
        assert part in self.output, self.output

    def wait(self, condition: Callable[[], object], poll_seconds: float = 0.01) -> None:
        end = time.monotonic() + self.timeout
        while not condition():
            assert time.monotonic() < end, f"the condition stayed false; output of the server:\n{self.output}"
            time.sleep(poll_seconds)

    def request(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, headers={key.replace("_", "-"): value for key, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def text(self, path: str) -> str:
        return self.request(path)[2].decode()

    def shows(self, path: str, part: str) -> None:
        self.wait(lambda: part in self.text(path))

    def lacks(self, path: str, part: str) -> None:
        self.wait(lambda: part not in self.text(path))

    def answers(self, path: str, status: int) -> None:
        self.wait(lambda: self.request(path)[0] == status)

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        code = self.process.wait(TIMEOUT_SECONDS)
        self._reader.join(TIMEOUT_SECONDS)
        assert self.process.stdout
        self.process.stdout.close()
        return code


@contextmanager
def serving(
    root: Path, *options: str, before: Sequence[str] = (), setup: str = "", timeout: float = TIMEOUT_SECONDS
) -> Iterator[ServerProcess]:
    """Serve a site inside the `with` block."""
    server = ServerProcess(root, *options, before=before, setup=setup, timeout=timeout)
    try:
        yield server
    finally:
        server.stop()
    assert "Traceback" not in server.output, server.output
