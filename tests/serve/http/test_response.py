"""Each byte of a response's head, and what conditions and ranges make of a response."""

from dataclasses import replace

import pytest

from sitegen.serve.http.request import HttpRequest
from sitegen.serve.http.response import HttpResponse, conditional, moved, plain, stamp_tag

DATE = "Sun, 29 Nov 2026 12:00:00 GMT"
TAG = '"tag"'
COMMON = (
    f"Date: {DATE}\r\nServer: sitegen\r\nCache-Control: no-cache\r\nCross-Origin-Resource-Policy: same-origin\r\n"
    "X-Content-Type-Options: nosniff\r\n"
)
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def request(method: str = "GET", **headers: str) -> HttpRequest:
    return HttpRequest(method, "/", {name.replace("_", "-"): value for name, value in headers.items()}, True)


@pytest.mark.parametrize(
    ("response", "first", "rest"),
    [
        (HttpResponse(200), "200 OK", "Content-Length: 0\r\n"),
        (HttpResponse(200, {"A": "b", "C": "d"}, b"four"), "200 OK", "A: b\r\nC: d\r\nContent-Length: 4\r\n"),
        (HttpResponse(304, {"ETag": TAG}), "304 Not Modified", 'ETag: "tag"\r\n'),
    ],
    ids=["empty", "body", "unchanged"],
)
def test_the_head_has_the_date_the_headers_and_the_length(response, first, rest):
    assert response.head(DATE, keep_alive=True).decode() == f"HTTP/1.1 {first}\r\n{COMMON}{rest}\r\n"
    closing = f"HTTP/1.1 {first}\r\n{COMMON}{rest}Connection: close\r\n\r\n"
    assert response.head(DATE, keep_alive=False).decode() == closing


def test_the_length_of_a_file_is_that_of_the_part_that_is_sent(tmp_path):
    (tmp_path / "a").write_bytes(b"0123456789")
    with (tmp_path / "a").open("rb", buffering=0) as file:
        head = HttpResponse(200, {}, b"", file, start=3, size=7).head(DATE, keep_alive=True)
    assert b"\r\nContent-Length: 7\r\n" in head


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (206, "Partial Content"),
        (302, "Found"),
        (400, "Bad Request"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (405, "Method Not Allowed"),
        (408, "Request Timeout"),
        (413, "Content Too Large"),
        (414, "URI Too Long"),
        (416, "Range Not Satisfiable"),
        (431, "Request Header Fields Too Large"),
        (503, "Service Unavailable"),
        (505, "HTTP Version Not Supported"),
    ],
)
def test_each_status_has_its_reason(status, reason):
    response = plain(status, "why")
    assert response.head(DATE, keep_alive=True).startswith(f"HTTP/1.1 {status} {reason}\r\n".encode())
    assert (response.headers, response.body, response.file) == (TEXT, b"why\n", None)


def test_a_redirect_says_where_to_and_keeps_the_query():
    assert moved("/a/", "") == HttpResponse(302, TEXT | {"Location": "/a/"}, b"see /a/\n")
    assert moved("/a/", "b=c") == HttpResponse(302, TEXT | {"Location": "/a/?b=c"}, b"see /a/?b=c\n")


@pytest.mark.parametrize("wanted", [TAG, f'"x", {TAG}', f"W/{TAG}", f'"x",W/{TAG} ,"y"', "*", " * "])
def test_an_unchanged_file_has_no_body(wanted):
    headers = {"Content-Type": "a/b", "ETag": TAG}
    answer = conditional(request(if_none_match=wanted), HttpResponse(200, {"Content-Type": "a/b"}, b"abc"), TAG, 3)
    assert answer == HttpResponse(304, headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"if_none_match": '"other"'},
        {"if_none_match": "tag"},
        {"if_none_match": ""},
        {"range": "lines=0-1"},
        {"range": "bytes=0-1", "if_range": '"other"'},
        {"range": "bytes=0-1", "if_range": f"W/{TAG}"},
    ],
    ids=str,
)
def test_a_whole_file_has_a_tag_and_offers_ranges(headers):
    expected = HttpResponse(200, {"Content-Type": "a/b", "ETag": TAG, "Accept-Ranges": "bytes"}, b"abc")
    response = HttpResponse(200, {"Content-Type": "a/b"}, b"abc")
    assert conditional(request(**headers), replace(response, headers=dict(response.headers)), TAG, 3) == expected


def test_a_range_is_for_get_only():
    answer = conditional(request("HEAD", range="bytes=0-1"), HttpResponse(200, {}, b"abc"), TAG, 3)
    assert answer == HttpResponse(200, {"ETag": TAG, "Accept-Ranges": "bytes"}, b"abc")


@pytest.mark.parametrize("status", [404, 503])
def test_the_page_of_an_error_is_always_sent_whole(status):
    asked = request(if_none_match="*", range="bytes=0-0")
    assert conditional(asked, HttpResponse(status, {}, b"abc"), TAG, 3) == HttpResponse(status, {"ETag": TAG}, b"abc")


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=2-4", 2, 4),
        ("bytes=2-", 2, 9),
        ("bytes=2-99", 2, 9),
        ("bytes=9-9", 9, 9),
        ("bytes=-1", 9, 9),
        ("bytes=-10", 0, 9),
        ("bytes=-11", 0, 9),
        ("bytes=5-5", 5, 5),
        ("bytes=0-", 0, 9),
    ],
)
@pytest.mark.parametrize("if_range", [{}, {"if_range": TAG}], ids=["any", "this version"])
def test_a_part_says_which_it_is(span, first, last, if_range, tmp_path):
    data = b"0123456789"
    headers = {"ETag": TAG, "Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/10"}
    answer = conditional(request(range=span, **if_range), HttpResponse(200, {}, data), TAG, 10)
    assert (answer.status, answer.headers, answer.body) == (206, headers, data[first : last + 1])
    (tmp_path / "a").write_bytes(data)
    with (tmp_path / "a").open("rb", buffering=0) as file:
        answer = conditional(request(range=span, **if_range), HttpResponse(200, {}, b"", file, size=10), TAG, 10)
    assert answer == HttpResponse(206, headers, b"", file, first, last - first + 1)


@pytest.mark.parametrize("span", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_part_behind_the_end_is_refused_with_the_size(span):
    answer = conditional(request(range=span), HttpResponse(200, {}, b"0123456789"), TAG, 10)
    assert answer == HttpResponse(416, TEXT | {"Content-Range": "bytes */10"}, b"the file has no such part\n")


def test_a_tag_changes_with_time_size_and_inode(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(b"0123456789abcdef")
    status = file.stat()
    assert stamp_tag(status) == f"{status.st_mtime_ns:x}-10-{status.st_ino:x}"
