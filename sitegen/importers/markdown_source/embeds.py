"""Writes Markdown for the embeds of other generators: code, images, videos, posts on other sites."""

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
    """Markdown of an embed, which is rendered to HTML in an HTML document."""

    __slots__ = ()


def code(text: str, language: str = "", column: str = "") -> Snippet:
    """Return a fenced code block; `column` is the prefix of all lines except the first."""
    longest = max((len(run) for run in _RUN.findall(text)), default=2)
    fence = "`" * (longest + 1)
    language = language if re.fullmatch(r"[\w+#.-]{1,40}", language) else ""
    lines = (line.removeprefix(column) for line in text.strip("\r\n").rstrip().splitlines())
    return Snippet(("\n" + column).join((fence + language, *lines, fence)))


def escape_url(target: str) -> str:
    """Return a URL or path, escaped for a Markdown link."""
    return quote(target.strip(), safe="/:?#[]@!$&'*+,;=%~{}")


def label(text: str) -> str:
    """Return plain text, escaped for the label of a link or the alternative text of an image."""
    return re.sub(r"([\\\[\]`*_<])", r"\\\1", " ".join(text.split()))


def image(source: str, alternative: str = "", title: str = "", caption: str = "", link: str = "") -> Snippet:
    """Return an image, optionally with a link, and a paragraph with its caption, which may be Markdown."""
    title, caption = " ".join(title.split()), " ".join(caption.split())
    named = f' "{title}"' if title and '"' not in title else ""
    image = f"![{label(alternative or caption or title)}]({escape_url(source)}{named})"
    if link:
        image = f"[{image}]({escape_url(link)})"
    if not caption:
        return Snippet(image)
    return Snippet(f"{image}\n\n*{caption}*" if label(caption) == caption else f"{image}\n\n{caption}")


def link_to_host(host: str, key: str, title: str = "") -> Snippet | None:
    """Return a link to the content with a key on one of `_HOSTS`, or None if the key is invalid.

    A key that is a complete URL is used unchanged.
    """
    name, pattern = _HOSTS[host]
    if re.match(r"https?://[^\s<>\"]+\Z", key):
        return Snippet(f"[{label(title or name)}]({escape_url(key)})")
    if not key or not all(map(_NAME.match, key.split("/"))):
        return None
    return Snippet(f"[{label(title or name)}]({pattern.format(key)})")
