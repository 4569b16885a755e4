"""The response to each request, with all of its headers."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from sitegen.errors import Problem
from sitegen.serve import handler
from sitegen.serve.handler import MAX_BUFFERED_BYTES, Answers, Subscription
from sitegen.serve.http.allowed_hosts import Hosts, hosts_for
from sitegen.serve.http.request import HttpRequest, RequestError
from sitegen.serve.http.response import HttpResponse, stamp_tag
from sitegen.serve.reload import inject
from sitegen.serve.reload.inject import add_ribbon, add_script
from sitegen.serve.routes import Published, open_file
from sitegen.serve.state import Live

HTML = "text/html; charset=utf-8"
TEXT = {"Content-Type": "text/plain; charset=utf-8"}
FILES = {
    "index.html": b"<!doctype html><title>x</title><body>page</body>",
    "draft/index.html": b"<!doctype html><title>d</title><body>draft</body>",
    "404.html": b"<!doctype html><title>lost</title><body>lost</body>",
    "note.txt": b"0123456789",
    "edge.bin": bytes(MAX_BUFFERED_BYTES),
    "big.bin": random.Random(1).randbytes(MAX_BUFFERED_BYTES + 1),
}


@pytest.fixture
def answers(tmp_path):
    for name, data in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    live = Live(watching=True)
    live.advance((), Published(str(tmp_path), "", FILES.keys(), frozenset({"draft/index.html"})))
    return Answers(live, hosts_for("127.0.0.1"))


def request(target: str, method: str = "GET", **headers: str) -> HttpRequest:
    rows = {"host": "localhost:80"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest(method, target, rows, True)


def tag_of(answers: Answers, name: str, version: int | None = None) -> str:
    """Return the tag of a file, or of a page at a version."""
    live = answers.live
    assert live.published
    tag = stamp_tag(Path(live.published.folder, name).stat())
    return f'"{tag}"' if version is None else f'"{tag}-{live.token[:6]}-{version}"'


def page(answers: Answers, name: str, path: str) -> bytes:
    """Return a page as it is served at a path."""
    return add_script(FILES[name], answers.live.token, answers.live.version, path)


def test_a_page_has_the_script_and_a_tag_of_this_version(answers):
    for version in (1, 2):
        for target, path in (("/", "/"), ("/index.html?x=1", "/index.html")):
            headers = {"Content-Type": HTML, "ETag": tag_of(answers, "index.html", version), "Accept-Ranges": "bytes"}
            expected = HttpResponse(200, headers, page(answers, "index.html", path))
            assert answers.answer(request(target)) == expected
        answers.live.advance((), None)


def test_a_range_of_a_page_counts_the_script(answers):
    whole = page(answers, "index.html", "/")
    answer = answers.answer(request("/", range="bytes=-5"))
    assert isinstance(answer, HttpResponse)
    assert answer.headers["Content-Range"] == f"bytes {len(whole) - 5}-{len(whole) - 1}/{len(whole)}"


def test_without_live_reload_pages_are_served_as_they_are(answers):
    answers.live.watching = False
    tag = tag_of(answers, "index.html", 1)
    headers = {"Content-Type": HTML, "ETag": tag, "Accept-Ranges": "bytes"}
    assert answers.answer(request("/")) == HttpResponse(200, headers, FILES["index.html"])
    for target in ("/.sitegen/reload.js", f"/.sitegen/events?token={answers.live.token}"):
        answer = answers.answer(request(target))
        assert isinstance(answer, HttpResponse)
        assert answer.status == 404


def test_a_page_that_only_a_preview_shows_has_a_ribbon(answers):
    answer = answers.answer(request("/draft/"))
    assert isinstance(answer, HttpResponse)
    marked = add_ribbon(FILES["draft/index.html"], "a draft, or dated in the future")
    assert answer.body == add_script(marked, answers.live.token, 1, "/draft/")
    assert b"Not published: a draft, or dated in the future" in answer.body


def test_the_sites_404_page_has_no_ranges(answers):
    headers = {"Content-Type": HTML, "ETag": tag_of(answers, "404.html", 1)}
    expected = HttpResponse(404, headers, page(answers, "404.html", "/nowhere"))
    assert answers.answer(request("/nowhere", range="bytes=0-0")) == expected


def test_a_site_without_a_404_page_has_a_plain_one(answers):
    answers.live.advance((), Published(answers.live.published.folder, "", frozenset({"index.html", "missing.txt"})))
    for target in ("/nowhere", "/missing.txt"):
        assert answers.answer(request(target)) == HttpResponse(404, TEXT, b"there is no such page\n")


def test_before_the_first_build_the_problems_are_served(answers):
    live = Live(watching=True)
    live.advance((Problem("a.md", 3, "it is broken"),), None)
    answer = Answers(live, answers.hosts).answer(request("/a/"))
    assert answer == HttpResponse(
        503, {"Content-Type": HTML}, add_script(live.page_of_problems(), live.token, 1, "/a/")
    )
    assert b"a.md:3: it is broken" in answer.body


def test_a_folder_redirects_with_its_query(answers):
    location = {"Location": "/draft/?a=b"}
    assert answers.answer(request("/draft?a=b")) == HttpResponse(302, TEXT | location, b"see /draft/?a=b\n")


@pytest.mark.parametrize(("name", "media_type"), [("note.txt", TEXT["Content-Type"]), ("edge.bin", "")])
def test_a_small_file_is_sent_from_memory(answers, name, media_type):
    answer = answers.answer(request(f"/{name}"))
    assert isinstance(answer, HttpResponse)
    assert (answer.status, answer.body, answer.file) == (200, FILES[name], None)
    assert answer.headers["Content-Type"] == (media_type or "application/octet-stream")
    assert answer.headers["ETag"] == tag_of(answers, name)
    part = answers.answer(request(f"/{name}", range="bytes=2-3", if_range=tag_of(answers, name)))
    assert isinstance(part, HttpResponse)
    assert (part.status, part.body) == (206, FILES[name][2:4])
    assert part.headers["Content-Range"] == f"bytes 2-3/{len(FILES[name])}"


def test_a_large_file_is_sent_from_the_disk(answers):
    size = len(FILES["big.bin"])
    answer = answers.answer(request("/big.bin"))
    assert isinstance(answer, HttpResponse)
    assert (answer.status, answer.body, answer.start, answer.size) == (200, b"", 0, size)
    with answer.file as file:
        assert file.read() == FILES["big.bin"]
    part = answers.answer(request("/big.bin", range="bytes=5-9"))
    assert isinstance(part, HttpResponse)
    part.file.close()
    assert (part.status, part.start, part.size) == (206, 5, 5)


def test_a_large_file_that_is_not_sent_is_closed(answers, monkeypatch):
    opened = []
    monkeypatch.setattr(handler, "open_file", lambda *values: opened.append(open_file(*values)) or opened[-1])
    tag = tag_of(answers, "big.bin")
    answer = answers.answer(request("/big.bin", if_none_match=tag))
    assert answer == HttpResponse(304, {"Content-Type": "application/octet-stream", "ETag": tag})
    answer = answers.answer(request("/big.bin", range="bytes=9999999-"))
    assert isinstance(answer, HttpResponse)
    assert answer.headers["Content-Range"] == f"bytes */{len(FILES['big.bin'])}"
    assert [file.closed for file in opened] == [True, True]


def test_the_script_is_versioned_by_the_run(answers):
    script = Path(inject.__file__).with_name("reload.js").read_bytes()
    tag = f'"{answers.live.token[:6]}"'
    headers = {"Content-Type": "text/javascript; charset=utf-8", "ETag": tag, "Accept-Ranges": "bytes"}
    assert answers.answer(request("/.sitegen/reload.js")) == HttpResponse(200, headers, script)
    part = answers.answer(request("/.sitegen/reload.js", range="bytes=-1"))
    assert isinstance(part, HttpResponse)
    assert part.headers["Content-Range"] == f"bytes {len(script) - 1}-{len(script) - 1}/{len(script)}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", Subscription("/", "", 0)),
        ("&page=/a/&shape=xyz&since=12", Subscription("/a/", "xyz", 12)),
        ("&page=%2Fa%20b%2F&since=999999999", Subscription("/a b/", "", 999_999_999)),
        ("&since=1234567890", Subscription("/", "", 0)),
        ("&since=-1", Subscription("/", "", 0)),
        ("&since=%C2%B2", Subscription("/", "", 0)),
        ("&since=3&since=4&a=&b=2&c=3&d=4&e=5", Subscription("/", "", 4)),
    ],
)
def test_a_page_subscribes_with_its_path_shape_and_version(answers, query, expected):
    asked = request(f"/.sitegen/events?token={answers.live.token}{query}")
    assert answers.answer(asked) == expected


def test_a_subscription_has_at_most_eight_fields(answers):
    asked = request(f"/.sitegen/events?token={answers.live.token}&a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8")
    with pytest.raises(RequestError, match="the query has too many fields"):
        answers.answer(asked)


OWN = "only this server's own pages are notified of changes"


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        (replace(request("/"), headers={}), 400, "the request names no host"),
        (request("/", host=""), 400, "the request names no host"),
        (
            request("/", host="evil.example"),
            403,
            "the host evil.example is not served, only a, b: see --host",
        ),
        (request("/", "POST"), 405, "the method POST is not supported"),
        (request("/", "get"), 405, "the method get is not supported"),
        (request("*"), 400, "the target is not a path"),
        (request("/.sitegen/events"), 403, OWN),
        (request("/.sitegen/events?token=x"), 403, OWN),
        (request("/.sitegen/events?" + "a=1&" * 20), 400, "the query has too many fields"),
    ],
    ids=["no host", "empty host", "host", "post", "get", "target", "no token", "token", "fields"],
)
def test_a_request_is_refused_with_status_and_reason(answers, asked, status, message):
    hosts = Hosts(frozenset({"b", "a"})) if "evil" in message else answers.hosts
    with pytest.raises(RequestError) as error:
        Answers(answers.live, hosts).answer(asked)
    assert (error.value.status, str(error.value)) == (status, message)


def test_another_sites_page_is_not_notified(answers):
    target = f"/.sitegen/events?token={answers.live.token}"
    with pytest.raises(RequestError, match=OWN) as error:
        answers.answer(request(target, origin="http://evil.example"))
    assert error.value.status == 403


def test_head_is_answered_as_get(answers):
    assert answers.answer(request("/note.txt", "HEAD")) == answers.answer(request("/note.txt"))
