"""Metadata: the plain values of front matter as a post, with every fault and doubt told."""

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache, partial
from typing import Any, Literal, TypeVar

from sitegen.config import ENGINES, Config
from sitegen.counts import read_count
from sitegen.dates import date_in_name, read_date, zone_named
from sitegen.digest import of_value
from sitegen.errors import Problem, SiteError
from sitegen.frontmatter import FrontMatter
from sitegen.keys import KEYS
from sitegen.model import FrozenDict, Post, Source, Term, freeze
from sitegen.permalinks import fill, locate, term
from sitegen.plain import INVISIBLE
from sitegen.slugs import check_path, check_slug, slugify
from sitegen.sources import check_url, likely_source, source_named

Kind = Literal["post", "page"]
Result = TypeVar("Result")

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a page that gives none: pages are ordered by title, and need no date."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ATX = re.compile(r"[ ]{0,3}#[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_SETEXT = re.compile(r"[ ]{0,3}=+[ \t]*")
_HEADING_ID = re.compile(r"\s*\{[:#][^}]*\}$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3}|`+)(\S(?:.*?\S)?)\1")


def read_post(
    front: FrontMatter,
    path: str,
    config: Config,
    sources: Mapping[str, Source],
    summary: str = "",
    kind: Kind = "post",
) -> tuple[Post, tuple[Problem, ...]]:
    """Return the post that front matter describes, and warnings.

    `path` is the file's below the site's root, `summary` that of the text, for a post that gives
    none. Dates without a zone are in the site's time zone. Raises SiteError with all problems.
    """
    values, problems, warnings = front.values, dict[str, Problem](), list[Problem]()

    def read(name: str, reader: Callable[[Any], Result], default: Result) -> Result:
        value = values.get(name)
        if value is None:
            return default
        try:
            return reader(value)
        except ValueError as error:
            problems[name] = front.problem(name, str(error), KEYS[name].hint)
            return default

    def refuse(name: str, message: str, hint: str) -> None:
        problems.setdefault(
            name, front.problem(name, message, hint) if name in values else _at_top(front, message, hint)
        )

    zone = zone_named(config.timezone)
    in_name, name = date_in_name(_name(path))
    title = read("title", _line, "") or _heading(front.text)
    if not title:
        refuse("title", "the post has no title", "add `title: …`, or begin the text with a heading: # …")
    day = read("date", partial(read_date, zone=zone), None)
    moment = day or (datetime.combine(in_name, time(), zone) if in_name else NO_DATE)
    if kind == "post" and moment is NO_DATE:
        refuse("date", "the post has no date", "add `date: 2024-05-01`, or begin the file's name with such a date")
    slug = read("slug", _slug, "") or slugify(name) or slugify(title)
    if not slug:
        refuse("slug", "neither the file's name nor the title has a letter for the address", "add `slug: …`")
    url, output, slug = _place(path, slug or "x", moment, config, kind, partial(refuse, "slug"))
    tag = partial(term, pattern=config.urls.tag, base_url=config.base_url)
    writer = partial(term, pattern=config.urls.author, base_url=config.base_url)
    nobody: tuple[Term, ...] = ()
    nowhere: tuple[str, ...] = ()
    authors = read("author", lambda value: (writer(_person(value)),), nobody) + read(
        "authors", lambda value: tuple(map(writer, _people(value))), nobody
    )
    source = read("source", lambda value: source_named(*_named(value), sources, config), None)
    read("markdown", _engine, "")
    fields: dict[str, Any] = {
        "path": path,
        "title": title,
        "slug": slug,
        "url": url,
        "output": output,
        "date": moment,
        "updated": read("updated", partial(read_date, zone=zone), None),
        "id": read("id", _line, ""),
        "authors": tuple(dict.fromkeys(authors)),
        "source": source,
        "source_url": read("source_url", lambda value: check_url(_line(value)), ""),
        "views": read("views", read_count, None),
        "comments": read("comments", read_count, None),
        "tags": read("tags", lambda value: tuple(dict.fromkeys(map(tag, _words(value)))), nobody),
        "summary": read("summary", _text, "") or summary,
        "image": read("image", _image, ""),
        "image_alt": read("image_alt", _line, ""),
        "issue": read("issue", _line, ""),
        "language": read("language", _language, ""),
        "draft": read("draft", _truth, False),
        "aliases": read("aliases", _paths, nowhere),
        "params": _params(front, read("params", _mapping, {}), refuse, warnings),
    }
    if problems:
        raise SiteError(problems.values())
    if source is not None and (likely := likely_source(source.name, tuple(sources))):
        message = f'the source "{source.name}" is not in sources.toml'
        warnings.append(front.problem("source", message, f'did you mean "{likely}"?'))
    return Post(**fields, digest=of_value(tuple(fields.values()))), tuple(warnings)


def _at_top(front: FrontMatter, message: str, hint: str) -> Problem:
    return Problem(front.path, 1, message, hint, front.excerpt(1))


def _name(path: str) -> str:
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder.rpartition("/")[2] if stem == "index" else stem


def _place(
    path: str, slug: str, moment: datetime, config: Config, kind: Kind, refuse: Callable[[str, str], None]
) -> tuple[str, str, str]:
    if kind == "page":
        inside = path.removeprefix(f"{config.content}/").partition("/")[2]
        folders = inside.split("/")[:-1]
        if inside.rpartition("/")[2].startswith("index."):
            folders = folders[:-1]
        slug = "/".join([*filter(None, map(slugify, folders)), slug])
        pattern = config.urls.page
    else:
        pattern = config.urls.post
    where = fill(pattern, slug=slug, year=f"{moment.year:04}", month=f"{moment.month:02}", day=f"{moment.day:02}")
    try:
        return *locate(where, config.base_url), slug
    except ValueError as error:
        refuse(str(error), "choose a shorter slug, or fewer folders")
        return "", "", slug


def _params(
    front: FrontMatter,
    given: Mapping[str, Any],
    refuse: Callable[[str, str, str], None],
    warnings: list[Problem],
) -> FrozenDict:
    others = {}
    for key, value in front.values.items():
        if key in KEYS:
            continue
        if key in given:
            refuse(key, f'the key "{key}" is given both in params and beside it', "keep one of the two")
        others[key] = value
        if meant := _meant(key):
            hint = f'did you mean "{meant}"?'
            warnings.append(front.problem(key, f'the key "{key}" is not known, and goes into params', hint))
    frozen: FrozenDict = freeze({**others, **given}) if others or given else _NOTHING
    return frozen


_NOTHING = FrozenDict()


@lru_cache(maxsize=4_096)
def _meant(key: str) -> str | None:
    # A closer match than for names of settings: others' generators have keys of their own, such as "subtitle".
    close = difflib.get_close_matches(key.casefold(), KEYS, n=1, cutoff=0.8)
    return close[0] if close else None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return INVISIBLE.sub("", value).strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    raise ValueError(f"{_kind(value)} is not text")


def _line(value: Any) -> str:
    return " ".join(_text(value).split())


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else f'"{value}"'


def _words(value: Any, separator: str = ",") -> tuple[str, ...]:
    parts = (
        [_line(item) for item in value]
        if isinstance(value, list)
        else _text(value).replace("\n", separator).split(separator)
    )
    return tuple(filter(None, (" ".join(part.split()) for part in parts)))


def _person(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
        if value is None:
            raise ValueError("an author has no name")
    name = _line(value)
    if not name:
        raise ValueError("an author's name is empty")
    return name


def _people(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(_person, value))
    if isinstance(value, dict):
        return (_person(value),)
    return _words(value, ";" if ";" in _text(value) else ",")


def _named(value: Any) -> tuple[str, str]:
    if not isinstance(value, dict):
        return _line(value), ""
    for key in value:
        if key not in ("name", "url"):
            raise ValueError(f'a source has no key "{key}"')
    if value.get("name") is None:
        raise ValueError("the source has no name")
    url = value.get("url")
    return _line(value["name"]), "" if url is None else check_url(_line(url))


def _slug(value: Any) -> str:
    return check_slug(_text(value))


def _paths(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(check_path(_text(item)) for item in items))


def _image(value: Any) -> str:
    image = _line(value)
    scheme = _SCHEME.match(image)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise ValueError(f'"{image[:100]}" is not an image\'s path or web address')
    return image


def _language(value: Any) -> str:
    language = _line(value)
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f'"{language[:100]}" is not a language')
    return language.replace("_", "-")


def _engine(value: Any) -> str:
    if value not in ENGINES:
        raise ValueError(f"{_kind(value)} is not a Markdown engine")
    return str(value)


def _truth(value: Any) -> bool:
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    if not isinstance(value, bool):
        raise ValueError(f"{_kind(value)} is neither true nor false")
    return value


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{_kind(value)} is not a mapping")
    return value


def _heading(text: str) -> str:
    """Return the text of the first-level heading that a text begins with, without its markup; "" if it has none."""
    rows = text.lstrip("\n").split("\n", 2)
    if match := _ATX.fullmatch(rows[0]):
        heading = match[1]
    elif len(rows) > 1 and rows[0].strip() and _SETEXT.fullmatch(rows[1]):
        heading = rows[0]
    else:
        return ""
    heading = _LINK.sub(r"\1", _HEADING_ID.sub("", heading.strip()))
    return _line(_EMPHASIS.sub(r"\2", heading))
