"""Finds the files of a site's content that nothing refers to, and the references that lead to no file."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from posixpath import dirname, normpath

from sitegen.config.load import CONFIGS
from sitegen.config.schema import Config, base_path
from sitegen.content.front_matter.split import split
from sitegen.content.hooks import FILE as HOOKS_FILE
from sitegen.content.links import find_used_files, target_of
from sitegen.feeds.enclosure import find_enclosures
from sitegen.formats.mime_types import TEXTS, ending
from sitegen.formats.plain_values import find_strings
from sitegen.formats.site_urls import comparable
from sitegen.formats.urls import origin_of
from sitegen.importers.images.mentions import find_mentions, find_rooted, is_media, path_of
from sitegen.model import Entry
from sitegen.system.files import is_markdown

SETTINGS_FILES = (*CONFIGS, HOOKS_FILE)
"""Files beside the folders of content and templates that may name a file."""

TEXT_ENDINGS = frozenset((*TEXTS, "jinja", "j2", "jsonl", "markdown", "py", "toml", "txt", "yaml", "yml"))

_REQUESTED = re.compile(
    r"favicon\.ico|(?:apple-touch-icon|mstile)[\w-]*\.png|(?:ads|app-ads|humans|llms|llms-full|robots|security)\.txt"
    r"|\.well-known/.*"
)
"""Paths that browsers and other programs request without a link to them."""


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """The files of a site: their sizes in bytes by path from the root, and a function that returns their bytes.

    `published` are the paths of the output folder.
    """

    sizes: Mapping[str, int]
    published: Collection[str]
    read: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class UnusedFile:
    """A file that nothing refers to, with its size in bytes."""

    path: str
    bytes: int


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A reference that leads to no file, as it is written, with its file and line (0 if unknown)."""

    target: str
    path: str
    line: int


def find_unused(files: SiteFiles, entries: Collection[Entry], config: Config) -> tuple[UnusedFile, ...]:
    """Return the images and other media of the content folder that nothing refers to, the largest first.

    A mention is enough to count as used: in templates, data, settings and hooks the end of the path, in posts also one
    within code.
    """
    content = f"{config.content}/"
    candidates = [
        path
        for path in files.sizes
        if path.startswith(content) and is_media(path) and not _REQUESTED.fullmatch(path[len(content) :])
    ]
    if not candidates:
        return ()
    base, posts = base_path(config), {entry.post.path for entry in entries}
    used = {comparable(path) for entry in entries for path in find_used_files(entry, config.content, base)}
    ends: set[str] = set()
    for path in files.sizes:
        if path not in posts and ending(path) not in TEXT_ENDINGS:
            continue
        for name in find_mentions(_decode(files.read(path))):
            inside = name.removeprefix(origin_of(config.base_url))
            if path in posts:
                used.update(map(comparable, _resolve(inside, path, config.content, base)))
            else:
                ends.add(comparable(_without_start(inside.removeprefix(f"{base}/"))))
    found = [
        UnusedFile(path, files.sizes[path])
        for path in candidates
        if (key := comparable(path)) not in used and ends.isdisjoint(_ends_of(key))
    ]
    return tuple(sorted(found, key=lambda file: (-file.bytes, file.path)))


def find_missing(files: SiteFiles, entries: Collection[Entry], config: Config) -> tuple[MissingFile, ...]:
    """Return the references to images and other media of the site that lead to no file, by file and line.

    Posts are searched as they are rendered, drafts too. In templates and data, only a path from the root of the site
    is known to be a reference. Settings that lead to no file are errors of every build.
    """
    search = _Search(files, config)
    found = [missing for entry in entries for missing in search.find_in_post(entry)]
    posts = {entry.post.path for entry in entries}
    for path in files.sizes:
        if path in posts or path in SETTINGS_FILES or ending(path) not in TEXT_ENDINGS - {"jsonl"}:
            continue
        text = _decode(files.read(path))
        found += [
            MissingFile(url, path, text.count("\n", 0, start) + 1)
            for start, url in find_rooted(text)
            if search.is_missing(url)
        ]
    return tuple(sorted(dict.fromkeys(found), key=lambda missing: (missing.path, missing.line, missing.target)))


class _Search:
    """Searches the references of a site for those that lead to no file."""

    def __init__(self, files: SiteFiles, config: Config) -> None:
        self._files, self._config = files, config
        self._content, self._base = config.content, base_path(config)

    def is_missing(self, url: str) -> bool:
        """Return whether a path from the root of the site, with or without the base path, leads to no file."""
        path = path_of(url)
        if not path.startswith("/") or path.startswith("//") or not is_media(path):
            return False
        inside = path.removeprefix(f"{self._base}/")
        return not any(self._exists(normpath(f"{self._content}/{one.lstrip('/')}")) for one in (path, inside))

    def find_in_post(self, entry: Entry) -> Iterator[MissingFile]:
        """Yield the references of a post that lead to no file: in its text, its image and its enclosures."""
        post, images = entry.post, set(entry.images)
        for reference in entry.references:
            target = reference.target
            if target.startswith("/"):
                is_missing = self.is_missing(target)
            else:
                path = target_of(entry, target, self._content)
                is_wanted = (is_media(path) or target in images) and not is_markdown(path)
                is_missing = is_wanted and not self._exists(path)
            if is_missing:
                yield MissingFile(target, post.path, reference.line)
        lost = {"image": [post.image]} if self.is_missing(post.image) else {}
        for key, value in post.params.items():
            if found := [path for path in _find_paths(key, value) if self._is_lost(entry, path)]:
                lost[key] = found
        if lost:
            front = split(self._files.read(post.path), post.path)
            for key, targets in lost.items():
                written = front.values.get(key)
                for target in [written] if key == "image" and isinstance(written, str) else targets:
                    yield MissingFile(target, post.path, front.line_of_value(key, target))

    def _is_lost(self, entry: Entry, target: str) -> bool:
        if target.startswith("/"):
            return self.is_missing(target)
        path = target_of(entry, target, self._content)
        return "://" not in target and is_media(path) and not self._exists(path)

    def _exists(self, path: str) -> bool:
        """Return whether a path below the content folder is that of a file of the site or of its output."""
        return path in self._files.sizes or path.removeprefix(f"{self._content}/") in self._files.published


def _find_paths(key: str, value: object) -> Iterator[str]:
    """Yield the paths of a value of the front matter; other keys than `enclosure` may have names of any meaning."""
    if key == "enclosure":
        yield from (enclosure.url for enclosure in find_enclosures(value, lambda path: path, lambda _: 0))
    else:
        yield from (text for text in find_strings(value) if text.startswith("/"))


def _resolve(name: str, path: str, content: str, base: str) -> Iterator[str]:
    """Yield the paths that a name in a post may mean: from the folder of the post, or from the root of the site."""
    yield normpath(f"{content}/{name.lstrip('/')}")
    yield normpath(f"{content}/{name.removeprefix(f'{base}/').lstrip('/')}")
    if not name.startswith("/"):
        yield normpath(f"{dirname(path)}/{name}")


def _without_start(name: str) -> str:
    """Return a path without leading slashes and dots."""
    while name.startswith(("/", "./", "../")):
        name = name.partition("/")[2]
    return name


def _ends_of(path: str) -> Iterator[str]:
    """Yield the file's name, its name with that of its folder, and so on up to the whole path."""
    yield from accumulate(reversed(path.split("/")), lambda end, part: f"{part}/{end}")


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")
