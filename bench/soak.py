#!/usr/bin/env python3
"""Save files thousands of times under a watching server, and see that it keeps serving and does not grow.

    .venv/bin/python bench/soak.py [--saves 20000] [--growth 8]

Every save is of another kind (in place, by rename, a new post and its removal, a broken post and its
mending, a style sheet, a template now and then), an open page listens to the events, and each hundredth
save is asked for until it is served. Prints memory and descriptors along the way; exits with 1 where
the memory after the first fifth grows by more than so many megabytes, or descriptors or threads by any.
"""

import argparse
import os
import pathlib
import socket
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from tests.serving import post, serving, write_site


def resources(process):
    """Return megabytes of memory that are in use, open descriptors and threads of a process."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    values = dict(line.split(":", 1) for line in status.splitlines())
    return int(values["VmRSS"].split()[0]) / 1024, len(os.listdir(f"/proc/{process}/fd")), int(values["Threads"])


def listen(server):
    """Read the events of an open page for ever, and count them."""
    token = server.text("/").partition('data-token="')[2].partition('"')[0]
    channel = socket.create_connection(("127.0.0.1", server.port))
    target = f"/.sitegen/events?token={token}&page=/posts/one/&shape=x&since=0"
    channel.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    counts = {"events": 0}

    def read():
        while part := channel.recv(1 << 16):
            counts["events"] += part.count(b"data: ")

    threading.Thread(target=read, daemon=True).start()
    return counts


def save(root, number):
    """Save a file in one of many ways; return what the page of the first post shows after it, where that is certain."""
    posts = root / "content/posts"
    kind = number % 10
    if kind == 3:
        (posts / "passing.md").write_text(post("Passing", f"save {number}"))
    elif kind == 4:
        (posts / "passing.md").unlink(missing_ok=True)
    elif kind == 5:
        (posts / "two.md").write_text(
            "---\ntitle: Two\ndate: never\n---\n" if number % 20 == 5 else post("Two", "mended")
        )
    elif kind == 6:
        (root / "content/plain.css").write_text(f"body {{ order: {number} }}\n")
    elif kind == 7 and number % 100 == 7:
        (root / "templates/404.html").write_text(f"<!doctype html><title>x</title>{number}")
    elif kind % 2:
        temporary = posts / ".one.md.tmp"
        temporary.write_text(post("One", f"save {number}"))
        temporary.replace(posts / "one.md")
    else:
        (posts / "one.md").write_text(post("One", f"save {number}"))
        return f"save {number}"
    return ""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--saves", type=int, default=20_000)
    options.add_argument("--growth", type=float, default=8, help="megabytes that memory may grow after the first fifth")
    options.add_argument("--pause", type=float, default=0.03, help="seconds between saves: each becomes a build")
    chosen = options.parse_args()
    early = None
    with tempfile.TemporaryDirectory() as folder:
        root = write_site(pathlib.Path(folder))
        with serving(root, "--watch") as server:
            counts = listen(server)
            start = time.monotonic()
            for number in range(1, chosen.saves + 1):
                expected = save(root, number)
                time.sleep(chosen.pause)
                if expected and number % 100 == 0:
                    (root / "content/posts/two.md").write_text(post("Two", "mended"))
                    server.shows("/posts/one/", expected)
                if number % max(1, chosen.saves // 10) == 0:
                    memory, descriptors, threads = now = resources(server.process.pid)
                    seconds, events = time.monotonic() - start, counts["events"]
                    row = f"{number:6} saves  {seconds:6.0f} s  {memory:6.1f} MB  {descriptors} descriptors"
                    print(f"{row}  {threads} threads  {events} events", flush=True)
                    early = early or (now if number * 5 >= chosen.saves else None)
    assert early
    print(f"grown by {now[0] - early[0]:.1f} MB, {now[1] - early[1]} descriptors, {now[2] - early[2]} threads")
    if now[0] - early[0] > chosen.growth or now[1] > early[1] + 2 or now[2] > early[2] + 2:
        sys.exit("it grows")


if __name__ == "__main__":
    main()
