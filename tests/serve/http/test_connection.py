"""Requests are read, and responses are sent, over one connection, within limits of size and time."""

import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest

from sitegen.serve.http import connection as module
from sitegen.serve.http.connection import CHUNK, IDLE, Connection
from sitegen.serve.http.request import MAX_HEAD_BYTES, RequestError
from sitegen.serve.http.response import HttpResponse
from tests.support.waiting import TIMEOUT_SECONDS


@pytest.fixture
def pair() -> Iterator[tuple[Connection, socket.socket]]:
    """Yield a connection, and the socket of its client."""
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    client.settimeout(TIMEOUT_SECONDS)
    channel, _ = listener.accept()
    yield Connection(channel), client
    for end in (listener, channel, client):
        end.close()


def test_requests_are_read_one_after_the_other_however_they_arrive(pair):
    connection, client = pair
    assert connection.channel.gettimeout() == IDLE
    assert connection.channel.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    client.sendall(b"GET /a HTTP/1.1\r\n\r\n\r\nGET /b HTTP/1.1\r\nA: b\r\n\r\nGET /c ")
    assert connection.read().target == "/a"
    assert connection.read().headers == {"a": "b"}
    client.sendall(b"HTTP/1.0\r\n\r\n")
    request = connection.read()
    assert (request.target, request.keep_alive) == ("/c", False)
    client.sendall(b"\r\n")
    client.close()
    assert connection.read() is None


REFUSED = [
    (b"GET / HTTP/1.1\r\nA: b", 400, "the request is incomplete"),
    (b"GET / HTTP/1.1\n\n", 400, "invalid line ending in the request"),
    (b"a" * (MAX_HEAD_BYTES + 1), 414, "the request is too long"),
    (b"a\r\n" * MAX_HEAD_BYTES, 431, "the request is too long"),
    (b"a" * (MAX_HEAD_BYTES - 1) + b"\r\n" + b"a" * 9, 414, "the request is too long"),
    (b"a" * (MAX_HEAD_BYTES - 2) + b"\r\n" + b"a" * 9, 431, "the request is too long"),
    (b"GET / HTTP/1.1\r\nA: " + b"b" * MAX_HEAD_BYTES + b"\r\n\r\n", 431, "the request is too long"),
]


@pytest.mark.parametrize(("data", "status", "message"), REFUSED, ids=range(len(REFUSED)))
def test_an_incomplete_or_long_request_is_refused_with_a_reason(pair, data, status, message):
    connection, client = pair
    client.sendall(data)
    client.shutdown(socket.SHUT_WR)
    with pytest.raises(RequestError) as error:
        connection.read()
    assert (error.value.status, str(error.value)) == (status, message)


def test_a_request_may_be_as_long_as_the_limit(pair):
    connection, client = pair
    head = b"GET / HTTP/1.1\r\nA: "
    client.sendall(head + b"b" * (MAX_HEAD_BYTES - len(head)) + b"\r\n\r\n")
    assert len(connection.read().headers["a"]) == MAX_HEAD_BYTES - len(head)


def test_a_silent_client_ends_the_connection_and_a_slow_one_is_refused(pair, monkeypatch):
    connection, client = pair
    connection.channel.settimeout(0.02)
    assert connection.read() is None
    monkeypatch.setattr(module, "SLOW", 0.05)
    client.sendall(b"GET ")
    with pytest.raises(RequestError, match="the request was too slow") as error:
        connection.read()
    assert error.value.status == 408


def test_a_client_that_sends_byte_by_byte_is_refused_in_the_end(pair, monkeypatch):
    monkeypatch.setattr(module, "SLOW", 0.05)
    connection, client = pair
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.01):
            client.sendall(b"a")

    thread = threading.Thread(target=drip)
    thread.start()
    start = time.monotonic()
    try:
        with pytest.raises(RequestError, match="the request was too slow") as error:
            connection.read()
    finally:
        stop.set()
        thread.join()
    assert error.value.status == 408
    assert time.monotonic() - start < IDLE, "it does not wait for the idle time"


def send(connection: Connection, client: socket.socket, response: HttpResponse, **options: bool) -> tuple[str, bytes]:
    """Send a response; return its head without the date, and its body."""
    received = []

    def receive() -> None:
        while part := client.recv(1 << 16):
            received.append(part)

    thread = threading.Thread(target=receive)
    thread.start()
    connection.send(response, **{"keep_alive": True} | options)
    connection.channel.shutdown(socket.SHUT_WR)
    thread.join()
    head, _, body = b"".join(received).partition(b"\r\n\r\n")
    text = head.decode()
    date = parsedate_to_datetime(re.search("Date: (.*)\r\n", text)[1])
    assert abs(date.timestamp() - time.time()) < TIMEOUT_SECONDS
    return re.sub("Date: .*\r\n", "", text), body


@pytest.mark.parametrize(
    ("options", "status", "body", "closes"),
    [
        ({}, 200, b"text", False),
        ({"keep_alive": False}, 200, b"text", True),
        ({"body": False}, 200, b"", False),
        ({}, 304, b"", False),
    ],
    ids=["body", "close", "head", "unchanged"],
)
def test_a_small_response_is_sent(pair, options, status, body, closes):
    connection, client = pair
    connection.channel.settimeout(0.5)
    head, received = send(connection, client, HttpResponse(status, {"A": "b"}, b"text"), **options)
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert "\r\nA: b" in head
    assert received == body
    assert ("Connection: close" in head) is closes
    assert connection.channel.gettimeout() == IDLE


@pytest.mark.parametrize(
    ("start", "size"), [(0, 2 * CHUNK + 7), (5, CHUNK), (CHUNK, CHUNK + 7), (2 * CHUNK, 1), (0, 0)]
)
@pytest.mark.parametrize("body", [True, False])
def test_a_part_of_a_file_is_sent_in_pieces(pair, tmp_path, start, size, body):
    data = random.Random(1).randbytes(2 * CHUNK + 7)
    (tmp_path / "a").write_bytes(data)
    file = (tmp_path / "a").open("rb", buffering=0)
    head, received = send(*pair, HttpResponse(206, {}, b"", file, start, size), body=body)
    assert f"Content-Length: {size}" in head
    assert received == (data[start : start + size] if body else b"")
    assert file.closed


def test_a_file_that_became_shorter_ends_the_connection(pair, tmp_path):
    (tmp_path / "a").write_bytes(b"0123456789")
    file = (tmp_path / "a").open("rb", buffering=0)
    with pytest.raises(ConnectionAbortedError, match="the file became shorter while it was sent"):
        pair[0].send(HttpResponse(200, {}, b"", file, 0, 11), keep_alive=True)
    assert file.closed


def test_closing_waits_until_the_client_has_read_the_response(pair, monkeypatch):
    monkeypatch.setattr(module, "LINGER", TIMEOUT_SECONDS)
    connection, client = pair
    connection.send(HttpResponse(200, {}, b"text"), keep_alive=False)
    client.sendall(b"more of the request")
    closing = threading.Thread(target=connection.close)
    closing.start()
    received = b""
    while part := client.recv(1 << 16):
        received += part
    assert received.endswith(b"text")
    closing.join(0.05)
    assert closing.is_alive(), "the client may still be sending"
    client.close()
    closing.join(TIMEOUT_SECONDS)
    assert connection.channel.fileno() == -1


def test_closing_waits_for_a_limited_time(pair, monkeypatch):
    monkeypatch.setattr(module, "LINGER", 0.05)
    connection, client = pair
    connection.close()
    assert connection.channel.fileno() == -1
    assert client.recv(1) == b""


def test_closing_a_connection_that_the_client_has_reset_closes_the_socket(pair):
    connection, client = pair
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    client.close()
    connection.close()
    assert connection.channel.fileno() == -1
