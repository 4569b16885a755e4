"""How to behave towards foreign web servers, without the code that sends requests."""

from dataclasses import dataclass

MAX_BODY_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Manners:
    """How to behave towards other people's servers.

    `timeout` (of a whole request), `pause` (between two requests to one host), `growth` (before the second try, doubled
    for each further one) and `longest` (which no wish of a server exceeds) are seconds; `hosts` are
    asked at the same time, each by one connection; `total` bounds the URLs of one run; `days` is how
    long an answer holds good. Private addresses are asked only if `private`; `archive` is the
    URL of a Wayback availability service, "" for none. A body longer than `body_bytes` is cut, or is an error unless
    `truncate`; `accept` are the media types to ask for.
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
    body_bytes: int = MAX_BODY_BYTES
    truncate: bool = True
    accept: str = "*/*"
    agent: str = "Mozilla/5.0 (compatible; sitegen check; finds broken links)"
