"""Writes the Markdown that stands for what another generator's tags embed: code, images, videos, posts elsewhere."""

import re
from urllib.parse import quote

_RUN = re.compile(r"`{3,}")
_NAME = re.compile(r"[\w-]{1,64}\Z", re.ASCII)
_HOSTS = {
    "youtube": ("Video on YouTube", "https://www.youtube.com/watch?v={}"),
    "vimeo": ("Video on Vimeo", "https://vimeo.com/{}"),
    "instagram": ("Post on Instagram", "https://www.instagram.com/p/{}/"),
    "gist": ("Code on GitHub Gist", "https://gist.github.com/{}"),
    "tweet": ("Post on Twitter", "https://twitter.com/i/status/{}"),
    "spotify": ("Listen on Spotify", "https://open.spotify.com/{}"),
    "codepen": ("Code on CodePen", "https://codepen.io/{}"),
}


class Snippet(str):
    """Markdown that stands for an embed: where the text around it is HTML, it is rendered."""

    __slots__ = ()


def code(text: str, language: str = "", column: str = "") -> Snippet:
    """Return a fenced code block; `column` stands before each of its lines but the first."""
    longest = max((len(run) for run in _RUN.findall(text)), default=2)
    fence = "`" * (longest + 1)
    language = language if re.fullmatch(r"[\w+#.-]{1,40}", language) else ""
    lines = (line.removeprefix(column) for line in text.strip("\r\n").rstrip().splitlines())
    return Snippet(("\n" + column).join((fence + language, *lines, fence)))


def address(target: str) -> str:
    """Return a URL or path in a form that can be between a Markdown link's parentheses."""
    return quote(target.strip(), safe="/:?#[]@!$&'*+,;=%~{}")


def label(text: str) -> str:
    """Return plain text as a Markdown link's label or an image's alternative text."""
    return re.sub(r"([\\\[\]`*_<])", r"\\\1", " ".join(text.split()))


def picture(source: str, alternative: str = "", title: str = "", caption: str = "", link: str = "") -> Snippet:
    """Return an image, in a link where one is given, with its caption, which may be Markdown, as a paragraph below."""
    title, caption = " ".join(title.split()), " ".join(caption.split())
    named = f' "{title}"' if title and '"' not in title else ""
    image = f"![{label(alternative or caption or title)}]({address(source)}{named})"
    if link:
        image = f"[{image}]({address(link)})"
    if not caption:
        return Snippet(image)
    return Snippet(f"{image}\n\n*{caption}*" if label(caption) == caption else f"{image}\n\n{caption}")


def elsewhere(host: str, key: str, title: str = "") -> Snippet | None:
    """Return a link to what a site named in `_HOSTS` holds under a key, or None where the key makes no URL.

    A key that is a whole URL is linked as it is.
    """
    name, pattern = _HOSTS[host]
    if re.match(r"https?://[^\s<>\"]+\Z", key):
        return Snippet(f"[{label(title or name)}]({address(key)})")
    if not key or not all(map(_NAME.match, key.split("/"))):
        return None
    return Snippet(f"[{label(title or name)}]({pattern.format(key)})")
