"""The head of a request, read strictly (RFC 9112)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from sitegen.formats.urls import STRAY_PERCENT

MAX_HEAD_BYTES = 32_768
MAX_HEADERS = 100
LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])")
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*+([\t\x20-\x7e\x80-\xff]*)")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
ONCE = ("host", "content-length", "origin", "if-none-match", "range", "if-range")


class RequestError(Exception):
    """A request that is refused with a `status`; the message says why."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it was received: `target` is not decoded; the names of `headers` are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    keep_alive: bool


def read_head(head: bytes) -> HttpRequest:
    """Return the request of a head, which is given without the empty line at its end. Raises RequestError."""
    lines = head.split(b"\r\n")
    if b"\n" in head.replace(b"\r\n", b""):
        raise RequestError("invalid line ending in the request")
    line = LINE.fullmatch(lines[0])
    if line is None:
        raise RequestError("the request line is malformed")
    method, target, major, minor = (part.decode("ascii") for part in line.groups())
    if major != "1":
        raise RequestError("only HTTP/1.0 and HTTP/1.1 are supported", 505)
    if len(lines) > MAX_HEADERS + 1:
        raise RequestError("the request has too many headers", 431)
    headers: dict[str, str] = {}
    for text in lines[1:]:
        field = FIELD.fullmatch(text)
        if field is None:
            raise RequestError("a header is malformed")
        name, value = field[1].decode("ascii").lower(), field[2].decode("latin-1").rstrip(" \t")
        if name in headers and name in ONCE:
            raise RequestError(f"the header {name} is repeated")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    if "transfer-encoding" in headers or headers.get("content-length", "0") != "0":
        raise RequestError("requests with a body are not supported", 413)
    wishes = headers.get("connection", "").lower()
    keep_alive = "close" not in wishes if minor != "0" else "keep-alive" in wishes
    return HttpRequest(method, target, headers, keep_alive)


def split_target(target: str) -> tuple[str, str]:
    """Return the path of a target, decoded once, and its query, not decoded. Raises RequestError."""
    if not target.startswith("/"):
        raise RequestError("the target is not a path")
    if "#" in target or "\\" in target:
        raise RequestError("the target contains a character that no URL can contain")
    path, _, query = target.partition("?")
    if STRAY_PERCENT.search(path):
        raise RequestError("a percent sign is not followed by two digits")
    if "%2f" in path.lower() or "%5c" in path.lower():
        raise RequestError("the path contains an encoded slash")
    try:
        decoded = unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise RequestError("the path is not UTF-8") from None
    if CONTROL.search(decoded):
        raise RequestError("the path contains a control character")
    return decoded, query
