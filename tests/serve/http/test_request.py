"""Which heads of requests are read, and with what status and message the others are refused."""

import pytest

from sitegen.serve.http.request import MAX_HEADERS, HttpRequest, RequestError, read_head, split_target


def head(*rows: bytes, line: bytes = b"GET / HTTP/1.1") -> bytes:
    return b"\r\n".join((line, *rows))


def test_a_request_has_its_method_target_and_headers():
    rows = (b"Host: localhost:80", b"X-Empty:", b"Accept:\t a/b \t", b"ACCEPT: c/d", b"X-Name: \xe9")
    assert read_head(head(*rows, line=b"HEAD /a?b=%20 HTTP/1.1")) == HttpRequest(
        "HEAD", "/a?b=%20", {"host": "localhost:80", "x-empty": "", "accept": "a/b, c/d", "x-name": "é"}, True
    )


@pytest.mark.parametrize(
    ("version", "wish", "expected"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"close", False),
        (b"1.1", b"Upgrade, CLOSE", False),
        (b"1.1", b"keep-alive", True),
        (b"1.0", b"", False),
        (b"1.0", b"Keep-Alive", True),
        (b"1.0", b"close", False),
        (b"1.9", b"", True),
    ],
)
def test_a_connection_stays_open_as_its_version_and_header_say(version, wish, expected):
    rows = (b"Connection: " + wish,) if wish else ()
    assert read_head(head(*rows, line=b"GET / HTTP/" + version)).keep_alive is expected


@pytest.mark.parametrize("length", [b"0", b"0 "])
def test_a_request_without_a_body_may_say_so(length):
    assert read_head(head(b"Content-Length: " + length)).headers == {"content-length": "0"}


def test_a_request_may_have_a_hundred_headers():
    assert len(read_head(head(*(b"A%d: b" % number for number in range(MAX_HEADERS)))).headers) == MAX_HEADERS


MALFORMED = (400, "the request line is malformed")
HEADER = (400, "a header is malformed")
ENDING = (400, "invalid line ending in the request")
BODY = (413, "requests with a body are not supported")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", MALFORMED),
        (b"GET /", MALFORMED),
        (b"GET / HTTP/1.1 ", MALFORMED),
        (b"GET /\xff HTTP/1.1", MALFORMED),
        (b"G" * 33 + b" / HTTP/1.1", MALFORMED),
        (b"GET / HTTP/2.0", (505, "only HTTP/1.0 and HTTP/1.1 are supported")),
        (head(b"A: b\nC: d"), ENDING),
        (head(b"A: b", b"\nC: d"), ENDING),
        (head(*[b"A: b"] * (MAX_HEADERS + 1)), (431, "the request has too many headers")),
        (head(b"A : b"), HEADER),
        (head(b" A: b"), HEADER),
        (head(b"A"), HEADER),
        (head(b"A: \x00"), HEADER),
        (head(b"A: b", b""), HEADER),
        (head(b"Content-Length: 1"), BODY),
        (head(b"Content-Length: 00"), BODY),
        (head(b"Transfer-Encoding: chunked"), BODY),
        (head(b"Host: a", b"HOST: a"), (400, "the header host is repeated")),
        (head(b"Range: a", b"Range: b"), (400, "the header range is repeated")),
        (head(b"Origin: a", b"Origin: b"), (400, "the header origin is repeated")),
        (head(b"If-Range: a", b"If-Range: b"), (400, "the header if-range is repeated")),
        (head(b"If-None-Match: a", b"If-None-Match: b"), (400, "the header if-none-match is repeated")),
        (head(b"Content-Length: 0", b"Content-Length: 0"), (400, "the header content-length is repeated")),
    ],
)
def test_a_request_is_refused_with_a_reason(data, expected):
    with pytest.raises(RequestError) as error:
        read_head(data)
    assert (error.value.status, str(error.value)) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", ("/", "")),
        ("/a%20b/%C3%A4?x=%2f&y=?", ("/a b/ä", "x=%2f&y=?")),
        ("/a?", ("/a", "")),
        ("/?%zz", ("/", "%zz")),
        ("/%41%7e", ("/A~", "")),
    ],
)
def test_a_target_is_a_path_that_is_decoded_and_a_query_that_is_not(target, expected):
    assert split_target(target) == expected


SLASH = "the path contains an encoded slash"
PERCENT = "a percent sign is not followed by two digits"
CHARACTER = "the target contains a character that no URL can contain"
CONTROL = "the path contains a control character"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("", "the target is not a path"),
        ("*", "the target is not a path"),
        ("http://a/", "the target is not a path"),
        ("/a#b", CHARACTER),
        ("/a?b#c", CHARACTER),
        ("/a\\b", CHARACTER),
        ("/%", PERCENT),
        ("/%4", PERCENT),
        ("/%4g", PERCENT),
        ("/a%2fb", SLASH),
        ("/a%2Fb", SLASH),
        ("/a%5cb", SLASH),
        ("/a%5Cb", SLASH),
        ("/%ff", "the path is not UTF-8"),
        ("/%00", CONTROL),
        ("/%1f", CONTROL),
        ("/%7F", CONTROL),
    ],
)
def test_a_target_is_refused_with_a_reason(target, message):
    with pytest.raises(RequestError) as error:
        split_target(target)
    assert (error.value.status, str(error.value)) == (400, message)
