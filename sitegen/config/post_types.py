"""Types of posts that a config defines, such as recipes: each has a folder, URLs, a list and keys of its own."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from sitegen.config.content_schema import FIELD_TYPES, GATHERS, OwnType
from sitegen.config.schema import Config
from sitegen.config.setting_values import SettingProblem, check_own_name, check_pattern, check_template
from sitegen.config.taxonomies import FRONT_MATTER_KEYS, RESERVED_NAMES, find_own_taxonomies, is_free_key
from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.formats import lazy_regex

POST_TEMPLATE, ISSUE_TEMPLATE = "post.html", "issue.html"
GATHERED_KEY = "posts"
"""The key with the posts of an issue that gathers those of a list."""

SORT_KEYS = ("date", "title")
"""What every type of post can be sorted by, besides its own fields."""

_FOLDER = lazy_regex.compile(r"[\w-]+(/[\w-]+)*")
_FOLDERS_IN_USE = frozenset(("posts", "pages", "data"))


class PostType(Struct, frozen=True):
    """A type of posts with everything that the config leaves to defaults.

    `folder` is below the content folder, `url` and `listing` are patterns of URLs, `listing` is "" for no list.
    `fields` has the type of each own key of front matter by its name, one of FIELD_TYPES; `required` are keys that
    each post needs. `is_main` says whether the posts are also on the home page, in the archive and in the site's
    feeds. `gather` is one of GATHERS for issues, which show other posts, or "".
    """

    name: str
    title: str
    folder: str
    url: str
    template: str
    listing: str
    listing_template: str
    feed: bool
    is_main: bool
    sort: str
    reverse: bool
    gather: str
    fields: Mapping[str, str]
    required: tuple[str, ...]


@lru_cache(maxsize=16)
def find_types(settings: Mapping[str, OwnType]) -> tuple[PostType, ...]:
    """Return the types of posts that a config defines, in its order."""
    return tuple(_complete(name, item) for name, item in settings.items())


def find_type(config: Config, name: str) -> PostType:
    """Return the type with a name; raise SiteError if the config has none."""
    for item in find_types(config.types):
        if item.name == name:
            return item
    hint = did_you_mean(name, config.types) or f"add a table [types.{name}] to the config"
    raise SiteError([Problem("", 0, f"the config has no type `{name}`", hint)])


def type_of_file(path: str, config: Config) -> PostType | None:
    """Return the type of the post in a file, by its folder; None for a post without a type."""
    for item in find_types(config.types) if config.types else ():
        if path.startswith(f"{config.content}/{item.folder}/"):
            return item
    return None


def post_folders(config: Config) -> tuple[str, ...]:
    """Return the folders below the content folder that contain posts."""
    return ("posts", *[item.folder for item in find_types(config.types)])


def _complete(name: str, item: OwnType) -> PostType:
    fields = dict(item.fields)
    if item.gather == "list":
        fields[GATHERED_KEY] = "posts"
    return PostType(
        name=name,
        title=item.title or name.replace("_", " ").capitalize(),
        folder=item.folder.strip("/") or name,
        url=item.url.replace("{name}", name),
        template=item.template or (ISSUE_TEMPLATE if item.gather else POST_TEMPLATE),
        listing=item.listing.replace("{name}", name),
        listing_template=item.listing_template,
        feed=item.feed,
        is_main=item.main,
        sort=item.sort,
        reverse=item.reverse,
        gather=item.gather,
        fields=fields,
        required=item.required,
    )


def check_types(config: Config) -> Iterator[SettingProblem]:
    """Yield what is wrong with the types of posts of a config."""
    taxonomies = find_own_taxonomies(config.taxonomies)
    keys = {key for item in taxonomies for key in (item.key, item.part)}
    for name, item in config.types.items():
        here = ("types", name)
        if problems := check_own_name(here, name, RESERVED_NAMES | config.taxonomies.keys(), "a type"):
            yield from problems
            continue
        yield from _check_folder(name, config)
        patterns = (("url", item.url, "/{name}/{slug}/", {"slug"}), ("listing", item.listing, "/{name}/", set[str]()))
        for setting, pattern, example, wanted in patterns:
            dates = {"year", "month", "day"} if setting == "url" else set[str]()
            if pattern or setting == "url":
                yield from check_pattern((*here, setting), pattern, example, wanted, {"name", *wanted, *dates})
        if item.gather and item.gather not in GATHERS:
            hint = did_you_mean(item.gather, GATHERS) or f"known are: {', '.join(GATHERS)}"
            yield (*here, "gather"), f'"{item.gather}" is not a known value of `gather`', hint
        if not item.listing_template:
            yield (*here, "listing_template"), "`listing_template` is empty", "name a file in the templates folder"
        yield from _check_fields(name, item, keys)


def _check_folder(name: str, config: Config) -> Iterator[SettingProblem]:
    """Yield what is wrong with the folder of a type, which contains nothing else."""
    found = {item.name: item.folder for item in find_types(config.types)}
    folder = found.pop(name)
    others = {*_FOLDERS_IN_USE, *config.taxonomies, *found.values()}

    def overlaps(other: str) -> bool:
        return f"{folder}/".startswith(f"{other}/") or other.startswith(f"{folder}/")

    overlapping = sorted(filter(overlaps, others))
    if not _FOLDER.fullmatch(folder):
        hint = f'write the path of a folder below the content folder, such as "{name}"'
        yield ("types", name, "folder"), f'"{folder}" is not the path of a folder', hint
    elif overlapping:
        message = f'the folder "{folder}" overlaps with "{overlapping[0]}", which is in use'
        yield ("types", name, "folder"), message, "give each type a folder of its own"


def _check_fields(name: str, item: OwnType, keys: Collection[str]) -> Iterator[SettingProblem]:
    for key, value in item.fields.items():
        here = ("types", name, "fields", key)
        if key in keys or not is_free_key(key):
            yield here, f'"{key}" cannot be a field of the type "{name}"', "name a key that has no other meaning"
        elif value not in FIELD_TYPES:
            hint = did_you_mean(str(value), FIELD_TYPES) or f"known are: {', '.join(FIELD_TYPES)}"
            yield here, f'"{value}" is not the type of a field', hint
    known = {*item.fields, *keys, *(FRONT_MATTER_KEYS - {"params"})}
    for key in item.required:
        if key not in known:
            hint = did_you_mean(key, item.fields) or "add it to `fields`"
            yield ("types", name, "required"), f'the required key "{key}" is not a field', hint
    sorts = (*SORT_KEYS, *item.fields)
    if item.sort not in sorts:
        hint = did_you_mean(item.sort, sorts) or f"known are: {', '.join(sorts)}"
        yield ("types", name, "sort"), f'"{item.sort}" is not a known value of `sort`', hint


def check_type_templates(config: Config, templates: Collection[str]) -> Iterator[SettingProblem]:
    """Yield a problem for each template that a type names and that is not among the site's."""
    for item in find_types(config.types):
        for setting, template in (("template", item.template), ("listing_template", item.listing_template)):
            yield from check_template(("types", item.name, setting), template, templates, config)
