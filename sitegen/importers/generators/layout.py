"""How other generators keep their folders: where the content lies, what is a post, what each one knows of it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from sitegen.content.front_matter.split import FrontMatter
from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import find_share, is_evidence, score_share
from sitegen.importers.base import Note
from sitegen.importers.generators.front_matter import Fields
from sitegen.importers.generators.html_post import HTML_TEXTS, as_html, is_html
from sitegen.importers.markdown_source.engines import use_commonmark
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve

TEXTS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mkdown", ".mdx")


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of an old text without its body: its member, its path below the content folder, its metadata.

    `stem` is its name without date, language and ending, or its folder's for a bundle; `folder` is
    where it lies below the content folder; `address` is the old URL path, "" where nobody knows it. `notes` are about
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


def keep_front_matter(front: FrontMatter, inner: str) -> FrontMatter:  # noqa: ARG001 - the shape of all
    """Return front matter as it is."""
    return front


def keep_text(text: str, outline: Outline, dropped: Counter[str]) -> str:  # noqa: ARG001 - the shape of all
    """Return a text as it is."""
    return text


Render = Callable[[str, Outline, Resolve], tuple[str, Counter[str]]]


@dataclass(frozen=True, slots=True)
class House:
    """How one generator keeps its folder.

    `content` is the path of its content folder in the archive, with a slash at the end, or "";
    `refuse` says why a text is no post, or ""; `address` gives a post's old path and `guid` its
    feed's id; `render` puts plain Markdown in the place of the generator's own tags. `languages`
    are those that a file's name may end with, in lower case, none for the common ones. `roots` gives the language of
    each folder of the archive that is the content folder of one language. `url` is the old site's. `engine` gives the
    Markdown engine that renders a text as the generator does. `cover` gives the URL of the image that a text whose
    front matter names none has as its cover by the generator's rules, or "".
    `language_of` gives the language that a path says. `defaults` are values for front matter that a post may
    override, `adapt` rewrites the front matter of a post that it reads with its text, and `prepare` turns what is not
    Markdown into Markdown before `render`, and counts what it drops. `is_page` says that a text is certainly a page
    and not a post; with `has_pages` texts without a date may be pages as well.
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


def home_of(archive: Archive, *configs: str) -> tuple[str, str]:
    """Return the folder that holds one of the configs, with a slash at the end, and the config; "", "" if none does.

    A theme's own config is not the site's.
    """
    found = sorted(filter(is_evidence, archive.find(*configs)), key=lambda name: (name.count("/"), name))
    return (found[0].rpartition("/")[0] + "/" if "/" in found[0] else "", found[0]) if found else ("", "")


def score_texts(archive: Archive, matches: Callable[[str], bool], least: float, certain: int) -> int:
    """Return a score for `recognise`: `certain` if the texts of which at least a share of `least` matches are most.

    0 if fewer match; up to 40 if most of the export's documents are not texts.
    """
    texts = [name for name in archive.names if name.lower().endswith(TEXTS)]
    if not texts or find_share(archive, matches, texts) < least:
        return 0
    return score_share(find_share(archive, lambda name: name.lower().endswith(TEXTS)), certain)


def content_of(archive: Archive, home: str, *names: str) -> str:
    """Return the content folder: the first of some names that holds a text below `home`, else wherever one does."""
    texts = [one for one in archive.names if one.lower().endswith((*TEXTS, *HTML_TEXTS)) and is_evidence(one)]
    for name in names:
        if any(one.startswith(f"{home}{name}/") for one in texts):
            return f"{home}{name}/"
    for name in names:
        inside = re.compile(rf"\A(?:|.*?/){re.escape(name)}/")
        starts = {match[0] for one in texts if (match := inside.match(one))}
        if len(starts) == 1:
            return starts.pop()
    return home
