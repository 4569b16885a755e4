"""An HTTP client for URLs from untrusted sources: public addresses only, with limits on time and size."""

import http.client
import io
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import quote, urljoin, urlsplit

from sitegen.system.public_addresses import is_public

MAX_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
OVERHEAD_BYTES = 1 << 20
"""Received beside the body at most: status lines, headers, chunk sizes and extensions."""
PIECE_BYTES = 1 << 16
MAX_REASON_LENGTH = 100
_PORTS = {"http": 80, "https": 443}
SAFE = "/%:@!$&'()*+,;=~-._"

Clock = Callable[[], float]


class HttpError(Exception):
    """A URL that could not be fetched, and why; `is_transient` where it may work later."""

    def __init__(self, reason: str, *, is_transient: bool = False) -> None:
        super().__init__(reason)
        self.is_transient = is_transient


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """The limits of one request: bytes of the body, seconds without any data, and seconds in total.

    With `truncate` a longer body is cut at its limit, without it that is an error. `allow_private` permits addresses
    that are not public, which only tests on this machine need.
    """

    body_bytes: int = 32 << 20
    wait_seconds: float = 15.0
    total_seconds: float = 60.0
    truncate: bool = False
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """A server's answer; the names of `headers` are in lower case, `body` is decompressed.

    `location` is the URL that a redirect leads to, "" if this is none.
    """

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    location: str = ""


class _Deadline:
    """Counts the time and the bytes of one request."""

    def __init__(self, limits: HttpLimits, clock: Clock) -> None:
        self.limits, self.clock = limits, clock
        self.end = clock() + limits.total_seconds
        self.bytes_left = limits.body_bytes + OVERHEAD_BYTES

    def seconds(self) -> float:
        """Return how long to wait for the next bytes; raise TimeoutError after the deadline."""
        left = self.end - self.clock()
        if left <= 0:
            raise TimeoutError
        return min(self.limits.wait_seconds, left)


class _ResponseReader(io.RawIOBase):
    """Reads from a socket until the deadline, however slowly the bytes come."""

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._socket, self._deadline = connected, deadline

    def readable(self) -> bool:
        """Return True, for BufferedReader."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed has the buffer protocol
        """Receive bytes, for BufferedReader."""
        self._socket.settimeout(self._deadline.seconds())
        received = self._socket.recv_into(buffer)
        self._deadline.bytes_left -= received
        if self._deadline.bytes_left < 0:
            raise HttpError(_too_large(self._deadline.limits))
        return received


class _Socket:
    """The methods of a socket that http.client needs, with a deadline; the caller closes the real socket."""

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._socket, self._deadline = connected, deadline

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        """Return a file that reads, for HTTPResponse."""
        return io.BufferedReader(_ResponseReader(self._socket, self._deadline))

    def sendall(self, data: bytes) -> None:
        """Send bytes, for HTTPConnection."""
        self._socket.settimeout(self._deadline.seconds())
        self._socket.sendall(data)

    def close(self) -> None:
        """Do nothing: the response is read after http.client has closed its connection."""


def fetch(url: str, limits: HttpLimits, accept: str = "*/*", clock: Clock = time.monotonic) -> bytes:
    """Return the body that a URL leads to, following redirects; raise HttpError for any other answer than 200."""
    end = clock() + limits.total_seconds
    for _ in range(MAX_REDIRECTS + 1):
        response = request(url, "GET", limits, {"Accept": accept, "User-Agent": "sitegen"}, clock, end)
        if response.location:
            url = response.location
        elif response.status != 200:
            raise HttpError(f"the server answers {response.status}")
        else:
            return response.body
    raise HttpError(f"it redirects more than {MAX_REDIRECTS} times")


def request(
    url: str,
    method: str,
    limits: HttpLimits,
    headers: Mapping[str, str],
    clock: Clock = time.monotonic,
    end: float | None = None,
) -> Response:
    """Send one request and return the response, with any status; raise HttpError if there is none.

    The host is looked up once, every address that it has must be public, and the connection goes to one of these very
    addresses: a name cannot mean one server when it is checked and another when it is asked. `end` is an earlier
    deadline by the clock. User names and passwords in the URL are not sent.
    """
    scheme, host, port, target = _split(url)
    deadline = _Deadline(limits, clock)
    deadline.end = min(deadline.end, end if end is not None else deadline.end)
    try:
        with closing(_connect(scheme, host, port, deadline)) as connected:
            connection = http.client.HTTPConnection(host, port)
            connection.default_port = _PORTS[scheme]  # is not part of the Host header
            connection.sock = _Socket(connected, deadline)
            connection.request(method, target, headers={**headers, "Connection": "close"})
            response = connection.getresponse()
            names = {name.lower(): _printable(value) for name, value in response.getheaders()}
            body = b"" if method == "HEAD" else _read(response, names.get("content-encoding", ""), limits)
            reason = _printable(response.reason)[:MAX_REASON_LENGTH]
            location = _follow(url, names.get("location", "")) if response.status in REDIRECTS else ""
            return Response(response.status, reason, names, body, location)
    except socket.gaierror as error:
        lasting = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        reason = "its host is not known" if lasting else "its host cannot be looked up"
        raise HttpError(reason, is_transient=not lasting) from error
    except ssl.SSLCertVerificationError as error:
        raise HttpError(f"its certificate is not valid: {error.verify_message}") from error
    except TimeoutError as error:
        seconds = deadline.limits.total_seconds if clock() >= deadline.end else deadline.limits.wait_seconds
        raise HttpError(f"it did not answer within {seconds:g} seconds", is_transient=True) from error
    except http.client.IncompleteRead as error:
        raise HttpError("it was cut off", is_transient=True) from error
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        reason = _printable(str(error) or type(error).__name__)[:MAX_REASON_LENGTH]
        raise HttpError(f"the connection failed: {reason}", is_transient=True) from error


def _split(url: str) -> tuple[str, str, int, str]:
    """Return a URL's scheme, its host for DNS, the port, and the path with the query."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or _PORTS.get(parts.scheme, 0)
        target = quote(parts.path or "/", safe=SAFE)
        query = quote(parts.query, safe=f"{SAFE}?[]")
    except ValueError as error:
        raise HttpError(f"its URL cannot be parsed ({error})") from error
    if parts.scheme not in ("http", "https") or not host:
        raise HttpError("its URL is not http or https")
    return parts.scheme, host, port, f"{target}?{query}" if query else target


def _follow(url: str, location: str) -> str:
    try:
        return urljoin(url, location) if location else ""
    except ValueError as error:
        raise HttpError("it redirects to a URL that cannot be parsed") from error


def _connect(scheme: str, host: str, port: int, deadline: _Deadline) -> socket.socket:
    """Return a connection to the first address that answers, with TLS for https."""
    addresses = _look_up(host, port, deadline.seconds())
    # One private address among several is enough to refuse: which one answers is chance.
    if not deadline.limits.allow_private and not all(map(is_public, addresses)):
        raise HttpError("its host has a private address, and is not requested")
    failure: OSError | None = None
    for address in addresses:
        try:
            connected = socket.create_connection((address, port), deadline.seconds())
            break
        except OSError as error:
            failure = error
    else:
        raise failure or OSError("its host has no IP address")
    if scheme == "http":
        return connected
    try:
        connected.settimeout(deadline.seconds())  # Python applies it to the handshake as a whole
        return ssl.create_default_context().wrap_socket(connected, server_hostname=host)
    except BaseException:
        connected.close()
        raise


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a host; the resolver has no deadline, so it is abandoned after one."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return list(dict.fromkeys(answer))


def _read(response: http.client.HTTPResponse, encoding: str, limits: HttpLimits) -> bytes:
    """Return a body, decompressed; raise HttpError if it is too large, or in an encoding that was not requested."""
    coding = encoding.strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise HttpError(f"its encoding {coding[:MAX_REASON_LENGTH]!r} is not supported")
    unpack = zlib.decompressobj(47) if coding not in ("", "identity") else None  # 47: gzip or zlib, by their marks
    body = bytearray()
    while piece := response.read1(PIECE_BYTES):
        # One byte more than is allowed shows that there is more.
        body += unpack.decompress(piece, limits.body_bytes - len(body) + 1) if unpack else piece
        if len(body) > limits.body_bytes:
            if limits.truncate:
                return bytes(body[: limits.body_bytes])
            raise HttpError(_too_large(limits))
    if response.length or (unpack is not None and body and not unpack.eof):
        raise http.client.IncompleteRead(b"")
    return bytes(body)


def _too_large(limits: HttpLimits) -> str:
    return f"it is larger than {limits.body_bytes / (1 << 20):g} MB"


def _printable(value: str) -> str:
    """Return a header's value as text: as UTF-8 if it is valid, without control characters, which terminals execute."""
    with suppress(UnicodeError):
        value = value.encode("latin-1").decode()
    return "".join(char if char.isprintable() else quote(char) for char in value)
