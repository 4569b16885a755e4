"""Describes the layout of a generator's site, and the outline of a document: its path and its metadata."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from msgspec import Struct, field

from sitegen.content.front_matter.split import FrontMatter
from sitegen.importers.base import ImportedPost, Note
from sitegen.importers.generators.content_files import is_html
from sitegen.importers.generators.front_matter import Fields
from sitegen.importers.generators.html_post import as_html
from sitegen.importers.markdown_source.engines import use_commonmark
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve
from sitegen.importers.suggest_settings import section_name


class Outline(Struct, frozen=True):
    """A document without its body: the member of the archive, the path in the content folder, and the metadata.

    `stem` is the name without date, language and extension, or that of its folder for a bundle; `folder` is the path of
    its folder in the content folder; `address` is the path of the old URL, or "". `notes` are about its front matter.
    """

    name: str
    inner: str
    folder: str
    stem: str
    slug: str
    language: str
    front: FrontMatter
    fields: Fields
    date: datetime | None
    address: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def form(self) -> Callable[[str], str]:
        """The function that converts the replacement of a template tag to the format of the document."""
        return as_html if is_html(self.name) else str


def permalink_path(outline: Outline) -> str:
    """Return the path of the permalink in the front matter, or ""."""
    return path_of(outline.fields.address)


def keep_front_matter(front: FrontMatter, inner: str) -> FrontMatter:  # noqa: ARG001 - the signature of the callback
    """Return front matter unchanged."""
    return front


def keep_text(text: str, outline: Outline, dropped: Counter[str]) -> str:  # noqa: ARG001 - the signature of the callback
    """Return a string unchanged."""
    return text


def keep_markdown(text: str, dropped: Counter[str]) -> str:  # noqa: ARG001 - the signature of the callback
    """Return a string unchanged."""
    return text


Render = Callable[[str, Outline, Resolve], tuple[str, Counter[str]]]


class GeneratorLayout(Struct, frozen=True):
    """The layout and the conventions of a generator's site.

    `content` is the content folder in the archive, with a trailing slash, or "". `refuse` returns why a document is not
    a post, or "". `address` returns the old path of a post, and `guid` its id in feeds. `render` replaces the
    generator's own tags with Markdown. `languages` are the suffixes of file names for languages, in lower case; if
    empty, the common ones. `roots` maps content folders for a single language to it. `url` is the URL of the old site.
    `engine` returns the Markdown engine that renders a document as the generator does. `cover` returns the URL of the
    cover by the generator's rules, or "". `language_of` returns the language in a path. `defaults` returns default
    front matter, `adapt` changes the front matter of a document, and `prepare` converts other syntax to Markdown before
    `render` and counts dropped content; after `render`, `finish` converts the Markdown, and counts what is
    dropped. `is_page` returns whether a document is certainly a page; with `has_pages`, documents without a
    date may be pages too. `translation_key` returns the key that a document shares with its translations, or "";
    `shared_path` the path that all of them have, if that is not the path of the file without the language. `section`
    returns the name of the section of a document, as a type of posts could have it, or "". `term_path` returns the old
    path of the page of a term that lists a post, by the names of its taxonomy and its own, or "" if it had none or its
    URL is not known.
    """

    content: str
    refuse: Callable[[str], str]
    render: Render
    address: Callable[[Outline], str] = permalink_path
    guid: Callable[[Outline], str] = lambda outline: ""  # noqa: ARG005 - most feeds have no id of their own making
    separator: str = ","
    url: str = ""
    zone: tzinfo | None = None
    languages: frozenset[str] = frozenset()
    roots: Mapping[str, str] = field(default_factory=dict)
    engine: Callable[[str], str] = use_commonmark
    cover: Callable[[str], str] = lambda inner: ""  # noqa: ARG005 - most name covers in front matter only
    defaults: Callable[[str], Mapping[str, Any]] = lambda inner: {}  # noqa: ARG005 - most have none
    adapt: Callable[[FrontMatter, str], FrontMatter] = keep_front_matter
    prepare: Callable[[str, Outline, Counter[str]], str] = keep_text
    finish: Callable[[str, Counter[str]], str] = keep_markdown
    is_page: Callable[[Outline], bool] = lambda outline: False  # noqa: ARG005 - most have posts and pages in one folder
    has_pages: bool = False
    language_of: Callable[[str], str] = lambda inner: ""  # noqa: ARG005 - most say it in the file's name
    translation_key: Callable[[Outline], str] = lambda outline: outline.fields.translation_key
    shared_path: Callable[[Outline], str] | None = None
    section: Callable[[Outline], str] = lambda outline: ""  # noqa: ARG005 - most have no sections
    term_path: Callable[[str, str, ImportedPost], str] = lambda taxonomy, name, post: ""  # noqa: ARG005 - as above


def section_of(outline: Outline) -> str:
    """Return the name that a type of posts can have for the section of a document, by the first folder of its path."""
    return section_name(outline.folder)
