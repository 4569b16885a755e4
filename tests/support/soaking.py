"""Save files under a watching server, wait until each save is served, and measure the server's resources."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.support.serving import ServerProcess, post

SAMPLES = 5
BROKEN = "---\ntitle: Two\ndate: never\n---\n"


class Resources(NamedTuple):
    """Resources of a process: resident memory (MB), open descriptors, threads."""

    memory: float
    descriptors: int
    threads: int


def measure_resources(server: ServerProcess) -> Resources:
    """Return the resources of an idle server: the minimum of some samples, because it may be storing a snapshot."""
    samples = []
    for _ in range(SAMPLES):
        samples.append(_measure(server))
        time.sleep(0.05)
    return Resources(*map(min, zip(*samples, strict=True)))


def _measure(server: ServerProcess) -> Resources:
    process = server.process.pid
    rows = Path(f"/proc/{process}/status").read_text().splitlines()
    values = dict(row.split(":", 1) for row in rows)
    memory = int(values["VmRSS"].split()[0]) / 1024
    return Resources(memory, len(os.listdir(f"/proc/{process}/fd")), int(values["Threads"]))  # noqa: PTH208


def listen(server: ServerProcess) -> list[int]:
    """Read the events of an open page in a thread; return a list that grows by one number for each event."""
    token = server.text("/").partition('data-token="')[2].partition('"')[0]
    channel = socket.create_connection(("127.0.0.1", server.port))
    target = f"/.sitegen/events?token={token}&page=/posts/one/&shape=x&since=0"
    channel.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    events: list[int] = []

    def read() -> None:
        with channel, suppress(OSError):
            while part := channel.recv(1 << 16):
                events.extend([len(part)] * part.count(b"data: "))

    threading.Thread(target=read, daemon=True).start()
    return events


def save_repeatedly(server: ServerProcess) -> Iterator[int]:
    """Save files of `serving.write_site` in ten ways in turn; yield the number of each save once it is served.

    Raises AssertionError if one is not.
    """
    posts = server.root / "content/posts"
    one, two, temporary = posts / "one.md", posts / "two.md", posts / "passing.md"
    for number in count(1):
        words = f"save {number}."
        match number % 10:
            case 3:
                temporary.write_text(post("Passing", words))
                server.shows("/posts/passing/", words)
            case 4:
                temporary.unlink(missing_ok=True)
                server.answers("/posts/passing/", 404)
            case 5:  # is reported and not served: the next save fixes it
                two.write_text(BROKEN)
            case 6:
                two.write_text(post("Two", words))
                server.shows("/posts/two/", words)
            case 7:
                (server.root / "content/plain.css").write_text(f"body {{ order: {number} }}\n")
                server.shows("/plain.css", f"order: {number} ")
            case 8 if number % 100 == 8:
                (server.root / "templates/404.html").write_text(f"<!doctype html><title>x</title>{words}")
                server.shows("/nowhere/", words)
            case odd if odd % 2:
                spare = posts / ".one.md.tmp"
                spare.write_text(post("One", words))
                spare.replace(one)
                server.shows("/posts/one/", words)
            case _:
                one.write_text(post("One", words))
                server.shows("/posts/one/", words)
        yield number
