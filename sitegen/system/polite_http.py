"""Send requests to servers of others: one at a time for each host, with pauses, and again after transient failures."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from time import sleep
from urllib.parse import urlsplit

from sitegen.system.request_policy import RequestPolicy
from sitegen.system.safe_http import REDIRECTS, HttpError, HttpLimits, request

PERMANENT = frozenset((301, 308))
RETRY_WITH_GET = frozenset((400, 401, 403, 404, 405, 406, 501))
"""Responses to HEAD that say nothing about the page: many servers support only GET."""

TRANSIENT = frozenset((429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to a request: its status (0 without a response), the reason of a failure, and the new URL of a page.

    `moved` is the last URL of redirects that are all permanent, or "". `is_transient` is true if a later attempt may
    succeed, and `wait` is the number of seconds until then, if the server names it. `type` is the media type of the
    body, "" without one.
    """

    status: int
    reason: str = ""
    moved: str = ""
    body: bytes = b""
    is_transient: bool = False
    wait: float = 0.0
    type: str = ""


@dataclass(frozen=True, slots=True)
class HostLocks:
    """Holds a lock for each host, so that it gets one request at a time, and the hosts that got one before."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    locks: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))
    requested: set[str] = field(default_factory=set)

    def of(self, host: str) -> threading.Lock:
        """Return the lock of a host."""
        with self.guard:
            return self.locks[host]


def fetch(url: str, policy: RequestPolicy, locks: HostLocks, method: str = "HEAD") -> Answer:
    """Request a URL, follow redirects, and try again after transient failures."""
    here, permanent, moved = url, True, ""
    seen = {url}
    for _ in range(policy.redirects + 1):
        answer = _retry(here, policy, locks, method)
        if answer.status not in REDIRECTS:
            return Answer(
                answer.status,
                answer.reason,
                moved if answer.status < 400 else "",
                answer.body,
                answer.is_transient,
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
    return Answer(answer.status, f"it redirects more than {policy.redirects} times")


def _retry(url: str, policy: RequestPolicy, locks: HostLocks, method: str) -> Answer:
    answer = Answer(0)
    for attempt in range(policy.attempts):
        if attempt:
            sleep(min(policy.max_pause, max(answer.wait, policy.backoff * 2 ** (attempt - 1))))
        answer = _send(url, policy, locks, method)
        if method == "HEAD" and answer.status in RETRY_WITH_GET:
            answer = _send(url, policy, locks, "GET")
        if not answer.is_transient:
            break
    return answer


def _send(url: str, policy: RequestPolicy, locks: HostLocks, method: str) -> Answer:
    """Send one request, after a pause if the host has had one before."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        return Answer(0, f"its URL cannot be parsed ({error})")
    limits = HttpLimits(
        body_bytes=policy.body_bytes,
        wait_seconds=policy.timeout,
        total_seconds=policy.timeout,
        truncate=policy.truncate,
        allow_private=policy.allow_private,
    )
    with locks.of(host):
        if host in locks.requested:
            sleep(policy.pause)
        locks.requested.add(host)
        try:
            response = request(url, method, limits, {"User-Agent": policy.agent, "Accept": policy.accept})
        except HttpError as error:
            return Answer(0, str(error), is_transient=error.is_transient)
    retry_after = response.headers.get("retry-after", "")
    wait = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
    status = response.status
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Answer(status, response.reason, response.location, response.body, status in TRANSIENT, wait, media_type)
