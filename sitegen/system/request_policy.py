"""Limits and pauses for requests to servers of others, in a module that does not load the HTTP client."""

from dataclasses import dataclass

MAX_BODY_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """Limits and pauses for requests to servers of others.

    `timeout` (for a whole request), `pause` (between two requests to one host), `backoff` (before the second attempt,
    doubled for each further one) and `max_pause` (which also limits `Retry-After`) are in seconds. Up to
    `parallel_hosts` are requested at the same time, each over one connection. One run requests at most `max_urls` URLs,
    and a response is cached for `cache_days`. Private IP addresses are refused unless `allow_private`. `archive` is the
    URL of a service with the API of the Wayback Machine for availability, "" for none. A body longer than `body_bytes`
    is cut if `truncate` is true, otherwise an error. `accept` and `agent` are values of headers.
    """

    timeout: float = 15.0
    pause: float = 1.0
    backoff: float = 2.0
    max_pause: float = 60.0
    attempts: int = 3
    redirects: int = 10
    parallel_hosts: int = 16
    max_urls: int = 2000
    cache_days: int = 7
    allow_private: bool = False
    archive: str = "https://archive.org/wayback/available"
    body_bytes: int = MAX_BODY_BYTES
    truncate: bool = True
    accept: str = "*/*"
    agent: str = "Mozilla/5.0 (compatible; sitegen check; finds broken links)"
