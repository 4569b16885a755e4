"""Notifications of hubs and search engines, as requests."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sitegen.config.schema import Config, Deploy, Feeds, Urls
from sitegen.errors import Problem
from sitegen.publish.notify import MAX_URLS_PER_REQUEST, Call, hub_calls, index_calls, make_calls, plan_calls

BASE = "https://news.example.com/archive/"


def test_search_engines_are_notified_of_pages_and_hubs_of_feeds():
    config = Config(base_url=BASE, feeds=Feeds(hubs=("https://hub.example/",)), deploy=Deploy(indexnow="a" * 32))
    paths = [
        "posts/ü x/index.html",
        "index.html",
        "feed.xml",
        "tags/a/feed.json",
        "feeds/2024.xml",
        "a.css",
        "404.html",
    ]
    calls = list(plan_calls(config, paths))
    assert [call.url for call in calls] == ["https://hub.example/"] * 2 + ["https://api.indexnow.org/indexnow"]
    sent = json.loads(calls[-1].body)
    assert sent["urlList"] == [BASE, f"{BASE}posts/%C3%BC%20x/"]
    assert (sent["host"], sent["keyLocation"]) == ("news.example.com", f"{BASE}{'a' * 32}.txt")
    assert b"hub.topic=https%3A%2F%2Fnews.example.com%2Farchive%2Ffeed.xml" in calls[0].body
    assert list(plan_calls(Config(base_url=BASE), paths)) == []


def test_many_pages_are_reported_in_several_requests():
    urls = [f"{BASE}{number}/" for number in range(MAX_URLS_PER_REQUEST + 1)]
    sizes = [len(json.loads(call.body)["urlList"]) for call in index_calls("a" * 8, BASE, urls)]
    assert sizes == [MAX_URLS_PER_REQUEST, 1]


def test_an_unreachable_server_is_retried_after_growing_pauses_and_then_reported():
    pauses: list[float] = []
    (problem,) = make_calls(index_calls("a" * 8, BASE, [BASE], "http://127.0.0.1:9/"), pauses.append)
    assert pauses == [2.0, 4.0, 8.0]
    assert "IndexNow was not notified of the changes" in problem.message


def test_a_server_that_answers_with_noise_is_a_problem_like_any_other():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            for _ in range(4):
                taken, _ = server.accept()
                with taken:
                    taken.recv(65536)
                    taken.sendall(b"what?\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        endpoint = f"http://127.0.0.1:{server.getsockname()[1]}/"
        (problem,) = make_calls(index_calls("a" * 8, BASE, [BASE], endpoint), lambda _: None)
        thread.join()
    assert "IndexNow was not notified of the changes: what?" in problem.message


class Busy(BaseHTTPRequestHandler):
    """Answers with the next status of the server, and repeats the last one."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(
    ("statuses", "pauses", "reason"),
    [
        ([429, 429, 200], [2.0, 4.0], ""),
        ([503, 200], [2.0], ""),
        ([429], [2.0, 4.0, 8.0], "it answered 429 Too Many Requests"),
        ([400, 200], [], "it answered 400 Bad Request"),
        ([403, 200], [], "it answered 403 Forbidden"),
    ],
)
def test_a_busy_server_is_retried_and_one_that_refuses_is_not(statuses, pauses, reason):
    made: list[float] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        server.statuses = list(statuses)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        endpoint = f"http://127.0.0.1:{server.server_port}/"
        problems = make_calls(index_calls("a" * 8, BASE, [BASE], endpoint), made.append)
        server.shutdown()
        thread.join()
    assert made == pauses
    assert [problem.message for problem in problems] == [f"IndexNow was not notified of the changes: {reason}"] * bool(
        reason
    )


def test_each_hub_gets_one_request_for_each_feed():
    hubs = ("https://ann:pw@hub.example/a", "https://two.example/")
    calls = list(hub_calls(hubs, ["https://h.example/feed.xml?a&b", "https://h.example/atom.xml"]))
    first = "https%3A%2F%2Fh.example%2Ffeed.xml%3Fa%26b"
    assert calls[0] == Call(
        hubs[0],
        "application/x-www-form-urlencoded",
        f"hub.mode=publish&hub.topic={first}&hub.url={first}".encode(),
        "the hub https://hub.example/a",
    )
    assert [(call.url, b"atom.xml" in call.body) for call in calls] == [
        (hubs[0], False),
        (hubs[0], True),
        (hubs[1], False),
        (hubs[1], True),
    ]


def test_a_request_to_search_engines_names_host_key_and_pages():
    urls = ["https://h.example:80/a/", "https://h.example:80/a/b/"]
    (call,) = index_calls("key", "https://h.example:80/a/", urls)
    body = {"host": "h.example:80", "key": "key", "keyLocation": "https://h.example:80/a/key.txt", "urlList": urls}
    assert call == Call(
        "https://api.indexnow.org/indexnow", "application/json; charset=utf-8", json.dumps(body).encode(), "IndexNow"
    )


def test_feeds_are_found_by_the_names_of_the_config():
    config = Config(
        base_url=BASE,
        urls=Urls(feed="/rss/", atom="/a.atom", json_feed="/old/list.json"),
        feeds=Feeds(hubs=("https://hub.example/",)),
    )
    paths = ["x/rss", "tags/a/a.atom", "list.json", "feed.xml", "atom.xml", "index.html"]
    topics = [call.body.rpartition(b"archive%2F")[2].decode() for call in plan_calls(config, paths)]
    assert topics == ["list.json", "tags%2Fa%2Fa.atom", "x%2Frss"]


def test_search_engines_are_not_notified_of_feeds_alone():
    config = Config(base_url=BASE, deploy=Deploy(indexnow="a" * 32))
    assert list(plan_calls(config, ["feed.xml", "404.html", "style.css"])) == []
    assert len(list(plan_calls(config, ["about.html"]))) == 1


class Recorder(Busy):
    """Answers with 200, and records each request."""

    def do_POST(self):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, self.headers["Content-Type"], self.headers["User-Agent"], data))
        self.send_response(200)
        self.end_headers()


def test_a_request_has_type_agent_and_body():
    with ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as server:
        server.requests = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        calls = [Call(f"{url}/one", "a/b", b"body", "the hub"), Call(f"{url}/two", "c/d", b"other", "the hub")]
        problems = make_calls(iter(calls), lambda _: None)
        server.shutdown()
        thread.join()
    agent = "sitegen (static site generator)"
    assert server.requests == [("/one", "a/b", agent, b"body"), ("/two", "c/d", agent, b"other")]
    assert problems == []


def test_a_failed_request_is_a_problem_and_the_others_are_made():
    call = Call("http://127.0.0.1:9/", "a/b", b"", "the hub")
    hint = "the next publish notifies it again"
    message = "the hub was not notified of the changes: [Errno 111] Connection refused"
    assert make_calls(iter([call, call]), lambda _: None) == [Problem("", 0, message, hint)] * 2


def test_a_server_that_does_not_answer_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as server:
        call = Call(f"http://127.0.0.1:{server.getsockname()[1]}/", "a/b", b"", "the hub")
        (problem,) = make_calls(iter([call]), lambda _: None, timeout=0.02)
    assert problem.message == "the hub was not notified of the changes: timed out"
