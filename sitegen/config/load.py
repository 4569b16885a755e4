"""Reads a site's settings: `sitegen.toml`, or `[tool.sitegen]` in pyproject.toml."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields, replace

from sitegen.config.data_pages import check_data_pages
from sitegen.config.podcast import find_problems
from sitegen.config.post_types import check_types
from sitegen.config.presets import BLOCKS, FONTS, LISTS, PRESETS
from sitegen.config.publish_targets import validate_targets
from sitegen.config.schema import (
    BROKEN_LINKS,
    ENGINES,
    FORMATS,
    Config,
    Deploy,
    Feeds,
    Lists,
    Target,
    is_table,
    named_table,
)
from sitegen.config.setting_values import (
    LANGUAGE,
    SettingProblem,
    check_cards,
    check_folders,
    check_images,
    check_languages,
    check_links,
    check_seconds,
    check_url_patterns,
)
from sitegen.config.taxonomies import check_taxonomies
from sitegen.config.theme_schema import ARTICLES, MASTHEADS, SHARING, VIEWS, CommentSystem, Theme
from sitegen.errors import Problem, SiteError, did_you_mean, naming
from sitegen.formats.dates import zone_named
from sitegen.formats.frozen_dict import FrozenDict, freeze
from sitegen.formats.slugs import name_slug
from sitegen.formats.toml import TomlFile, read_toml
from sitegen.formats.urls import encode_host, hide_credentials, normalize_base_url


class Settings(Struct, frozen=True):
    """A site's config, and the file and line of each setting ("" for a default)."""

    config: Config
    origins: Mapping[str, str]


TYPE_NAMES = {
    str: 'a string in quotes: "..."',
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    FrozenDict: "a table",
}


LIST_NAMES = {str: ("strings", '["one", "two"]'), int: ("whole numbers", "[1, 2]")}


CONFIGS = ("sitegen.toml", "pyproject.toml")
"""The files that hold a site's config, the first that there is."""


def find_root(start: Path) -> Path:
    """Return the nearest folder with a site's config, from `start` upwards, or `start` itself."""
    return next((folder for folder in (start, *start.parents) if has_site(folder)), start)


def has_site(folder: Path) -> bool:
    """Return whether a folder contains a site's config."""
    if (folder / "sitegen.toml").is_file():
        return True
    shared = folder / "pyproject.toml"
    return shared.is_file() and b"[tool.sitegen" in _read(shared)


def location_of(root: Path, keys: Sequence[str | int]) -> tuple[str, int]:
    """Return the config file of a site and the line of a setting in it, by its path of names."""
    problem = describe_setting(root, keys, "")
    return problem.path, problem.line


def describe_setting(
    root: Path, keys: Sequence[str | int], message: str, hint: str = "", otherwise: str | None = None
) -> Problem:
    """Return a problem of a setting, by its path of names, at its line in the config of a site, with that line.

    If the line is unknown, as of a setting that is not written, it is a problem of the file `otherwise`, and without
    that, of the config.
    """
    for name, prefix in zip(CONFIGS, ((), ("tool", "sitegen")), strict=True):
        if (root / name).is_file():
            problem = read_toml(_read(root / name), name).problem((*prefix, *keys), message, hint)
            if problem.line or otherwise is None:
                return problem
            break
    return Problem(CONFIGS[0] if otherwise is None else otherwise, 0, message, hint)


def refuse_settings(root: Path, problems: Iterable[SettingProblem]) -> None:
    """Raise SiteError with what is wrong with settings, at their lines in the config of a site, if anything is."""
    found = [describe_setting(root, keys, message, hint) for keys, message, hint in problems]
    if found:
        raise SiteError(found)


def read_config(root: Path, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings of the site at `root`; raise SiteError with all that is wrong with them.

    `overrides` are settings given on the command line, by name; they win over the file.
    """
    own, shared = root / "sitegen.toml", root / "pyproject.toml"
    table: Mapping[str, Any] = {}
    file = TomlFile("sitegen.toml", "", {})
    prefix: tuple[str, ...] = ()
    shared_file = read_toml(_read(shared), "pyproject.toml") if shared.is_file() else None
    in_shared = shared_file is not None and "sitegen" in shared_file.values.get("tool", {})
    if own.is_file():
        file = read_toml(_read(own), "sitegen.toml")
        table = file.values
        if in_shared and shared_file is not None:
            message = "the site has two configurations: this one and sitegen.toml"
            raise SiteError([shared_file.problem(("tool", "sitegen"), message, "keep one of them")])
    elif in_shared and shared_file is not None:
        file, prefix = shared_file, ("tool", "sitegen")
        table = shared_file.values["tool"]["sitegen"]
    else:
        raise SiteError([_describe_missing_site(root)])
    reader = _ConfigReader(file, prefix, frozenset(overrides or ()))
    config = reader.read(Config, table, ())
    if overrides:
        reader.origins.update(dict.fromkeys(overrides, "command line"))
        config = replace(config, **overrides)
    config = reader.normalize(config)
    reader.validate(config)
    if reader.problems:
        raise SiteError(reader.problems)
    return Settings(config, reader.origins)


def require_site(root: Path) -> None:
    """Raise SiteError if the folder `root` does not exist or has no config of a site."""
    if not has_site(root):
        raise SiteError([_describe_missing_site(root)])


_SIMILAR_NAMES = frozenset(f"sitegen.{ending}" for ending in ("toml", "toml.txt", "yaml", "yml", "json"))
"""Names that people give to a config, in lower case, besides the real one."""


def _describe_missing_site(root: Path) -> Problem:
    if not root.is_dir():
        exists = "is not a folder" if root.exists() else "does not exist"
        return Problem("", 0, f"the folder {root} {exists}", "check the path after -C, or run `sitegen init DIR`")
    below = sorted(file.parent.name for file in root.glob("*/sitegen.toml"))
    hint = "run `sitegen init DIR` to make a new site, or name the folder of yours: `sitegen -C DIR ...`"
    if similar := next((file.name for file in root.iterdir() if file.name.lower() in _SIMILAR_NAMES), ""):
        hint = f"the settings are read from a file with the name sitegen.toml, in TOML, and not from {similar}"
    elif below:
        hint = f"there is one in {below[0]}: run `sitegen -C {below[0]} ...`"
    return Problem("", 0, f"there is no site in {root}: no sitegen.toml was found there", hint)


def _read(file: Path) -> bytes:
    with naming(file):
        return file.read_bytes()


def _dotted(keys: Sequence[str | int]) -> str:
    """Return the name of a setting for messages, without the number of a table in a list."""
    return ".".join(key for key in keys if isinstance(key, str))


class _ConfigReader:
    """Collects the problems of one config file while its tables become values of the schema's types."""

    def __init__(self, file: TomlFile, prefix: tuple[str, ...], overrides: frozenset[str]) -> None:
        self.file, self.prefix, self.overrides = file, prefix, overrides
        self.problems: list[Problem] = []
        self.origins: dict[str, str] = {}

    def add_problem(self, keys: tuple[str | int, ...], message: str, hint: str = "") -> None:
        if keys[0] in self.overrides:  # it was given on the command line
            self.problems.append(Problem("", 0, message, hint))
        else:
            self.problems.append(self.file.problem(self.prefix + keys, message, hint))

    def read(self, setting_type: type[Any], table: Mapping[str, Any], keys: tuple[str | int, ...]) -> Any:
        types = {item.name: item.type for item in fields(setting_type)}
        values = {}
        prefix = "".join(f"{key}." for key in self.prefix)
        for name, value in table.items():
            here = (*keys, name)
            dotted = _dotted(here)
            if name not in types:
                from sitegen.config.setting_names import suggest_setting, table_of  # noqa: PLC0415 - only for a mistake

                hint = suggest_setting(name, table_of(keys), prefix, types, is_table=isinstance(value, dict | list))
                self.add_problem(here, f'unknown setting "{dotted}"', hint)
                continue
            named = named_table(types[name])
            if not is_table(types[name]) and not named:
                self.origins[dotted] = f"{self.file.path}:{self.file.line_of(self.prefix + here)}"
            read = self.read_named(named, value, here) if named else self.read_value(types[name], value, here)
            if read is not None:
                values[name] = read
        return setting_type(**values)

    def read_named(self, table_type: type[Struct], value: Any, keys: tuple[str | int, ...]) -> Any:
        """Return the tables of a setting that has one for each name, or None if it is something else."""
        if isinstance(value, Mapping) and all(isinstance(row, Mapping) for row in value.values()):
            return FrozenDict({name: self.read(table_type, row, (*keys, name)) for name, row in value.items()})
        dotted = _dotted(keys)
        self.add_problem(keys, f'"{dotted}" has a table for each name', f"write [{dotted}.NAME]")
        return None

    def read_value(self, wanted: Any, value: Any, keys: tuple[str | int, ...]) -> Any:
        """Return the value as the wanted type, or None if it has another one."""
        dotted, name = _dotted(keys), keys[-1]
        item = get_args(wanted)[0] if get_origin(wanted) is tuple else None
        read: Any = None
        if is_table(wanted):
            if isinstance(value, Mapping):
                read = self.read(wanted, value, keys)
            else:
                self.add_problem(keys, f'"{dotted}" is a table of settings, not a single value', f"write [{dotted}]")
        elif is_table(item):
            if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
                rows = enumerate(value)
                read = tuple(self.read(item, row, (*keys, number)) for number, row in rows)
            else:
                self.add_problem(keys, f'"{dotted}" is a list of tables', f"write [[{dotted}]]")
        elif item is not None:
            wanted_items, example = LIST_NAMES[item]
            if isinstance(value, list) and all(type(part) is item for part in value):
                read = tuple(value)
            else:
                self.add_problem(
                    keys, f'"{dotted}" must be a list of {wanted_items}', f"for example {name} = {example}"
                )
        elif wanted is FrozenDict and isinstance(value, Mapping):
            read = freeze(value)
        elif type(value) is wanted or (wanted is float and type(value) is int):
            read = wanted(value)
        else:
            self.add_problem(keys, f'"{dotted}" must be {TYPE_NAMES[wanted]}')
        return read

    def normalize(self, config: Config) -> Config:
        """Return the config with its base URL and its domain as they are written into pages and files."""
        config = replace(config, deploy=self.normalize_domain(config.deploy))
        try:
            return replace(config, base_url=normalize_base_url(config.base_url))
        except ValueError as error:
            shown = hide_credentials(config.base_url)
            hint = "write the URL of the site, for example https://letters.example.com/"
            self.add_problem(("base_url",), f'the base URL "{shown}" cannot be used: {error}', hint)
            return config

    def normalize_domain(self, deploy: Deploy) -> Deploy:
        """Return the settings with the domain in ASCII, which is how GitHub reads its CNAME file."""
        if not deploy.cname:
            return deploy
        try:
            domain = encode_host(deploy.cname)
            if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain):
                raise ValueError("it is not a host name of at least two parts")
        except ValueError as error:
            hint = "write a domain alone, for example news.example.com"
            self.add_problem(("deploy", "cname"), f'"{deploy.cname}" is not a domain: {error}', hint)
            return deploy
        return replace(deploy, cname=domain)

    def validate(self, config: Config) -> None:
        try:
            zone_named(config.timezone)
        except ValueError as error:
            self.add_problem(("timezone",), str(error), "write a name such as Europe/Berlin or UTC")
        if not LANGUAGE.fullmatch(config.language):
            hint = "write a code of BCP 47, for example en, de or pt-BR"
            self.add_problem(("language",), f'"{config.language}" is not a language code', hint)
        if config.author and not name_slug(config.author):
            self.add_problem(
                ("author",),
                f'the author "{config.author}" has no visible character',
                "write a name, or remove the setting",
            )
        if config.markdown.engine not in ENGINES:
            hint = did_you_mean(config.markdown.engine, ENGINES) or f"known are: {', '.join(ENGINES)}"
            self.add_problem(("markdown", "engine"), f'unknown Markdown engine "{config.markdown.engine}"', hint)
        if config.broken_links not in BROKEN_LINKS:
            hint = f"write {' or '.join(BROKEN_LINKS)}"
            self.add_problem(("broken_links",), f'`broken_links = "{config.broken_links}"` is not a severity', hint)
        for item in fields(Lists):
            if getattr(config.lists, item.name) < (0 if item.name in ("related", "most_read", "year") else 1):
                self.add_problem(("lists", item.name), f'"lists.{item.name}" must be at least 1')
        self.validate_theme(config.theme)
        if config.theme.words:
            from sitegen.config.i18n import check_words  # noqa: PLC0415 - few sites have words of their own

            for where, message, hint in check_words(config.theme.words, config.languages.keys()):
                self.add_problem(("theme", "words", *where), message, hint)
        self.validate_feeds(config.feeds)
        for keys, message, hint in chain(
            check_url_patterns(config.urls),
            check_folders(config),
            check_links(config.theme, config.feeds, (*config.taxonomies, *config.types)),
            check_seconds(config.markdown.seconds),
            check_images(config.images),
            check_taxonomies(config.taxonomies),
            check_languages(config),
            check_types(config),
            check_data_pages(config),
            check_cards(config.cards),
        ):
            self.add_problem(keys, message, hint)
        self.validate_deploy(config.deploy)
        self.add_target_problems(config.publish)

    def validate_theme(self, theme: Theme) -> None:
        if theme.article not in ARTICLES:
            hint = f"write {' or '.join(ARTICLES)}"
            self.add_problem(("theme", "article"), f'"{theme.article}" is not a type of article', hint)
        for setting, known in (
            ("preset", tuple(PRESETS)),
            ("fonts", ("", *FONTS)),
            ("lists", ("", *LISTS)),
            ("masthead", MASTHEADS),
            ("views", VIEWS),
        ):
            self.check_choice(setting, getattr(theme, setting), known)
        for block in theme.home:
            self.check_choice("home", block, BLOCKS)
        if len(set(theme.home)) < len(theme.home):
            self.add_problem(("theme", "home"), "`home` names a block twice", "remove one of them")
        for name in theme.share:
            if name not in SHARING:
                hint = did_you_mean(name, SHARING) or f"known are: {', '.join(SHARING)}"
                self.add_problem(("theme", "share"), f'unknown service for sharing posts: "{name}"', hint)
        if theme.accent or theme.accent_dark:
            from sitegen.config.palettes import check_accents  # noqa: PLC0415 - few sites have colours of their own

            for keys, message, hint in check_accents(theme):
                self.add_problem(keys, message, hint)
        if theme.comments != CommentSystem():
            from sitegen.config.comment_systems import check_comment_system  # noqa: PLC0415 - few sites have one

            for keys, message, hint in check_comment_system(theme.comments):
                self.add_problem(keys, message, hint)

    def check_choice(self, setting: str, value: str, known: tuple[str, ...]) -> None:
        """Report a value of a setting of the theme that is not one of those that are known."""
        if value not in known:
            hint = did_you_mean(value, known) or f"known are: {', '.join(filter(None, known))}"
            self.add_problem(("theme", setting), f'"{value}" is not a known value of `{setting}`', hint)

    def validate_feeds(self, feeds: Feeds) -> None:
        for setting in ("posts", "group_posts"):
            if getattr(feeds, setting) < 1:
                self.add_problem(("feeds", setting), f'"feeds.{setting}" must be at least 1')
        for setting in ("formats", "group_formats", "archive_formats"):
            for name in getattr(feeds, setting):
                if name not in FORMATS:
                    hint = did_you_mean(name, FORMATS) or f"known are: {', '.join(FORMATS)}"
                    self.add_problem(("feeds", setting), f"`{name}` is not a format of feeds", hint)
        podcast = feeds.podcast
        for setting, message, hint in find_problems(
            podcast.category, podcast.subcategory, podcast.image, podcast.email, podcast.type
        ):
            self.add_problem(("feeds", "podcast", setting), message, hint)

    def validate_deploy(self, deploy: Deploy) -> None:
        if deploy.indexnow and not re.fullmatch(r"[A-Za-z0-9-]{8,128}", deploy.indexnow):
            hint = "IndexNow takes 8 to 128 letters, digits and hyphens"
            self.add_problem(("deploy", "indexnow"), f'"{deploy.indexnow}" is not a key of IndexNow', hint)
        if not deploy.csp.isprintable():
            self.add_problem(
                ("deploy", "csp"),
                "the Content-Security-Policy has a line break or control character",
                "write it in one line",
            )

    def add_target_problems(self, targets: tuple[Target, ...]) -> None:
        for keys, message, hint in validate_targets(targets):
            self.add_problem(("publish", *keys), message, hint)
