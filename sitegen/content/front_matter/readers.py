"""Convert values of front matter to the types of a post's attributes; readers raise ValueError with the cause."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from sitegen.config.schema import BROKEN_LINKS, ENGINES, IMAGE_LAYOUTS, MENUS
from sitegen.content.sources import check_url
from sitegen.formats import lazy_regex
from sitegen.formats.characters import INVISIBLE
from sitegen.formats.slugs import check_path, check_slug
from sitegen.formats.urls import SCHEME, is_parseable

_MAX_HEADING_CHARACTERS = 1000
_NUMBER = lazy_regex.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_MAX_NUMBER = 10**12
_LANGUAGE = lazy_regex.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_ATX = lazy_regex.compile(r"[ ]{0,3}#[ \t]++(.*)")
_SETEXT = lazy_regex.compile(r"[ ]{0,3}=+[ \t]*")
_HEADING_ID = lazy_regex.compile(r"\s*\{[:#][^}]*\}$")
_LINK = lazy_regex.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = lazy_regex.compile(r"(\*{1,3}|_{1,3}|`++)(\S(?:.*?\S)?)\1")


def is_set(value: Any) -> bool:
    """Return whether a key has a value: editors write an empty string for an empty field of a form."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def read_text(value: Any) -> str:
    """Return a string, number or date as a string without invisible characters."""
    if isinstance(value, str):
        return (value if value.isprintable() else INVISIBLE.sub("", value)).strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if value is None:
        raise ValueError("an item is empty: without quotes, null means empty")
    raise ValueError(f"{_describe(value)} is not text")


def read_line(value: Any) -> str:
    """Return a string on one line, with single spaces."""
    return " ".join(read_text(value).split())


def _describe(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else f'"{value}"'


def read_words(value: Any, separator: str = ",") -> tuple[str, ...]:
    """Return the items of a list, or of a string with separators, without empty ones."""
    parts = (
        [read_line(item) for item in value]
        if isinstance(value, list)
        else read_text(value).replace("\n", separator).split(separator)
    )
    return tuple(filter(None, (" ".join(part.split()) for part in parts)))


def read_person(value: Any) -> str:
    """Return the name of an author: a string, or a mapping with a name."""
    if isinstance(value, dict):
        value = value.get("name")
        if value is None:
            raise ValueError("an author has no name")
    name = read_line(value)
    if not name:
        raise ValueError("an author's name is empty")
    return name


def read_people(value: Any) -> tuple[str, ...]:
    """Return the names of a list of authors, or of a string with commas or semicolons between them."""
    if isinstance(value, list):
        return tuple(map(read_person, value))
    if isinstance(value, dict):
        return (read_person(value),)
    return read_words(value, ";" if ";" in read_text(value) else ",")


def read_source(value: Any) -> tuple[str, str]:
    """Return the name of a source, and its URL if the value is a mapping that has one."""
    if not isinstance(value, dict):
        return read_line(value), ""
    for key in value:
        if key not in ("name", "url"):
            raise ValueError(f'a source has no key "{key}"')
    if value.get("name") is None:
        raise ValueError("the source has no name")
    url = value.get("url")
    return read_line(value["name"]), "" if url is None else check_url(read_line(url))


def read_slug(value: Any) -> str:
    """Return a valid slug."""
    return check_slug(read_text(value))


def read_menu(value: Any) -> str:
    """Return where every page links to a page: one of MENUS."""
    menu = read_line(value)
    if menu not in MENUS:
        raise ValueError(f'"{menu}" is not a menu')
    return menu


def read_image_layout(value: Any) -> str:
    """Return how wide the image above a post is: one of IMAGE_LAYOUTS."""
    layout = read_line(value)
    if layout not in IMAGE_LAYOUTS:
        raise ValueError(f'"{layout}" is not a layout of images')
    return layout


def read_number(value: Any) -> float:
    """Return a number, which may have decimals."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)  # header lines have only strings
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_MAX_NUMBER <= value <= _MAX_NUMBER:
        raise ValueError(f"{_describe(value)} is not a number")
    return float(value)


def read_whole_or_decimal(value: Any) -> int | float:
    """Return a number as it is shown: a whole number without decimals."""
    number = read_number(value)
    return int(number) if number.is_integer() else number


def read_parent(value: Any) -> str:
    """Return the slug of the page above a page, "/" for the home page."""
    parent = read_line(value)
    slug = parent.strip("/")
    if not parent:
        raise ValueError("the slug of the page above is empty")
    return slug or "/"


def read_paths(value: Any) -> tuple[str, ...]:
    """Return the paths of a list, or of a single value, each once."""
    return tuple(dict.fromkeys(map(check_path, path_texts(value))))


def path_texts(value: Any) -> list[str]:
    """Return the paths of a list, or of a single value, as they are written."""
    return [read_text(item) for item in (value if isinstance(value, list) else [value])]


def read_image(value: Any) -> str:
    """Return the path or URL of an image."""
    image = read_line(value)
    scheme = SCHEME.match(image)
    if (scheme and scheme[1].lower() not in ("http", "https")) or not is_parseable(image):
        raise ValueError(f'"{image[:100]}" is not the path or URL of an image')
    return image


def check_enclosures(value: object) -> None:
    """Raise ValueError for an enclosure whose URL cannot be parsed: a URL, a table with `url`, or a list of these."""
    for part in value if isinstance(value, tuple) else (value,):
        url = str((part.get("url") if isinstance(part, Mapping) else part) or "")
        if not is_parseable(url):
            raise ValueError(f"`{url[:100]}` is not a path or URL")


def read_language(value: Any) -> str:
    """Return a language tag (BCP 47), with hyphens."""
    language = read_line(value)
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f'"{language[:100]}" is not a language')
    return language.replace("_", "-")


def read_engine(value: Any) -> str:
    """Return the name of a Markdown engine."""
    if value not in ENGINES:
        raise ValueError(f"{_describe(value)} is not a Markdown engine")
    return str(value)


def read_severity(value: Any) -> str:
    """Return the severity of broken links."""
    if value not in BROKEN_LINKS:
        raise ValueError(f"{_describe(value)} is not a severity")
    return str(value)


def read_truth(value: Any) -> bool:
    """Return a boolean; "true" and "false" count too, because header lines have only strings."""
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    if not isinstance(value, bool):
        raise ValueError(f"{_describe(value)} is neither true nor false")
    return value


def read_mapping(value: Any) -> dict[str, Any]:
    """Return a mapping unchanged."""
    if not isinstance(value, dict):
        raise ValueError(f"{_describe(value)} is not a mapping")
    return value


def find_heading(text: str) -> str:
    """Return the first-level heading at the start of Markdown, without markup, or ""."""
    rows = text.lstrip("\n").split("\n", 2)
    if match := _ATX.fullmatch(rows[0]):
        heading = match[1].rstrip(" \t")
        before = heading.rstrip("#")
        if before.endswith((" ", "\t")):  # a closing sequence (CommonMark, section 4.2)
            heading = before
    elif len(rows) > 1 and rows[0].strip() and _SETEXT.fullmatch(rows[1]):
        heading = rows[0]
    else:
        return ""
    if len(heading) > _MAX_HEADING_CHARACTERS:
        return ""
    heading = _LINK.sub(r"\1", _HEADING_ID.sub("", heading.strip()))
    return read_line(_EMPHASIS.sub(r"\2", heading))
