"""Asks foreign web servers politely: one request at a time for each host, with pauses, and again what may pass."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from time import sleep
from urllib.parse import urlsplit

from sitegen.system.manners import Manners
from sitegen.system.safe_http import REDIRECTS, HttpError, HttpLimits, request

PERMANENT = frozenset((301, 308))
# Answers to HEAD that say nothing of the page: many servers only know GET.
ASK_AGAIN = frozenset((400, 401, 403, 404, 405, 406, 501))
PASSING = frozenset((429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: the status (0 if none came), in words what failed, and where a move led.

    `moved` is the last URL of redirects that are all permanent, or ""; `passing` is true if the
    failure may be over soon, and `wait` after how many seconds, if the server said so. `type` is
    the media type of the body, "" without one.
    """

    status: int
    reason: str = ""
    moved: str = ""
    body: bytes = b""
    passing: bool = False
    wait: float = 0.0
    type: str = ""


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


def fetch(url: str, manners: Manners, turns: Turns, method: str = "HEAD") -> Answer:
    """Ask for a URL, following redirects and trying again where a failure may pass."""
    here, permanent, moved = url, True, ""
    seen = {url}
    for _ in range(manners.redirects + 1):
        answer = _persist(here, manners, turns, method)
        if answer.status not in REDIRECTS:
            return Answer(
                answer.status,
                answer.reason,
                moved if answer.status < 400 else "",
                answer.body,
                answer.passing,
                answer.wait,
                answer.type,
            )
        if not answer.moved:
            return Answer(answer.status, "it redirects to nowhere")
        here = answer.moved
        if here in seen:
            return Answer(answer.status, "its redirects run in a circle")
        seen.add(here)
        permanent = permanent and answer.status in PERMANENT
        moved = here if permanent else ""
    return Answer(answer.status, f"it redirects more than {manners.redirects} times")


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
    """Send one request, after a pause if the host was asked before."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        return Answer(0, f"its URL cannot be parsed ({error})")
    limits = HttpLimits(
        body_bytes=manners.body_bytes,
        wait_seconds=manners.timeout,
        total_seconds=manners.timeout,
        truncate=manners.truncate,
        allow_private=manners.private,
    )
    with turns.of(host):
        if host in turns.asked:
            sleep(manners.pause)
        turns.asked.add(host)
        try:
            response = request(url, method, limits, {"User-Agent": manners.agent, "Accept": manners.accept})
        except HttpError as error:
            return Answer(0, str(error), passing=error.is_transient)
    wish = response.headers.get("retry-after", "")
    wait = float(wish) if wish.isascii() and wish.isdigit() else 0.0
    status = response.status
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Answer(status, response.reason, response.location, response.body, status in PASSING, wait, media_type)
