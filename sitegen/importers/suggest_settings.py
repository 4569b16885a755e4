"""Suggests settings for the sections, taxonomies and series of an old site."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from sitegen.config.setting_values import OWN_NAME
from sitegen.config.taxonomies import RESERVED_NAMES, SERIES, is_free_key
from sitegen.content.front_matter.readers import read_language
from sitegen.formats.dates import zone_named
from sitegen.formats.frozen_dict import freeze
from sitegen.formats.slugs import name_slug
from sitegen.importers.archive.members import printable
from sitegen.importers.base import CATEGORIES, ImportedPost, Item, SuggestedTable
from sitegen.importers.convert.plain_line import plain_line
from sitegen.importers.markdown_source.front_matter_keys import AUTHORS, TAGS


def suggest(keys: tuple[str, ...], values: Mapping[str, Any]) -> SuggestedTable:
    """Return a table to suggest, without the values that are empty."""
    return SuggestedTable(
        keys, freeze({key: value for key, value in values.items() if value not in ("", [], (), None)})
    )


def lower_keys(value: object) -> Mapping[str, Any]:
    """Return a table of settings with lower-case keys, or an empty one for another value."""
    return {str(key).lower(): item for key, item in value.items()} if isinstance(value, Mapping) else {}


def line_of(table: Mapping[str, Any], key: str) -> str:
    """Return a string of a table on one line, or ""."""
    value = table.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def suggest_site(values: Mapping[str, Any], **names: str) -> SuggestedTable:
    """Return settings of an old site such as its title, language, time zone and author, as far as they are usable.

    `names` gives the key of a setting in `values`, by its name in the config, such as `description="tagline"`. An
    author can also be a table with a `name`. Importers yield this before the first post: see `output.new_settings`.
    """
    found = {key: line_of(values, name) for key, name in names.items()}
    for key in ("title", "description", "author"):
        if key in found:
            found[key] = " ".join(printable(plain_line(found[key])).split())
    if not found.get("author") and "author" in names:
        found["author"] = line_of(lower_keys(values.get(names["author"])), "name")
    if "@" in found.get("author", "") or not name_slug(found.get("author", "")):
        found["author"] = ""
    if "language" in found:
        # Also the locale of a system, such as de_DE.UTF-8.
        language = found["language"].partition(".")[0]
        try:
            found["language"] = _format_language(read_language(language)) if language else ""
        except ValueError:
            found["language"] = ""
    try:
        zone = zone_named(found.get("timezone") or "UTC")
    except ValueError:
        found["timezone"] = ""
    else:
        found["timezone"] = "UTC" if zone is UTC and found.get("timezone") else found.get("timezone", "")
    return suggest((), found)


def _format_language(tag: str) -> str:
    """Return a language tag, such as "zh-Hant-TW", with the usual case of its parts (RFC 5646, section 2.1.1)."""
    language, *others = tag.split("-")
    by_length = {2: str.upper, 4: str.title}
    return "-".join([language.lower(), *(by_length.get(len(part), str.lower)(part) for part in others)])


def section_name(folder: str) -> str:
    """Return the name that a type of posts can have for the posts below a folder: that of its first part, or ""."""
    name = re.sub(r"[^a-z0-9]+", "_", folder.split("/", 1)[0].lower()).strip("_")
    return name if OWN_NAME.fullmatch(name) and name not in RESERVED_NAMES else ""


def find_folders(paths: Iterable[str], clean: Callable[[str], str] = str) -> Mapping[str, str]:
    """Return the first part of the URLs of each section, by the name of the section.

    The folders `post` and `posts` are the section "". `paths` are those of files in the content folder; `clean` returns
    the name of a folder as it is in a URL.
    """
    folders: dict[str, str] = {}
    for path in paths:
        folder, slash, _ = path.partition("/")
        if slash and ((name := section_name(folder)) or folder in ("post", "posts")):
            folders.setdefault(name, clean(folder))
    return folders


def taxonomy_key(name: str) -> str:
    """Return the key of front matter that the terms of a taxonomy of the old site can have, or ""."""
    key = section_name(name)
    return key if key not in (*TAGS, *AUTHORS) and is_free_key(key) else ""


class PostCounts:
    """Counts the posts of each section and language, while the items of a site pass by.

    `params` are the keys with further metadata that posts have, in the order of the posts.
    """

    def __init__(self) -> None:
        self.sections: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.params: dict[str, None] = {}
        self.has_categories = False

    def watch(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items, and count the posts among them."""
        for item in items:
            if isinstance(item, ImportedPost):
                self.languages[item.language.lower()] += 1
                if not item.page:
                    self.sections[item.section] += 1
                    self.params |= dict.fromkeys(item.params)
                    self.has_categories = self.has_categories or bool(item.categories)
            yield item

    def main_section(self) -> str:
        """Return the section with the most posts, the first one of several, or "" for a site without sections."""
        return max(sorted(self.sections), key=self.sections.__getitem__, default="")


def suggest_taxonomies(
    keys: Iterable[str], counts: PostCounts, settings: Mapping[str, Mapping[str, Any]] = {}, *, feed: bool = False
) -> Iterator[SuggestedTable]:
    """Yield a table for each taxonomy of the site, by its key, except tags and authors; and for series and categories.

    `settings` are those of single taxonomies.
    """
    found = [key for key in dict.fromkeys(keys) if key not in (*TAGS, *AUTHORS) and is_free_key(key)]
    if SERIES in counts.params and SERIES not in found:
        found.append(SERIES)
    if counts.has_categories:
        found.append(CATEGORIES)
    for key in found:
        if section_name(key) == key:
            yield suggest(("taxonomies", key), {**settings.get(key, {}), "feed": feed or None})


def suggest_types(
    counts: PostCounts,
    main: Collection[str],
    titles: Mapping[str, str],
    folders: Mapping[str, str],
    urls: Mapping[str, str],
) -> Iterator[SuggestedTable]:
    """Yield a table for the type of each section that is not among the main ones, whose posts stay posts.

    `titles`, `folders` and `urls` have the titles, the first part of the URLs, and the patterns of URLs of sections by
    their names.
    """
    for name in sorted(counts.sections):
        if name and name not in main:
            title = titles.get(name, "")
            default = name.replace("_", " ").capitalize()
            folder = folders.get(name, name)
            own_folder = folder if folder != name else ""
            values = {
                "title": title if title != default else "",
                "url": urls.get(name, "") or (own_folder and f"/{folder}/{{slug}}/"),
                "listing": own_folder and f"/{folder}/",
                "feed": True,
            }
            yield suggest(("types", name), values)
