"""Converts the rich content of Wix (Ricos: a JSON tree of nodes) to HTML."""

from collections import Counter
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from sitegen.importers.archive.payload import Payload

MEDIA_URL = "https://static.wixstatic.com/media/"
MAX_DEPTH = 60
DECORATIONS = {"BOLD": "strong", "ITALIC": "em", "UNDERLINE": "u", "STRIKETHROUGH": "s"}
BLOCKS = {
    "PARAGRAPH": "p", "BULLETED_LIST": "ul", "ORDERED_LIST": "ol", "LIST_ITEM": "li", "BLOCKQUOTE": "blockquote",
    "TABLE": "table", "TABLE_ROW": "tr", "TABLE_CELL": "td", "CODE_BLOCK": "pre", "CAPTION": "figcaption",
    "COLLAPSIBLE_LIST": "div", "COLLAPSIBLE_ITEM": "div", "COLLAPSIBLE_ITEM_TITLE": "p",
    "COLLAPSIBLE_ITEM_BODY": "div", "LAYOUT": "div", "LAYOUT_CELL": "div",
}  # fmt: skip

IGNORED_KEYS = frozenset((
    "id", "style", "nodeStyle", "paragraphData", "paragraphStyle", "textStyle", "containerData", "metadata",
    "indentation", "width", "height", "duration", "options", "styles", "blockquoteData", "codeBlockData",
    "bulletedListData", "orderedListData", "tableData", "tableCellData", "captionData", "dividerData",
    "collapsibleListData", "fontWeightValue", "italicData", "underlineData", "rel", "target", "key", "colSpan",
    "disableExpand", "disableDownload", "layoutData", "layoutCellData", "private", "documentStyle", "lineStyle",
    "alignment",
))  # fmt: skip
"""Keys for the appearance of a node."""

Node = Mapping[str, Any]


def write_ricos(document: Any, dropped: Counter[str] | None = None) -> str:
    """Return the HTML of a Ricos document (`{"nodes": [...]}`); raise ValueError if it is invalid.

    Counts the nodes without text and without an equivalent in HTML, such as polls, in `dropped` by category.
    """
    nodes = document.get("nodes") if isinstance(document, Mapping) else None
    if not isinstance(nodes, list):
        raise ValueError("the rich content has no nodes")
    dropped = Counter() if dropped is None else dropped
    payload = Payload({"nodes": nodes}, "Wix's rich content", IGNORED_KEYS)
    html = _write_all(payload["nodes"], 0, dropped)
    for name in payload.unread():
        # Nodes are nested in nodes: report only the key and its data object.
        dropped[f"`{'.'.join(part for part in name.split('.') if part != 'nodes')}` of {payload.record_type}"] += 1
    return html


def _write_all(nodes: Any, depth: int, dropped: Counter[str]) -> str:
    if depth > MAX_DEPTH:
        raise ValueError("the rich content is nested too deep")
    return (
        "".join(_write(node, depth + 1, dropped) for node in nodes if isinstance(node, Mapping))
        if isinstance(nodes, list)
        else ""
    )


def _write(node: Node, depth: int, dropped: Counter[str]) -> str:
    node_type = str(node.get("type", ""))
    inner = _write_all(node.get("nodes"), depth, dropped)
    if node_type in BLOCKS:
        return f"<{BLOCKS[node_type]}>{inner}</{BLOCKS[node_type]}>"
    writer = _WRITERS.get(node_type)
    html = writer(node, inner) if writer else inner
    if writer is None and html:
        dropped[f"Wix's {node_type.lower().replace('_', ' ')[:40]} (text imported)"] += 1
    if not html and node_type != "TEXT":
        dropped[f"Wix's {node_type.lower().replace('_', ' ')[:40]}"] += 1
    return html


def _text(node: Node, _: str) -> str:
    data = _data(node, "textData")
    html = escape(str(data.get("text", "")), quote=False).replace("\n", "<br>")
    for decoration in data.get("decorations") or ():
        if not isinstance(decoration, Mapping) or not html.strip():
            continue
        decoration_type = decoration.get("type")
        if (
            decoration_type in DECORATIONS
            and decoration.get("fontWeightValue", 700) != 400
            and decoration.get("italicData", True)
        ):
            html = f"<{DECORATIONS[decoration_type]}>{html}</{DECORATIONS[decoration_type]}>"
        elif decoration_type in ("SUPERSCRIPT", "SUBSCRIPT"):
            html = f"<{decoration_type[:3].lower()}>{html}</{decoration_type[:3].lower()}>"
        elif decoration_type == "LINK" and (url := _url(_data(decoration, "linkData").get("link"))):
            html = f'<a href="{escape(url)}">{html}</a>'
    return html


def _heading(node: Node, inner: str) -> str:
    level = _data(node, "headingData").get("level", 2)
    level = level if isinstance(level, int) and 1 <= level <= 6 else 2
    return f"<h{level}>{inner}</h{level}>"


def _image(node: Node, inner: str) -> str:
    data = _data(node, "imageData")
    return _figure(data, _data(data, "image"), str(data.get("altText") or ""), inner, data.get("caption"))


def _figure(holder: Node, media: Node, alt: str, inner: str, caption: Any) -> str:
    source = media_url(_data(media, "src"))
    if not source:
        return inner
    size = "".join(f' {name}="{media[name]}"' for name in ("width", "height") if isinstance(media.get(name), int))
    image = f'<img src="{escape(source)}" alt="{escape(alt)}"{size}>'
    if url := _url(holder.get("link")):
        image = f'<a href="{escape(url)}">{image}</a>'
    if "<figcaption>" not in inner and caption:
        inner += f"<figcaption>{escape(str(caption))}</figcaption>"
    return f"<figure>{image}{inner}</figure>"


def _gif(node: Node, inner: str) -> str:
    data = _data(node, "gifData")
    url = str(_data(data, "original").get("gif") or _data(data, "downsized").get("gif") or "")
    alt = escape(str(data.get("title") or ""))
    return f'<figure><img src="{escape(url)}" alt="{alt}">{inner}</figure>' if url else inner


def _gallery(node: Node, inner: str) -> str:
    html = ""
    for item in _data(node, "galleryData").get("items") or ():
        if isinstance(item, Mapping):
            image = _data(item, "image")
            alt = str(item.get("altText") or item.get("title") or "")
            html += _figure(item, _data(image, "media"), alt, "", item.get("title"))
    return html + inner


def _media(node: Node, inner: str) -> str:
    candidates = (node.get(name) for name in ("videoData", "audioData", "fileData"))
    data: Node = next((value for value in candidates if isinstance(value, Mapping)), {})
    part = next((data[name] for name in ("video", "audio") if isinstance(data.get(name), Mapping)), data)
    url = str(_data(part, "src").get("url") or "")
    if url and not url.startswith(("http://", "https://")):
        url = f"https://video.wixstatic.com/{url.lstrip('/')}"
    name = str(
        data.get("title") or data.get("name") or {"VIDEO": "Video", "AUDIO": "Audio"}.get(str(node.get("type")), "File")
    )
    return f'<p><a href="{escape(url)}">{escape(name)}</a></p>{inner}' if url else inner


def _html(node: Node, inner: str) -> str:
    data = _data(node, "htmlData")
    if url := data.get("url"):
        return f'<iframe src="{escape(str(url))}"></iframe>{inner}'
    return str(data.get("html") or "") + inner


def _link(node: Node, inner: str) -> str:
    for name in ("linkPreviewData", "buttonData", "embedData", "appEmbedData"):
        data = _data(node, name)
        url = _url(data.get("link")) or str(data.get("src") or data.get("url") or "")
        if url:
            text = str(data.get("title") or data.get("text") or data.get("name") or url)
            return f'<p><a href="{escape(url)}">{escape(text)}</a></p>{inner}'
    return inner


_WRITERS: Mapping[str, Callable[[Node, str], str]] = {
    "TEXT": _text,
    "HEADING": _heading,
    "DIVIDER": lambda _, __: "<hr>",
    "IMAGE": _image,
    "GIF": _gif,
    "GALLERY": _gallery,
    "VIDEO": _media,
    "AUDIO": _media,
    "FILE": _media,
    "HTML": _html,
    "LINK_PREVIEW": _link,
    "BUTTON": _link,
    "EMBED": _link,
    "APP_EMBED": _link,
}


def media_url(source: Node) -> str:
    """Return the URL of an image in the media manager of Wix, by its URL or its id."""
    url, name = str(source.get("url") or ""), str(source.get("id") or "")
    if url.startswith(("http://", "https://")):
        return url
    return MEDIA_URL + (name or url) if name or url else ""


def _data(node: Any, name: str) -> Node:
    value = node.get(name) if isinstance(node, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _url(link: Any) -> str:
    if isinstance(link, str):
        return link
    return (
        str(link.get("url") or (f"#{link['anchor']}" if link.get("anchor") else ""))
        if isinstance(link, Mapping)
        else ""
    )
