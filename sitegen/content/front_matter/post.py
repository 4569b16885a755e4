"""Create a post from its front matter, its file name and the config, and collect all problems."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cache, lru_cache, partial
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config.post_types import type_of_file
from sitegen.config.schema import Config, base_path
from sitegen.config.taxonomies import find_own_taxonomies
from sitegen.content.document_language import DocumentLanguage
from sitegen.content.file_index import DocumentType
from sitegen.content.front_matter.custom_fields import fields_of
from sitegen.content.front_matter.field import Context, Field, Fields
from sitegen.content.front_matter.fields import FIELDS, fields_by_name
from sitegen.content.front_matter.readers import check_enclosures, find_heading, is_set, path_texts, read_line
from sitegen.content.front_matter.split import FrontMatter
from sitegen.content.permalinks import fill, locate, name_term
from sitegen.content.sources import likely_source
from sitegen.errors import Problem, SiteError
from sitegen.formats.dates import date_in_name, read_date, zone_named
from sitegen.formats.frozen_dict import FrozenDict, freeze
from sitegen.formats.slugs import check_path, slugify
from sitegen.formats.visibility import Date, Visibility, read_limits, read_visibility
from sitegen.model import NO_DATE, Post, Reference, Source, Term
from sitegen.system.fingerprints import of_value

AnyPost = TypeVar("AnyPost", bound=Post)


def read_post(
    front: FrontMatter,
    path: str,
    config: Config,
    sources: Mapping[str, Source],
    summary: str = "",
    document_type: DocumentType = "post",
    named: DocumentLanguage | None = None,
    home: str = "/",
) -> tuple[Post, tuple[Problem, ...]]:
    """Return the post that front matter describes, and warnings.

    `path` is the file's path below the site's root, `summary` the default for a post that has
    none. Dates without a zone are in the site's time zone. In a site of several languages, `config` is that of the
    post's edition, whose home page has the path `home`, and `named` is what the file's path says of the language.
    Raises SiteError with all problems.
    """
    fields = fields_of(config, type_of_file(path, config))
    return read_post_with(front, path, config, sources, summary, document_type, fields, Post, named, home)


def read_post_with(
    front: FrontMatter,
    path: str,
    config: Config,
    sources: Mapping[str, Source],
    summary: str,
    document_type: DocumentType,
    fields: Fields,
    post_type: type[AnyPost],
    named: DocumentLanguage | None = None,
    home: str = "/",
) -> tuple[AnyPost, tuple[Problem, ...]]:
    """Return the post that front matter describes by a table of fields, and warnings.

    `post_type` has an attribute for each field that fills one. Otherwise as `read_post`.
    """
    if document_type == "post" and (config.taxonomies or config.types):
        front = _take_own_keys_from_params(front, fields)
    reading = _read_fields(front, path, config, sources, document_type, fields)
    given, refuse = reading.given.get, reading.refuse
    own, language = _find_language(path, given("language", ""), named, config, partial(refuse, "language"))
    in_name, name = date_in_name(_name(own))
    title = _find_title(reading)
    visibility = read_visibility(front.values)
    moment = _find_date(reading, in_name, is_draft=bool(visibility.reason))
    slug = _find_slug(reading, name, title)
    if document_type == "page" and not given("slug") and _is_home(own, config):
        url, output, slug = *locate(home, reading.context.base), ""
    else:
        url, output, slug = _locate(own, slug or "x", moment, config, document_type, partial(refuse, "slug"))
    public_from, public_until = _find_limits(reading, visibility)
    params, warnings = _read_params(reading, visibility.key)
    post = {
        **_defaults(post_type),  # type: ignore[arg-type]  # mypy checks the hash of instances
        **{name: value for name, value in reading.given.items() if reading.known[name].fills},
        "path": path,
        "title": title,
        "slug": slug,
        "url": url,
        "output": output,
        "date": moment,
        "language": language,
        "authors": _find_authors(reading),
        "summary": given("summary") or summary,
        "comments": given("comments") or None,
        "hides_comments": given("comments") is False,
        "draft": given("draft", False) or bool(visibility.reason),
        "private": "" if visibility.key in ("", "draft") else visibility.reason,
        "public_from": public_from,
        "public_until": public_until,
        "broken_links": given("broken_links") or config.broken_links,
        "params": params,
    }
    if document_type == "post" and (config.taxonomies or config.types):
        post |= _read_own(reading)
    if reading.problems:
        raise SiteError(reading.problems.values())
    source = given("source")
    if source is not None and (likely := likely_source(source.name, tuple(sources))):
        message = f'the source "{source.name}" is not in sources.toml'
        warnings.append(front.problem("source", message, f'did you mean "{likely}"?'))
    return post_type(**post, digest=of_value(tuple(post.values()))), tuple(warnings)


class _Reading(Struct, frozen=True):
    """The front matter of a document as it is read: the `known` fields that it can have, and the values `given`.

    These are by name, and so are the `problems`, which collect what is wrong with it.
    """

    front: FrontMatter
    context: Context
    document_type: DocumentType
    fields: Fields
    known: Mapping[str, Field]
    given: dict[str, Any]
    problems: dict[str, Problem]

    def refuse(self, name: str, message: str, hint: str) -> None:
        """Add a problem of a field at its key, or at a key that was probably meant to be it."""
        front, values = self.front, self.front.values
        if name in values:
            problem = front.problem(name, message, hint)
        elif written := next((key for key in values if key not in self.known and self.find_meant(key) == name), ""):
            problem = front.problem(written, f"{message}: `{written}` is not a key", f'did you mean "{name}"?')
        else:
            problem = Problem(front.path, 1, message, hint, front.excerpt(1))
        self.problems.setdefault(name, problem)

    def find_meant(self, key: str) -> str | None:
        """Return the field that an unknown key was probably meant to be, None if there is none."""
        return _meant(key, self.fields, self.document_type)


def _read_fields(
    front: FrontMatter,
    path: str,
    config: Config,
    sources: Mapping[str, Source],
    document_type: DocumentType,
    fields: Fields,
) -> _Reading:
    """Return the values of the fields in front matter, with a problem for each that cannot be read."""
    context = Context(path, config, base_path(config), zone_named(config.timezone), sources)
    known = fields_by_name(fields, document_type)
    given: dict[str, Any] = {}
    problems: dict[str, Problem] = {}
    for name, value in front.values.items():
        field = known.get(name)
        if field is not None and is_set(value):
            try:
                given[name] = field.read(value, context)
            except ValueError as error:
                problems[name] = front.problem(name, str(error), field.hint)
    return _Reading(front, context, document_type, fields, known, given, problems)


def _find_title(reading: _Reading) -> str:
    """Return the title of the front matter, or the first heading of the text."""
    title: str = reading.given.get("title") or find_heading(reading.front.text)
    if not title:
        reading.refuse("title", "the post has no title", _hint_at_title(reading.front))
    return title


def _find_date(reading: _Reading, in_name: date | None, *, is_draft: bool) -> datetime:
    """Return the date of the front matter, or the one in the name of the file; NO_DATE for a page without both."""
    given: datetime | None = reading.given.get("date")
    moment = given or (datetime.combine(in_name, time(), reading.context.zone) if in_name else NO_DATE)
    # A draft gets its date when it is published: an export that lost the date must not stop the build.
    if reading.document_type == "post" and moment is NO_DATE and not is_draft:
        hint = "add `date: 2024-05-01`, or begin the file's name with such a date"
        reading.refuse("date", "the post has no date", hint)
    return moment


def _find_slug(reading: _Reading, name: str, title: str) -> str:
    """Return the slug of the front matter, or one derived from the file's name or the title."""
    slug: str = reading.given.get("slug") or slugify(name) or slugify(title)
    if not slug:
        message = "neither the file's name nor the title has a letter for the slug"
        reading.refuse("slug", message, "add `slug: …`")
    return slug


def _find_limits(reading: _Reading, visibility: Visibility) -> tuple[datetime | None, datetime | None]:
    """Return from and until when a document is public, None for no limit."""
    in_params = read_limits(reading.given.get("params", {}))

    def read(dates: Iterable[Date]) -> Iterator[datetime]:
        for item in dates:
            try:
                yield read_date(item.value, reading.context.zone)
            except ValueError as error:
                if item.strict:
                    hint = reading.known["date"].hint
                    reading.problems[item.key] = reading.front.problem(item.key, str(error), hint)

    starts, ends = read((*visibility.starts, *in_params.starts)), read((*visibility.ends, *in_params.ends))
    return max(starts, default=None), min(ends, default=None)


def _find_authors(reading: _Reading) -> tuple[Term, ...]:
    """Return the authors of a document, each once.

    A post without an author and a source has the config's. The author of a post that was first published elsewhere is
    unknown, so it has no default byline.
    """
    given, values, config = reading.given, reading.front.values, reading.context.config
    byline: tuple[Term, ...] = ()
    is_signed = any(is_set(values.get(name)) for name in ("author", "authors", "source", "source_url"))
    if reading.document_type == "post" and not is_signed and (name := read_line(config.author)):
        byline = (name_term(name, config.urls.author, reading.context.base),)
    return tuple(dict.fromkeys(given.get("author", byline) + given.get("authors", ())))


def _read_terms(read: Mapping[str, Any], config: Config) -> FrozenDict:
    """Return the terms of the taxonomies that the config defines, by the taxonomy's name."""
    found = {item.name: read.get(item.key) for item in find_own_taxonomies(config.taxonomies)}
    return FrozenDict({name: terms for name, terms in found.items() if terms}) or _NOTHING


def _take_own_keys_from_params(front: FrontMatter, fields: Fields) -> FrontMatter:
    """Return front matter with the keys of the site's own taxonomies and types beside `params`, also if they are in it.

    Imports write each key that sitegen does not know into `params`, before the config gives it a meaning.
    """
    params = front.values.get("params")
    if not isinstance(params, Mapping):
        return front
    known = fields_by_name(FIELDS)
    own = {
        field.name: params[field.name]
        for field in fields
        if field.name in params and field.name not in known and field.name not in front.values
    }
    if not own:
        return front
    rest = {name: value for name, value in params.items() if name not in own}
    return replace(front, values={**front.values, **own, "params": rest})


def _read_own(reading: _Reading) -> dict[str, Any]:
    """Return the attributes of a post that the site's own taxonomies and types fill.

    Adds a problem for each key that each post of its type needs and that the front matter lacks.
    """
    context, given = reading.context, reading.given
    own_type = type_of_file(context.path, context.config)
    for key in own_type.required if own_type else ():
        if own_type and given.get(key) in (None, "", ()):
            message = f"`{key}` is missing, which every post of the type `{own_type.name}` needs"
            reading.refuse(key, message, reading.known[key].hint)
    return {"terms": _read_terms(given, context.config), "type": own_type.name if own_type else ""}


@cache
def _defaults(post_type: type[Post]) -> Mapping[str, Any]:
    """Return the default of each attribute in order, None if it has none, without the fingerprint."""
    defaults: dict[str, Any] = {}
    for item in dataclasses.fields(post_type):
        if item.default_factory is not dataclasses.MISSING:
            defaults[item.name] = item.default_factory()  # immutable, so that all posts can share it
        else:
            defaults[item.name] = None if item.default is dataclasses.MISSING else item.default
    del defaults["digest"]
    return defaults


def find_aliases(front: FrontMatter) -> tuple[Reference, ...]:
    """Return the aliases of valid front matter, each with its line."""
    value = front.values.get("aliases")
    if not is_set(value):
        return ()
    return tuple(Reference(check_path(text), front.line_of_value("aliases", text)) for text in path_texts(value))


def _find_language(
    path: str, given: str, named: DocumentLanguage | None, config: Config, refuse: Callable[[str, str], None]
) -> tuple[str, str]:
    """Return the path of a document without its language, and the language, "" for that of a site with one language.

    The front matter may name a form of the language that the path names: `de-AT` in `hello.de.md`.
    """
    if named is None or not config.languages:
        return path, given
    if given and named.language and not f"{given}-".lower().startswith(f"{named.language}-".lower()):
        message = f"`language: {given}` contradicts the path of the file, which says `{named.language}`"
        refuse(message, "remove the key, or rename the file")
    return named.path, given or named.language or config.language


def find_key_lines(front: FrontMatter, config: Config, post: Post) -> tuple[Reference, ...]:
    """Return the keys whose values are checked when the site is planned, each with its line."""
    keys = ["template"] if post.template else []
    if post.image.startswith("/"):
        keys.append("image")
    if "enclosure" in post.params:
        keys.append("enclosure")
    post_type = type_of_file(post.path, config)
    if post_type is not None:
        keys += [key for key, field_type in post_type.fields.items() if field_type in ("post", "posts")]
    return tuple(Reference(key, front.line_of(key)) for key in keys if key in front.values) if keys else ()


def _hint_at_title(front: FrontMatter) -> str:
    hint = "add `title: …`, or begin the text with a heading"
    word = front.excerpt(front.line_of("title")).rpartition(":")[2].strip()
    if "title" in front.values and word.lower() == "null":
        return f'{hint}; if "{word}" is the title, write it in quotes'
    return f"{hint}: # …"


def _name(path: str) -> str:
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder.rpartition("/")[2] if stem == "index" else stem


def _is_home(path: str, config: Config) -> bool:
    """Return whether a page is the file `index.md` of the folder of pages, which is the home page."""
    return path.removeprefix(f"{config.content}/pages/").rpartition(".")[0] == "index"


def _locate(
    path: str,
    slug: str,
    moment: datetime,
    config: Config,
    document_type: DocumentType,
    refuse: Callable[[str, str], None],
) -> tuple[str, str, str]:
    if document_type == "page":
        inside = path.removeprefix(f"{config.content}/").partition("/")[2]
        folders = inside.split("/")[:-1]
        if inside.rpartition("/")[2].startswith("index."):
            folders = folders[:-1]
        slug = "/".join([*filter(None, map(slugify, folders)), slug])
        pattern = config.urls.page
    else:
        post_type = type_of_file(path, config)
        pattern = post_type.url if post_type else config.urls.post
    where = fill(pattern, slug=slug, year=f"{moment.year:04}", month=f"{moment.month:02}", day=f"{moment.day:02}")
    try:
        return *locate(where, base_path(config)), slug
    except ValueError as error:
        refuse(str(error), "choose a shorter slug, or fewer folders")
        return "", "", slug


def _read_params(reading: _Reading, understood: str) -> tuple[FrozenDict, list[Problem]]:
    """Return the keys that have no attribute of their own, and a warning for each that is probably misspelt.

    `understood` is the key that says whether the post is public.
    """
    front, known, given = reading.front, reading.known, reading.given.get("params", {})
    warnings = []
    others = {}
    for key, value in front.values.items():
        if key in known and not known[key].is_param:
            continue
        if key in given:
            message = f'the key "{key}" is given both in params and beside it'
            reading.refuse(key, message, "keep one of the two")
        others[key] = reading.given.get(key, value)
        if key != understood and key not in known and (close := reading.find_meant(key)):
            hint = f'did you mean "{close}"?'
            warnings.append(front.problem(key, f'the key "{key}" is not known, and goes into params', hint))
    frozen: FrozenDict = freeze({**others, **given}) if others or given else _NOTHING
    if "enclosure" in frozen:
        try:
            check_enclosures(frozen["enclosure"])
        except ValueError as error:
            reading.refuse("enclosure", str(error), "for example `enclosure: {url: talk.mp3, length: 4321}`")
    return frozen, warnings


_NOTHING = FrozenDict()


@lru_cache(maxsize=4_096)
def _meant(key: str, fields: Fields, document_type: DocumentType) -> str | None:
    # A closer match than for names of settings: other generators have their own keys, such as "subtitle".
    from difflib import get_close_matches  # noqa: PLC0415 - only for unknown keys

    close = get_close_matches(key.casefold(), fields_by_name(fields, document_type), n=1, cutoff=0.8)
    return close[0] if close else None
