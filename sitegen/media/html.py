"""Write the HTML of images, with all formats and widths, sizes, lazy loading and captions."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape

from msgspec import Struct

from sitegen.config.schema import Images
from sitegen.formats import lazy_regex
from sitegen.formats.html_elements import ATTRIBUTE_NAME, ATTRIBUTE_VALUE
from sitegen.media.image_facts import MEDIA_TYPES
from sitegen.media.image_sets import ImageSet, Variant

FEED_WIDTH = 600
"""The largest width at which feed readers and mail programs show an image, in pixels."""

_ATTRIBUTES = r"""(?:[^"'<>]|"[^"]*"|'[^']*'|(?!))*+"""
_IMG = rf"<img\s{_ATTRIBUTES}>"
# Each pattern begins with one character: `re` finds that many times faster than the beginnings of alternatives.
_TOKEN = lazy_regex.compile(
    rf"""<(?=[!/ipstx])(?:!--.*?(?:-->|\Z)
    |(?P<raw>script|style|textarea|xmp|template)(?=[\s>]){_ATTRIBUTES}>.*?(?:</(?P=raw)|\Z)
    |(?P<gallery>p\ class="gallery">.*?(?:</p>|\Z))
    |p>(?P<link><a\s{_ATTRIBUTES}>)?(?P<alone>{_IMG})(?(link)</a>)</p>
    |(?P<picture>/?picture)(?=[\s>])
    |(?P<img>{_IMG[1:]}))""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_IMG_ANYWHERE = lazy_regex.compile(
    rf"<(?:!--.*?(?:-->|\Z)|(?P<raw>script|style)(?=[\s>]).*?(?:</(?P=raw)|\Z)|(?P<img>{_IMG[1:]}))",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = lazy_regex.compile(rf"({ATTRIBUTE_NAME})(?:\s*=\s*{ATTRIBUTE_VALUE})?")
_INTEGER = re.compile(r"[1-9][0-9]{0,4}")
LAYOUTS = ("wide", "full")
"""The classes of images that are wider than the text."""

_SCREEN_SIZES = "(min-resolution: 2.5dppx) 67vw, 100vw"
"""The size of an image that is as wide as a phone.

At the distance of a phone, three pixels for each CSS pixel look like two, but their file has twice as many bytes. So
screens with three ask for two thirds of the width.
"""

GALLERY_SIZES = "(min-width: 692px) 300px, (min-resolution: 2.5dppx) 34vw, 50vw"
LAYOUT_SIZES = {"full": _SCREEN_SIZES, "wide": f"(min-width: 928px) 896px, {_SCREEN_SIZES}"}
"""The sizes of images in galleries, and of those that are wider than the text, by their layout."""

MIN_TONE_RATIO = 1.2
"""The ratio of width to height from which an image is as wide as its box in every layout of the theme."""

MARGIN, MIN_SCREEN = 32, 320
"""The margins beside a post on narrow screens, and the width of the narrowest screens, in pixels."""

MIN_PRIORITY_WIDTH = 100
"""An image that is narrower than this many pixels is an icon, and not the first image that a reader sees."""


class KnownImage(Struct, frozen=True):
    """What is known of an image of the site: its media type, width and height, and its variants if it was encoded."""

    type: str
    width: int
    height: int
    image_set: ImageSet | None = None


FindImage = Callable[[str], KnownImage | None]
"""Returns what is known of the image at a URL, as it is written in HTML, without entities."""


class ImageWriter(Struct, frozen=True):
    """Writes the HTML of images by the settings of a site; `sizes` is the attribute of images in posts.

    `measure` is the width of a post's column in pixels.
    """

    settings: Images
    measure: int
    find: FindImage

    def show(self, html: str, *, first: bool) -> str:
        """Return the HTML of a post for its page; `first` says that no image comes before it.

        Attributes that the author wrote do not change. An image on its own with a title becomes a figure.
        """
        return _Pass(self, waits=first).run(html) if "<img" in html or "<IMG" in html else html

    def write_image(
        self, url: str, attributes: Mapping[str, str], sizes: str = "", layout: str = "", *, first: bool = False
    ) -> str:
        """Return the HTML of an image of the theme with some attributes.

        `sizes` is by default that of images in posts with the layout, "" for the width of the text.
        """
        sizes = sizes or self.settings.sizes or LAYOUT_SIZES.get(layout, "")
        return _Pass(self, waits=first, sizes=sizes).write({"src": url, **attributes})

    def show_in_feed(self, html: str) -> str:
        """Return the HTML of a post for feeds: images that feed readers show, in a size that they can use."""
        return _IMG_ANYWHERE.sub(self._replace_in_feed, html) if "<img" in html else html

    def share_url(self, url: str) -> str:
        """Return the URL of the JPEG or PNG for feeds and previews of the image at a URL."""
        known = self.find(url)
        shared = known.image_set.share() if known and known.image_set else None
        return shared.url if shared else url

    def _replace_in_feed(self, match: re.Match[str]) -> str:
        attributes = _read_attributes(match[0]) if match["img"] else {}
        known = self.find(attributes["src"]) if attributes.get("src") else None
        if known is None or known.image_set is None:
            return match[0]
        shared = known.image_set.share()
        attributes.pop("srcset", "")
        attributes.pop("sizes", "")
        if shared:
            attributes["src"] = shared.url
        width = min(_to_int(attributes.get("width", "")) or known.width, FEED_WIDTH)
        attributes |= {"width": str(width), "height": str(max(1, round(known.height * width / known.width)))}
        return _write_tag(attributes)


class _Pass:
    """One pass over the HTML of a page; `waits` says that its first image has not been seen yet."""

    def __init__(self, writer: ImageWriter, *, waits: bool, sizes: str = "") -> None:
        self.writer, self.settings = writer, writer.settings
        self.waits, self.sizes = waits, sizes
        self.is_in_sources = False

    def run(self, html: str) -> str:
        return _TOKEN.sub(self._replace, html)

    def _replace(self, match: re.Match[str]) -> str:
        if match["gallery"]:
            return self._show_gallery(match[0])
        if match["picture"]:
            self.is_in_sources = not match["picture"].startswith("/")
            return match[0]
        if match["img"]:
            return self.write(_read_attributes(match[0]))
        if not match["alone"]:
            return match[0]
        attributes = _read_attributes(match["alone"])
        title = attributes.get("title", "").strip() if self.settings.captions else ""
        if title:
            attributes.pop("title")
        link, end = (match["link"], "</a>") if match["link"] else ("", "")
        image = f"{link}{self.write(attributes)}{end}"
        if not title:
            return f"<p>{image}</p>"
        return (
            f"<figure{_write_layout(attributes)}>{image}<figcaption>{escape(title, quote=False)}</figcaption></figure>"
        )

    def _show_gallery(self, html: str) -> str:
        before, self.sizes = self.sizes, self.settings.sizes or GALLERY_SIZES
        shown = _IMG_ANYWHERE.sub(
            lambda match: self.write(_read_attributes(match[0])) if match["img"] else match[0], html
        )
        self.sizes = before
        return shown

    def write(self, attributes: dict[str, str]) -> str:
        """Return an image with the attributes that its author wrote and those that are derived from the file."""
        known = self.writer.find(attributes["src"]) if attributes.get("src") else None
        if known is not None:
            _add_size(attributes, known)
        self._add_loading(attributes)
        image_set = known.image_set if known else None
        if known is None or image_set is None or self.is_in_sources or "srcset" in attributes:
            return _write_tag(attributes)
        # A portrait may be narrower than its box, beside which the color would stay.
        if image_set.facts.tone and known.width >= MIN_TONE_RATIO * known.height:
            red, green, blue = tuple(image_set.facts.tone)
            names = [attributes.get("class", ""), "tone", f"tone-r{red}", f"tone-g{green}", f"tone-b{blue}"]
            attributes["class"] = " ".join(filter(None, names))
        sizes = self.sizes or self._find_sizes(attributes, known)
        own = _original_format(image_set)
        sources = []
        for name, variants in _by_format(image_set).items():
            candidates = _write_candidates(variants)
            if name == own:
                attributes |= {"srcset": candidates, "sizes": sizes}
            else:
                sources.append(
                    f'<source type="{MEDIA_TYPES[name]}" srcset="{escape(candidates)}" sizes="{escape(sizes)}">'
                )
        tag = _write_tag(attributes)
        layout = _write_layout(attributes)
        return f"<picture{layout}>{''.join(sources)}{tag}</picture>" if sources else tag

    def _add_loading(self, attributes: dict[str, str]) -> None:
        if not self.settings.lazy or "loading" in attributes:
            return
        width = _to_int(attributes.get("width", "0"))
        if self.waits and (width is None or not 0 < width < MIN_PRIORITY_WIDTH):
            self.waits = False
            attributes.setdefault("fetchpriority", "high")
            return
        attributes["loading"] = "lazy"
        attributes.setdefault("decoding", "async")

    def _find_sizes(self, attributes: Mapping[str, str], known: KnownImage) -> str:
        if self.settings.sizes:
            return self.settings.sizes
        classes = attributes.get("class", "").split()
        for layout, sizes in LAYOUT_SIZES.items():
            if layout in classes:
                return sizes
        shown = min(_to_int(attributes.get("width", "")) or known.width, self.writer.measure)
        return f"(min-width: {shown + MARGIN}px) {shown}px, {_SCREEN_SIZES}" if shown > MIN_SCREEN else f"{shown}px"


def _read_attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag, the first of each name, without entities."""
    attributes: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(tag[4:-1]):
        attributes.setdefault(name.lower(), unescape("".join(values)))
    return attributes


def _write_tag(attributes: Mapping[str, str]) -> str:
    return f"<img{''.join([_write_attribute(*item) for item in attributes.items()])}>"


def _write_layout(attributes: Mapping[str, str]) -> str:
    """Return the attribute of what encloses an image, with those of its classes that make it wider than the text."""
    names = [name for name in LAYOUTS if name in attributes.get("class", "").split()]
    return f' class="{names[0]}"' if names else ""


def _write_attribute(name: str, value: str) -> str:
    # `html.escape` would replace apostrophes too, which alternative texts contain often.
    value = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return f' {name}="{value}"'


def _add_size(attributes: dict[str, str], known: KnownImage) -> None:
    """Add width and height; the author may have written one of them, from which the other follows."""
    if not (known.width and known.height):
        return
    width, height = attributes.get("width"), attributes.get("height")
    if width is None and height is None:
        attributes |= {"width": str(known.width), "height": str(known.height)}
    elif height is None and (pixels := _to_int(width or "")):
        attributes["height"] = str(max(1, round(pixels * known.height / known.width)))
    elif width is None and (pixels := _to_int(height or "")):
        attributes["width"] = str(max(1, round(pixels * known.width / known.height)))


def _to_int(value: str) -> int | None:
    return int(value) if _INTEGER.fullmatch(value) else None


def _by_format(image_set: ImageSet) -> dict[str, list[Variant]]:
    """Return the variants for pages by format, in the order in which browsers are offered them."""
    found: dict[str, list[Variant]] = {}
    for variant in image_set.variants:
        if variant.encoding.purpose == "page":
            found.setdefault(variant.encoding.format, []).append(variant)
    return found


def _original_format(image_set: ImageSet) -> str:
    return next((name for name, media in MEDIA_TYPES.items() if media == image_set.facts.type), "")


def _write_candidates(variants: list[Variant]) -> str:
    return ", ".join(f"{variant.url} {variant.encoding.width}w" for variant in variants)
