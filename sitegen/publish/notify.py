"""Notifies hubs of feeds (WebSub) and search engines (IndexNow) of the changes of a publish."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from sitegen.config.schema import Config
from sitegen.errors import Problem
from sitegen.formats.site_urls import is_error_page, site_url
from sitegen.formats.urls import hide_credentials, home_of

INDEXNOW = "https://api.indexnow.org/indexnow"
PAUSES = (2.0, 4.0, 8.0)
"""The seconds between attempts."""

MAX_URLS_PER_REQUEST = 10_000
"""The maximum of IndexNow."""

_AGENT = "sitegen (static site generator)"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to be made: its URL, the type and the bytes of its body, and what it is called in messages."""

    url: str
    media: str
    body: bytes
    name: str


def is_notifying(config: Config) -> bool:
    """Return whether a site has hubs or search engines to notify."""
    return bool(config.feeds.hubs or config.deploy.indexnow)


def plan_calls(config: Config, paths: Collection[str]) -> Iterator[Call]:
    """Yield the requests that notify the hubs and search engines of a site of its changed files."""
    urls = config.urls
    names = {pattern.rstrip("/").rpartition("/")[2] for pattern in (urls.feed, urls.atom, urls.json_feed)}
    home = config.base_url.rstrip("/")
    absolute = {path: home + site_url(f"/{path.removesuffix('index.html')}", "") for path in sorted(paths)}
    yield from hub_calls(config.feeds.hubs, [url for path, url in absolute.items() if path.rpartition("/")[2] in names])
    pages = [url for path, url in absolute.items() if path.endswith(".html") and not is_error_page(path)]
    if config.deploy.indexnow and pages:
        yield from index_calls(config.deploy.indexnow, config.base_url, pages)


def hub_calls(hubs: Sequence[str], feeds: Collection[str]) -> Iterator[Call]:
    """Yield the requests that notify each hub of each changed feed, by the feeds' URLs.

    The parameters are those that hubs agreed on, since WebSub itself leaves them open (W3C WebSub, section 7).
    """
    for hub in hubs:
        for feed in feeds:
            body = urlencode((("hub.mode", "publish"), ("hub.topic", feed), ("hub.url", feed))).encode()
            yield Call(hub, "application/x-www-form-urlencoded", body, f"the hub {hide_credentials(hub)}")


def index_calls(key: str, base_url: str, urls: Sequence[str], endpoint: str = INDEXNOW) -> Iterator[Call]:
    """Yield the requests that notify search engines of changed and removed pages (indexnow.org/documentation)."""
    key_url = f"{home_of(base_url)}{key}.txt"
    for start in range(0, len(urls), MAX_URLS_PER_REQUEST):
        values = {
            "host": urlsplit(base_url).netloc,
            "key": key,
            "keyLocation": key_url,
            "urlList": urls[start : start + MAX_URLS_PER_REQUEST],
        }
        yield Call(endpoint, "application/json; charset=utf-8", json.dumps(values).encode(), "IndexNow")


def make_calls(calls: Iterator[Call], pause: Callable[[float], None], timeout: float = 20.0) -> list[Problem]:
    """Make the requests, trying again after transient failures, and return a problem for each that was not accepted."""
    return [problem for call in calls if (problem := _make(call, pause, timeout))]


def _make(call: Call, pause: Callable[[float], None], timeout: float) -> Problem | None:
    headers = {"Content-Type": call.media, "User-Agent": _AGENT}
    reason = ""
    for wait in (*PAUSES, 0.0):
        try:
            with urlopen(Request(call.url, call.body, headers), timeout=timeout):  # noqa: S310 - the settings take only HTTP
                return None
        except HTTPError as error:
            reason = f"it answered {error.code} {error.reason}"
            error.close()
            if error.code < 500 and error.code != 429:
                break
        except (URLError, OSError, HTTPException) as error:
            reason = str(getattr(error, "reason", error)) or type(error).__name__
        if wait:
            pause(wait)
    message = f"{call.name} was not notified of the changes: {reason}"
    return Problem("", 0, message, "the next publish notifies it again")
