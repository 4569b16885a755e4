"""Read `content/sources.toml`: the sources where posts were first published.

Each source is a table named as posts name it:

    ["New York Post"]
    url = "https://nypost.com/"
    feed = "https://nypost.com/feed/"
    policy = "syndicated"
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sitegen.config.schema import Config, base_path
from sitegen.content.descriptions import DESCRIPTION_KEYS
from sitegen.content.permalinks import name_term
from sitegen.errors import Problem, SiteError, did_you_mean, naming, nearest
from sitegen.formats.toml import TomlFile, read_toml
from sitegen.formats.urls import is_web_url
from sitegen.model import INDEXED, POLICIES, Post, Source

_KEYS = ("url", "feed", "policy")
_ALL_KEYS = (*_KEYS, *DESCRIPTION_KEYS)


def read_sources(path: Path, name: str, config: Config) -> dict[str, Source]:
    """Return the sources of a TOML file by their names, in the file's order; none if there is no file.

    `name` is the file's path below the site's root. Raises SiteError with every problem of the file.
    """
    try:
        with naming(path):
            data = path.read_bytes()
    except FileNotFoundError:
        return {}
    file = read_toml(data, name)
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    slugs: dict[str, str] = {}
    for title, table in file.values.items():
        source = _source(file, title, table, config, problems)
        if source is None:
            continue
        other = slugs.setdefault(source.slug, title)
        if other != title:
            message = f'the sources "{other}" and "{title}" have the same URL {source.url}'
            problems.append(file.problem([title], message, "give one of them another name, or make them one"))
        sources[title] = source
    if problems:
        raise SiteError(problems)
    return sources


def source_named(name: str, home: str, sources: Mapping[str, Source], config: Config) -> Source:
    """Return the source of a post, with defaults if no file describes it. Raises ValueError if its slug is empty."""
    known = sources.get(name)
    if known is not None:
        return known if not home or home == known.home else _undescribed(name, home or known.home, config, known)
    return _undescribed(name, home, config, None)


def describe_unlisted(posts: Iterable[Post]) -> str:
    """Return a note for a site most of whose posts ask search engines not to list them, "" for any other."""
    policies = [post.policy for post in posts]
    unlisted = sum(policy not in INDEXED for policy in policies)
    if 2 * unlisted <= len(policies):
        return ""
    return (
        f"Search engines will not list {unlisted:,} of {len(policies):,} posts: their `source_url`, or the policy of "
        "their source, says that the original is elsewhere.\nIf this site is their home, name a `source` in the posts "
        'that has policy = "original" in content/sources.toml, or remove `source_url`.'
    )


@lru_cache(maxsize=4_096)
def likely_source(name: str, known: tuple[str, ...]) -> str | None:
    """Return the described source with a similar name, or None."""
    return None if name in known else nearest(name, known)


def check_url(url: str) -> str:
    """Return an absolute http or https URL; ValueError for anything else."""
    if not is_web_url(url):
        raise ValueError(f'"{url[:100]}" is not an http or https URL')
    return url


def _undescribed(name: str, home: str, config: Config, known: Source | None) -> Source:
    page = name_term(name, config.urls.source, base_path(config))
    feed, policy = (known.feed, known.policy) if known else ("", "")
    return Source(name, page.slug, page.url, home, feed, policy)


def _source(file: TomlFile, title: str, table: Any, config: Config, problems: list[Problem]) -> Source | None:
    if not isinstance(table, dict):
        hint = f'write a table: ["{title}"] on a line of its own, and below it url = "https://…"'
        problems.append(file.problem([title], f'"{title}" is not a source', hint))
        return None
    own = [(key, value) for key, value in table.items() if key not in DESCRIPTION_KEYS]
    values = {key: _value(file, title, key, value, problems) for key, value in own}
    try:
        page = name_term(title, config.urls.source, base_path(config))
    except ValueError as error:
        problems.append(file.problem([title], str(error), "give the source a name with letters"))
        return None
    return Source(title, page.slug, page.url, values.get("url", ""), values.get("feed", ""), values.get("policy", ""))


def _value(file: TomlFile, title: str, key: str, value: Any, problems: list[Problem]) -> str:
    message = hint = ""
    if key not in _KEYS:
        message, hint = f'a source has no key "{key}"', did_you_mean(key, _ALL_KEYS) or _listed(_ALL_KEYS)
    elif not isinstance(value, str):
        message, hint = f'the {key} of "{title}" is not text', "put it in quotes"
    elif key == "policy":
        if value not in POLICIES:
            message, hint = f'there is no policy "{value}"', did_you_mean(value, POLICIES) or _listed(POLICIES)
    elif not is_web_url(value):
        message, hint = f'the {key} "{value}" is not an http or https URL', "begin it with https://"
    if message:
        problems.append(file.problem([title, key], message, hint))
        return ""
    return str(value)


def _listed(names: Iterable[str]) -> str:
    return f"it is one of {', '.join(names)}"
