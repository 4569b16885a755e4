"""The `_headers` file: how a host serves the files (Netlify's and Cloudflare Pages' format)."""

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit

from sitegen.config.comment_systems import find_sources
from sitegen.config.schema import Config, base_path
from sitegen.feeds.types import MEDIA_TYPES, Feed
from sitegen.formats import lazy_regex
from sitegen.formats.site_urls import site_url
from sitegen.site.editor_page import FOLDER as EDITOR_FOLDER
from sitegen.site.editor_page import PAGE as EDITOR_PAGE

IMMUTABLE = "public, max-age=31536000, immutable"
"""For files whose name changes with their bytes (RFC 8246)."""

SHORT_CACHE_CONTROL = "public, max-age=300"
"""For files that do not change their name: after five minutes, browsers ask for a newer version."""

_HASHED = lazy_regex.compile(r"assets/(?:.+/)?[^/]+\.[0-9a-f]{8}\.[^/.]+")


def is_immutable(path: str) -> bool:
    """Return whether the name of an output file changes with its bytes."""
    return _HASHED.fullmatch(path) is not None


def write_headers(config: Config, paths: Collection[str], feeds: Iterable[Feed]) -> str:
    """Return the rules for the files of the output: security for all, types of feeds, caching of assets."""
    base = base_path(config)
    rows = [f"{base}/*", f"  Content-Security-Policy: {config.deploy.csp or content_policy(config)}"]
    rows += ["  X-Content-Type-Options: nosniff", "  Referrer-Policy: strict-origin-when-cross-origin"]
    if EDITOR_PAGE in paths:
        # A host enforces every policy that matches, so another policy could not allow more. Only Cloudflare Pages can
        # remove a header of a more general rule.
        rows += [f"{base}/{EDITOR_FOLDER}/*", "  ! Content-Security-Policy"]
    assets = [path for path in paths if path.startswith("assets/")]
    hashed = [path for path in assets if is_immutable(path)]
    # A host adds up the rules that match, so that no file may meet two that say the same header.
    cached = [f"{base}/assets/*"] if len(hashed) == len(assets) else [site_url(f"/{path}", base) for path in hashed]
    for url in cached if hashed else ():
        rows += [url, f"  Cache-Control: {IMMUTABLE}"]
    for url, media in dict.fromkeys(_feed_rules(feeds, base)):
        rows += [url, f"  Content-Type: {media}; charset=utf-8"]
    return "\n".join(rows) + "\n"


def content_policy(config: Config) -> str:
    """Return a Content-Security-Policy (CSP3) that the theme and what posts embed pass.

    Scripts, styles and fonts come from the site alone, and from its comment system; images, media and frames from
    anywhere by HTTPS, because republished posts show those of other sites.
    """
    action = urlsplit(config.theme.subscribe.action)
    forms = (f"{action.scheme}://{action.netloc}",) if action.scheme and action.netloc else ()
    sources = find_sources(config.theme.comments)
    forms = tuple(dict.fromkeys(("'self'", *forms, *sources.pop("form-action", ()))))
    return "; ".join(
        (
            "default-src 'self'",
            *[" ".join((directive, *allowed)) for directive, allowed in sources.items()],
            "img-src 'self' https: data:",
            "media-src 'self' https:",
            "frame-src 'self' https:",
            "object-src 'none'",
            "base-uri 'self'",
            " ".join(("form-action", *forms)),
            "frame-ancestors 'self'",
        )
    )


def _feed_rules(feeds: Iterable[Feed], base: str) -> Iterator[tuple[str, str]]:
    """Yield paths and media types: one by one for the whole site's feeds, by name for those of its groups.

    A host reads a limited number of rules, and takes `*` for part of a path. Documents of the archives keep
    the general type of XML, which readers of feeds accept.
    """
    for feed in feeds:
        if feed.archive:
            continue
        name = feed.url.rpartition("/")[2]
        yield feed.url if feed.subject in ("site", "comments") else f"{base}/*/{name}", MEDIA_TYPES[feed.kind]
