"""Notifies open pages of each new version by server-sent events (HTML standard, section 9.2), in one thread."""

import json
import selectors
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass

from sitegen.serve.handler import Subscription
from sitegen.serve.state import Live

MAX_STREAMS = 400
"""Maximum number of open pages: each has a descriptor, of which a process often has 1,024."""
HEARTBEAT_SECONDS = 20.0
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\n"
    b"Cross-Origin-Resource-Policy: same-origin\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    b"retry: 500\n\n"
)


@dataclass(slots=True)
class Stream:
    """An open page and the version that it was last notified of."""

    channel: socket.socket
    subscription: Subscription
    since: int


class Streams:
    """The sockets of open pages, and the thread that notifies them; `notify` wakes it after a build."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._streams: dict[int, Stream] = {}
        self._waiting: list[Stream] = []
        self._lock = threading.Lock()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="streams", daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        return len(self._streams)

    def add(self, channel: socket.socket, subscription: Subscription) -> bool:
        """Take over the socket of a page that subscribed; return whether there was room for it."""
        with self._lock:
            if self._ending or len(self._streams) + len(self._waiting) >= MAX_STREAMS:
                return False
            channel.setblocking(False)
            self._waiting.append(Stream(channel, subscription, -1))
            self._wake_thread()
        return True

    def notify(self) -> None:
        """Notify every page of the current version."""
        with self._lock:
            if not self._ending:
                self._wake_thread()

    def close(self) -> None:
        """End all streams, at once unless an interrupted build holds them up: then its thread does so later."""
        with self._lock:
            self._ending = True
            self._wake_thread()
        self._thread.join(1)
        self._wake.close()

    def _wake_thread(self) -> None:
        """Wake the thread, which closes the other end at its end: with the lock, it has not done so yet."""
        with suppress(BlockingIOError):  # it will read what it was sent before
            self._wake.send(b"!")

    def _run(self) -> None:
        while not self._ending:
            ready = self._selector.select(HEARTBEAT_SECONDS)
            if not ready:
                for stream in list(self._streams.values()):
                    self._send(stream, b":\n\n")
            for key, _ in ready:
                if key.data is None:
                    self._woken.recv(4096)
                else:
                    self._hear(key.data)
            with self._lock:
                new, self._waiting = self._waiting, []
                for stream in new:
                    self._streams[stream.channel.fileno()] = stream
                    self._selector.register(stream.channel, selectors.EVENT_READ, stream)
            for stream in new:
                self._send(stream, HEAD)
            self._notify_all()
        for stream in list(self._streams.values()):
            self._drop(stream)
        for stream in self._waiting:
            stream.channel.close()
        self._selector.close()
        with self._lock:
            self._woken.close()

    def _notify_all(self) -> None:
        messages: dict[tuple[Subscription, int], tuple[int, bytes]] = {}
        for stream in list(self._streams.values()):
            if stream.since == self.live.version:
                continue
            subscription = stream.subscription
            since = subscription.since if stream.since < 0 else stream.since
            key = (subscription, since)
            if key not in messages:
                message = self.live.message(subscription.page, subscription.shape, since)
                messages[key] = (message["version"], f"data: {json.dumps(message)}\n\n".encode())
            # Not the newest version, which a build that has ended meanwhile may have begun.
            stream.since, data = messages[key]
            self._send(stream, data)

    def _hear(self, stream: Stream) -> None:
        """Drop a stream whose page was closed; pages send nothing else."""
        try:
            if not stream.channel.recv(4096):
                self._drop(stream)
        except BlockingIOError:
            pass
        except OSError:
            self._drop(stream)

    def _send(self, stream: Stream, data: bytes) -> None:
        """Send a complete message, or drop a page that does not read: it reconnects on its own."""
        try:
            if stream.channel.send(data) == len(data):
                return
        except OSError:
            pass
        self._drop(stream)

    def _drop(self, stream: Stream) -> None:
        if self._streams.pop(stream.channel.fileno(), None) is not None:
            self._selector.unregister(stream.channel)
            stream.channel.close()
