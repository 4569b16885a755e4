"""Find which posts and pages are translations of each other."""

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import unquote

from msgspec import Struct

from sitegen.config.editions import Editions
from sitegen.content.document_language import read_document_language
from sitegen.errors import Problem
from sitegen.formats.path_index import PathIndex
from sitegen.model import Entry, Post


class TranslationGroup(Struct, frozen=True):
    """A post in several languages: that of the site first, then by their tags.

    `original` is the post that the others translate: one without `translation_of`, in the site's language if possible,
    otherwise the oldest.
    """

    posts: tuple[Post, ...]
    original: Post


Translations = Mapping[str, TranslationGroup]
"""The group of each post that has translations, by the post's path."""


def find_translations(
    entries: Iterable[Entry], editions: Editions, skipped: Collection[str], content: str
) -> tuple[Translations, list[Problem]]:
    """Return the groups of translations that published posts and pages form, and what is wrong with them.

    Posts belong together if they have the same `translation_key`, if one names the file of the other in
    `translation_of`, or if their paths differ only by the names of the site's languages. `skipped` are the paths of
    posts that are not published, `content` is the content folder.
    """
    entries = tuple(entries)
    language, has_editions = editions.main.language, len(editions.by_tag) > 1
    if not has_editions and not any(entry.post.translation_key or entry.post.translation_of for entry in entries):
        return {}, []
    found = _Groups()
    problems: list[Problem] = []
    paths = {entry.post.path for entry in entries}
    index = PathIndex(paths)
    for entry in entries:
        post = entry.post
        found.add(post.path)
        if has_editions:
            found.join(post.path, f"\1{read_document_language(post.path, content, editions).path}")
        if post.translation_key:
            found.join(post.path, f"\0{post.translation_key}")
        if post.translation_of:
            target = _locate_original(post, content)
            if target in paths and target != post.path:
                found.join(post.path, target)
            elif target not in skipped:
                problems.append(_describe_wrong_original(entry, target, index))
    by_path = {entry.post.path: entry for entry in entries}
    groups: dict[str, TranslationGroup] = {}
    for members in found.groups():
        group = [by_path[name] for name in sorted(members) if name in by_path]
        if len(group) > 1:
            problems += _find_repeated(group, language)
            posts = sorted([entry.post for entry in group], key=lambda post: _position(post, language))
            translation = TranslationGroup(tuple(posts), _find_original(posts, language))
            groups.update(dict.fromkeys([post.path for post in posts], translation))
    return groups, problems


def find_linked_version(post: Post, path: str, translations: Translations, editions: Editions) -> str:
    """Return the file of the version to which a link of a post leads, if it names the file at a path.

    A link to an original leads to its version in the language of the post, except from another version of it. A link
    to a translation leads to this translation.
    """
    group = translations.get(path)
    if group is None or path != group.original.path or any(version.path == post.path for version in group.posts):
        return path
    main = editions.main.language
    language, edition = (post.language or main).lower(), editions.find(post.language)
    same = [version for version in group.posts if (version.language or main).lower() == language]
    same += [version for version in group.posts if edition.name and editions.find(version.language) is edition]
    return same[0].path if same else path


def _locate_original(post: Post, content: str) -> str:
    """Return the path from the site's root of the file that `translation_of` names."""
    path = unquote(post.translation_of)
    folder = content if path.startswith("/") else posixpath.dirname(post.path)
    return posixpath.normpath(posixpath.join(folder, path.lstrip("/")))


def _describe_wrong_original(entry: Entry, target: str, index: PathIndex) -> Problem:
    post = entry.post
    if target == post.path:
        message = f"`translation_of: {post.translation_of}` names this post itself"
        return Problem(post.path, entry.translation_line, message, "name the file of the original")
    meant = index.find_nearest(target)
    if meant and meant != post.path:
        hint = f'did you mean "{posixpath.relpath(meant, posixpath.dirname(post.path))}"?'
    else:
        hint = (
            "write the path of the original's file from this file's folder, such as"
            " `translation_of: 2024-05-01-hello.md`"
        )
    message = f"`translation_of: {post.translation_of}` is not the file of a post"
    return Problem(post.path, entry.translation_line, message, hint)


def _find_repeated(group: Iterable[Entry], language: str) -> Iterator[Problem]:
    """Yield a problem for each post of a group in a language that another post of the group has."""
    first: dict[str, Post] = {}
    for entry in group:
        post = entry.post
        own = post.language or language
        other = first.setdefault(own.lower(), post)
        if other is not post:
            message = f"this and {other.path} are translations of the same post into the same language, `{own}`"
            hint = "correct `language` of one of them, or the key that links them"
            yield Problem(post.path, entry.translation_line or 1, message, hint)


def _position(post: Post, language: str) -> tuple[bool, str, str]:
    own = (post.language or language).lower()
    return (own != language.lower(), own, post.path)


def _find_original(posts: Iterable[Post], language: str) -> Post:
    posts = tuple(posts)
    candidates = [post for post in posts if not post.translation_of] or posts
    return min(candidates, key=lambda post: (_position(post, language)[0], post.date, post.path))


class _Groups:
    """Collects names that belong together, as disjoint sets with path halving."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def add(self, name: str) -> None:
        self._above.setdefault(name, name)

    def join(self, one: str, other: str) -> None:
        self._above[self._first(one)] = self._first(other)

    def groups(self) -> Iterable[list[str]]:
        members: dict[str, list[str]] = {}
        for name in self._above:
            members.setdefault(self._first(name), []).append(name)
        return members.values()

    def _first(self, name: str) -> str:
        self.add(name)
        while self._above[name] != name:
            self._above[name] = name = self._above[self._above[name]]
        return name
