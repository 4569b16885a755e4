"""One connection: reads requests and writes responses, one after the other, within limits of size and time."""

import socket
import time
from email.utils import formatdate
from functools import lru_cache
from typing import Final

from sitegen.serve.http.request import MAX_HEAD_BYTES, HttpRequest, RequestError, read_head
from sitegen.serve.http.response import HttpResponse

IDLE: Final = 30.0
"""Seconds that a connection may stay silent between two requests."""
SLOW: Final = 10.0
"""Seconds that the head of a request may take."""
CHUNK: Final = 1 << 18
LINGER: Final = 1.0


@lru_cache(1)
def _date(_second: int) -> str:
    """Return the date for responses, which is computed once in each second."""
    return formatdate(usegmt=True)


class Connection:
    """Holds one socket, and the received part of the next request."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self._buffer = b""
        channel.settimeout(IDLE)
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> HttpRequest | None:
        """Return the next request, None if there is none. Raises RequestError if it is malformed or too slow."""
        deadline = 0.0
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            self._check_unfinished()
            if self._buffer:
                deadline = deadline or time.monotonic() + SLOW
                rest = deadline - time.monotonic()
                if rest <= 0:
                    raise RequestError("the request was too slow", 408)
                self.channel.settimeout(rest)
            try:
                part = self.channel.recv(65_536)
            except TimeoutError:
                if deadline:
                    raise RequestError("the request was too slow", 408) from None
                return None
            if not part:
                if self._buffer.strip(b"\r\n"):
                    raise RequestError("the request is incomplete")
                return None
            self._buffer += part
        head, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
        if end > MAX_HEAD_BYTES:
            raise RequestError("the request is too long", 431)
        return read_head(head.lstrip(b"\r\n") if head[:1] in b"\r\n" else head)

    def _check_unfinished(self) -> None:
        if len(self._buffer) > MAX_HEAD_BYTES:
            line = b"\r\n" in self._buffer[:MAX_HEAD_BYTES]
            raise RequestError("the request is too long", 431 if line else 414)
        if b"\n\n" in self._buffer:
            raise RequestError("invalid line ending in the request")

    def send(self, response: HttpResponse, *, keep_alive: bool, body: bool = True) -> None:
        """Send a response, in one piece if it is small; raise OSError if the client has gone."""
        if self.channel.gettimeout() != IDLE:  # the test is cheaper than setting it, which is a call of the system
            self.channel.settimeout(IDLE)
        head = response.head(_date(int(time.monotonic())), keep_alive=keep_alive)
        if response.file is None:
            self.channel.sendall(head + response.body if body and response.status != 304 else head)
            return
        with response.file as file:
            self.channel.sendall(head)
            file.seek(response.start)
            rest = response.size if body else 0
            while rest and (part := file.read(min(CHUNK, rest))):
                self.channel.sendall(part)
                rest -= len(part)
            if rest:
                raise ConnectionAbortedError("the file became shorter while it was sent")

    def close(self) -> None:
        """Close the connection so that the last response arrives: an immediate close would discard it."""
        try:
            self.channel.shutdown(socket.SHUT_WR)
            end = time.monotonic() + LINGER
            while (rest := end - time.monotonic()) > 0:
                self.channel.settimeout(rest)
                if not self.channel.recv(65_536):
                    break
        except OSError:
            pass  # it is closed already, by the other side
        self.channel.close()
