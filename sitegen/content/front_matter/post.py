"""Metadata: the plain values of front matter as a post, with every fault and doubt told."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from functools import lru_cache, partial
from typing import Any, Literal, TypeVar

from sitegen.config.schema import Config, base_path
from sitegen.content.front_matter.counts import read_count
from sitegen.content.front_matter.fields import KEYS
from sitegen.content.front_matter.readers import (
    check_enclosures,
    find_heading,
    path_texts,
    read_engine,
    read_image,
    read_language,
    read_line,
    read_mapping,
    read_paths,
    read_people,
    read_person,
    read_severity,
    read_slug,
    read_source,
    read_text,
    read_truth,
    read_words,
)
from sitegen.content.front_matter.split import FrontMatter
from sitegen.content.permalinks import fill, locate, name_term
from sitegen.content.sources import check_url, likely_source, source_named
from sitegen.errors import Problem, SiteError
from sitegen.formats.dates import date_in_name, read_date, zone_named
from sitegen.formats.site_urls import file_url
from sitegen.formats.slugs import check_path, slugify
from sitegen.formats.visibility import Date, read_visibility
from sitegen.model import FrozenDict, Post, Reference, Source, Term, freeze
from sitegen.system.fingerprints import of_value

Kind = Literal["post", "page"]
Result = TypeVar("Result")

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""The date of a page that gives none: pages are ordered by title, and need no date."""


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
        if name in values:
            problem = front.problem(name, message, hint)
        elif written := next((key for key in values if key not in KEYS and _meant(key) == name), ""):
            problem = front.problem(written, f"{message}: `{written}` is not a key", f'did you mean "{name}"?')
        else:
            problem = _at_top(front, message, hint)
        problems.setdefault(name, problem)

    def limit(dates: Iterable[Date]) -> Iterator[datetime]:
        for item in dates:
            try:
                yield read_date(item.value, zone)
            except ValueError as error:
                if item.strict:
                    problems[item.key] = front.problem(item.key, str(error), KEYS["date"].hint)

    zone, base = zone_named(config.timezone), base_path(config)
    in_name, name = date_in_name(_name(path))
    title = read("title", read_line, "") or find_heading(front.text)
    if not title:
        refuse("title", "the post has no title", "add `title: …`, or begin the text with a heading: # …")
    day = read("date", partial(read_date, zone=zone), None)
    moment = day or (datetime.combine(in_name, time(), zone) if in_name else NO_DATE)
    visibility = read_visibility(values)
    # A draft gets its date when it is published: an export that lost the date must not stop the build.
    if kind == "post" and moment is NO_DATE and not visibility.reason:
        refuse("date", "the post has no date", "add `date: 2024-05-01`, or begin the file's name with such a date")
    slug = read("slug", read_slug, "") or slugify(name) or slugify(title)
    if not slug:
        refuse("slug", "neither the file's name nor the title has a letter for the address", "add `slug: …`")
    url, output, slug = _place(path, slug or "x", moment, config, kind, partial(refuse, "slug"))
    tag = partial(name_term, pattern=config.urls.tag, base=base)
    writer = partial(name_term, pattern=config.urls.author, base=base)
    nobody: tuple[Term, ...] = ()
    nowhere: tuple[str, ...] = ()
    byline = _default_byline(values, config, kind)
    authors = read("author", lambda value: (writer(read_person(value)),), tuple(map(writer, byline))) + read(
        "authors", lambda value: tuple(map(writer, read_people(value))), nobody
    )
    source = read("source", lambda value: source_named(*read_source(value), sources, config), None)
    read("markdown", read_engine, "")
    fields: dict[str, Any] = {
        "path": path,
        "title": title,
        "slug": slug,
        "url": url,
        "output": output,
        "date": moment,
        "updated": read("updated", partial(read_date, zone=zone), None),
        "id": read("id", read_line, ""),
        "authors": tuple(dict.fromkeys(authors)),
        "source": source,
        "source_url": read("source_url", lambda value: check_url(read_line(value)), ""),
        "views": read("views", read_count, None),
        "comments": read("comments", read_count, None),
        "tags": read("tags", lambda value: tuple(dict.fromkeys(map(tag, read_words(value)))), nobody),
        "summary": read("summary", read_text, "") or summary,
        "image": read("image", lambda value: file_url(read_image(value), path, config.content, base_path(config)), ""),
        "image_alt": read("image_alt", read_line, ""),
        "issue": read("issue", read_line, ""),
        "language": read("language", read_language, ""),
        "draft": read("draft", read_truth, False) or bool(visibility.reason),
        "private": "" if visibility.key in ("", "draft") else visibility.reason,
        "public_from": max(limit(visibility.starts), default=None),
        "public_until": min(limit(visibility.ends), default=None),
        "aliases": read("aliases", read_paths, nowhere),
        "broken_links": read("broken_links", read_severity, "") or config.broken_links,
        "params": _params(front, read("params", read_mapping, {}), visibility.key, refuse, warnings),
    }
    if problems:
        raise SiteError(problems.values())
    if source is not None and (likely := likely_source(source.name, tuple(sources))):
        message = f'the source "{source.name}" is not in sources.toml'
        warnings.append(front.problem("source", message, f'did you mean "{likely}"?'))
    return Post(**fields, digest=of_value(tuple(fields.values()))), tuple(warnings)


def _default_byline(values: Mapping[str, Any], config: Config, kind: Kind) -> tuple[str, ...]:
    """Return the name of the config's author for a post that names neither an author nor a source.

    What was first published elsewhere may be by anybody, so it has no byline of its own accord.
    """
    if kind == "page" or any(values.get(name) is not None for name in ("author", "authors", "source", "source_url")):
        return ()
    name = read_line(config.author)
    return (name,) if name else ()


def find_aliases(front: FrontMatter) -> tuple[Reference, ...]:
    """Return the aliases of front matter that `read_post` has accepted, each with its line."""
    value = front.values.get("aliases")
    if value is None:
        return ()
    return tuple(Reference(check_path(text), front.line_of_value("aliases", text)) for text in path_texts(value))


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
        return *locate(where, base_path(config)), slug
    except ValueError as error:
        refuse(str(error), "choose a shorter slug, or fewer folders")
        return "", "", slug


def _params(
    front: FrontMatter,
    given: Mapping[str, Any],
    understood: str,
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
        if key != understood and (meant := _meant(key)):
            hint = f'did you mean "{meant}"?'
            warnings.append(front.problem(key, f'the key "{key}" is not known, and goes into params', hint))
    frozen: FrozenDict = freeze({**others, **given}) if others or given else _NOTHING
    if "enclosure" in frozen:
        try:
            check_enclosures(frozen["enclosure"])
        except ValueError as error:
            refuse("enclosure", str(error), "for example `enclosure: {url: talk.mp3, length: 4321}`")
    return frozen


_NOTHING = FrozenDict()


@lru_cache(maxsize=4_096)
def _meant(key: str) -> str | None:
    # A closer match than for names of settings: others' generators have keys of their own, such as "subtitle".
    close = difflib.get_close_matches(key.casefold(), KEYS, n=1, cutoff=0.8)
    return close[0] if close else None
