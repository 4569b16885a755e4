"""Cleans the HTML of any platform: drops boilerplate and trackers, and turns embedded media into links."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from sitegen.formats import lazy_regex
from sitegen.formats.html_elements import BLOCKS
from sitegen.importers.convert.clean_urls import clean_url
from sitegen.importers.convert.html_tree import (
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
from sitegen.importers.convert.normalize import HEADINGS
from sitegen.importers.convert.word_lists import make_word_lists

MERGE_TAG = re.compile(r"\*\|[A-Z0-9_:=,.\s-]{1,80}\|\*|%%[A-Za-z_]{2,40}%%|%recipient\.[\w.]+%")
BUTTON_WORDS = re.compile(
    r"(?:subscribe|sign up|join)(?: now| today| for free| here| to (?:the|our|my) newsletter)?"
    r"|share(?: this(?: post)?)?|leave a comment|upgrade(?: to paid)?|become a paid subscriber"
    r"|give a gift subscription|get \d+% off.*|get more from .*|refer a friend|forward this"
    r"|donate subscriptions|tweet(?: this)?|like this post",
    re.IGNORECASE,
)
BUTTON_CLASS = re.compile(r"\b(?:btn|button)")
UNSUBSCRIBE_WORDS = re.compile(
    r"unsubscribe(?: here| instantly| from this list)?"
    r"|(?:view|read|open) (?:this |it )?(?:e-?mail |newsletter )?in (?:(?:your|a|the) )?(?:web )?browser"
    r"|(?:update|manage|change)(?: your| my)?(?: e-?mail| subscription)? (?:preferences|settings)"
    r"|view (?:this )?(?:email |newsletter )?online|opt[- ]?out|(?:view (?:the )?)?web ?version"
    r"|(?:newsletter |e-?mail )?(?:im|in deinem|in ihrem) browser (?:ansehen|anzeigen|lesen|öffnen)"
    r"|(?:newsletter )?abbestellen"
    r"|(?:voir|afficher|lire|ouvrir) (?:cet e-?mail )?dans (?:le|votre|mon) navigateur|se (?:désabonner|désinscrire)"
    r"|ver (?:este (?:correo|email) )?en (?:el|tu|su) navegador|darse de baja|cancelar (?:la )?suscripción"
    r"|(?:visualizza|leggi|apri) (?:questa e-?mail )?nel (?:tuo )?browser|annulla l['’]iscrizione"
    r"|(?:bekijk|lees|open) (?:deze e-?mail )?in (?:je|uw|de) browser|uitschrijven",
    re.IGNORECASE,
)
UNSUBSCRIBE_URL = re.compile(
    r"[/?&=._-](?:unsubscribe|unsub|optout|opt-out|list-unsubscribe)(?:[/?&=._-]|$)", re.IGNORECASE
)
MAILING_URL = re.compile(r"\*\|(?:ARCHIVE|UNSUB|UPDATE_PROFILE|FORWARD|ABOUT_LIST|MC:TRANSLATE)[^|*]*\|\*")
"""A merge tag of Mailchimp for a page that belongs to a mailing or its list."""

PIXEL_URL = re.compile(
    r"//(?:[\w.-]*\.)?(?:list-manage\.com/track/open|mailgun\.org/o/|mandrillapp\.com/track/open|pixel\.wp\.com"
    r"|(?:www\.)?facebook\.com/tr\b|(?:www\.)?google-analytics\.com|doubleclick\.net|feeds\.feedburner\.com/~r/"
    r"|feedburner\.com/~|stats\.wordpress\.com|email\.mg\d*\.substack\.com/o/|eotrx\.substackcdn\.com/open)"
    r"|/open\.(?:php|gif|aspx)\b|/wf/open\b|/track/open\b|medium\.com/_/stat",
    re.IGNORECASE,
)
_BLANK = " \t\r\n\u00a0\u00ad\u034f\u2007\u200b\u200c\u200d\u2060\u2800\u3164\ufeff"
"""Spaces, and characters without a width or a shape."""

PLAYER_URL_PARAMETERS = {"cdn.embedly.com": ("url", "src"), "embedly.com": ("url", "src"), "cdn.iframe.ly": ("url",)}
"""Hosts of players that wrap another page, and the query parameters with its URL."""

HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
PREHEADER_STYLE = lazy_regex.compile(
    r"mso-hide|max-height\s*:\s*0|font-size\s*:\s*[01]px|opacity\s*:\s*0\b|visibility\s*:\s*hidden", re.IGNORECASE
)
PIXEL_STYLE = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)", re.IGNORECASE)


def clean_tree(tree: Element, base: str, dropped: Counter[str]) -> None:
    """Remove everything from a tree that is not part of the text, and count it by category.

    Afterwards the tree has no forms, frames, tracking pixels or hidden previews. Links and images have clean URLs,
    which are absolute if `base` is not "".
    """
    drop_text(tree, MERGE_TAG, "merge tag", dropped)
    _drop_hidden(tree, dropped)
    for element in list(tree.iter("iframe", "embed", "object", "video", "audio")):
        _link_media(element, base, dropped)
    _drop_unsubscribe_links(tree, dropped)
    _drop_buttons(tree, dropped)
    drop_all(tree.iter("button", "input", "select", "textarea", "option"), "form", dropped)
    for element in list(tree.iter("form", "fieldset", "label", "picture", "font", "wbr", "center")):
        unwrap(element)
    for source in list(tree.iter("source")):
        # The parser reads the siblings of a source as its content.
        unwrap(source)
    for noscript in list(tree.iter("noscript")):
        _unwrap_noscript(noscript)
    for image in list(tree.iter("img")):
        _clean_image(image, base, dropped)
    for link in list(tree.iter("a")):
        if not link.get("data-note"):
            _clean_link(link, base, dropped)
    _unwrap_layout_tables(tree)
    make_word_lists(tree, dropped)
    _drop_blank_blocks(tree, dropped)


def _drop_hidden(tree: Element, dropped: Counter[str]) -> None:
    for element in list(tree.iterdescendants("div", "span", "td", "p", "table", "tr")):
        style = element.get("style") or ""
        preview = has_class(element, "preheader", "mcnPreviewText", "preview-text", "email-preheader")
        if preview or (HIDDEN_STYLE.search(style) and PREHEADER_STYLE.search(style)):
            drop_all([element], "hidden preview text", dropped)


def _drop_unsubscribe_links(tree: Element, dropped: Counter[str]) -> None:
    for link in list(tree.iter("a")):
        text, target = words(link).strip(" .»>→|·"), (link.get("href") or "").strip()
        is_own = MAILING_URL.fullmatch(target) or (len(text) < 60 and UNSUBSCRIBE_URL.search(target))
        if is_own or UNSUBSCRIBE_WORDS.fullmatch(text):
            drop_with_empty_parents(link, "unsubscribe link", dropped)


def _drop_buttons(tree: Element, dropped: Counter[str]) -> None:
    for link in list(tree.iter("a")):
        names = link.get("class") or ""
        parent = link.getparent()
        around = parent.get("class") or "" if parent is not None else ""
        classes = f"{names} {around}"
        if BUTTON_CLASS.search(classes) and BUTTON_WORDS.fullmatch(words(link).strip(" .!»>→")):
            drop_with_empty_parents(link, "subscribe or share button", dropped)


def drop_with_empty_parents(element: Element, category: str, dropped: Counter[str]) -> None:
    """Remove an element, count it, and remove the blocks around it that have no words left."""
    parent = element.getparent()
    drop_all([element], category, dropped)
    while parent is not None and parent.getparent() is not None and not re.search(r"\w", words(parent)):
        if next(parent.iter("img", "hr"), None) is not None or parent.tag in ("td", "tr", "tbody", "table"):
            return
        element, parent = parent, parent.getparent()
        remove(element)


def _link_media(element: Element, base: str, dropped: Counter[str]) -> None:
    """Replace an embedded frame, video or audio with a link."""
    source = next(element.iter("source"), None)
    url = element.get("src") or element.get("data-src") or element.get("data") or ""
    if not url and source is not None:
        url = source.get("src") or ""
    url = clean_url(url, base, dropped)
    if not url.startswith(("http://", "https://", "//")) and (not url or element.tag in ("iframe", "embed", "object")):
        drop_all([element], f"{element.tag} without a link", dropped)
        return
    page_url, label = describe_embed(url)
    if element.tag in ("video", "audio"):
        label = {"video": "Video", "audio": "Audio"}[str(element.tag)]
    label = element.get("title") or label
    dropped[f"{element.tag} turned into a link"] += 1
    link = make("a", label, href=page_url)
    inside = next((a for a in element.iterancestors() if a.tag in ("p", "span", "a") or a.tag not in BLOCKS), None)
    replace(element, link if inside is not None else make("p", "", link))


def describe_embed(url: str) -> tuple[str, str]:
    """Return the URL of the page behind an embedded player, and a label for it."""
    full = _unwrap_player_url("https:" + url if url.startswith("//") else url)
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


def _unwrap_player_url(url: str) -> str:
    """Return the URL that a player of Embedly or Iframely wraps; other URLs are returned unchanged."""
    parts = urlsplit(url)
    names = PLAYER_URL_PARAMETERS.get(parts.hostname or "", ())
    shown = next((values[0] for name in names if (values := parse_qs(parts.query).get(name))), "")
    return shown if shown.startswith(("http://", "https://")) else url


def _unwrap_noscript(noscript: Element) -> None:
    """Unwrap a `noscript` element, or drop it next to the same image for browsers with scripts."""
    neighbours = (noscript.getprevious(), noscript.getnext())
    is_duplicate = any(node is not None and next(node.iter("img"), None) is not None for node in neighbours)
    remove(noscript) if is_duplicate else unwrap(noscript)


def _clean_image(image: Element, base: str, dropped: Counter[str]) -> None:
    source = image.get("src") or ""
    if (not source or source.startswith("data:image/gif;base64,R0lGOD")) and image.get("data-src"):
        source = image.get("data-src") or ""
    sizes = {image.get("width", "").removesuffix("px"), image.get("height", "").removesuffix("px")}
    style = image.get("style") or ""
    if sizes & {"0", "1"} or PIXEL_STYLE.search(style) or PIXEL_URL.search(source) or HIDDEN_STYLE.search(style):
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
    if url.startswith("data:") or (target and MERGE_TAG.fullmatch(target.strip())):
        url = ""
    if is_empty(link):
        if url and not url.startswith("#"):
            dropped["link without text"] += 1
        if link.get("id") or link.get("name"):
            link.attrib.pop("href", "")
        else:
            unwrap(link)
    elif url:
        link.set("href", url)
    else:
        if target and not (link.get("id") or link.get("name")):
            dropped["link with an unsafe or invalid URL"] += 1
        unwrap(link)


def _drop_blank_blocks(tree: Element, dropped: Counter[str]) -> None:
    """Drop paragraphs and headings with nothing but spaces that do not collapse, which editors write as a distance."""
    for block in list(tree.iter("p", "div", *HEADINGS)):
        if next(block.iterdescendants("img", "svg", "math", "code", *BLOCKS), None) is not None:
            continue
        text = "".join(map(str, block.itertext()))
        if text.strip(_BLANK) or not text.strip(" \t\r\n") or next(block.iterancestors("pre"), None) is not None:
            continue
        if not any(node.get(name) for node in block.iter() for name in ("id", "name", "data-note")):
            drop_all([block], "blank paragraph", dropped)


def _unwrap_layout_tables(tree: Element) -> None:
    """Replace layout tables, which e-mails use, with plain blocks."""
    for table in reversed(list(tree.iter("table"))):
        if _is_layout(table):
            for part in list(_own_parts(table, "tr", "tbody", "thead", "tfoot", "td", "th", "caption")):
                part.tag = "div"
            table.tag = "div"


def _own_parts(table: Element, *tags: str) -> Iterator[Element]:
    """Yield the parts of a table, but not those of a table within it."""
    return (part for part in table.iter(*tags) if next(part.iterancestors("table"), None) is table)


def _is_layout(table: Element) -> bool:
    if table.get("role") in ("presentation", "none"):
        return True
    if next(_own_parts(table, "th"), None) is not None:
        return False
    if max((len(row) for row in _own_parts(table, "tr")), default=0) <= 1:
        return True
    layout_content = ("table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "hr", "figure", "blockquote", "pre")
    if next(table.iterdescendants(*layout_content), None) is not None:
        return True
    return any(sum(1 for _ in cell.iter("p", "div")) > 1 for cell in table.iter("td"))


def drop_classes(tree: Element, categories: dict[str, tuple[str, ...]], dropped: Counter[str]) -> None:
    """Remove elements by their classes, counted by category; `categories` maps each category to its classes."""
    for category, names in categories.items():
        drop_all(find_class(tree, *names), category, dropped)
