"""Galleries and players: paragraphs of images alone, and of a link to a sound or a film of the site alone."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from sitegen.formats import lazy_regex

SOUNDS = frozenset((".mp3", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".wav"))
FILMS = frozenset((".mp4", ".m4v", ".webm"))
"""The suffixes of files that browsers play."""

_IMAGE = r"(?:<img\s[^<>]*+>|<a\s[^<>]*+><img\s[^<>]*+></a>)"
_GALLERY = lazy_regex.compile(rf"<p>(\s*+{_IMAGE}(?:\s*+(?:<br\s?/?>\s*+)?{_IMAGE}|(?!))++\s*+</p>)")
_LINK = lazy_regex.compile(r'<p><a href="([^"<>]++)"(?: title="[^"<>]*+")?>((?:[^<]++|<(?!/?a\b|/p>)|(?!))*+)</a></p>')
_IMAGE_TAG = lazy_regex.compile(r"<img(\s[^<>]*+)>")
_ATTRIBUTE = lazy_regex.compile(r'\s(src|alt)="([^"<>]*+)"')


def mark_galleries(html: str) -> str:
    """Give paragraphs of several images and nothing else the class `gallery`."""
    # The end of the string is compared first, and a letter is less frequent than a space.
    if "<img" in html and html.count("<img ") > 1:
        html = _GALLERY.sub(r'<p class="gallery">\1', html)
    return html


def add_players(html: str) -> str:
    """Replace paragraphs that are a link to a sound or a film of the site with a player, and the link's text below it.

    An image in the link is shown until the film starts, and describes it if the link has no text. Files of other sites
    stay links, because a player would send them a request from the reader.
    """
    return _LINK.sub(_replace_link, html) if '<p><a href="' in html else html


def _replace_link(match: re.Match[str]) -> str:
    name, label = find_player(match[1]), match[2]
    if not name:
        return match[0]
    image = _IMAGE_TAG.search(label)
    attributes = dict(_ATTRIBUTE.findall(image[1])) if image else {}
    poster = f' poster="{attributes["src"]}"' if "src" in attributes and name == "video" else ""
    caption = _IMAGE_TAG.sub("", label).strip() or attributes.get("alt", "").replace("&quot;", '"')
    shown = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="player"><{name} controls preload="none" src="{match[1]}"{poster}></{name}>{shown}</figure>'


def find_player(url: str) -> str:
    """Return the element that plays a file of the site, `audio` or `video`, or "" for any other URL."""
    try:
        parts = urlsplit(url)
    except ValueError:  # not a URL, such as `//[x`
        return ""
    suffix = PurePosixPath(parts.path).suffix.lower()
    if parts.scheme or parts.netloc or suffix not in SOUNDS | FILMS:
        return ""
    return "audio" if suffix in SOUNDS else "video"
