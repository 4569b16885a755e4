#!/usr/bin/env python3
"""Measure how long the server takes for a request over one connection that stays open, on loopback.

    .venv/bin/python bench/requests.py [--requests 5000] [--limit 0.2] [--idle]

A real `sitegen serve --watch` over a small site; a plain socket sends and waits, one request after the
other. Prints for each type of response, in milliseconds, median and 99th percentile of the time until it
arrives, and the processor time of the server; exits with 1 if a median is above the limit. A machine that
sleeps between two requests takes longer to wake up than to answer: a process of the lowest priority keeps
it awake, except with --idle. An echo between two processes shows the overhead of the measurement.
"""

import argparse
import os
import pathlib
import socket
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tests.support.serving import serving, write_site

REQUESTS = {
    "page with script": ("/posts/one/", b"", b"200"),
    "style sheet": ("/plain.css", b"", b"200"),
    "part of a file": ("/plain.css", b"Range: bytes=0-3\r\n", b"206"),
    "not modified": ("/plain.css", b"If-None-Match: *\r\n", b"304"),
    "not found": ("/nowhere/", b"", b"404"),
    "redirect": ("/posts/one", b"", b"302"),
}
ECHOED = 4_000
"""Bytes of an echo, about those of a page."""


def processor_time(process):
    """Return the seconds that a process and its threads have had of the processor (proc(5))."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def keep_awake():
    """Keep a processor busy, by a process that gives way to all others, until this one ends."""
    parent = os.getpid()
    if os.fork():
        return
    os.nice(19)
    while os.getppid() == parent:
        pass
    os._exit(0)


def echo(requests):
    """Return the median of what a process takes to answer another by a fixed text, in milliseconds."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        child = os.fork()
        if not child:
            channel, _ = listener.accept()
            channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while channel.recv(1 << 16):
                channel.sendall(b"x" * ECHOED)
            os._exit(0)
        with socket.create_connection(listener.getsockname()) as channel:
            channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            times = []
            for _ in range(requests):
                start = time.perf_counter()
                channel.sendall(b"?")
                rest = ECHOED
                while rest:
                    rest -= len(channel.recv(rest))
                times.append((time.perf_counter() - start) * 1000)
        os.waitpid(child, 0)
    return statistics.median(times)


def ask(channel, request):
    """Send a request and read its whole answer; return the head."""
    channel.sendall(request)
    data = channel.recv(1 << 20)
    while b"\r\n\r\n" not in data:
        data += channel.recv(1 << 20)
    head, _, body = data.partition(b"\r\n\r\n")
    mark = head.find(b"Content-Length: ")
    rest = int(head[mark + 16 :].split(b"\r\n", 1)[0]) - len(body) if mark >= 0 else 0
    while rest > 0:
        rest -= len(channel.recv(1 << 20))
    return head


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--requests", type=int, default=5000)
    options.add_argument("--limit", type=float, default=0.2, help="milliseconds that a median may take")
    options.add_argument("--idle", action="store_true", help="let the machine fall asleep between two requests")
    chosen = options.parse_args()
    slow = []
    if not chosen.idle:
        keep_awake()
    print(f"{'bare echo':17} median {echo(chosen.requests):.3f} ms")
    with tempfile.TemporaryDirectory() as folder, serving(write_site(pathlib.Path(folder)), "--watch") as server:
        address = ("127.0.0.1", server.port)
        with socket.create_connection(address) as channel:
            channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for name, (path, header, status) in REQUESTS.items():
                request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode() + header + b"\r\n"
                times, before = [], processor_time(server.process.pid)
                for _ in range(chosen.requests):
                    start = time.perf_counter()
                    head = ask(channel, request)
                    times.append((time.perf_counter() - start) * 1000)
                    assert head[9:12] == status, head
                median, worst = statistics.median(times), statistics.quantiles(times, n=100)[98]
                cost = (processor_time(server.process.pid) - before) / chosen.requests * 1000
                print(f"{name:17} median {median:.3f} ms   99 of 100 within {worst:.3f} ms   processor {cost:.3f} ms")
                slow += [name] if median > chosen.limit else []
    print(f"{'bare echo':17} median {echo(chosen.requests):.3f} ms")
    if slow:
        sys.exit(f"above {chosen.limit} ms: {', '.join(slow)}")


if __name__ == "__main__":
    main()
