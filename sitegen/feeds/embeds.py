"""Makes links of what a feed reader cannot play: frames, videos, sounds; and characters of check boxes.

It works on HTML that a parser has just written, in which each tag has one form only: names in lower case, values
in double quotes, no `<` in text and values but within frames, which is removed first. So patterns have the same
result as a tree, at any depth.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from sitegen.feeds.text import ATTRIBUTE
from sitegen.formats.srcset import read_srcset, write_srcset
from sitegen.formats.urls import join_url

ATTRIBUTES = r'((?: [^\s="<>]+="[^"]*")*) ?/?'
FRAME_OR_LINK = re.compile(rf"<(/?)(iframe|video|audio|a){ATTRIBUTES}>")
FRAME_TEXT = re.compile(rf"(<iframe{ATTRIBUTES}>).*?(?:</iframe>|\Z)", re.DOTALL)
"""A frame with its content, which HTML always parses and serializes as text (WHATWG HTML, 13.1.2.6)."""

SOURCE = re.compile(rf"<source{ATTRIBUTES}>")
INPUT = re.compile(rf"<input{ATTRIBUTES}> ?")
IMAGE_TAG = re.compile(rf"<(img|source){ATTRIBUTES}>")
YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{11})")
DESCRIPTOR = re.compile(r"[\d.]+[wxh]")


def make_readable(html: str, permalink: str) -> str:
    """Return clean HTML with its frames, videos and sounds made links, and the URLs of each srcset absolute."""
    html = FRAME_TEXT.sub(r"\1</iframe>", html)
    html = INPUT.sub(lambda box: check_mark(read(box[1])), "".join(replace_frames(html, permalink)))
    return IMAGE_TAG.sub(lambda image: make_sources_absolute(image, permalink), html)


def replace_frames(html: str, permalink: str) -> Iterator[str]:
    """Yield the HTML in parts, with a link for each frame, video and sound that is not inside another.

    A link cannot contain another: the title or image remains in the outer link, and the inner link follows it.
    """
    end = depth = 0
    opening = outer = None
    following: list[str] = []
    for tag in FRAME_OR_LINK.finditer(html):
        if tag[2] == "a":
            if opening is not None:
                continue
            outer = None if tag[1] else read(tag[3]).get("href", "")
            if tag[1] and following:
                yield "".join((html[end : tag.end()], *following))
                following.clear()
                end = tag.end()
        elif not tag[1]:
            if opening is None:
                yield html[end : tag.start()]
                opening = tag
            depth += 1
        elif opening is not None:
            depth -= 1
            if not depth:
                url, shown = describe(opening[2], read(opening[3]), html[opening.end() : tag.start()], permalink)
                link = f'<a href="{escape(url)}">{shown}</a>' if url else ""
                yield link if outer is None else shown
                if outer is not None and url != outer:
                    following.append(f" {link}" if link else "")
                end, opening = tag.end(), None
    if opening is None:
        yield html[end:]


def read(attributes: str) -> dict[str, str]:
    """Return the attributes of a tag by name."""
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}


def describe(name: str, attributes: dict[str, str], inside: str, permalink: str) -> tuple[str, str]:
    """Return the URL of a frame, a video or a sound, and the HTML of its title or image; "" for both without a URL."""
    sources = [attributes.get("src", ""), *(read(source).get("src", "") for source in SOURCE.findall(inside))]
    url = next(filter(None, sources), "")
    if not url:
        return "", ""
    image, words = attributes.get("poster", ""), " ".join(attributes.get("title", "").split())
    if found := YOUTUBE.match(url):
        url = f"https://www.youtube.com/watch?v={found[1]}"
        image = f"https://i.ytimg.com/vi/{found[1]}/hqdefault.jpg"
    url = join_url(permalink, url)
    if not url:
        return "", ""
    parts = urlsplit(url)
    words = words or (unquote(parts.path.rpartition("/")[2]) if name != "iframe" else "") or parts.netloc
    shown = escape(words)
    if image := join_url(permalink, image) if image else "":
        shown = f'<img src="{escape(image)}" alt="{shown}">'
    return url, shown


def check_mark(attributes: dict[str, str]) -> str:
    """Return the replacement of a check box: a character; nothing for any other input."""
    if attributes.get("type", "").lower() != "checkbox":
        return ""
    return "☑ " if "checked" in attributes else "☐ "


def make_sources_absolute(image: re.Match[str], permalink: str) -> str:
    """Return an image or a source with the URLs of its srcset absolute; no image that has no URL of its own."""
    attributes = read(image[2])
    if image[1] == "img" and not attributes.get("src"):
        return ""
    if "srcset" in attributes:
        attributes["srcset"] = write_srcset(
            (joined, size)
            for url, size in read_srcset(attributes["srcset"])
            if (not size or DESCRIPTOR.fullmatch(size)) and (joined := join_url(permalink, url))
        )
    shown = [f' {name}="{escape(value)}"' for name, value in attributes.items() if value or name != "srcset"]
    return f"<{image[1]}{''.join(shown)}>"
