"""Fetches pictures from the web: the only code of all importers that touches the network."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

REDIRECTS = 5
PIECE = 1 << 16
SAFE = "/%:@!$&'()*+,;=~-._"


class FetchError(Exception):
    """A picture that could not be fetched; the text says why."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one picture may cost: bytes, seconds without an answer, and seconds in all.

    `private` allows addresses that are not public, which only a test on this machine wants.
    """

    size: int = 32 << 20
    wait: float = 15.0
    total: float = 60.0
    private: bool = False


def fetch(url: str, limits: FetchLimits, clock: Callable[[], float] = time.monotonic) -> bytes:
    """Return what a public http or https URL leads to; raises FetchError for anything else.

    The address is looked up once for each hop, judged, and the connection goes to that very
    address, so that no name can mean one place when judged and another when asked.
    """
    end = clock() + limits.total
    for _ in range(REDIRECTS + 1):
        answer = _ask(url, limits, end, clock)
        if isinstance(answer, bytes):
            return answer
        url = urljoin(url, answer)
    raise FetchError(f"it redirects more than {REDIRECTS} times")


def _ask(url: str, limits: FetchLimits, end: float, clock: Callable[[], float]) -> bytes | str:
    """Return a URL's content, or the URL that it redirects to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise FetchError("the address is broken") from error
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError("only http and https are fetched")
    path = quote(parts.path or "/", safe=SAFE) + ("?" + quote(parts.query, safe=SAFE + "?") if parts.query else "")
    address = _public_address(host, port, private=limits.private)
    try:
        connection = _connect(parts.scheme, host, address, port, limits.wait)
        try:
            connection.request(
                "GET", path, headers={"Accept": "image/*", "User-Agent": "sitegen", "Connection": "close"}
            )
            response = connection.getresponse()
            location = response.getheader("Location")
            if response.status in (301, 302, 303, 307, 308) and location:
                return location
            if response.status != 200:
                raise FetchError(f"the server answers {response.status}")
            return _read(response, limits.size, end, clock)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise FetchError(f"it cannot be fetched: {error or type(error).__name__}") from error


def _read(response: http.client.HTTPResponse, size: int, end: float, clock: Callable[[], float]) -> bytes:
    data = bytearray()
    while piece := response.read1(PIECE):
        data += piece
        if len(data) > size:
            raise FetchError(f"it is larger than {size >> 20} MB")
        if clock() > end:
            raise FetchError("it takes too long")
    if response.length:
        raise FetchError("it was cut off")
    return bytes(data)


def _public_address(host: str, port: int, *, private: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("there is no such host") from error
    addresses = [str(item[4][0]) for item in found]
    for address in addresses:
        # One private address among several is enough to refuse: which one answers is chance.
        if not private and not _is_public(address):
            raise FetchError("its address is not on the public internet")
    return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (mapped is None or mapped.is_global)


def _connect(scheme: str, host: str, address: str, port: int, wait: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=wait)
    connection.sock = socket.create_connection((address, port), timeout=wait)
    if scheme == "https":
        try:
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        except OSError:
            connection.close()
            raise
    return connection
