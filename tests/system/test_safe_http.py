"""The safe HTTP client against servers that are slow, endless, too large or dishonest, each on the loopback address."""

import gzip
import itertools
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from sitegen.system import safe_http
from sitegen.system.polite_http import HostLocks
from sitegen.system.polite_http import fetch as check
from sitegen.system.public_addresses import is_public
from sitegen.system.request_policy import RequestPolicy
from sitegen.system.safe_http import HttpError, HttpLimits, Response, fetch, request

LIMITS = HttpLimits(body_bytes=1 << 16, wait_seconds=0.15, total_seconds=0.25, allow_private=True)
PATIENT = replace(LIMITS, wait_seconds=30, total_seconds=30)
"""For servers that another limit than time must stop, on a busy machine too."""

OK = b"HTTP/1.1 200 OK\r\n"
END = b"Connection: close\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MAX_ROUNDS = 600
"""A server that does not end gives up after some seconds: a client without a deadline fails, and does not hang."""

Part = bytes | float
Behaviour = Callable[[], Iterator[Part]]


def drip(data: bytes, pause: float = 0.01) -> Iterator[Part]:
    """Send bytes one by one."""
    for byte in data:
        yield bytes([byte])
        yield pause


def endless(*parts: Part) -> Iterator[Part]:
    """Send parts repeatedly."""
    for _ in range(MAX_ROUNDS):
        yield from parts


def say(*parts: Part) -> Iterator[Part]:
    yield from parts


GZIP_BOMB, DEFLATE_BOMB = gzip.compress(bytes(9_999_999)), zlib.compress(bytes(9_999_999))
SLOW = "did not answer within"
LARGE = "larger than"
LARGE_OR_NUMEROUS = f"{LARGE}|more than 100"
"""From Python 3.14 on, its own limit comes first."""
CUT = "cut off"
FAILED = "connection failed"

SERVERS: dict[str, tuple[Behaviour, str]] = {
    "says nothing": (lambda: say(5.0), SLOW),
    "status line byte by byte": (lambda: drip(OK * 20, 0.02), SLOW),
    "100 Continue without end, slowly": (lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01), SLOW),
    "100 Continue without end, fast": (lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), LARGE_OR_NUMEROUS),
    "100 Continue with headers byte by byte": (lambda: drip(b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" * 9), SLOW),
    "headers byte by byte": (lambda: itertools.chain(say(OK), drip(b"X-Header: value\r\n" * 20)), SLOW),
    "a header line without end": (lambda: itertools.chain(say(OK, b"X: "), endless(b"y" * 1000)), FAILED),
    "headers without end": (lambda: itertools.chain(say(OK), endless(b"X-Header: value\r\n" * 10)), FAILED),
    "pause after the headers": (lambda: say(OK + b"Content-Length: 5\r\n\r\n", 5.0), SLOW),
    "body byte by byte": (lambda: itertools.chain(say(OK + END), drip(b"x" * MAX_ROUNDS)), SLOW),
    "body of known length byte by byte": (
        lambda: itertools.chain(say(OK + b"Content-Length: 600\r\n\r\n"), drip(b"x" * MAX_ROUNDS)),
        SLOW,
    ),
    "body without end": (lambda: itertools.chain(say(OK + END), endless(b"x" * 10_000)), LARGE),
    "body longer than the limit": (lambda: say(OK + b"Content-Length: 99999\r\n\r\n" + b"x" * 99_999), LARGE),
    "chunk size byte by byte": (lambda: itertools.chain(say(CHUNKED), drip(b"0" * MAX_ROUNDS)), SLOW),
    "chunk extension byte by byte": (lambda: itertools.chain(say(CHUNKED, b"1;"), drip(b"a" * MAX_ROUNDS)), SLOW),
    "chunk extension without end": (lambda: itertools.chain(say(CHUNKED, b"1;"), endless(b"a" * 10_000)), FAILED),
    "chunks of one byte, slowly": (lambda: itertools.chain(say(CHUNKED), endless(b"1\r\nx\r\n", 0.01)), SLOW),
    "chunks with long extensions": (
        lambda: itertools.chain(say(CHUNKED), endless(b"1;" + b"a" * 50_000 + b"\r\nx\r\n")),
        LARGE,
    ),
    "trailers byte by byte": (lambda: itertools.chain(say(CHUNKED, b"0\r\n"), drip(b"X: y\r\n" * 100)), SLOW),
    "trailers without end": (
        lambda: itertools.chain(say(CHUNKED, b"0\r\n"), endless(b"X: y\r\n" * 5000)),
        LARGE_OR_NUMEROUS,
    ),
    "chunk size is no number": (lambda: say(CHUNKED, b"zz\r\n"), CUT),
    "chunk size is negative": (lambda: say(CHUNKED, b"-5\r\nxxxxx\r\n0\r\n\r\n"), f"{CUT}|{FAILED}"),
    "chunks cut off": (lambda: say(CHUNKED, b"5\r\nxx"), CUT),
    "body cut off": (lambda: say(OK + b"Content-Length: 5\r\n\r\nxx"), CUT),
    "closes at once": (lambda: iter(()), FAILED),
    "not HTTP": (lambda: say(b"SSH-2.0-OpenSSH_9.9\r\n" * 3), FAILED),
    "status is no number": (lambda: say(b"HTTP/1.1 abc OK\r\n\r\n"), FAILED),
    "gzip bomb": (
        lambda: say(OK + b"Content-Encoding: gzip\r\n" + END + GZIP_BOMB),
        LARGE,
    ),
    "deflate bomb": (lambda: say(OK + b"Content-Encoding: deflate\r\n" + END + DEFLATE_BOMB), LARGE),
    "gzip cut off": (lambda: say(OK + b"Content-Encoding: gzip\r\n" + END + gzip.compress(b"x" * 999)[:-9]), CUT),
    "gzip that is none": (lambda: say(OK + b"Content-Encoding: gzip\r\n" + END + b"<html>"), FAILED),
    "another encoding": (lambda: say(OK + b"Content-Encoding: br\r\n" + END + b"xx"), "encoding 'br'"),
    "redirects in a circle": (
        lambda: say(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
        "redirects",
    ),
    "redirect to a file": (
        lambda: say(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n" + END),
        "not http or https",
    ),
    "redirect to nothing readable": (
        lambda: say(b"HTTP/1.1 302 Found\r\nLocation: http://[x\r\n" + END),
        "cannot be parsed",
    ),
    "redirects slowly without end": (
        lambda: say(0.06, b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"),
        SLOW,
    ),
}


@contextmanager
def served(behaviour: Behaviour, *, read: bool = True):
    """Serve every connection by a behaviour, and yield the server's address."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if read:
                connection.recv(65_536)
            for part in behaviour():
                if stop.is_set():
                    return
                if isinstance(part, float):
                    stop.wait(part)
                else:
                    connection.sendall(part)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                workers.append(threading.Thread(target=talk, args=(connection,)))
                workers[-1].start()

    workers: list[threading.Thread] = []
    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for worker in workers:
            worker.join()


@pytest.mark.parametrize("name", SERVERS)
def test_a_request_ends_for_any_server(name):
    behaviour, message = SERVERS[name]
    with served(behaviour) as server, pytest.raises(HttpError, match=message):
        fetch(f"http://{server}/", LIMITS if message == SLOW else PATIENT)


def test_a_handshake_that_does_not_go_on_ends():
    for behaviour in (lambda: say(5.0), lambda: drip(b"\x16\x03\x03\x40\x00" + bytes(MAX_ROUNDS))):
        with served(behaviour) as server, pytest.raises(HttpError, match=SLOW):
            fetch(f"https://{server}/", LIMITS)


def test_a_server_that_never_reads_gets_a_small_request_only():
    with served(lambda: say(5.0), read=False) as server, pytest.raises(HttpError, match=SLOW):
        fetch(f"http://{server}/", LIMITS)


def test_a_host_that_is_not_looked_up_in_time_is_given_up(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (release.wait(5), [])[1])
    with pytest.raises(HttpError, match=SLOW):
        fetch("http://slow.example/", LIMITS)
    release.set()


ANSWERS: dict[str, tuple[bytes, bytes]] = {
    "length": (OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
    "until the end": (OK + END + b"hello", b"hello"),
    "chunks": (CHUNKED + b"2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n", b"hello"),
    "100 first": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + END + b"hello", b"hello"),
    "gzip": (OK + b"Content-Encoding: gzip\r\n" + END + gzip.compress(b"hello"), b"hello"),
    "zlib": (OK + b"Content-Encoding: deflate\r\n" + END + zlib.compress(b"hello"), b"hello"),
    "exactly the limit": (OK + END + b"x" * (1 << 16), b"x" * (1 << 16)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_honest_answer_is_read(name):
    answer, body = ANSWERS[name]
    with served(lambda: say(answer)) as server:
        assert fetch(f"http://{server}/", HttpLimits(body_bytes=1 << 16, allow_private=True)) == body


def test_a_slow_answer_within_the_deadline_is_read():
    with served(lambda: drip(OK + END + b"hello", 0.001)) as server:
        assert fetch(f"http://{server}/", PATIENT) == b"hello"


def test_a_body_is_cut_where_that_is_asked_for():
    limits = HttpLimits(body_bytes=10, truncate=True, allow_private=True)
    with served(lambda: say(OK + b"Content-Length: 99\r\n\r\n" + b"x" * 99)) as server:
        assert request(f"http://{server}/", "GET", limits, {}).body == b"x" * 10


def test_what_a_server_says_cannot_control_a_terminal():
    answer = "HTTP/1.1 301 \x1b[2J\x07gone\r\nLocation: /\x1b[31mschön\r\nContent-Length: 0\r\n\r\n".encode()
    with served(lambda: say(answer)) as server:
        response = request(f"http://{server}/", "HEAD", PATIENT, {})
    assert response == Response(
        301,
        "%1B[2J%07gone",
        {"location": "/%1B[31mschön", "content-length": "0"},
        b"",
        f"http://{server}/%1B[31mschön",
    )


def test_a_password_in_a_url_is_not_sent():
    seen = []

    def behaviour() -> Iterator[Part]:
        yield OK + END

    with served(behaviour) as server:
        original = safe_http._Socket.sendall
        safe_http._Socket.sendall = lambda self, data: (seen.append(data), original(self, data))[1]
        try:
            fetch(f"http://ada:secret@{server}/x", PATIENT)
        finally:
            safe_http._Socket.sendall = original
    assert seen
    assert b"secret" not in b"".join(seen)
    assert f"Host: {server}\r\n".encode() in b"".join(seen)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, **_: [(2, 1, 6, "", (a, port)) for a in next(answers)]
    )

    def connect(address, timeout):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(HttpError, match=FAILED):
        fetch("http://rebinding.example/", HttpLimits())
    assert asked == [("93.184.216.34", 80)]


def test_one_private_address_among_several_is_refused(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(HttpError, match="private address"):
        fetch("http://both.example/", HttpLimits())


def test_a_redirect_to_a_private_address_is_refused(monkeypatch):
    hosts = {"public.example": "93.184.216.34", "inner.example": "169.254.169.254"}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, *_, **__: [(2, 1, 6, "", (hosts.get(host, host), port))]
    )
    real = socket.create_connection
    with served(lambda: say(b"HTTP/1.1 302 Found\r\nLocation: http://inner.example/\r\n" + END)) as server:
        port = int(server.rpartition(":")[2])
        monkeypatch.setattr(socket, "create_connection", lambda address, timeout: real(("127.0.0.1", port), timeout))
        with pytest.raises(HttpError, match="private address"):
            fetch("http://public.example/", replace(PATIENT, allow_private=False))


@pytest.mark.parametrize("name", ["says nothing", "100 Continue without end, slowly", "headers byte by byte"])
def test_check_uses_the_same_client(name):
    with served(SERVERS[name][0]) as server:
        answer = check(
            f"http://{server}/", RequestPolicy(timeout=0.2, attempts=1, pause=0, allow_private=True), HostLocks()
        )
    assert (answer.status, answer.reason) == (0, "it did not answer within 0.2 seconds")


PUBLIC = ["8.8.8.8", "93.184.216.34", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1", "223.255.255.255"]
PUBLIC += ["2606:2800:220:1::1", "2a00:1450:4001:82a::200e", "2001:4860:4860::8888", "::ffff:8.8.8.8"]
PUBLIC += ["64:ff9b::8.8.8.8", "2002:808:808::1", "2001:200::1"]
PRIVATE = ["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"]
PRIVATE += ["169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1"]
PRIVATE += [
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
]
PRIVATE += ["240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1"]
PRIVATE += ["::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1"]
PRIVATE += ["64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:a00:1::1"]
PRIVATE += ["2002:c0a8:1::1", "2001::1", "2001:0:808:808::f7f7:f7f7", "2001:2::1", "2001:10::1", "2001:20::1"]
PRIVATE += ["2001:db8::1", "3fff::1", "3fff:fff::1", "5f00::1", "fc00::1", "fd00::1", "fe80::1", "fe80::1%eth0"]
PRIVATE += ["fec0::1", "feff::1", "ff02::1", "ff0e::1", "100::1", "2a00::5efe:10.0.0.1", "2a00::200:5efe:8.8.8.8"]
PRIVATE += ["8000::1", "2606:2800:220:1::1%1"]


def test_public_addresses_are_distinguished_from_others():
    assert [address for address in PUBLIC if not is_public(address)] == []
    assert [address for address in PRIVATE if is_public(address)] == []
