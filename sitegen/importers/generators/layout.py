"""How other generators keep their folders: what is a post, and what each post says about itself."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sitegen.content.front_matter.split import FrontMatter
from sitegen.importers.base import Note
from sitegen.importers.generators.content_files import is_html
from sitegen.importers.generators.front_matter import Fields
from sitegen.importers.generators.html_post import as_html
from sitegen.importers.markdown_source.engines import use_commonmark
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of an old text without its body: its member, its path below the content folder, its metadata.

    `stem` is its name without date, language and ending, or its folder's for a bundle; `folder` is
    where it lies below the content folder; `address` is the old URL path, "" where it is unknown. `notes` are about
    the form of its front matter.
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
        """The function that gives what stands for a template tag the form of the text: HTML or Markdown."""
        return as_html if is_html(self.name) else str


def no_address(outline: Outline) -> str:
    """Know no old URL."""
    return path_of(outline.fields.address)


def keep_front_matter(front: FrontMatter, inner: str) -> FrontMatter:  # noqa: ARG001 - the signature of the callback
    """Return front matter as it is."""
    return front


def keep_text(text: str, outline: Outline, dropped: Counter[str]) -> str:  # noqa: ARG001 - the signature of the callback
    """Return a string as it is."""
    return text


Render = Callable[[str, Outline, Resolve], tuple[str, Counter[str]]]


@dataclass(frozen=True, slots=True)
class GeneratorLayout:
    """How one generator keeps its folder.

    `content` is the path of its content folder in the archive, with a slash at the end, or "";
    `refuse` says why a document is not a post, or ""; `address` gives a post's old path and `guid` its
    feed's id; `render` puts plain Markdown in the place of the generator's own tags. `languages`
    are those that a file's name may end with, in lower case, none for the common ones. `roots` gives the language of
    each folder of the archive that is the content folder of one language. `url` is the old site's. `engine` gives the
    Markdown engine that renders a document as the generator does. `cover` gives the URL of the image that a document
    whose front matter names none has as its cover by the generator's rules, or "".
    `language_of` gives the language that a path says. `defaults` are values for front matter that a post may
    override, `adapt` rewrites the front matter of a post that it reads with its text, and `prepare` turns what is not
    Markdown into Markdown before `render`, and counts what it drops. `is_page` says that a document is certainly a page
    and not a post; with `has_pages` documents without a date may be pages as well.
    """

    content: str
    refuse: Callable[[str], str]
    render: Render
    address: Callable[[Outline], str] = no_address
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
    is_page: Callable[[Outline], bool] = lambda outline: False  # noqa: ARG005 - most have posts and pages in one folder
    has_pages: bool = False
    language_of: Callable[[str], str] = lambda inner: ""  # noqa: ARG005 - most say it in the file's name
