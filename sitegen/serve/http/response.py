"""Responses to requests for files: whole, in part, or 304 if the browser has them (RFC 9110)."""

import os
import re
from dataclasses import dataclass, field
from io import FileIO

from sitegen.serve.http.request import HttpRequest

REASONS = {
    200: "OK",
    206: "Partial Content",
    302: "Found",
    304: "Not Modified",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
}
COMMON = (
    "Server: sitegen\r\nCache-Control: no-cache\r\nCross-Origin-Resource-Policy: same-origin\r\n"
    "X-Content-Type-Options: nosniff\r\n"
)
RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))")


@dataclass(slots=True)
class HttpResponse:
    """Status, headers and body; `file`, where given, is the body from `start` on, `size` bytes long."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    file: FileIO | None = None
    start: int = 0
    size: int = 0

    def head(self, date: str, *, keep_alive: bool) -> bytes:
        """Return the head as it is sent."""
        rows = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        length = "" if self.status == 304 else f"Content-Length: {self.size if self.file else len(self.body)}\r\n"
        end = "" if keep_alive else "Connection: close\r\n"
        return (
            f"HTTP/1.1 {self.status} {REASONS[self.status]}\r\nDate: {date}\r\n{COMMON}{rows}{length}{end}\r\n".encode()
        )


def plain(status: int, text: str, **headers: str) -> HttpResponse:
    """Return a response with one line of text."""
    return HttpResponse(status, {"Content-Type": "text/plain; charset=utf-8"} | headers, f"{text}\n".encode())


def moved(url: str, query: str) -> HttpResponse:
    """Return a redirect to another path of this server."""
    location = f"{url}?{query}" if query else url
    return plain(302, f"see {location}", Location=location)


def conditional(request: HttpRequest, response: HttpResponse, tag: str, size: int) -> HttpResponse:
    """Return the response for a request's conditions, given the complete one: 304, 206, 416, or the complete one."""
    headers = response.headers
    headers["ETag"] = tag
    wanted = request.headers.get("if-none-match")
    if wanted is not None and response.status == 200 and (wanted.strip() == "*" or tag in _tags(wanted)):
        return HttpResponse(304, headers)
    if response.status != 200:
        return response
    headers["Accept-Ranges"] = "bytes"
    span = request.headers.get("range") if request.method == "GET" else None
    if span is None or request.headers.get("if-range", tag) != tag:
        return response
    return _part(response, span, size)


def _part(response: HttpResponse, span: str, size: int) -> HttpResponse:
    """Return the part of a response that a Range header requests; all of it if the header can be ignored."""
    match = RANGE.fullmatch(span)
    if match is None:
        return response  # other units, several ranges (RFC 9110, section 14.2)
    first, last, suffix = match.groups()
    if suffix is None:
        start, end = int(first), min(size - 1, int(last) if last else size - 1)
        if last and int(last) < start:
            return response
    else:
        start, end = max(0, size - int(suffix)), size - 1
    if start > end:
        return plain(416, "the file has no such part", **{"Content-Range": f"bytes */{size}"})
    headers = response.headers | {"Content-Range": f"bytes {start}-{end}/{size}"}
    return HttpResponse(206, headers, response.body[start : end + 1], response.file, start, end - start + 1)


def stamp_tag(status: os.stat_result) -> str:
    """Return the inside of an entity tag that changes whenever a file does."""
    return f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
