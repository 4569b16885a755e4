"""Makes links of what a feed reader cannot play: frames, videos, sounds; and characters of check boxes."""

import re
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{11})")
CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,])(\s+[\d.]+[wxh])?\s*(?:,|$)")
"""One candidate of a srcset (HTML, section 4.8.4.2.1): a URL, and a width or density."""


def make_readable(html: str, permalink: str) -> str:
    """Return clean HTML with its frames, videos and sounds made links, and the URLs of each srcset absolute."""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for element in list(root.iter("iframe", "video", "audio", "input")):
        if element.tag in ("iframe", "video", "audio"):
            put_link(element, permalink)
        else:
            put_text(element, "☑ " if element.get("checked") is not None else "☐ ")
    for element in list(root.iter("img", "source")):
        if candidates := CANDIDATE.findall(element.get("srcset", "")):
            element.set("srcset", ", ".join(urljoin(permalink, url) + size for url, size in candidates))
        elif "srcset" in element.attrib:
            del element.attrib["srcset"]
        if element.tag == "img" and not element.get("src"):
            element.drop_tree()
    whole: str = lxml.html.tostring(root, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
    # lxml does not know that these two have no end tags.
    return whole.replace("</source>", "").replace("</wbr>", "")


def put_link(element: HtmlElement, permalink: str) -> None:
    """Put a link in the place of a frame, a video or a sound; nothing where it leads nowhere."""
    sources = [element.get("src"), *(child.get("src") for child in element.iter("source"))]
    url = next((source for source in sources if source), "")
    if not url:
        element.drop_tree()
        return
    picture, words = element.get("poster", ""), " ".join(element.get("title", "").split())
    if found := YOUTUBE.match(url):
        url = f"https://www.youtube.com/watch?v={found[1]}"
        picture = f"https://i.ytimg.com/vi/{found[1]}/hqdefault.jpg"
    url = urljoin(permalink, url)
    parts = urlsplit(url)
    words = words or (unquote(parts.path.rpartition("/")[2]) if element.tag != "iframe" else "") or parts.netloc
    link = lxml.html.Element("a", {"href": url})
    if picture:
        link.append(lxml.html.Element("img", {"src": urljoin(permalink, picture), "alt": words}))
    else:
        link.text = words
    parent = element.getparent()
    inline = parent is not None and parent.tag in ("p", "figure", "li", "td", "th", "a", "span", "em", "strong")
    block = link if inline else lxml.html.Element("p")
    if not inline:
        block.append(link)
    block.tail = element.tail
    if parent is not None:
        parent.replace(element, block)


def put_text(element: HtmlElement, text: str) -> None:
    """Put a text in the place of a check box; other inputs just go."""
    shown = text if element.get("type", "").lower() == "checkbox" else ""
    element.tail = shown + (element.tail or "").lstrip() if shown else element.tail
    element.drop_tree()
