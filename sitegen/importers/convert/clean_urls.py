"""Cleans URLs of imported posts: resolves them, unwraps click trackers, drops tracking parameters."""

import base64
import binascii
import json
import re
from collections import Counter
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit, urlunsplit

TRACKING_PARAMETER = re.compile(
    r"utm_\w+|mtm_\w+|pk_(?:campaign|source|medium|kwd|content)|hsa_\w+|vero_\w+|oly_\w+|__hs\w+|_hsenc|_hsmi"
    r"|fbclid|gclid|gclsrc|dclid|wbraid|gbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mkt_tok|ml_subscriber\w*"
    r"|mc_cid|mc_eid|ck_subscriber_id|_bhlid|last_resource_guid|rb_clickid|s_cid|wickedid|_openstat|sc_cid"
)
"""Names of query parameters that identify readers or campaigns."""

REDIRECT_PARAMETERS = {
    "www.google.com/url": ("q", "url"),
    "google.com/url": ("q", "url"),
    "l.facebook.com/l.php": ("u",),
    "lm.facebook.com/l.php": ("u",),
    "l.instagram.com/": ("u",),
    "medium.com/r/": ("url",),
    "out.reddit.com/": ("url",),
    "slack-redir.net/link": ("url",),
    "www.youtube.com/redirect": ("q",),
    "www.linkedin.com/redir/redirect": ("url",),
    "t.umblr.com/redirect": ("z",),
    "vk.com/away.php": ("to",),
    "duckduckgo.com/l/": ("uddg",),
    "disq.us/url": ("url",),
    "getpocket.com/redirect": ("url",),
    "steamcommunity.com/linkfilter/": ("url", "u"),
    "href.li/": ("",),
    "anonym.to/": ("",),
}
"""Redirecting pages (host and path), and the query parameters with the target; "" is the whole query."""

REDIRECT_HOSTS = re.compile(r"(?:^|\.)(?:safelinks\.protection\.outlook\.com|list-manage\.com|mandrillapp\.com)$")
ENCODED_PATH = re.compile(
    r"^https?://(?:substack\.com/redirect/\d+|click\.convertkit-mail\d*\.com/\w+/\w+|[\w.-]*convertkit[\w.-]*/\w+/\w+)"
    r"/([\w=+-]{16,})"
)
URLDEFENSE = re.compile(r"^https://urldefense\.com/v3/__(.+?)__;")
SCHEMES = ("http", "https", "mailto", "tel", "cid", "")
MAX_NESTED_URLS = 3
COMPLETE_URL = re.compile(r"https?://[^/?#;\s]++(?:[^?#;\s]++(?:\?[^?#;\s]++)?)?(?:#[^?#;\s]++)?")
"""URLs that `urljoin` returns as they are: most links, which it would take apart and join again."""


def clean_url(url: str, base: str = "", dropped: Counter[str] | None = None) -> str:
    """Return an absolute URL without trackers, or "" for an unsafe or invalid URL.

    Counts the removed parts in `dropped`. URLs without trackers are returned unchanged.
    """
    count: Counter[str] = Counter() if dropped is None else dropped
    url = "".join(url.split("\n")).replace("\t", "").strip()
    if not url or url.startswith("#"):
        return url
    try:
        if base and not COMPLETE_URL.fullmatch(url):
            url = urljoin(base, url)
        for _ in range(MAX_NESTED_URLS):
            target = unwrap(url)
            if not target:
                break
            count["click tracker unwrapped"] += 1
            url = target
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme.casefold() not in SCHEMES:
        return ""
    return _without_tracking_parameters(url, parts, count)


def unwrap(url: str) -> str:
    """Return the target in the URL of a click tracker, or ""."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    if match := URLDEFENSE.match(url):
        return _if_http(match[1].replace("*", "%2A"))
    if match := ENCODED_PATH.match(url):
        return _if_http(_decode_base64(match[1]))
    names = REDIRECT_PARAMETERS.get(parts.hostname + parts.path) or REDIRECT_PARAMETERS.get(
        parts.hostname + parts.path.rstrip("/")
    )
    if names is None and REDIRECT_HOSTS.search(parts.hostname):
        names = ("url", "u", "p") if "mandrillapp" in parts.hostname else ("url",)
    for name in names or ():
        value = unquote(parts.query) if not name else dict(parse_qsl(parts.query)).get(name, "")
        if target := _if_http(value) or _if_http(_decode_base64(value)):
            return target
    return ""


def _without_tracking_parameters(url: str, parts: SplitResult, count: Counter[str]) -> str:
    if "=" not in parts.query:
        return url
    pairs = parts.query.split("&")
    remaining = [pair for pair in pairs if not TRACKING_PARAMETER.fullmatch(pair.split("=")[0].casefold())]
    if len(remaining) == len(pairs):
        return url
    count["tracking parameter"] += len(pairs) - len(remaining)
    return urlunsplit(parts._replace(query="&".join(remaining)))


def _if_http(url: str) -> str:
    return url if re.match(r"https?://[^/\s]", url) else ""


def _decode_base64(text: str) -> str:
    """Return the URL in a base64 string: the decoded string, or the member `url`, `e`, `u` or `p` of its JSON."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    for _ in range(MAX_NESTED_URLS):
        if not data.startswith("{"):
            return data
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return ""
        data = next((str(value[name]) for name in ("url", "e", "u", "p") if value.get(name)), "")
    return data
