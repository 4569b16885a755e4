"""Counts dropped attributes of untrusted HTML that could hold content: custom attributes, `cite`, `srcdoc`."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from sitegen.importers.archive.payload import MAX_NAME_CHARACTERS, holds_content

_HTML = (
    "abbr accept accept-charset accesskey action align alink allow allowfullscreen allowtransparency alt as async"
    " autocapitalize autocomplete autofocus autoplay axis background bgcolor border cellpadding cellspacing char"
    " charoff charset checked class classid clear code codebase codetype color cols colspan compact content"
    " contenteditable controls coords crossorigin data datetime decoding default defer dir disabled download draggable"
    " enctype enterkeyhint face fetchpriority for form formaction frame frameborder headers height hidden high href"
    " hreflang hspace http-equiv id imagesizes imagesrcset inert inputmode integrity is ismap kind lang language"
    " leftmargin link list loading loop low lowsrc marginheight marginwidth max maxlength media method min minlength"
    " mozallowfullscreen multiple muted name nohref nonce noshade novalidate nowrap object open optimum part pattern"
    " ping placeholder playsinline popover preload profile readonly referrerpolicy rel required rev reversed role rows"
    " rowspan rules sandbox scheme scope scrolling selected shape size sizes slot span spellcheck src srclang srcset"
    " standby start step style tabindex target text title topmargin translate type usemap valign value valuetype"
    " version vlink vspace webkitallowfullscreen width wrap"
)
_METADATA = "about datatype inlist itemid itemprop itemref itemscope itemtype prefix property resource typeof vocab"
_SVG = (
    "clip-path clip-rule cx cy d enable-background fill fill-opacity fill-rule filter font-family font-size"
    " gradienttransform gradientunits marker-end markerheight markerwidth mask offset opacity orient points"
    " preserveaspectratio r refx refy rx ry stop-color stop-opacity stroke stroke-dasharray stroke-linecap stroke-"
    " linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor transform viewbox x x1 x2 y y1 y2"
)
_SETTINGS = frozenset(f"{_HTML} {_METADATA} {_SVG}".split())
"""Attributes that are not content, or whose content the converter reads."""

_SETTING_PREFIXES = ("data-", "on", "aria-", "xmlns", "xml:", "xlink:", "v-", "ng-", "x-", "@", ":", "fb-", "mc:")
"""Prefixes of attributes that are counted elsewhere, run scripts, or describe the user interface of a page."""

_ATTRIBUTE_NAME = re.compile(r"\s([A-Za-z_@:][\w.:@-]{0,80}+)\s?=\s?[\"']")
_START_TAG_NAME = re.compile(r"<([A-Za-z][\w:-]{0,80})")
_SKIPPED_DELIMITER = re.compile(r"<(/?)(svg|math|script|style|template)\b|<!--|-->", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\s([A-Za-z_@:][\w:.@-]{0,80}+)\s?=\s?(?:\"([^\"]{0,10000})\"|'([^']{0,10000})')")
MAX_TAG_CHARACTERS = 10_000
"""Length of a start tag up to which its name is searched for."""


def count_hidden_attributes(html: str, dropped: Counter[str]) -> None:
    """Count the attributes that could hold content and that the sanitiser removes, by name and element.

    Attributes inside of SVG, MathML, scripts, styles, templates and comments are ignored.
    """
    unknown_names = {name for name in set(_ATTRIBUTE_NAME.findall(html)) if _is_unknown(name.lower())}
    if not unknown_names:
        return
    starts, ends = _find_skipped_spans(html)
    for match in _ATTRIBUTE.finditer(html):
        if match[1] not in unknown_names or not holds_content(match[2] or match[3] or ""):
            continue
        at = match.start()
        before = html.rfind("<", max(0, at - MAX_TAG_CHARACTERS), at)
        tag = _START_TAG_NAME.match(html, before) if before >= 0 else None
        if tag is not None and ">" not in html[before:at] and not _is_within(at, starts, ends):
            dropped[f"`{match[1].lower()[:MAX_NAME_CHARACTERS]}` of <{tag[1].lower()}>"] += 1


def _is_unknown(name: str) -> bool:
    return name not in _SETTINGS and not name.startswith(_SETTING_PREFIXES)


def _find_skipped_spans(html: str) -> tuple[list[int], list[int]]:
    """Return the starts and the ends of SVG, MathML, scripts, styles, templates and comments."""
    starts: list[int] = []
    ends: list[int] = []
    inside = ""
    for match in _SKIPPED_DELIMITER.finditer(html):
        delimiter = match[0].lower() if match[2] is None else match[2].lower()
        if inside:
            if delimiter == "-->" if inside == "<!--" else match[1] == "/" and delimiter == inside:
                ends.append(match.end())
                inside = ""
        elif delimiter != "-->" and match[1] != "/":
            inside = delimiter
            starts.append(match.start())
    return starts, [*ends, len(html)] if inside else ends


def _is_within(at: int, starts: Sequence[int], ends: Sequence[int]) -> bool:
    number = bisect_right(starts, at) - 1
    return number >= 0 and at < ends[number]
