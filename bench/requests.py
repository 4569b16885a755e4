#!/usr/bin/env python3
"""Measure how long the server takes for a request over one connection that stays open, on loopback.

    .venv/bin/python bench/requests.py [--requests 5000] [--limit 0.2]

A real `sitegen serve --watch` over a small site; a plain socket sends and waits, one request after the
other. Prints median and 99th percentile in milliseconds for each kind of answer; exits with 1 where a
median is above the limit.
"""

import argparse
import pathlib
import socket
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tests.serving import serving, write_site

KINDS = {
    "page with script": ("/posts/one/", b"", b"200"),
    "style sheet": ("/plain.css", b"", b"200"),
    "part of a file": ("/plain.css", b"Range: bytes=0-3\r\n", b"206"),
    "not modified": ("/plain.css", b"If-None-Match: *\r\n", b"304"),
    "not found": ("/nowhere/", b"", b"404"),
    "redirect": ("/posts/one", b"", b"302"),
}


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
    chosen = options.parse_args()
    slow = []
    with tempfile.TemporaryDirectory() as folder, serving(write_site(pathlib.Path(folder)), "--watch") as server:
        address = ("127.0.0.1", server.port)
        with socket.create_connection(address) as channel:
            channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for kind, (path, header, status) in KINDS.items():
                request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode() + header + b"\r\n"
                times = []
                for _ in range(chosen.requests):
                    start = time.perf_counter()
                    head = ask(channel, request)
                    times.append((time.perf_counter() - start) * 1000)
                    assert head[9:12] == status, head
                median, worst = statistics.median(times), statistics.quantiles(times, n=100)[98]
                print(f"{kind:17} median {median:.3f} ms   99 of 100 within {worst:.3f} ms")
                slow += [kind] if median > chosen.limit else []
    if slow:
        sys.exit(f"above {chosen.limit} ms: {', '.join(slow)}")


if __name__ == "__main__":
    main()
