"""The server over raw sockets: it serves only planned files, and only to allowed hosts."""

import errno
import http.client
import os
import random
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from sitegen.errors import Problem, SiteError
from sitegen.serve.http import connection
from sitegen.serve.http import server as server_module
from sitegen.serve.http.server import Server, listen
from sitegen.serve.reload.events import MAX_STREAMS
from sitegen.serve.routes import Published
from sitegen.serve.state import Live
from tests.support.waiting import TIMEOUT_SECONDS, wait_until

CANARY = b"the-canary-sings"
PAGE = b"<!doctype html><title>x</title><body><p>page</p></body>"


class RunningServer:
    """A server of a folder with planned files, and with other files that contain a canary."""

    def __init__(self, root: Path, base: str = "", *, watching: bool = True, host: str = "127.0.0.1") -> None:
        self.root, self.folder = root, root / "output"
        self.planned = {
            "index.html": PAGE,
            "404.html": b"<!doctype html><title>lost</title><body>lost</body>",
            "posts/a/index.html": PAGE,
            "posts/ä b/index.html": PAGE,
            "feed.xml": b"<rss/>",
            "big.bin": random.Random(1).randbytes(3_000_000),
            "text.txt": b"0123456789" * 10,
            "style.css": b"body{}",
        }
        canaries = [
            "output-leak/x.txt",
            "secret.txt",
            "output/unplanned.txt",
            "output/.hidden",
            "output/posts/b/x.html",
        ]
        canaries += ["output/unplanned/index.html", "output/.sitegen/x", ".sitegen/store.db", "output/nul.txt"]
        for name in canaries:
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(CANARY)
        for name, data in self.planned.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        links = {"link.txt": root / "secret.txt", "linked": root, "passwd": Path("/etc/passwd")}
        for name, target in links.items():
            (self.folder / name).symlink_to(target)
        self.log: list[str] = []
        self.live = Live(watching=watching)
        self.live.advance((), self.publish(base))
        self.listener = listen(host, 0)
        self.port = self.listener.getsockname()[1]
        self.server = Server(self.listener, host, self.live, self.log.append)
        self.server.start()

    def publish(self, base: str = "") -> Published:
        # What was planned as a file may have become a link by the time that it is asked for.
        return Published(str(self.folder), base, frozenset({*self.planned, "link.txt", "linked/secret.txt", "passwd"}))

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_SECONDS)

    def send(self, data: bytes) -> bytes:
        """Return all that comes back for raw bytes, until the server closes."""
        with self.connect() as channel:
            channel.sendall(data)
            return receive(channel)

    def get(self, target: bytes, more: bytes = b"", method: bytes = b"GET") -> tuple[int, dict[str, str], bytes]:
        head = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s\r\n"
        return parse(self.send(head % (method, target, self.port, more)))


def receive(channel: socket.socket) -> bytes:
    parts = []
    while part := channel.recv(1 << 20):
        parts.append(part)
    return b"".join(parts)


def parse(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), headers, body


@contextmanager
def running_server(root: Path, *values: object, **options: object) -> Iterator[RunningServer]:
    running = RunningServer(root, *values, **options)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        # A client on a busy machine may take its time between requests, and to send the rest of one.
        for limit in ("IDLE", "SLOW", "LINGER"):
            patch.setattr(connection, limit, TIMEOUT_SECONDS)
        try:
            yield running
        finally:
            running.server.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("served")) as running:
        yield running


# Each leads, in some server or other, out of the folder or to what was not meant to be served.
UP = ["..", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "%252e%252e", "..%00", "%c0%ae%c0%ae", "..;", "....", "%u002e%u002e"]
SLASH = ["/", "%2f", "%2F", "%252f", "\\", "%5c", "%255c", "//", "/./", "%c0%af", "%e0%80%af"]
CLIMBS = [f"/{up}{slash}secret.txt" for up in UP for slash in SLASH]
OTHERS = [
    "/posts/../../secret.txt",
    "/posts/a/../../../secret.txt",
    "/../output-leak/x.txt",
    "/..-leak/x.txt",
    "/-leak/x.txt",
    "-leak/x.txt",
    "//etc/passwd",
    "///etc/passwd",
    "/%2fetc/passwd",
    "/file:///etc/passwd",
    "file:///etc/passwd",
    "/C:/Windows/win.ini",
    "/c:%5cwindows%5cwin.ini",
    "http://127.0.0.1/secret.txt",
    "http://evil.example/",
    "https://127.0.0.1/",
    "//evil.example/",
    "/\\evil.example",
    "/%5cevil.example",
    "@evil.example/",
    "*",
    "127.0.0.1:80",
    "secret.txt",
    "../secret.txt",
    "%2e%2e/secret.txt",
    "",
    "?",
    "#",
    "?/../secret.txt",
    "/unplanned.txt",
    "/unplanned/",
    "/unplanned",
    "/unplanned/index.html",
    "/.hidden",
    "/.sitegen/x",
    "/.sitegen/",
    "/.sitegen",
    "/.sitegen/../secret.txt",
    "/.sitegen/store.db",
    "/.sitegen/events",
    "/.sitegen/events?token=",
    "/.sitegen/events?token=x",
    "/.sitegen/events/../../secret.txt",
    "/posts/b/x.html",
    "/posts/b/",
    "/posts",
    "/posts/",
    "/posts/a/index.html/",
    "/posts/a//",
    "/posts//a/",
    "/index.html/",
    "/index.html%00.txt",
    "/text.txt%00",
    "/text.txt%00.html",
    "/text.txt%0a",
    "/text.txt%0d%0aX:1",
    "/text.txt/",
    "/text.txt/.",
    "/text.txt/..",
    "/text.txt.",
    "/text.txt%20",
    "/text.txt::$DATA",
    "/TEXT.TXT",
    "/Posts/A/",
    "/nul.txt",
    "/NUL",
    "/con",
    "/AUX.html",
    "/com1",
    "/link.txt",
    "/linked/secret.txt",
    "/linked/",
    "/passwd",
    "/%",
    "/%2",
    "/%zz",
    "/%ff",
    "/%c3",
    "/%80",
    "/%ed%a0%80",
    "/%f4%90%80%80",
    "/\x7f",
    "/%7f",
    "/%01",
    "/~root/",
    "/posts/a%2findex.html",
    "/posts%2fa/",
    "/posts/a%2Findex.html",
    "/posts%2Fa/",
    "/posts%5Ca/",
    "/posts%5ca/",
    "/posts/a#/../../secret.txt",
    "/#/../secret.txt",
    "/" + "a" * 5000,
    "/" + "../" * 1000 + "secret.txt",
    "/" + "%2e%2e%2f" * 1000 + "secret.txt",
    "/index.html;/../secret.txt",
    "/posts/a/..;/..;/secret.txt",
    "/.%00./secret.txt",
    "/%e2%80%a4%e2%80%a4/secret.txt",
    "/%ef%bc%8e%ef%bc%8e/secret.txt",
    "/..%ef%bc%8fsecret.txt",
    "/poſts/a/",
    "/a\u0308",
]
TARGETS = CLIMBS + OTHERS


def test_the_table_of_targets_is_long_enough():
    assert len(set(TARGETS)) >= 150


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_not_planned_is_not_served(running, target):
    answer = running.send(b"GET " + target.encode() + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    status, headers, body = parse(answer)
    assert status in (400, 403, 404), (target, status)
    assert CANARY not in answer
    assert b"root:" not in answer
    assert "location" not in headers
    assert b"page</p>" not in body


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n",
        b"GET / / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET / http/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\nHost: localhost\n\n",
        b"GET / HTTP/1.1\r\nHost: localhost\n\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"a" * 100_000,
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_a_malformed_request_is_refused_and_logged(running, request_bytes):
    before = len(running.log)
    with running.connect() as channel:
        channel.sendall(request_bytes)
        channel.shutdown(socket.SHUT_WR)
        status, _, body = parse(receive(channel))
    assert status in (400, 405, 413, 414, 431, 505)
    assert b"page</p>" not in body
    assert len(running.log) == before + 1
    assert running.log[-1] == f"{status} {body.decode().removesuffix(chr(10))}"
    assert running.log[-1].isprintable()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "DEBUG"])
def test_only_get_and_head_are_answered(running, method):
    status, headers, _ = running.get(b"/", method=method.encode())
    assert status == 405
    assert headers["allow"] == "get, head"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LocalHost:1", 200),
        ("[::1]", 200),
        ("[::1]:8000", 200),
        ("evil.example", 403),
        ("evil.example:8000", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.", 403),
        ("127.0.0.2", 403),
        ("0.0.0.0", 403),
        ("192.168.0.1", 403),
        ("127.1", 403),
        ("2130706433", 403),
        ("localhost@evil.example", 403),
        ("evil.example#localhost", 403),
        ("localhost:80:80", 403),
        ("localhost/", 403),
        ("localhost localhost", 403),
        ("localhost, evil.example", 403),
        ("[::1", 403),
        ("::1", 403),
        ("[::ffff:127.0.0.1]", 403),
    ],
)
def test_only_its_own_names_are_answered(running, host, status):
    answer = running.send(b"GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % host.encode())
    assert parse(answer)[0] == status


def test_a_server_for_all_interfaces_accepts_ip_addresses_but_no_foreign_names(tmp_path):
    with running_server(tmp_path, host="0.0.0.0") as running:
        for host, status in (("192.168.0.1:80", 200), ("[fe80::1]", 200), ("localhost", 200), ("evil.example", 403)):
            answer = running.send(b"GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % host.encode())
            assert parse(answer)[0] == status


def test_no_answer_may_be_read_by_another_origin(running):
    for target in (b"/", b"/nowhere", b"/feed.xml", b"/posts/a", b"/.sitegen/reload.js", b"/%zz"):
        _, headers, _ = running.get(target, b"Origin: http://evil.example\r\n")
        assert not [name for name in headers if name.startswith("access-control")]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"


def events(running: RunningServer, token: str | None = None, page: str = "/", shape: str = "", since: int = 0) -> bytes:
    token = running.live.token if token is None else token
    return f"/.sitegen/events?token={token}&page={page}&shape={shape}&since={since}".encode()


@pytest.mark.parametrize(
    "headers",
    [
        b"Origin: http://evil.example\r\n",
        b"Origin: http://127.0.0.1:1\r\n",
        b"Origin: https://127.0.0.1\r\n",
        b"Origin: null\r\n",
        b"Sec-Fetch-Site: cross-site\r\n",
        b"Sec-Fetch-Site: same-site\r\n",
    ],
)
def test_the_events_are_for_our_own_pages_only(running, headers):
    assert running.get(events(running), headers)[0] == 403


@pytest.mark.parametrize("token", ["", "x", "é"])
def test_the_event_stream_requires_the_token_of_this_run(running, token):
    assert running.get(events(running, token.encode().decode("latin-1") if token == "é" else token))[0] in (400, 403)


@pytest.mark.parametrize("query", [b"a=1&" * 20, b"token=" + b"&token=" * 8, b"%ff=%ff", b"=&=;;", b"&" * 500])
def test_events_with_a_strange_query_are_refused_with_an_answer(running, query):
    assert running.get(b"/.sitegen/events?" + query)[0] in (400, 403)
    assert running.get(events(running) + b"&" + b"&".join([b"a=1"] * 20))[0] == 400


def open_stream(running: RunningServer, **values: object) -> socket.socket:
    channel = running.connect()
    target = events(running, **values)  # type: ignore[arg-type]
    channel.sendall(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % target)
    return channel


def read_until(channel: socket.socket, mark: bytes) -> bytes:
    data = b""
    while mark not in data:
        part = channel.recv(65_536)
        assert part, data
        data += part
    return data


def test_two_hundred_open_pages_and_slow_clients_do_not_stop_it(tmp_path):
    with running_server(tmp_path) as running:
        slow = [running.connect() for _ in range(50)]
        for channel in slow:
            channel.sendall(b"GET / HTTP/1.1\r\nHost: local")
        streams = [open_stream(running, since=1) for _ in range(200)]
        for channel in streams:
            read_until(channel, b'"problems": []')
        assert running.get(b"/")[0] == 200
        running.live.advance((Problem("a.md", 1, "it is broken"),), None)
        running.server.streams.notify()
        for channel in streams:
            read_until(channel, b"it is broken")
        assert running.get(b"/posts/a/")[0] == 200
        for channel in (*slow, *streams):
            channel.close()
        wait_until(lambda: not len(running.server.streams))


def test_a_page_over_the_limit_is_refused(tmp_path):
    with running_server(tmp_path) as running:
        streams = []
        for _ in range(MAX_STREAMS):
            streams.append(open_stream(running, since=1))
            read_until(streams[-1], b"data: ")
        status, headers, body = running.get(events(running))
        assert (status, body) == (503, b"too many pages are open already\n")
        assert "allow" not in headers
        assert running.get(b"/")[0] == 200
        for channel in streams:
            channel.close()


def test_a_reader_who_takes_nothing_does_not_hold_up_others(running):
    with running.connect() as lazy:
        lazy.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(5):
            assert running.get(b"/")[0] == 200


def test_a_connection_is_used_for_many_requests(running):
    connection = http.client.HTTPConnection("127.0.0.1", running.port)
    sockets = set()
    for target in ("/", "/feed.xml", "/posts/a/", "/nowhere", "/posts/a", "/big.bin", "/text.txt") * 5:
        connection.request("GET", target)
        sockets.add(connection.sock.getsockname())
        connection.getresponse().read()
    connection.close()
    assert len(sockets) == 1


def test_requests_are_read_from_one_packet_and_byte_by_byte(running):
    request = b"GET /text.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = request.replace(b"Host", b"Connection: close\r\nHost")
    assert running.send(request * 9 + last).count(b"0123456789" * 10) == 10
    with running.connect() as channel:
        for number in range(len(last)):
            channel.sendall(last[number : number + 1])
        assert parse(receive(channel))[0] == 200


def test_head_gives_the_head_of_get(running):
    for target in (b"/", b"/big.bin", b"/nowhere", b"/posts/a", b"/.sitegen/reload.js"):
        status, headers, body = running.get(target, method=b"HEAD")
        expected_status, expected, whole = running.get(target)
        del headers["date"], expected["date"]
        assert (status, headers, body) == (expected_status, expected, b"")
        assert headers["content-length"] == str(len(whole))


@pytest.mark.parametrize(
    ("span", "status", "part"),
    [
        ("bytes=0-0", 206, slice(0, 1)),
        ("bytes=10-19", 206, slice(10, 20)),
        ("bytes=90-", 206, slice(90, 100)),
        ("bytes=90-5000", 206, slice(90, 100)),
        ("bytes=-5", 206, slice(95, 100)),
        ("bytes=-500", 206, slice(0, 100)),
        ("bytes=0-99", 206, slice(0, 100)),
        ("bytes=100-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=99999999999999999-", 416, None),
        ("bytes=5-3", 200, slice(0, 100)),
        ("bytes=0-1,5-6", 200, slice(0, 100)),
        ("lines=0-1", 200, slice(0, 100)),
        ("bytes=a-b", 200, slice(0, 100)),
        ("bytes=-", 200, slice(0, 100)),
        ("bytes=" + "9" * 100 + "-", 200, slice(0, 100)),
    ],
)
def test_parts_of_files_are_served(running, span, status, part):
    data = running.planned["text.txt"]
    got, headers, body = running.get(b"/text.txt", b"Range: %s\r\n" % span.encode())
    assert got == status
    if part is None:
        assert headers["content-range"] == "bytes */100"
    else:
        assert body == data[part]
        if status == 206:
            start, stop, _ = part.indices(100)
            assert headers["content-range"] == f"bytes {start}-{stop - 1}/100"


def test_large_files_are_sent_whole_and_in_ranges(running):
    data = running.planned["big.bin"]
    assert running.get(b"/big.bin")[2] == data
    assert running.get(b"/big.bin", b"Range: bytes=1000000-2500000\r\n")[2] == data[1_000_000:2_500_001]
    assert running.get(b"/big.bin", b"Range: bytes=-7\r\n")[2] == data[-7:]


def test_a_file_that_the_browser_has_is_not_sent_again(running):
    for target in (b"/text.txt", b"/big.bin", b"/", b"/.sitegen/reload.js"):
        tag = running.get(target)[1]["etag"].encode()
        # The tag of a page holds the token's case.
        tag = re.search(
            rb"(?i)etag: (\S+)",
            running.send(b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % target),
        )[1]
        for wanted in (tag, b'"x", ' + tag, b"W/" + tag, b"*"):
            status, headers, body = running.get(target, b"If-None-Match: %s\r\n" % wanted)
            assert (status, body) == (304, b"")
            assert "content-length" not in headers
        assert running.get(target, b'If-None-Match: "other"\r\n')[0] == 200
        assert running.get(target, b'Range: bytes=0-1\r\nIf-Range: "other"\r\n')[0] == 200
        assert running.get(target, b"Range: bytes=0-1\r\nIf-Range: %s\r\n" % tag)[0] == 206


def test_a_file_that_changed_has_another_tag(tmp_path):
    with running_server(tmp_path) as running:
        before = running.get(b"/text.txt")[1]["etag"]
        (running.folder / "text.txt").write_text("other")
        assert running.get(b"/text.txt")[1]["etag"] != before


def test_folders_redirect_and_keep_the_query(running):
    assert running.get(b"/posts/a?x=1&y=%20")[:2][1]["location"] == "/posts/a/?x=1&y=%20"
    assert running.get(b"/posts/%C3%A4%20b")[1]["location"] == "/posts/%c3%a4%20b/"
    assert running.get(b"/posts/%C3%A4%20b/")[0] == 200
    assert running.get(b"/?q=../../secret.txt")[0] == 200


def test_a_base_path_is_part_of_every_url(tmp_path):
    with running_server(tmp_path, "/repo") as running:
        assert running.get(b"/")[1]["location"] == "/repo/"
        assert running.get(b"/repo")[1]["location"] == "/repo/"
        assert running.get(b"/repo/")[0] == 200
        assert running.get(b"/repo/posts/a")[1]["location"] == "/repo/posts/a/"
        for target in (b"/feed.xml", b"/repos/feed.xml", b"/repo-leak/x.txt", b"/repofeed.xml", b"/repo//feed.xml"):
            assert running.get(target)[0] == 404


def test_the_sites_own_404_page_comes_with_status_404(running):
    status, headers, body = running.get(b"/nowhere/at/all")
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"lost" in body


def test_the_script_is_added_to_pages_and_only_to_pages(running):
    page = running.get(b"/")[2]
    assert page.startswith(PAGE[: PAGE.index(b"</body>")] + b'<script src="/.sitegen/reload.js"')
    assert page.endswith(b"</script></body>")
    assert b"script" not in running.get(b"/feed.xml")[2]
    assert (running.folder / "index.html").read_bytes() == PAGE


def test_without_watch_there_is_no_script_and_no_stream(tmp_path):
    with running_server(tmp_path, watching=False) as running:
        assert running.get(b"/")[2] == PAGE
        assert running.get(events(running))[0] == 404
        assert running.get(b"/.sitegen/reload.js")[0] == 404


def test_a_file_that_became_a_link_or_a_folder_is_not_served(tmp_path):
    with running_server(tmp_path) as running:
        (running.folder / "text.txt").unlink()
        (running.folder / "text.txt").symlink_to(running.root / "secret.txt")
        (running.folder / "feed.xml").unlink()
        os.mkfifo(running.folder / "feed.xml")
        (running.folder / "style.css").unlink()
        (running.folder / "style.css").mkdir()
        (running.folder / "posts").rename(running.root / "posts")
        (running.folder / "posts").symlink_to(running.root / "posts")
        for target in (b"/text.txt", b"/feed.xml", b"/style.css", b"/posts/a/"):
            assert running.get(target)[0] == 404


def test_no_request_gets_a_half_built_site(tmp_path):
    with running_server(tmp_path, watching=False) as running:
        one, two = running.folder / "text.txt", running.folder / "style.css"
        stop, seen = threading.Event(), []

        def read() -> None:
            while not stop.is_set():
                # The first may be of the old build and the second of the new one, but not the reverse.
                seen.append((int(running.get(b"/style.css")[2]), int(running.get(b"/text.txt")[2])))

        one.write_text("0")
        two.write_text("0")
        readers = [threading.Thread(target=read) for _ in range(3)]
        for thread in readers:
            thread.start()
        number = 0
        while number < 40 or len(seen) <= 10:
            number += 1
            with running.live.placing(running.publish()):
                two.write_text(str(number))
                time.sleep(0.005)
                one.write_text(str(number))
            time.sleep(0.01)
        stop.set()
        for thread in readers:
            thread.join()
        assert all(style <= text for style, text in seen)


def test_twenty_thousand_random_requests_serve_no_canary(running):
    chance = random.Random(20)
    words = [*TARGETS, "/", "/posts/a/", "/secret.txt", "/output-leak/x.txt", "/unplanned.txt", "/.hidden", "/link.txt"]
    pieces = [
        *UP,
        *SLASH,
        "secret.txt",
        "unplanned.txt",
        "output-leak",
        "linked",
        "posts",
        "a",
        "?",
        "#",
        ";",
        ":",
        "@",
    ]
    letters = [chr(code) for code in range(33, 127)] + ["%", "%2e", "/", ".", "ä"]

    def target() -> bytes:
        choice = chance.random()
        if choice < 0.4:
            made = "/" + "".join(chance.choices(pieces, k=chance.randrange(1, 8)))
        elif choice < 0.7:
            made = list(chance.choice(words)) or ["/"]
            for _ in range(chance.randrange(1, 4)):
                made[chance.randrange(len(made))] = chance.choice(letters)
            made = "".join(made)
        else:
            made = "".join(chance.choices(letters, k=chance.randrange(1, 30)))
        return made.encode()

    asked = 0
    while asked < 20_000:
        # A refused request ends its connection, and the next ones go over another.
        batch = [b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % target() for _ in range(40)]
        with running.connect() as channel:
            for request in batch:
                asked += 1
                channel.sendall(request)
                head = b""
                while b"\r\n\r\n" not in head:
                    part = channel.recv(1 << 16)
                    assert part, request
                    head += part
                answer, _, body = head.partition(b"\r\n\r\n")
                length = int(re.search(rb"Content-Length: (\d+)", answer)[1])
                while len(body) < length:
                    body += channel.recv(1 << 16)
                assert CANARY not in body
                assert b"root:x:0" not in body  # /etc/passwd; "root:" alone may be in a requested path
                assert int(answer[9:12]) in (200, 302, 400, 403, 404)
                if b"Connection: close" in answer:
                    break


def test_a_taken_port_gives_way_to_the_next():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] < port + 100


def test_no_other_port_is_tried_on_a_foreign_host():
    for host in ("192.0.2.1", "no host"):
        with pytest.raises(SiteError, match=f'cannot listen on "{host}": [A-Z].*\n.* after --host'):
            listen(host, 8000)


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"] if has_ipv6() else ["127.0.0.1"])
def test_a_server_that_is_started_again_gets_the_port_of_the_last_one(host):
    with listen(host, 0) as listener:
        assert listener.getsockname()[0] == host
        port = listener.getsockname()[1]
        with socket.create_connection((host, port), timeout=TIMEOUT_SECONDS):
            channel, _ = listener.accept()
            channel.close()  # the port is in TIME_WAIT from now on
    with listen(host, port) as listener:
        assert listener.getsockname()[1] == port


@contextmanager
def taken_ports(count: int) -> Iterator[tuple[int, list[socket.socket]]]:
    """Listen at consecutive ports; yield the first, and the sockets. Other processes may use some ports."""
    for _ in range(100):
        with ExitStack() as stack, suppress(OSError):
            sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0)))]
            port = sockets[0].getsockname()[1]
            sockets += [
                stack.enter_context(socket.create_server(("127.0.0.1", port + more))) for more in range(1, count)
            ]
            yield port, sockets
            return
    raise AssertionError("all ports are in use")


def test_a_limited_number_of_ports_is_tried(monkeypatch):
    monkeypatch.setattr(server_module, "MAX_PORTS_TRIED", 3)
    with taken_ports(3) as (port, sockets):
        try:
            listen("127.0.0.1", port).close()
            tried = ""
        except SiteError as error:
            (tried,) = (problem.message for problem in error.problems)
        sockets[-1].close()
        with listen("127.0.0.1", port) as listener:
            found = listener.getsockname()[1]
    assert tried == f"no port from {port} to {port + 2} is free"
    assert found == port + 2


def test_no_port_above_the_last_one_is_tried():
    with ExitStack() as stack:
        with suppress(SiteError):  # another process may use it
            stack.enter_context(listen("127.0.0.1", 65_535))
        with pytest.raises(SiteError, match="no port from 65535 to 65634 is free"):
            listen("127.0.0.1", 65_535)


def test_a_connection_over_the_limit_is_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 2)
    request = b"GET /text.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with running_server(tmp_path) as running:
        with running.connect() as first, running.connect() as second:
            for channel in (first, second):
                channel.sendall(request)
                read_until(channel, b"0123456789" * 10)
            with running.connect() as third:
                assert third.recv(1) == b""
        wait_until(lambda: not running.server._open)
        assert running.get(b"/text.txt")[0] == 200


class Exhausted:
    """A listening socket that at first cannot accept, as if all descriptors were in use."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.left = listener, 2

    def accept(self) -> tuple[socket.socket, object]:
        if self.left:
            self.left -= 1
            raise OSError(errno.EMFILE, "too many open files")
        return self.listener.accept()

    def __getattr__(self, name: str) -> object:
        return getattr(self.listener, name)


def test_a_server_without_descriptors_accepts_again_when_there_are_some(tmp_path):
    with running_server(tmp_path) as running, listen("127.0.0.1", 0) as listener:
        server = Server(Exhausted(listener), "127.0.0.1", running.live, running.log.append)
        server.start()
        try:
            with socket.create_connection(listener.getsockname(), timeout=TIMEOUT_SECONDS) as channel:
                channel.sendall(b"GET /text.txt HTTP/1.0\r\nHost: localhost\r\n\r\n")
                assert parse(receive(channel))[0] == 200
        finally:
            server.close()


def test_threads_of_a_server_do_not_keep_the_process_alive(tmp_path):
    before = set(threading.enumerate())
    with running_server(tmp_path) as running, running.connect(), open_stream(running, since=1) as stream:
        read_until(stream, b"data: ")
        started = set(threading.enumerate()) - before
        assert len(started) >= 2
        assert all(thread.daemon for thread in started)


@pytest.mark.parametrize(
    ("version", "wish", "keeps"),
    [(b"1.1", b"", True), (b"1.1", b"close", False), (b"1.0", b"", False), (b"1.0", b"keep-alive", True)],
)
def test_a_connection_stays_open_if_the_request_asks_for_it(running, version, wish, keeps):
    request = b"GET /text.txt HTTP/%s\r\nHost: localhost\r\nConnection: %s\r\n\r\n" % (version, wish)
    with running.connect() as channel:
        channel.sendall(request)
        assert (b"Connection: close" not in read_until(channel, b"0123456789" * 10)) is keeps
        if keeps:
            channel.sendall(request)
            read_until(channel, b"0123456789" * 10)
        else:
            assert channel.recv(1) == b""


def test_a_closed_server_ends_its_connections_streams_and_threads(tmp_path):
    with running_server(tmp_path) as running:
        stream, idle = open_stream(running, since=1), running.connect()
        idle.sendall(b"GET /text.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
        read_until(idle, b"0123456789" * 10)
        read_until(stream, b"data: ")
    for channel in (stream, idle):
        while channel.recv(1 << 16):
            pass
        channel.close()
    assert running.listener.fileno() == -1
    wait_until(lambda: not running.server._thread.is_alive())
    wait_until(lambda: not running.server.streams._thread.is_alive())
    with pytest.raises(ConnectionRefusedError):
        running.connect()
