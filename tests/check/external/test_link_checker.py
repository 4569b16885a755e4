"""Outgoing links against a real server on the loopback address."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from sitegen.check.external.link_checker import check_outgoing, read_verdicts
from sitegen.system.polite_http import Answer, HostLocks, fetch
from sitegen.system.public_addresses import is_public
from sitegen.system.request_policy import RequestPolicy
from tests.support.http_servers import run_server
from tests.support.waiting import wait_until

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)


class Foreign(BaseHTTPRequestHandler):
    """Answers by the path: /404, /301/ok, /flaky/2 (fails twice), /get-only, /slow, /cut …"""

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        server = self.server
        with server.guard:
            server.asked[self.command, self.path] += 1
            server.now += 1
            server.most = max(server.most, server.now)
            count = server.asked[self.command, self.path]
        reply = self.choose(self.path.strip("/").partition("?")[0].split("/"), count)
        with server.guard:
            server.now -= 1  # who has the reply may ask again before this thread goes on
        if reply:
            self.send(*reply)

    def choose(self, parts, count):
        body = b""
        status, location, headers = 200, "", {}
        match parts:
            case ["archive"]:
                body = self.server.archive(self.path)
            case ["flaky", times]:
                status = 503 if count <= int(times) else 200
            case ["patience"]:
                status, headers = (429, {"Retry-After": "0"}) if count == 1 else (200, {})
            case ["get-only", code]:
                status = int(code) if self.command == "HEAD" else 200
            case ["circle"]:
                status, location = 301, "/circle"
            case ["endless", number]:
                status, location = 302, f"/endless/{int(number) + 1}"
            case ["nowhere"]:
                status = 301
            case ["slow"]:
                self.server.stop.wait()
            case ["wait", *_]:
                self.server.stop.wait(0.02)
            case ["cut"]:
                self.connection.close()
                return None
            case [code, *rest] if code.isdigit() and rest:
                status, location = int(code), "/" + "/".join(rest)
            case [code] if code.isdigit():
                status = int(code)
        return status, location, headers, body

    def send(self, status, location, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def handle(self):
        try:
            super().handle()
        except (OSError, ValueError):
            self.close_connection = True  # the test's client, or /cut, has closed the connection

    def log_message(self, *_):
        pass


def serve():
    return run_server(Foreign, asked=Counter(), now=0, most=0, archive=lambda path: b'{"archived_snapshots": {}}')


@pytest.fixture
def server():
    with serve() as running:
        yield running


def site(server, path):
    return f"http://127.0.0.1:{server.server_port}{path}"


def policy_for(server, **changes):
    quick = RequestPolicy(timeout=30, pause=0, backoff=0, allow_private=True, archive=site(server, "/archive"))
    return replace(quick, **changes)


@pytest.mark.parametrize(
    ("path", "status", "moved", "reason"),
    [
        ("/", 200, "", ""),
        ("/204", 204, "", ""),
        ("/404", 404, "", ""),
        ("/301/200", 200, "/200", ""),
        ("/308/301/200", 200, "/200", ""),
        ("/302/200", 200, "", ""),
        ("/301/302/200", 200, "", ""),
        ("/301/404", 404, "", ""),
        ("/flaky/2", 200, "", ""),
        ("/flaky/3", 503, "", ""),
        ("/patience", 200, "", ""),
        ("/get-only/403", 200, "", ""),
        ("/get-only/405", 200, "", ""),
        ("/get-only/501", 200, "", ""),
        ("/circle", 301, "", "circle"),
        ("/endless/1", 302, "", "more than 10 times"),
        ("/nowhere", 301, "", "nowhere"),
        ("/cut", 0, "", "connection failed"),
        ("/schön?q=ä b", 200, "", ""),
    ],
)
def test_an_answer_is_read_as_a_browser_would(server, path, status, moved, reason):
    answer = fetch(site(server, path), policy_for(server), HostLocks())
    assert (answer.status, answer.moved) == (status, site(server, moved) if moved else "")
    assert reason in answer.reason


def test_a_slow_server_is_given_up_after_the_timeout(server):
    answer = fetch(site(server, "/slow"), policy_for(server, timeout=1, attempts=2), HostLocks())
    assert answer == Answer(0, "it did not answer within 1 seconds", is_transient=True)
    wait_until(lambda: server.asked["HEAD", "/slow"] >= 2)  # the server may notice after the client has given up
    assert server.asked["HEAD", "/slow"] == 2


@pytest.mark.parametrize("url", ["ftp://x.example/", "http://", "http://[::1/", "http://a..b/", "javascript:x"])
def test_urls_of_other_schemes_are_not_requested(server, url):
    assert fetch(url, policy_for(server), HostLocks()).status == 0


def test_private_ip_addresses_are_refused_unless_allowed(server):
    answer = fetch(site(server, "/"), policy_for(server, allow_private=False), HostLocks())
    assert answer == Answer(0, "its host has a private address, and is not requested")
    assert not server.asked


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
    ],
)
def test_public_and_private_ip_addresses_are_distinguished(address, public):
    assert is_public(address) is public


def test_a_host_gets_one_request_at_a_time(server, tmp_path):
    links = {site(server, f"/wait/{number}"): [("a.html", 1)] for number in range(5)}
    check_outgoing(links, tmp_path / "links.json", NOW, policy_for(server))
    assert (sum(server.asked.values()), server.most) == (5, 1)


def test_problems_have_page_line_and_hint(server, tmp_path):
    copy = {"available": True, "url": "http://web.example/1", "timestamp": "20190504010203", "status": "200"}
    server.archive = lambda path: json.dumps(
        {"archived_snapshots": {"closest": copy} if path.endswith("%2F404") else {}}
    ).encode()
    outgoing = {
        site(server, "/"): [("a.html", 1)],
        site(server, "/404"): [("a.html", 2), ("b.html", 3)],
        site(server, "/410"): [("a.html", 4)],
        site(server, "/301/200"): [("a.html", 5)],
        site(server, "/403"): [("a.html", 6)],
        site(server, "/500"): [("a.html", 7)],
    }
    problems, left = check_outgoing(outgoing, tmp_path / "links.json", NOW, policy_for(server))
    found = {(problem.id, problem.page, problem.line): problem for problem in problems}
    assert set(found) == {
        ("gone-archived", "a.html", 2),
        ("gone-archived", "b.html", 3),
        ("broken-external", "a.html", 4),
        ("moved-external", "a.html", 5),
        ("unreachable-external", "a.html", 6),
        ("unreachable-external", "a.html", 7),
    }
    assert left == 0
    assert found["gone-archived", "a.html", 2].hint == "a web archive has a copy of 2019-05-04: http://web.example/1"
    assert found["gone-archived", "a.html", 2].search_text == site(server, "/404")
    assert found["moved-external", "a.html", 5].hint == f'link to "{site(server, "/200")}"'
    assert "410 Gone" in found["broken-external", "a.html", 4].message


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"archived_snapshots": {"closest": {"url": "x"}}}'])
def test_an_archive_that_talks_nonsense_has_no_copy(server, tmp_path, body):
    server.archive = lambda path: body
    problems, _ = check_outgoing({site(server, "/404"): [("a", 1)]}, tmp_path / "links.json", NOW, policy_for(server))
    assert [problem.id for problem in problems] == ["broken-external"]


def test_answers_hold_good_for_seven_days(server, tmp_path):
    cache = tmp_path / "kept" / "links.json"
    outgoing = {site(server, path): [("a.html", 1)] for path in ("/", "/404", "/500")}
    first, _ = check_outgoing(outgoing, cache, NOW, policy_for(server, attempts=1))
    server.asked.clear()
    second, _ = check_outgoing(outgoing, cache, NOW + timedelta(days=6), policy_for(server, attempts=1))
    assert second == first
    assert set(server.asked) == {("HEAD", "/500")}
    server.asked.clear()
    check_outgoing(outgoing, cache, NOW + timedelta(days=7), policy_for(server, attempts=1))
    assert ("HEAD", "/") in server.asked
    assert ("HEAD", "/404") in server.asked


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"links": []}', '{"links": {"a": {"state": 1}}}', '{"links": {"a": 1}}']
)
def test_a_damaged_file_of_answers_holds_none(tmp_path, text):
    cache = tmp_path / "links.json"
    cache.write_text(text)
    assert read_verdicts(cache, NOW, RequestPolicy()) == {}


def test_a_run_is_bounded_and_every_host_has_its_turn(server, tmp_path):
    outgoing = {site(server, f"/2{number:02d}"): [("a.html", 1)] for number in range(20)}
    other = f"http://localhost:{server.server_port}/299"
    cache = tmp_path / "links.json"
    _, left = check_outgoing(outgoing | {other: [("a.html", 1)]}, cache, NOW, policy_for(server, max_urls=5))
    assert left == 16
    assert sum(server.asked.values()) == 5
    assert ("HEAD", "/299") in server.asked
    _, left = check_outgoing(outgoing, cache, NOW, policy_for(server, max_urls=50))
    assert left == 0
    assert max(server.asked.values()) == 1
