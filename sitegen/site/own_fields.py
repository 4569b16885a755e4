"""What posts of the site's own types show: the values of their fields, and the posts that issues gather."""

from collections.abc import Iterable, Iterator, Mapping

from sitegen.config.post_types import GATHERED_KEY, find_types
from sitegen.config.schema import Config
from sitegen.content.links import LinkableFiles, target_of
from sitegen.errors import Problem
from sitegen.model import Entry, FieldValue, Post, Site, line_of_key

REFERENCES = ("post", "posts")
"""The types of fields whose values are files of other posts."""


def find_fields(
    config: Config, entries: Mapping[str, Entry], targets: LinkableFiles
) -> tuple[dict[str, tuple[FieldValue, ...]], list[Problem]]:
    """Return the values of the own fields of each post by the post's path, and a problem for each broken reference.

    `entries` are the published posts and pages.
    """
    types = {item.name: item for item in find_types(config.types)}
    found: dict[str, tuple[FieldValue, ...]] = {}
    problems: list[Problem] = []
    for path, entry in entries.items():
        post_type = types.get(entry.post.type)
        if post_type is None:
            continue
        values = []
        for name, field_type in post_type.fields.items():
            value = entry.post.params.get(name)
            if value is None:
                continue
            if field_type in REFERENCES:
                value, wrong = _resolve(entry, name, value, entries, targets)
                problems += wrong
            values.append(FieldValue(name, name.replace("_", " ").replace("-", " ").capitalize(), field_type, value))
        if values:
            found[path] = tuple(values)
    return found, problems


def _resolve(
    entry: Entry, name: str, value: str | tuple[str, ...], entries: Mapping[str, Entry], targets: LinkableFiles
) -> tuple[Post | tuple[Post, ...] | None, list[Problem]]:
    """Return the posts that a field names, and what is wrong with it."""
    posts, problems = [], []
    for text in value if isinstance(value, tuple) else (value,):
        path = target_of(entry, text, targets.content)
        other = entries.get(targets.version_of(entry.post, path))
        if other is not None and other is not entry:
            posts.append(other.post)
            continue
        line = line_of_key(entry, name)
        if path in targets.skipped:
            message = f"`{name}: {text}` is a post that is not published"
            problems.append(Problem(entry.post.path, line, message, "publish that post, or remove the value"))
        else:
            message = f"`{name}: {text}` is not the file of another post"
            hint = targets.posts.did_you_mean(path) or "write the path of the file from this file's folder"
            problems.append(Problem(entry.post.path, line, message, hint))
    return (tuple(posts) if isinstance(value, tuple) else posts[0] if posts else None), problems


def gather(config: Config, site: Site, fields: Mapping[str, tuple[FieldValue, ...]]) -> dict[str, tuple[Post, ...]]:
    """Return the posts that each issue gathers, oldest first or in the order of its list, by the issue's path."""
    found: dict[str, tuple[Post, ...]] = {}
    for post_type in find_types(config.types):
        issues = [post for post in site.documents if post.type == post_type.name]
        if post_type.gather == "list":
            named = {issue.path: _listed(fields.get(issue.path, ())) for issue in issues}
            found |= {path: posts for path, posts in named.items() if posts}
        elif post_type.gather:
            others = [post for post in reversed(site.documents) if post.type != post_type.name]
            gathered = _by_number if post_type.gather == "number" else _by_date
            found |= {issue.path: posts for issue, posts in gathered(issues, others) if posts}
    return found


def _listed(fields: Iterable[FieldValue]) -> tuple[Post, ...]:
    return next((item.value for item in fields if item.name == GATHERED_KEY), ())


def _by_number(issues: Iterable[Post], others: Iterable[Post]) -> Iterator[tuple[Post, tuple[Post, ...]]]:
    """Yield each issue with the posts that have its number."""
    numbered: dict[str, list[Post]] = {}
    for post in others:
        if post.issue:
            numbered.setdefault(post.issue, []).append(post)
    for issue in issues:
        yield issue, tuple(numbered.get(issue.issue, ())) if issue.issue else ()


def _by_date(issues: Iterable[Post], others: Iterable[Post]) -> Iterator[tuple[Post, tuple[Post, ...]]]:
    """Yield each issue with the posts since the issue before it, until the end of its own day."""
    ordered = sorted(issues, key=lambda issue: (issue.date, issue.path))
    waiting = sorted(others, key=lambda post: (post.date, post.path))
    at = 0
    for issue in ordered:
        start = at
        last = issue.date.astimezone(issue.date.tzinfo).date()
        while at < len(waiting) and waiting[at].date.astimezone(issue.date.tzinfo).date() <= last:
            at += 1
        yield issue, tuple(waiting[start:at])
