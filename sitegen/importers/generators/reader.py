"""Reads the site of another generator: each document with its date, its old URL and its links."""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urljoin

from msgspec.structs import replace

from sitegen.config.schema import ENGINES
from sitegen.content.front_matter.split import FrontMatter, split
from sitegen.errors import SiteError
from sitegen.formats import lazy_regex
from sitegen.formats.dates import date_in_name, read_date
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.slugs import check_slug, slugify
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import decode
from sitegen.importers.base import (
    CATEGORIES,
    ImportedPost,
    ImportedTerm,
    Item,
    Location,
    MarkdownBody,
    Note,
    Options,
    Skipped,
)
from sitegen.importers.generators.content_files import MARKDOWN_EXTENSIONS, is_html
from sitegen.importers.generators.front_matter import translate_front_matter
from sitegen.importers.generators.html_post import convert_html_text, hide_key
from sitegen.importers.generators.layout import GeneratorLayout, Outline
from sitegen.importers.generators.link_targets import find_document, old_url_of_page
from sitegen.importers.generators.old_pages import OldPages
from sitegen.importers.generators.post_filter import refuse_file
from sitegen.importers.markdown_source.front_matter_keys import DATES, UPDATES
from sitegen.importers.markdown_source.front_matter_values import flatten
from sitegen.importers.markdown_source.links import change_links
from sitegen.importers.markdown_source.title import take_title, title_from_name
from sitegen.importers.output.date_order import DateOrder
from sitegen.importers.output.post_links import key_link

_DAY_IN_PATH = re.compile(r"(?:^|/)(\d{4})/(\d\d)/(\d\d)(?:/|$)")
_COMMON_LANGUAGES = lazy_regex.compile(
    "ar|bg|bn|ca|cs|da|de|el|en|es|et|fa|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|lv|nb|nl|no|pl|pt|ro|ru|sk|sl|sr|sv|th|tr|uk"
    "|vi|zh"
)
_RESOLVED_MARK = "\ue001"
"""A private-use character that marks resolved links; it is removed from all text."""
_SCRIPT_URL = re.compile(r"\s*(?:javascript|vbscript|data:text)", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def read_folder(archive: Archive, options: Options, layout: GeneratorLayout) -> Iterator[Item]:
    """Yield a post for each document of the old site, its terms, and a Skipped for each other file."""
    documents: list[str] = []
    skipped: list[Skipped] = []
    for name in archive.names:
        reason = refuse_file(name, layout, archive)
        if reason:
            skipped.append(Skipped(Location(name), reason))
        else:
            documents.append(name)
    reader = _FolderReader(archive, options, layout, documents)
    terms: dict[tuple[str, str, tuple[str, ...]], ImportedTerm] = {}
    for name in documents:
        for item in reader.read(name):
            yield item
            if isinstance(item, ImportedPost) and not item.draft:
                for term in _find_terms(item, layout.term_path):
                    terms.setdefault((term.taxonomy, term.name, term.aliases), term)
    yield from terms.values()
    yield from skipped


def _find_terms(post: ImportedPost, term_path: Callable[[str, str, ImportedPost], str]) -> Iterator[ImportedTerm]:
    """Yield the terms of a post whose pages had known paths."""
    named = {
        **{key: value for key, value in post.params.items() if isinstance(value, tuple)},
        "tags": [tag for tag in post.tags if tag not in post.categories],
        CATEGORIES: post.categories,
        "authors": post.authors,
    }
    for taxonomy, names in named.items():
        for name in names:
            if isinstance(name, str) and (path := term_path(taxonomy, name, post)):
                yield ImportedTerm(post.where, taxonomy, name, aliases=(path,))


class _FolderReader:
    """Reads the documents of a site, and caches their outlines."""

    def __init__(self, archive: Archive, options: Options, layout: GeneratorLayout, documents: list[str]) -> None:
        self.archive, self.options, self.layout = archive, options, layout
        self.documents = frozenset(documents)
        self.order = DateOrder(options.date_order, self._written_dates)
        self.pages = OldPages(self._all_outlines)
        self.outlines: dict[str, Outline] = {}
        self.lengths: dict[str, int] = {}
        self.by_stem: dict[str, list[str]] = {}
        stems: Counter[tuple[str, str]] = Counter()
        self.languages: dict[str, set[str]] = {}
        for name in documents:
            base = posixpath.splitext(posixpath.basename(name))[0]
            self.by_stem.setdefault(base.casefold(), []).append(name)
            _, folder, stem, language, day = self._parts(name)
            self.languages.setdefault(_name_in_all_languages(folder, stem, day), set()).add(language.lower())
            if day:
                stems[slugify(stem), language] += 1
        self.ambiguous_slugs = frozenset(stem for stem, number in stems.items() if number > 1)

    def read(self, name: str) -> Iterator[Item]:
        """Yield the post of one document."""
        where = Location(name)
        try:
            outline, text = self._document(name)
        except UnreadableError as error:
            yield Skipped(where, str(error))
            return
        except SiteError as error:
            problem = error.problems[0]
            yield Skipped(Location(name, problem.line), problem.message)
            return
        yield from (*outline.notes, *outline.fields.notes)
        yield from self.order.take_notes()
        if outline.date is not None and outline.fields.date is None and outline.fields.notes:
            yield Note(where, f"the date in the file's name is used: {outline.date:%Y-%m-%d}")
        dropped = Counter(outline.fields.dropped)
        try:
            title, text, left = self._render(text.replace(_RESOLVED_MARK, ""), outline, dropped)
        except UnreadableError as error:
            yield Skipped(where, str(error))
            return
        if not title and (title := title_from_name(outline.stem)):
            yield Note(where, f'it has no title, so "{title}" from its file name is used')
        notes: list[str] = [f"left as text: {tag}" + (f" ({n} times)" if n > 1 else "") for tag, n in left.items()]
        text = change_links(text, lambda target: self._change(target, outline, notes)).replace(_RESOLVED_MARK, "")
        for message in dict.fromkeys(notes):
            yield Note(where, message)
        fields = outline.fields
        own = fields.params.get("markdown") in ENGINES  # the post was written for sitegen
        engine = str(fields.params["markdown"]) if own else "" if is_html(name) else self.layout.engine(text)
        page = self._is_page(outline)
        yield ImportedPost(
            where=where,
            page=page,
            title=title,
            body=MarkdownBody(text, engine),
            date=outline.date if page else self._date(outline),
            updated=fields.updated,
            slug=outline.slug,
            id=fields.id or ("" if page else self.layout.guid(outline)),
            key=outline.inner,
            authors=fields.authors,
            source=fields.source,
            source_home=fields.source_home,
            source_url=fields.source_url,
            views=fields.views,
            comments=fields.comments,
            likes=fields.likes,
            tags=fields.tags,
            categories=fields.categories,
            summary=fields.summary,
            image=fields.image or self.layout.cover(outline.inner),
            image_alt=fields.image_alt,
            issue=fields.issue,
            language=fields.language or outline.language,
            translation_key=self.layout.translation_key(outline) or self._shared_path(outline),
            draft=fields.draft or ("it was in a folder of drafts" if _is_draft_path(outline.inner) else ""),
            aliases=tuple(alias for alias in dict.fromkeys((outline.address, *fields.aliases)) if alias.strip("/")),
            section=self.layout.section(outline),
            params=FrozenDict((key, value) for key, value in fields.params.items() if key != "markdown" or not own),
            dropped=FrozenDict(dropped),
        )

    def _shared_path(self, outline: Outline) -> str:
        """Return the path that a document shares with its translations, or "" if it has none."""
        if self.layout.shared_path is not None:
            path = self.layout.shared_path(outline)
            return path if path and len(self._languages_of_paths[path]) > 1 else ""
        _, folder, stem, _, day = self._parts(outline.name)
        shared = _name_in_all_languages(folder, stem, day)
        return shared if len(self.languages[shared]) > 1 else ""

    @cached_property
    def _languages_of_paths(self) -> Mapping[str, set[str]]:
        """Return the languages of the documents with each path, by the layout's function."""
        found: dict[str, set[str]] = {}
        if shared_path := self.layout.shared_path:
            for outline in self._all_outlines():
                found.setdefault(shared_path(outline), set()).add(outline.fields.language.lower())
        return found

    def _render(self, text: str, outline: Outline, dropped: Counter[str]) -> tuple[str, str, Counter[str]]:
        """Return the title and the Markdown of a document, and its remaining template tags; raise UnreadableError."""
        title = outline.fields.title
        if not is_html(outline.name):
            title, text = take_title(title, self.layout.prepare(text, outline, dropped), dropped)
            text, left = self.layout.render(text, outline, lambda target: self._mark_resolved(target, outline))
            return title, self.layout.finish(text, dropped), left
        text, left = self.layout.render(text, outline, lambda target: hide_key(self.resolve(target, outline)))
        if not title:  # the conversion would lower a heading that it does not know as the title
            title, text = take_title(title, text, dropped)
        text, more = convert_html_text(text, title)
        dropped.update(more)
        return *take_title(title, text, dropped), left

    def resolve(self, target: str, outline: Outline) -> str | None:
        """Return the link to the post with the path or name of a file, or None."""
        path, mark, fragment = unquote(target.strip()).partition("#")
        found = find_document(path.strip(), outline, self.layout.content, self.documents, self.by_stem)
        if found is None:
            return None
        try:
            link = self._link(self._outline(found))
        except (SiteError, UnreadableError):
            return None
        return link + mark + fragment if link else None

    def _mark_resolved(self, target: str, outline: Outline) -> str | None:
        link = self.resolve(target, outline)
        return link and _RESOLVED_MARK + link

    def _is_page(self, outline: Outline) -> bool:
        return self.layout.is_page(outline) or (self.layout.has_pages and self.pages.is_page(outline))

    def _all_outlines(self) -> Iterator[Outline]:
        for name in sorted(self.documents):
            try:
                yield self._outline(name)
            except (SiteError, UnreadableError):
                continue

    def _date(self, outline: Outline) -> datetime | None:
        """Return the date of a document, otherwise the date by the options."""
        return outline.date or self.options.fill_date(Location(outline.name))

    def _written_dates(self) -> Iterator[tuple[Location, str, Any]]:
        """Yield each date in the front matter of all documents: its location, its key and its value."""
        for name in sorted(self.documents):
            try:
                front, _ = self._front(name)
            except (SiteError, UnreadableError):
                continue
            for key, value in flatten(front.values).items():
                if key.casefold() in (*DATES, *UPDATES):
                    yield Location(name, front.line_of(key)), key, value

    def _front(self, name: str) -> tuple[FrontMatter, tuple[Note, ...]]:
        """Return the front matter and the body of a document, and a note for each repeated key.

        Raises SiteError for broken front matter.
        """
        repeated: list[str] = []
        front = split(decode(self.archive.read(name)).encode("utf-8", "replace"), name, repeated)
        notes = (
            Note(Location(name, front.line_of(key)), f"the key `{key}` is repeated: the last value is used")
            for key in dict.fromkeys(repeated)
        )
        return front, tuple(notes)

    def _document(self, name: str) -> tuple[Outline, str]:
        """Return the outline and the body of a document; raises SiteError for broken front matter."""
        if name not in self.outlines:
            return self._parse(name)
        text = decode(self.archive.read(name))
        return self.outlines[name], text[len(text) - self.lengths[name] :]

    def _outline(self, name: str) -> Outline:
        """Return the outline of a document; raises SiteError for broken front matter."""
        return self.outlines.get(name) or self._parse(name)[0]

    def _parse(self, name: str) -> tuple[Outline, str]:
        """Return a document's facts and body. Raises SiteError for broken front matter."""
        layout = self.layout
        front, notes = self._front(name)
        if defaults := layout.defaults(name[len(layout.content) :]):
            front = replace(front, values={**defaults, **front.values})
        inner, folder, stem, language, day = self._parts(name)
        front = layout.adapt(front, inner)
        zones = self.options.zone, layout.zone or self.options.zone
        fields = translate_front_matter(front, *zones, layout.separator, layout.url, self.order)
        day = day or _day_in(fields.address) or _day_in(inner)
        moment = fields.date or (read_date(day, self.options.zone) if day else None)
        if fields.slug:
            slug = _clean_slug(fields.slug)
            slug += f"-{language.lower()}" if slug and layout.language_of(inner) else ""
        else:
            name_slug = slugify(stem) or slugify(fields.title)
            slug = f"{day}-{name_slug}" if (name_slug, language) in self.ambiguous_slugs and day else name_slug
            slug += f"-{language.lower()}" if language and slug else ""
        outline = Outline(
            name, inner, folder, stem, slug, language, replace(front, text=""), fields, moment, notes=notes
        )
        outline = replace(outline, address=layout.address(outline) if fields.has_page else "")
        self.outlines[name] = outline
        self.lengths[name] = len(front.text)
        return outline, front.text

    def _parts(self, name: str) -> tuple[str, str, str, str, date | None]:
        """Return the path in the content folder, its folder, and the stem, the language and the date of the name."""
        inner = name[len(self.layout.content) :]
        folder, base = posixpath.split(inner)
        stem = posixpath.splitext(base)[0]
        language = ""
        head, _, ending = stem.rpartition(".")
        known = self.layout.languages
        if head and (ending.lower() in known if known else _COMMON_LANGUAGES.fullmatch(ending)):
            stem, language = head, ending.replace("_", "-")
        for root in sorted(self.layout.roots, key=len, reverse=True):
            if name.startswith(root):
                language = language or self.layout.roots[root]
                folder = posixpath.dirname(name[len(root) :])
                break
        language = language or self.layout.language_of(inner)
        if stem.lower() == "index" and folder:
            folder, stem = posixpath.split(folder)
        day, rest = date_in_name(stem)
        return inner, folder, rest if day and rest else stem, language, day

    def _link(self, outline: Outline) -> str:
        """Return the internal link to a post by its key, or the old path of a draft."""
        has_page = self._is_page(outline) or self._date(outline) is not None
        if not has_page or outline.fields.draft or _is_draft_path(outline.inner):
            return outline.address
        return key_link(outline.inner)

    def _change(self, target: str, outline: Outline, notes: list[str]) -> str | None:
        is_final = not target or target.startswith(("http://", "https://", "#", "{", "(", _RESOLVED_MARK))
        if is_final or (_SCHEME.match(target) and not _SCRIPT_URL.match(target)):
            return None
        if _SCRIPT_URL.match(target):
            notes.append(f'the link "{target[:60]}" could run a script, and was replaced with `#`')
            return "#"
        path, mark, rest = target.partition("#")
        path = path.partition("?")[0]
        if path.lower().endswith(MARKDOWN_EXTENSIONS):
            link = self.resolve(target, outline)
            if link is None:
                notes.append(f'the link "{target[:120]}" leads to a draft, or to a document that was not imported')
                link = old_url_of_page(path, outline, self.layout.url) + mark + rest
            return link
        if target.startswith("/") or not outline.address:
            return None
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(outline.name), unquote(path)))
        if beside in self.archive:
            return None
        return urljoin(outline.address, target)


def _name_in_all_languages(folder: str, stem: str, day: date | None) -> str:
    """Return the path of a document without its language and its extension, which its translations share."""
    return f"{folder}/{day}-{stem}".lstrip("/") if day else f"{folder}/{stem}".lstrip("/")


def _clean_slug(slug: str) -> str:
    """Return a valid slug."""
    try:
        return check_slug(unquote(slug)) if slug else ""
    except ValueError:
        return slugify(slug)


def _day_in(path: str) -> date | None:
    match = _DAY_IN_PATH.search(path)
    return date_in_name("-".join(match.groups()))[0] if match else None


def _is_draft_path(inner: str) -> bool:
    return bool({"_drafts", "drafts"} & set(inner.lower().split("/")[:-1]))
