"""Resolve the links of posts to files of the site."""

import posixpath
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from sitegen.errors import Problem
from sitegen.formats.path_index import PathIndex
from sitegen.formats.plain_values import find_strings
from sitegen.model import Entry, Post, Reference
from sitegen.system.files import is_markdown

Links = tuple[tuple[str, str], ...]
Version = Callable[[Post, str], str]
"""Returns the path of the version of a post to which a link of another post leads, from the path that it names."""


def keep_path(post: Post, path: str) -> str:  # noqa: ARG001 - the signature of Version
    """Return the path: posts have no versions."""
    return path


class LinkableFiles(Struct, frozen=True):
    """What the links of posts can lead to.

    `urls` are those of the published posts by path, `posts` these paths, `skipped` the paths of the other posts.
    `files` are the paths of the files of the content folder, `content`, that can be published. `base` is the path
    of the base URL. `version_of` returns the path of the version of a post to which a link of another post leads.
    """

    urls: Mapping[str, str]
    posts: PathIndex
    skipped: frozenset[str]
    files: PathIndex
    content: str
    base: str
    version_of: Version = keep_path


def resolve_links(
    entries: Iterable[Entry], targets: LinkableFiles
) -> tuple[dict[str, Links], list[Problem], list[Problem]]:
    """Return the URL of each file link by post, then the problems, then the warnings.

    A link to a missing post is a problem unless the post has `broken_links: warning`; a missing file of another type is
    a warning.
    """
    urls, content, base, files = targets.urls, targets.content, targets.base, targets.files
    found: dict[str, Links] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for entry in entries:
        if not entry.references:
            continue
        links = {}
        folder = posixpath.dirname(entry.post.path)
        for reference in entry.references:
            if reference.target.startswith("/"):
                continue  # a URL of the site, which `check` follows
            parts = urlsplit(reference.target)
            path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
            tail = f"?{parts.query}" * bool(parts.query) + f"#{parts.fragment}" * bool(parts.fragment)
            source = entry.post.path, reference
            if not parts.path:
                links[reference.target] = tail
            elif is_markdown(path):
                if path in urls:
                    links[reference.target] = urls[targets.version_of(entry.post, path)] + tail
                    continue
                missing = _missing_post(*source, path, targets)
                if entry.post.broken_links == "warning":
                    warnings.append(missing)
                    inside = path.startswith(f"{content}/")
                    links[reference.target] = base + quote(path[len(content) :]) + tail if inside else reference.target
                else:
                    problems.append(missing)
            elif not path.startswith(f"{content}/"):
                warnings.append(_problem(*source, f'the link "{reference.target}" leads out of the {content} folder'))
                links[reference.target] = reference.target
            else:
                if path not in files.paths and path not in files.folders:
                    message = f'there is no file "{path}", to which "{reference.target}" leads'
                    warnings.append(_problem(*source, message, files.did_you_mean(path)))
                slash = "/" if parts.path.endswith("/") else ""
                links[reference.target] = base + quote(path[len(content) :]) + slash + tail
        found[entry.post.path] = tuple(links.items())
    return found, problems, warnings


def target_of(entry: Entry, target: str, content: str) -> str:
    """Return the path from the site's root of the target of a post's link or of a value of its front matter."""
    path = unquote(urlsplit(target).path)
    folder = content if path.startswith("/") else posixpath.dirname(entry.post.path)
    return posixpath.normpath(posixpath.join(folder, path.lstrip("/")))


def find_used_files(entry: Entry, content: str, base: str) -> set[str]:
    """Return the paths from the site's root of files that a post links to, embeds or names in its front matter.

    Some of them may not exist, because every string of the front matter counts as a path.
    """
    used = {target_of(entry, reference.target, content) for reference in entry.references}
    if entry.post.image:
        inside = unquote(urlsplit(entry.post.image).path).removeprefix(f"{base}/")
        used.add(f"{content}/{inside}")
    for text in find_strings(entry.post.params):
        with suppress(ValueError):  # not a URL
            used.add(target_of(entry, text, content))
    return used


def _missing_post(path: str, reference: Reference, target: str, targets: LinkableFiles) -> Problem:
    if target in targets.skipped:
        message = f'the link "{reference.target}" leads to a post that is not published'
        return _problem(path, reference, message, "publish that post, or remove the link")
    message = f'the link "{reference.target}" is broken: there is no "{target}"'
    hint = targets.posts.did_you_mean(target) or "write the path from this file's folder"
    return _problem(path, reference, message, hint)


def _problem(path: str, reference: Reference, message: str, hint: str = "") -> Problem:
    return Problem(path, reference.line, message, hint or "correct the link, or add the file")
