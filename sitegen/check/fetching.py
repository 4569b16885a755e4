"""Asks a foreign web server, politely and safely, whether a URL answers."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from time import sleep
from urllib.parse import quote, urljoin, urlsplit

PERMANENT = frozenset((301, 308))
REDIRECTS = PERMANENT | {302, 303, 307}
# Answers to HEAD that say nothing of the page: many servers only know GET.
ASK_AGAIN = frozenset((400, 401, 403, 404, 405, 406, 501))
PASSING = frozenset((429, 500, 502, 503, 504))
_BODY = 1 << 16


@dataclass(frozen=True, slots=True)
class Manners:
    """How to behave towards other people's servers.

    `timeout`, `pause` (between two requests to one host), `growth` (before the second try, doubled
    for each further one) and `longest` (which no wish of a server exceeds) are seconds; `hosts` are
    asked at the same time, each by one connection; `total` bounds the URLs of one run; `days` is how
    long an answer holds good. Private addresses are asked only if `private`; `archive` is the
    address of a Wayback availability service, "" to ask none.
    """

    timeout: float = 15.0
    pause: float = 1.0
    growth: float = 2.0
    longest: float = 60.0
    attempts: int = 3
    redirects: int = 10
    hosts: int = 16
    total: int = 2000
    days: int = 7
    private: bool = False
    archive: str = "https://archive.org/wayback/available"
    agent: str = "Mozilla/5.0 (compatible; sitegen check; looks for broken links)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: the status (0 if none came), in words what failed, and where a move led.

    `moved` is the last URL of redirects that are all permanent, else ""; `passing` tells that the
    failure may be over soon, and `wait` after how many seconds, if the server said so.
    """

    status: int
    reason: str = ""
    moved: str = ""
    body: bytes = b""
    passing: bool = False
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Turns:
    """Holds the locks by which one host is asked one question at a time."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    locks: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))
    asked: set[str] = field(default_factory=set)

    def of(self, host: str) -> threading.Lock:
        """Return the lock of a host."""
        with self.guard:
            return self.locks[host]


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked up, and judged, before."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self._secure = context

    def connect(self) -> None:
        """Connect to the address that was judged, so that no second look-up can lead elsewhere."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._secure is not None:
            self.sock = self._secure.wrap_socket(self.sock, server_hostname=self.host)


def fetch(url: str, manners: Manners, turns: Turns, method: str = "HEAD") -> Answer:
    """Ask for a URL, following redirects and trying again where a failure may pass."""
    here, permanent, moved = url, True, ""
    seen = {url}
    for _ in range(manners.redirects + 1):
        answer = _persist(here, manners, turns, method)
        if answer.status not in REDIRECTS:
            return Answer(answer.status, answer.reason, moved if answer.status < 400 else "", answer.body)
        if not answer.moved:
            return Answer(answer.status, "it redirects to nowhere")
        here = urljoin(here, answer.moved)
        if here in seen:
            return Answer(answer.status, "its redirects run in a circle")
        seen.add(here)
        permanent = permanent and answer.status in PERMANENT
        moved = here if permanent else ""
    return Answer(answer.status, f"it redirects more than {manners.redirects} times")


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet (IANA's special-purpose registries)."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


def _persist(url: str, manners: Manners, turns: Turns, method: str) -> Answer:
    answer = Answer(0)
    for attempt in range(manners.attempts):
        if attempt:
            sleep(min(manners.longest, max(answer.wait, manners.growth * 2 ** (attempt - 1))))
        answer = _ask(url, manners, turns, method)
        if method == "HEAD" and answer.status in ASK_AGAIN:
            answer = _ask(url, manners, turns, "GET")
        if not answer.passing:
            break
    return answer


def _ask(url: str, manners: Manners, turns: Turns, method: str) -> Answer:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        return Answer(0, f"its address cannot be read ({error})")
    if parts.scheme not in ("http", "https") or not host:
        return Answer(0, "its address is not one of the web")
    path = quote(parts.path or "/", safe="%/:=&~+!$,;'@()*")
    query = quote(parts.query, safe="%/:=&?~+!$,;'@()*[]")
    with turns.of(host):
        if host in turns.asked:
            sleep(manners.pause)
        turns.asked.add(host)
        try:
            target = f"{path}?{query}" if query else path
            return _talk(host, port, target, parts.scheme == "https", manners, method)
        except (OSError, http.client.HTTPException) as error:
            return _name_failure(error, manners)


def _name_failure(error: OSError | http.client.HTTPException, manners: Manners) -> Answer:
    if isinstance(error, socket.gaierror):
        lasting = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        return Answer(0, "its host is not known" if lasting else "its host cannot be looked up", passing=not lasting)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Answer(0, f"its certificate is not valid: {error.verify_message}")
    if isinstance(error, TimeoutError):
        return Answer(0, f"it did not answer within {manners.timeout:g} seconds", passing=True)
    return Answer(0, f"the connection failed: {error or type(error).__name__}", passing=True)


def _talk(host: str, port: int, path: str, secure: bool, manners: Manners, method: str) -> Answer:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not manners.private and not all(is_public(address) for address in addresses):
        return Answer(0, "its host has a private address, and is not asked")
    context = ssl.create_default_context() if secure else None
    connection = _Connection(host, port, addresses[0], context, manners.timeout)
    try:
        headers = {"User-Agent": manners.agent, "Accept": "*/*", "Connection": "close"}
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        wish = response.getheader("Retry-After", "")
        body = response.read(_BODY) if method == "GET" else b""
        wait = float(wish) if wish.isascii() and wish.isdigit() else 0.0
        moved = response.getheader("Location", "")
        return Answer(response.status, response.reason, moved, body, response.status in PASSING, wait)
    finally:
        connection.close()
