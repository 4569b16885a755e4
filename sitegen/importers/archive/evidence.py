"""Selects the files that show the format of an export, and scores how many of them match a format."""

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sitegen.formats import lazy_regex
from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.text_encoding import decode

MAX_SAMPLED_FILES = 60
"""Number of files that are opened at most to recognise a format."""

SUPPORT_FOLDERS = frozenset(
    ("_layouts", "_includes", "_site", "_sass", "_plugins", "layouts", "templates", "themes", "node_modules", "vendor")
)
"""Folders of themes, templates and libraries, which contain no posts."""

_BINARY = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff", ".ico", ".mp3", ".m4a", ".ogg",
    ".wav", ".mp4", ".webm", ".mov", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".pdf", ".zip", ".tgz", ".bz2", ".xz",
    ".7z", ".rar", ".exe", ".dll", ".so", ".wasm", ".pyc", ".class", ".jar", ".doc", ".docx", ".xls", ".xlsx", ".ppt",
    ".pptx", ".epub", ".sqlite", ".db", ".psd",
)  # fmt: skip
_DOCUMENTS = (
    ".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mkdown", ".mdx", ".html", ".htm", ".xhtml", ".shtml", ".xml",
    ".rss", ".atom", ".rdf", ".txt", ".text", ".gz", ".eml", ".mbox", ".mbx", ".rst", ".adoc", ".asciidoc", ".org",
    ".textile",
)  # fmt: skip
PROJECT_NOTES = frozenset(
    ("readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "security", "authors", "copying")
)
"""Names, without extensions, of files about a project, which are not posts."""

_TEMPLATE_TAG = re.compile(rb"\{\{|\{%|<%|<\?php\b|<\?=")
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:---|\+\+\+)[ \t]*\r?\n")
_SCRIPTS = lazy_regex.compile(rb"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_FIRST_ENTRY = lazy_regex.compile(rb"<(?:item|entry|body)\b|\"items\"", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recogniser:
    """How to recognise a format: `score` returns how likely an archive has it, from 0 (no) to 100 (certain).

    `private` has patterns of files with data of subscribers, which are never opened.
    """

    score: Callable[[Archive], int]
    private: tuple[str, ...] = ()


def is_evidence(name: str) -> bool:
    """Return whether a file can show the format of an export: not binary, not part of a theme or a library."""
    folders = name.lower().split("/")[:-1]
    return not name.lower().endswith(_BINARY) and SUPPORT_FOLDERS.isdisjoint(folders)


def is_document(name: str) -> bool:
    """Return whether a file may contain a post, by its name: text, HTML, feeds and mail, but not settings or data."""
    base = posixpath.basename(name.lower())
    if not is_evidence(name) or base.split(".")[0].split("-")[0] in PROJECT_NOTES:
        return False
    return base.endswith(_DOCUMENTS) or "." not in base


def read_head(archive: Archive, name: str, length: int = 4096) -> bytes:
    """Return the beginning of a text file of any encoding, converted to UTF-8, without leading blank lines."""
    return decode(archive.head(name, length)).lstrip().encode("utf-8", "replace")


def has_front_matter(head: bytes) -> bool:
    """Return whether a file begins with a YAML or TOML front matter delimiter."""
    return _FRONT_MATTER.match(head) is not None


def holds_template_tags(head: bytes) -> bool:
    """Return whether a page or feed is a template: it has template tags before its body or its first entry.

    `head` is the beginning of the file. Scripts and styles are ignored.
    """
    if not _TEMPLATE_TAG.search(head):
        return False
    entry = _FIRST_ENTRY.search(head)
    return _TEMPLATE_TAG.search(_SCRIPTS.sub(b"", head[: entry.start()] if entry else head)) is not None


def find_share(archive: Archive, matches: Callable[[str], bool], names: Sequence[str] | None = None) -> float:
    """Return the share of the documents (or of `names`) that match, from 0 to 1, measured on an even sample."""
    if names is None:
        names = [name for name in archive.names if is_document(name)] or archive.names
    if not names:
        return 0.0
    sample = names[:: -(-len(names) // MAX_SAMPLED_FILES)]
    return sum(map(matches, sample)) / len(sample)


def score_share(share: float, certain: int) -> int:
    """Return the score for a share of files: `certain` for more than half, otherwise 1 to 40, or 0 for none."""
    if share > 0.5:
        return certain
    return max(1, round(40 * share)) if share else 0
