"""Saves without end under a watching server, each asked for until it is served, and what the server holds meanwhile."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.support.serving import Serving, post

LOOKS = 5
BROKEN = "---\ntitle: Two\ndate: never\n---\n"


class Holding(NamedTuple):
    """What a process holds: memory in use (MB), open descriptors, threads."""

    memory: float
    descriptors: int
    threads: int


def holding(server: Serving) -> Holding:
    """Return what a server holds at rest: the least of some looks, since it may be about to keep what it knows."""
    looks = []
    for _ in range(LOOKS):
        looks.append(_look(server))
        time.sleep(0.05)
    return Holding(*map(min, zip(*looks, strict=True)))


def _look(server: Serving) -> Holding:
    process = server.process.pid
    rows = Path(f"/proc/{process}/status").read_text().splitlines()
    values = dict(row.split(":", 1) for row in rows)
    memory = int(values["VmRSS"].split()[0]) / 1024
    return Holding(memory, len(os.listdir(f"/proc/{process}/fd")), int(values["Threads"]))  # noqa: PTH208


def listen(server: Serving) -> list[int]:
    """Read the events of an open page for ever; return a list that gets a number for each of them."""
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


def save_without_end(server: Serving) -> Iterator[int]:
    """Save files of `serving.write_site` in ten ways by turns; yield the number of each save once it is served.

    Raises AssertionError where one is not.
    """
    posts = server.root / "content/posts"
    one, two, passing = posts / "one.md", posts / "two.md", posts / "passing.md"
    for number in count(1):
        words = f"save {number}."
        match number % 10:
            case 3:
                passing.write_text(post("Passing", words))
                server.shows("/posts/passing/", words)
            case 4:
                passing.unlink(missing_ok=True)
                server.answers("/posts/passing/", 404)
            case 5:  # is told and not served: the next save mends it
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
            case kind if kind % 2:
                spare = posts / ".one.md.tmp"
                spare.write_text(post("One", words))
                spare.replace(one)
                server.shows("/posts/one/", words)
            case _:
                one.write_text(post("One", words))
                server.shows("/posts/one/", words)
        yield number
