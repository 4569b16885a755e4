"""The rules that hold for the HTML of every platform: what is boilerplate, what tracks, what becomes a link."""

import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

from sitegen.importers.convert.clean_urls import clean_url
from sitegen.importers.convert.html_tree import (
    BLOCKS,
    Element,
    drop_all,
    drop_text,
    find_class,
    has_class,
    is_empty,
    make,
    remove,
    replace,
    unwrap,
    words,
)

MERGE_TAG = re.compile(r"\*\|[A-Z0-9_:=,.\s-]{1,80}\|\*|%%[A-Za-z_]{2,40}%%|%recipient\.[\w.]+%")
BUTTON_WORDS = re.compile(
    r"(?:subscribe|sign up|join)(?: now| today| for free| here| to (?:the|our|my) newsletter)?"
    r"|share(?: this(?: post)?)?|leave a comment|upgrade(?: to paid)?|become a paid subscriber"
    r"|give a gift subscription|get \d+% off.*|get more from .*|refer a friend|forward this"
    r"|donate subscriptions|tweet(?: this)?|like this post",
    re.IGNORECASE,
)
UNSUBSCRIBE_WORDS = re.compile(
    r"unsubscribe(?: here| instantly| from this list)?|view (?:this )?(?:e-?mail |newsletter )?in (?:your|a) browser"
    r"|(?:update|manage|change)(?: your| my)?(?: e-?mail| subscription)? (?:preferences|settings)"
    r"|view (?:this )?(?:email |newsletter )?online|opt[- ]?out",
    re.IGNORECASE,
)
UNSUBSCRIBE_URL = re.compile(
    r"[/?&=._-](?:unsubscribe|unsub|optout|opt-out|list-unsubscribe)(?:[/?&=._-]|$)", re.IGNORECASE
)
PIXEL_URL = re.compile(
    r"//(?:[\w.-]*\.)?(?:list-manage\.com/track/open|mailgun\.org/o/|mandrillapp\.com/track/open|pixel\.wp\.com"
    r"|(?:www\.)?facebook\.com/tr\b|(?:www\.)?google-analytics\.com|doubleclick\.net|feeds\.feedburner\.com/~r/"
    r"|feedburner\.com/~|stats\.wordpress\.com|email\.mg\d*\.substack\.com/o/|eotrx\.substackcdn\.com/open)"
    r"|/open\.(?:php|gif|aspx)\b|/wf/open\b|/track/open\b|medium\.com/_/stat",
    re.IGNORECASE,
)
WRAPPERS = {"cdn.embedly.com": ("url", "src"), "embedly.com": ("url", "src"), "cdn.iframe.ly": ("url",)}
"""Hosts whose players show another page, and the parameters that give its URL."""

HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
PREHEADER = re.compile(
    r"mso-hide|max-height\s*:\s*0|font-size\s*:\s*[01]px|opacity\s*:\s*0\b|visibility\s*:\s*hidden", re.IGNORECASE
)
TINY = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)", re.IGNORECASE)


def clean_tree(tree: Element, base: str, dropped: Counter[str]) -> None:
    """Take out of a tree what is not part of the text, count it by type, and make what remains plain.

    Afterwards the tree holds no form, frame, pixel or hidden preview, and each link and image has
    a clean absolute URL, or a relative one where no `base` is known.
    """
    drop_text(tree, MERGE_TAG, "merge tag", dropped)
    _drop_hidden(tree, dropped)
    for element in list(tree.iter("iframe", "embed", "object", "video", "audio")):
        _link_medium(element, base, dropped)
    _drop_unsubscribe_links(tree, dropped)
    _drop_buttons(tree, dropped)
    drop_all(tree.iter("button", "input", "select", "textarea", "option"), "form", dropped)
    for element in list(tree.iter("form", "fieldset", "label", "picture", "font", "wbr", "center")):
        unwrap(element)
    for source in list(tree.iter("source")):
        # The parser takes what follows a source for its content.
        unwrap(source)
    for spare in list(tree.iter("noscript")):
        _settle_spare(spare)
    for image in list(tree.iter("img")):
        _clean_image(image, base, dropped)
    for link in list(tree.iter("a")):
        if not link.get("data-note"):
            _clean_link(link, base, dropped)
    _unwrap_layout_tables(tree)


def _drop_hidden(tree: Element, dropped: Counter[str]) -> None:
    for element in list(tree.iterdescendants("div", "span", "td", "p", "table", "tr")):
        style = element.get("style") or ""
        preview = has_class(element, "preheader", "mcnPreviewText", "preview-text", "email-preheader")
        if preview or (HIDDEN.search(style) and PREHEADER.search(style)):
            drop_all([element], "hidden preview text", dropped)


def _drop_unsubscribe_links(tree: Element, dropped: Counter[str]) -> None:
    for link in list(tree.iter("a")):
        text = words(link).strip(" .»>→|·")
        if UNSUBSCRIBE_WORDS.fullmatch(text) or (len(text) < 60 and UNSUBSCRIBE_URL.search(link.get("href") or "")):
            drop_with_leftovers(link, "unsubscribe link", dropped)


def _drop_buttons(tree: Element, dropped: Counter[str]) -> None:
    for link in list(tree.iter("a")):
        names = link.get("class") or ""
        parent = link.getparent()
        around = parent.get("class") or "" if parent is not None else ""
        if re.search(r"\b(?:btn|button)", names + " " + around) and BUTTON_WORDS.fullmatch(words(link).strip(" .!»>→")):
            drop_with_leftovers(link, "subscribe or share button", dropped)


def drop_with_leftovers(element: Element, kind: str, dropped: Counter[str]) -> None:
    """Remove an element, count it, and remove the block around it where that has no word left."""
    parent = element.getparent()
    drop_all([element], kind, dropped)
    while parent is not None and parent.getparent() is not None and not re.search(r"\w", words(parent)):
        if next(parent.iter("img", "hr"), None) is not None or parent.tag in ("td", "tr", "tbody", "table"):
            return
        element, parent = parent, parent.getparent()
        remove(element)


def _link_medium(element: Element, base: str, dropped: Counter[str]) -> None:
    """Put a link in the place of an embedded frame, film or sound."""
    source = next(element.iter("source"), None)
    url = element.get("src") or element.get("data-src") or element.get("data") or ""
    if not url and source is not None:
        url = source.get("src") or ""
    url = clean_url(url, base, dropped)
    if not url.startswith(("http://", "https://", "//")) and (not url or element.tag in ("iframe", "embed", "object")):
        drop_all([element], f"{element.tag} without a link", dropped)
        return
    watch, label = name_embed(url)
    if element.tag in ("video", "audio"):
        label = {"video": "Video", "audio": "Audio"}[str(element.tag)]
    label = element.get("title") or label
    dropped[f"{element.tag} turned into a link"] += 1
    link = make("a", label, href=watch)
    inside = next((a for a in element.iterancestors() if a.tag in ("p", "span", "a") or a.tag not in BLOCKS), None)
    replace(element, link if inside is not None else make("p", "", link))


def name_embed(url: str) -> tuple[str, str]:
    """Return the page that an embedded player's URL stands for, and what to call it."""
    full = _shown_page("https:" + url if url.startswith("//") else url)
    parts = urlsplit(full)
    host, last = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/").rsplit("/", 1)[-1]
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be"):
        video = parse_qs(parts.query).get("v", [last])[0]
        listed = parse_qs(parts.query).get("list", [""])[0]
        if video == "videoseries" and listed:
            return f"https://www.youtube.com/playlist?list={listed}", "Videos on YouTube"
        return f"https://www.youtube.com/watch?v={video}", "Video on YouTube"
    if host == "player.vimeo.com" and last.isdigit():
        return f"https://vimeo.com/{last}", "Video on Vimeo"
    if host == "dailymotion.com" and "/embed/" in parts.path:
        return f"https://www.dailymotion.com/video/{last}", "Video on Dailymotion"
    if host == "open.spotify.com":
        return full.replace("/embed/", "/", 1).replace("/embed-podcast/", "/", 1).split("?")[0], "Listen on Spotify"
    return full, f"Embedded from {host}" if host else "Embedded page"


def _shown_page(url: str) -> str:
    """Return the page that a player of Embedly or Iframely shows, any other URL as it is."""
    parts = urlsplit(url)
    names = WRAPPERS.get(parts.hostname or "", ())
    shown = next((values[0] for name in names if (values := parse_qs(parts.query).get(name))), "")
    return shown if shown.startswith(("http://", "https://")) else url


def _settle_spare(spare: Element) -> None:
    """Drop what a page shows without scripts where the image that scripts load exists too."""
    neighbours = (spare.getprevious(), spare.getnext())
    twice = any(node is not None and next(node.iter("img"), None) is not None for node in neighbours)
    remove(spare) if twice else unwrap(spare)


def _clean_image(image: Element, base: str, dropped: Counter[str]) -> None:
    source = image.get("src") or ""
    if (not source or source.startswith("data:image/gif;base64,R0lGOD")) and image.get("data-src"):
        source = image.get("data-src") or ""
    sizes = {image.get("width", "").removesuffix("px"), image.get("height", "").removesuffix("px")}
    style = image.get("style") or ""
    if sizes & {"0", "1"} or TINY.search(style) or PIXEL_URL.search(source) or HIDDEN.search(style):
        drop_all([image], "tracking pixel", dropped)
        return
    url = source.strip() if source.startswith("data:image/") else clean_url(source, base, dropped)
    if not url or (url.startswith("data:") and not url.startswith("data:image/")):
        drop_all([image], "image without a source", dropped)
        return
    image.set("src", url)


def _clean_link(link: Element, base: str, dropped: Counter[str]) -> None:
    target = link.get("href")
    url = clean_url(target, base, dropped) if target else ""
    if url.startswith("data:"):
        url = ""
    if is_empty(link):
        if url and not url.startswith("#"):
            dropped["link without a text"] += 1
        if link.get("id") or link.get("name"):
            link.attrib.pop("href", "")
        else:
            unwrap(link)
    elif url:
        link.set("href", url)
    else:
        if target and not (link.get("id") or link.get("name")):
            dropped["link with an unsafe or broken address"] += 1
        unwrap(link)


def _unwrap_layout_tables(tree: Element) -> None:
    """Turn the tables that only arrange a page, as e-mails have them, into plain blocks."""
    for table in reversed(list(tree.iter("table"))):
        if _is_layout(table):
            for part in list(table.iter("tr", "tbody", "thead", "tfoot", "td", "th", "caption")):
                # The parts of a table of figures within it stay what they are.
                if next(part.iterancestors("table"), None) is table:
                    part.tag = "div"
            table.tag = "div"


def _is_layout(table: Element) -> bool:
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iter("th"), None) is not None:
        return False
    rows = list(table.iter("tr"))
    if max((len(row) for row in rows), default=0) <= 1:
        return True
    heavy = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "hr", "figure", "blockquote", "pre")
    if next(table.iterdescendants(*heavy), None) is not None:
        return True
    return any(sum(1 for _ in cell.iter("p", "div")) > 1 for cell in table.iter("td"))


def drop_classes(tree: Element, kinds: dict[str, tuple[str, ...]], dropped: Counter[str]) -> None:
    """Remove the elements of some classes, counted under the type that names them."""
    for kind, names in kinds.items():
        drop_all(find_class(tree, *names), kind, dropped)
