"""The bytes that open pages receive, and when a page is dropped."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sitegen.errors import Problem
from sitegen.serve.handler import Subscription
from sitegen.serve.reload import events
from sitegen.serve.reload.events import Streams
from sitegen.serve.reload.inject import shape_of
from sitegen.serve.routes import Published
from sitegen.serve.state import Live
from tests.support.waiting import TIMEOUT_SECONDS, wait_until

PAGE = b'<!doctype html><link rel="stylesheet" href="/a.css"><body>text</body>'
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"Cross-Origin-Resource-Policy: same-origin\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    b"retry: 500\n\n"
)


@pytest.fixture
def streams(tmp_path: Path) -> Iterator[Streams]:
    (tmp_path / "index.html").write_bytes(PAGE)
    live = Live(watching=True)
    live.advance((), Published(str(tmp_path), "", ("index.html",)))
    streams = Streams(live)
    yield streams
    streams.close()


def subscribe(streams: Streams, since: int = 1, shape: bytes = PAGE, page: str = "/") -> socket.socket:
    """Subscribe a page; return the socket of the browser."""
    here, there = socket.socketpair()
    here.settimeout(TIMEOUT_SECONDS)
    assert streams.add(there, Subscription(page, shape_of(shape).digest, since))
    return here


def read(channel: socket.socket, length: int) -> bytes:
    """Return the next bytes, fewer if the server has closed the stream."""
    data = b""
    while len(data) < length and (part := channel.recv(length - len(data))):
        data += part
    return data


def receive(channel: socket.socket) -> dict[str, object]:
    """Return the next message."""
    data = b""
    while not data.endswith(b"\n\n"):
        data += read(channel, 1)
    assert data.startswith(b"data: ")
    return json.loads(data.removeprefix(b"data: "))


def test_a_page_gets_the_head_once_and_a_message_for_each_version(streams):
    with subscribe(streams) as page:
        assert read(page, len(HEAD)) == HEAD
        assert receive(page) == {"version": 1, "problems": [], "action": ""}
        wait_until(lambda: len(streams) == 1)
        streams.live.advance((Problem("a.md", 3, "it is broken"),), None)
        streams.notify()
        answer = receive(page)
        assert (answer["version"], answer["action"]) == (2, "")
        assert [problem["message"] for problem in answer["problems"]] == ["it is broken"]
        streams.notify()  # there is nothing new
        streams.live.advance((), streams.live.published, {"a.css"})
        streams.notify()
        assert receive(page) == {"version": 3, "problems": [], "action": "styles", "styles": ["/a.css"]}
        streams.live.advance((), streams.live.published)
        streams.notify()
        assert receive(page) == {"version": 4, "problems": [], "action": ""}, "the styles were replaced before"


def test_a_page_learns_at_once_what_it_has_missed(streams):
    streams.live.advance((), streams.live.published, {"a.css"})
    with (
        subscribe(streams, since=1) as old,
        subscribe(streams, since=2) as new,
        subscribe(streams, shape=b"x") as other,
    ):
        messages = []
        for page in (old, new, other):
            read(page, len(HEAD))
            messages.append(receive(page)["action"])
    assert messages == ["styles", "", "reload"]


def test_pages_with_the_same_contents_all_learn_what_a_build_changes_while_they_are_notified(streams, monkeypatch):
    message = streams.live.message

    def end_a_build(page: str, shape: str, since: int) -> dict[str, object]:
        monkeypatch.undo()
        found = message(page, shape, since)
        streams.live.advance((), streams.live.published, {"a.css"})
        streams.notify()
        return found

    with subscribe(streams) as one, subscribe(streams) as other:
        for page in (one, other):
            read(page, len(HEAD))
            assert receive(page)["version"] == 1
        monkeypatch.setattr(streams.live, "message", end_a_build)
        streams.live.advance((), streams.live.published)
        streams.notify()
        for page in (one, other):
            received = [receive(page) for _ in range(2)]
            assert [(item["version"], item["action"]) for item in received] == [(2, ""), (3, "styles")]


def test_silent_pages_get_a_comment_so_that_lost_ones_are_noticed(streams, monkeypatch):
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.01)
    with subscribe(streams) as page:
        read(page, len(HEAD))
        receive(page)
        assert read(page, 6) == b":\n\n" * 2


def test_what_a_page_sends_is_read_and_ignored(streams):
    with subscribe(streams) as page:
        read(page, len(HEAD))
        receive(page)
        page.sendall(b"x" * 10_000)
        streams.live.advance((), streams.live.published)
        streams.notify()
        assert receive(page)["version"] == 2


def test_a_closed_page_is_dropped(streams):
    pages = [subscribe(streams) for _ in range(3)]
    wait_until(lambda: len(streams) == 3)
    for page in pages:
        read(page, len(HEAD))
        assert receive(page)["version"] == 1
    pages[1].close()
    wait_until(lambda: len(streams) == 2)
    streams.live.advance((), streams.live.published)
    streams.notify()
    for page in (pages[0], pages[2]):
        assert receive(page)["version"] == 2
        page.close()
    wait_until(lambda: len(streams) == 0)


def test_a_page_that_takes_no_messages_is_dropped_and_closed(streams):
    long = Problem("a.md", 1, "x" * 100_000)
    with subscribe(streams) as lazy:
        wait_until(lambda: len(streams) == 1)

        def is_dropped() -> bool:
            streams.live.advance((long,), None)
            streams.notify()
            return len(streams) == 0

        wait_until(is_dropped)
        while lazy.recv(1 << 20):
            pass


def test_there_is_room_for_a_limited_number_of_pages(streams, monkeypatch):
    monkeypatch.setattr(events, "MAX_STREAMS", 2)
    pages = [subscribe(streams) for _ in range(2)]
    wait_until(lambda: len(streams) == 2)
    here, there = socket.socketpair()
    assert not streams.add(there, Subscription("/", "", 0))
    assert there.getblocking(), "the socket is left as it was"
    for channel in (here, there, pages[0]):
        channel.close()
    wait_until(lambda: len(streams) == 1)
    pages[0] = subscribe(streams)
    for page in pages:
        page.close()


def test_pages_that_subscribe_at_the_end_are_closed_or_refused(tmp_path):
    streams = Streams(Live(watching=True))
    with ExitStack() as stack:
        with streams.live.lock.writing():  # as an interrupted build does
            stack.enter_context(subscribe(streams))
            wait_until(lambda: len(streams) == 1)
            late = stack.enter_context(subscribe(streams))
            streams.close()
            assert streams._thread.is_alive()
            for end in socket.socketpair():
                assert not streams.add(stack.enter_context(end), Subscription("/", "", 0))
        assert late.recv(1) == b""
        streams._thread.join(TIMEOUT_SECONDS)
        assert (streams._selector.get_map(), streams._woken.fileno()) == (None, -1)


def test_the_end_closes_every_stream(tmp_path):
    streams = Streams(Live(watching=True))
    with subscribe(streams) as page:
        wait_until(lambda: len(streams) == 1)
        streams.close()
        assert read(page, len(HEAD)) == HEAD
        receive(page)
        assert page.recv(1) == b""
    wait_until(lambda: not streams._thread.is_alive())
    assert len(streams) == 0


class LockUntilTheEnd:
    """The lock of streams; a call that ends them continues only when the thread has ended."""

    def __init__(self, streams: Streams) -> None:
        self.streams, self.lock = streams, streams._lock

    def __enter__(self) -> None:
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()
        if self.streams._ending and threading.current_thread() is not self.streams._thread:
            self.streams._thread.join(TIMEOUT_SECONDS)


def test_the_thread_may_end_before_it_is_woken(monkeypatch):
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0)  # it checks all the time whether it ends
    streams = Streams(Live(watching=True))
    streams._lock = LockUntilTheEnd(streams)
    streams.close()
    streams.notify()
    assert not streams._thread.is_alive()
    assert (streams._selector.get_map(), streams._woken.fileno()) == (None, -1)


def test_a_build_does_not_wait_for_the_thread_that_it_notifies(tmp_path):
    streams = Streams(Live(watching=True))
    with streams.live.lock.writing(), subscribe(streams):
        wait_until(lambda: len(streams) == 1)
        for _ in range(10_000):
            streams.notify()
        streams.close()
    streams._thread.join(TIMEOUT_SECONDS)
    assert not streams._thread.is_alive()
