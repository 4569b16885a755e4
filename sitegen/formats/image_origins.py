"""Where the original of an image is, by the URL at which a platform's server delivers a smaller copy of it."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, unquote, urlencode, urljoin, urlsplit, urlunsplit

from sitegen.formats import lazy_regex

MAX_URL_CHARACTERS = 2_000

_INNER_URL = re.compile(r"https?(?:%3A|:)", re.IGNORECASE)
_CLOUDFLARE_OPTIONS = "/cdn-cgi/image/"
_PHOTON_HOST = re.compile(r"i[0-3]\.wp\.com")
_SIZE_IN_NAME = re.compile(r"-\d{1,5}x\d{1,5}(\.\w{2,5})\Z")
_GHOST_SIZE = lazy_regex.compile(r"size/w\d{1,5}(?:h\d{1,5})?/(?:format/\w{2,5}/)?")
_MEDIUM_HOST = lazy_regex.compile(r"(?:miro|cdn-images-\d+)\.medium\.com")
_MEDIUM_NAME = re.compile(r"\d\*[\w.-]+")
_GOOGLE_HOST = lazy_regex.compile(r"\d\.bp\.blogspot\.com|(?:blogger|lh\d)\.googleusercontent\.com")
_GOOGLE_SIZE = re.compile(r"[swh]\d[\w-]*")
_OLD_SUBSTACK_BUCKET = re.compile(r"bucketeer-[\w-]+\.s3\.amazonaws\.com")
_BUTTONDOWN_HOST = lazy_regex.compile(r"assets\.buttondown\.email|buttondown\.s3[\w.-]*\.amazonaws\.com")
_SIZE_PARAMETERS = frozenset(("w", "h", "fit", "resize", "crop", "quality", "strip", "ssl"))

Rule = Callable[[SplitResult], str]
"""Returns the URL of which an image is a copy, "" if the rule is not about it."""


def find_originals(url: str) -> tuple[str, ...]:
    """Return the URLs to try for an image: those of its original, best first, and then the URL itself.

    A platform's server that makes an image smaller names the original in its URL; a host that is no longer there may
    have a documented replacement. Any other URL is returned alone.
    """
    found = [url]
    # A copy can be one of a copy: Photon takes images that WordPress has made smaller.
    for _ in range(4):
        step = _find_step(found[-1])
        if not step or step in found:
            break
        found.append(step)
    return tuple(reversed(found))


def unwrap_substack(url: str) -> str:
    """Return the URL of an image itself, out of the one of Substack's resizing server; any other as it is."""
    parts = _split(url)
    return (parts is not None and _from_substack(parts)) or url


def _find_step(url: str) -> str:
    parts = _split(url)
    return "" if parts is None else next((step for rule in _RULES if (step := rule(parts))), "")


def _split(url: str) -> SplitResult | None:
    """Return the parts of a URL, None for one that is too long or cannot be parsed."""
    if len(url) > MAX_URL_CHARACTERS:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def _after(text: str, mark: str) -> str:
    """Return the URL that is written in a path after a mark and some options."""
    start = text.find(mark)
    match = _INNER_URL.search(text, start + len(mark)) if start >= 0 else None
    if match is None:
        return ""
    inner = text[match.start() :]
    return unquote(inner) if "%" in match[0] else inner


def _from_substack(parts: SplitResult) -> str:
    if parts.hostname not in ("substackcdn.com", "cdn.substackcdn.com"):
        return ""
    return _after(urlunsplit(parts), "/image/fetch/")


def _from_cloudinary(parts: SplitResult) -> str:
    return _after(urlunsplit(parts), "/image/fetch/") if parts.hostname == "res.cloudinary.com" else ""


def _from_cloudflare(parts: SplitResult) -> str:
    before, mark, rest = urlunsplit(parts).partition(_CLOUDFLARE_OPTIONS)
    _, slash, source = rest.partition("/")
    if not mark or not slash or "/" in before.partition("://")[2]:
        return ""
    return source if "://" in source else f"{before}/{source}"


def _from_old_bucket(parts: SplitResult) -> str:
    """Substack has moved its images, and the old bucket is not served any more."""
    if not _OLD_SUBSTACK_BUCKET.fullmatch(parts.hostname or ""):
        return ""
    return f"https://substack-post-media.s3.amazonaws.com{parts.path}"


def _from_wix(parts: SplitResult) -> str:
    start, mark, _ = parts.path.partition("/v1/")
    is_resized = parts.hostname == "static.wixstatic.com" and mark and start.startswith("/media/")
    return f"https://static.wixstatic.com{start}" if is_resized else ""


def _from_photon(parts: SplitResult) -> str:
    return f"https:/{parts.path}" if _PHOTON_HOST.fullmatch(parts.hostname or "") else ""


def _from_wordpress(parts: SplitResult) -> str:
    is_hosted = (parts.hostname or "").endswith((".files.wordpress.com", ".wp.com"))
    if is_hosted and parts.query:
        remaining = {name: values for name, values in parse_qs(parts.query).items() if name not in _SIZE_PARAMETERS}
        return urlunsplit(parts._replace(query=urlencode(remaining, doseq=True)))
    if (is_hosted or "/wp-content/uploads/" in parts.path) and _SIZE_IN_NAME.search(parts.path):
        return urlunsplit(parts._replace(path=_SIZE_IN_NAME.sub(r"\1", parts.path)))
    return ""


def _from_ghost(parts: SplitResult) -> str:
    start, mark, rest = parts.path.partition("/content/images/")
    match = _GHOST_SIZE.match(rest)
    return urlunsplit(parts._replace(path=f"{start}{mark}{rest[match.end() :]}")) if match else ""


def _from_medium(parts: SplitResult) -> str:
    name = parts.path.rpartition("/")[2]
    if not _MEDIUM_HOST.fullmatch(parts.hostname or "") or not _MEDIUM_NAME.fullmatch(name):
        return ""
    return f"https://miro.medium.com/v2/{name}"


def _from_blogger(parts: SplitResult) -> str:
    if not _GOOGLE_HOST.fullmatch(parts.hostname or ""):
        return ""
    start, equals, size = parts.path.rpartition("=")
    if equals and _GOOGLE_SIZE.fullmatch(size):
        return urlunsplit(parts._replace(path=f"{start}=s0"))
    segments = parts.path.split("/")
    if len(segments) > 2 and _GOOGLE_SIZE.fullmatch(segments[-2]):
        return urlunsplit(parts._replace(path="/".join((*segments[:-2], "s0", segments[-1]))))
    return ""


def _from_squarespace(parts: SplitResult) -> str:
    if parts.hostname != "images.squarespace-cdn.com":
        return ""
    return urlunsplit(parts._replace(query="format=original"))


def _from_buttondown(parts: SplitResult) -> str:
    is_resized = _BUTTONDOWN_HOST.fullmatch(parts.hostname or "") and parts.query
    return urlunsplit(parts._replace(query="")) if is_resized else ""


def _from_optimiser(parts: SplitResult) -> str:
    """Return the URL in the query of an image optimiser that runs beside a site: of Next.js, of Netlify."""
    if parts.path not in ("/_next/image", "/.netlify/images"):
        return ""
    inner = parse_qs(parts.query).get("url", [""])[0]
    return urljoin(f"{parts.scheme}://{parts.netloc}/", inner) if inner else ""


_RULES: tuple[Rule, ...] = (
    _from_substack,
    _from_cloudinary,
    _from_cloudflare,
    _from_old_bucket,
    _from_wix,
    _from_photon,
    _from_wordpress,
    _from_ghost,
    _from_medium,
    _from_blogger,
    _from_squarespace,
    _from_buttondown,
    _from_optimiser,
)
