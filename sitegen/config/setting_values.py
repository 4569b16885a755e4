"""Checks the values of settings that become paths, folders and links."""

import math
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from msgspec.structs import fields

from sitegen.config.schema import IMAGE_FORMATS, IMAGE_METADATA, UNTRANSLATED, Cards, Config, Feeds, Images, Urls
from sitegen.config.theme_schema import FONT_USES, ICONS, SECTIONS, Announcement, NavItem, Subscribe, Theme
from sitegen.errors import did_you_mean
from sitegen.formats import lazy_regex
from sitegen.formats.slugs import check_path
from sitegen.formats.urls import SCHEME, hide_credentials, is_parseable, is_site_path
from sitegen.model import Link

SettingProblem = tuple[tuple[str | int, ...], str, str]
"""The path of a setting, what is wrong with it, and what to do."""

MAX_SECONDS = 86_400
"""The longest time limit of Markdown: timers of the system take no arbitrary numbers."""

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""The codes of languages that settings take (BCP 47, as far as this form goes)."""
MAX_WIDTHS, MAX_WIDTH = 8, 4096
"""The number of widths of an image, and the largest: a decoded image must fit into memory."""

_IGNORED = re.compile(r"[\x00-\x20]")
"""Characters that browsers drop from the start of a URL or from within its scheme (URL Standard, section 4.4)."""

_PROGRAMS = frozenset(("javascript", "vbscript", "data", "blob", "file"))
"""Schemes of URLs that run a script or are not on the web."""

_WEB = lazy_regex.compile(r"https?://[^\s;,'\"<>\\]+|/(?![/\\])[^\s'\"<>\\]*", re.IGNORECASE)


def check_url_patterns(urls: Urls) -> Iterator[SettingProblem]:
    """Yield what is wrong with the patterns of URLs: each becomes a path of the site that hosts serve."""
    for item in fields(Urls):
        pattern, default = getattr(urls, item.name), str(item.default)
        wanted = set(re.findall(r"{(\w*)}", default))
        allowed = wanted | ({"year", "month", "day"} if item.name == "post" else set())
        if pattern or item.name in ("post", "page"):
            yield from check_pattern(("urls", item.name), pattern, default, wanted, allowed)


def check_pattern(
    keys: tuple[str | int, ...], pattern: str, example: str, wanted: set[str], allowed: set[str]
) -> Iterator[SettingProblem]:
    """Yield what is wrong with a pattern of URLs: it needs the names `wanted` in braces, and others are `allowed`."""
    found = set(re.findall(r"{(\w*)}", pattern))
    hint = f"for example {example}"
    if not pattern.startswith("/") or re.search(r"[?#\\\s]", pattern):
        yield keys, f'the pattern "{pattern}" is not a path of the site', hint
    elif unknown := sorted(found - allowed):
        known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
        hint = did_you_mean(unknown[0], allowed) or f"known are: {known}"
        yield keys, f'the pattern "{pattern}" contains {{{unknown[0]}}}, which is not known', hint
    elif missing := sorted(wanted - found):
        names = ", ".join(f"{{{name}}}" for name in missing)
        yield keys, f'the pattern "{pattern}" must contain {names}', hint
    else:
        try:
            check_path(re.sub(r"{\w*}", "x", pattern))
        except ValueError as error:
            yield keys, f'the pattern "{pattern}" is not a path of the site: {error}', hint


OWN_NAME = lazy_regex.compile(r"[a-z][a-z0-9_]*")
"""The names of tables that a site chooses, such as `[types.recipes]`: they are also names in URLs and templates."""


def check_own_name(keys: tuple[str | int, ...], name: str, taken: Collection[str], what: str) -> list[SettingProblem]:
    """Return what is wrong with the name of a table that a site chooses; `what` says what has the name."""
    if name in taken:
        return [(keys, f'"{name}" has a meaning already', "choose another name: `title` and URLs can differ from it")]
    if not OWN_NAME.fullmatch(name):
        return [(keys, f'"{name}" is not the name of {what}', "write lower-case letters and digits, such as recipes")]
    return []


def check_template(
    keys: tuple[str | int, ...], template: str, templates: Collection[str], config: Config
) -> Iterator[SettingProblem]:
    """Yield a problem for a setting that names a template which is not among those of the site."""
    if template not in templates:
        hint = did_you_mean(template, templates) or f"add {config.templates}/{template}, or name another one"
        yield keys, f'the template "{template}" is missing', hint


def check_folders(config: Config) -> Iterator[SettingProblem]:
    """Yield what is wrong with the folders of a site: each is one of its own, and not hidden."""
    folders = {"content": config.content, "templates": config.templates, "output": config.output}
    paths = {name: PurePosixPath(folder) for name, folder in folders.items()}
    for name, folder in folders.items():
        example = f'for example {name} = "{name}"'
        outside = folder.startswith("/") or ".." in paths[name].parts
        hidden = [part for part in paths[name].parts if part.startswith(".") and part != ".."]
        if name != "output" and outside:
            yield (name,), f'the folder "{folder}" is outside of the site', example
        elif not folder.strip("./"):
            yield (name,), f'"{name}" must be a folder of its own, not the site\'s root', f'for example "{name}"'
        elif hidden and (not folder.startswith("/") or not {".git", ".sitegen"}.isdisjoint(hidden)):
            yield (name,), f'the {name} folder "{folder}" is hidden, or inside of a hidden folder', example
    for first, second in (("output", "content"), ("output", "templates"), ("templates", "content")):
        one, other = paths[first], paths[second]
        if one == other or other in one.parents or one in other.parents:
            yield (
                (first,),
                f'the {first} folder "{folders[first]}" and the {second} folder "{folders[second]}" overlap',
                f'for example {first} = "{first}"',
            )


def check_links(theme: Theme, feeds: Feeds, own_sections: Collection[str] = ()) -> Iterator[SettingProblem]:
    """Yield what is wrong with the URLs that every page shows; `own_sections` are the site's types and taxonomies."""
    yield from _check_shown_links(theme.links, theme.subscribe, ("theme",))
    yield from _check_own_files(theme)
    yield from _check_fonts(theme)
    yield from _check_announcement(theme.announcement, ("theme",))
    for setting in ("nav", "footer"):
        for number, item in enumerate(getattr(theme, setting)):
            yield from _check_nav_item(item, ("theme", setting, number), (*SECTIONS, *own_sections))
    for name in ("logo", "image"):
        value = getattr(theme, name)
        scheme = SCHEME.match(_IGNORED.sub("", value))
        if value and ((scheme and scheme[1].lower() not in ("http", "https")) or not is_parseable(value)):
            hint = "write the path of the file, such as /logo.png, or its URL"
            yield ("theme", name), f'"{value}" is not the path or URL of an image', hint
    for hub in feeds.hubs:
        if not _WEB.fullmatch(hub) or hub.startswith("/") or not is_parseable(hub):
            yield ("feeds", "hubs"), f'"{hub}" is not the URL of a hub', "write a URL such as https://hub.example.com/"


def _check_shown_links(
    links: Iterable[Link], subscribe: Subscribe, table: tuple[str | int, ...]
) -> Iterator[SettingProblem]:
    """Yield what is wrong with the links to other platforms and with the subscription form."""
    for number, link in enumerate(links):
        if not link.title or not link.url:
            hint = 'write title = "Mastodon" and url = "https://..."'
            yield (*table, "links", number), "a link has no title or no url", hint
        elif not _is_link(link.url):
            hint = "write a URL such as https://..., mailto:..., or a path such as /about/"
            yield (*table, "links", number, "url"), f'"{link.url}" cannot be a link', hint
    if subscribe.action and not (_WEB.fullmatch(subscribe.action) and is_parseable(subscribe.action)):
        hint = "write the URL that your newsletter service names, https://..."
        yield (*table, "subscribe", "action"), f'"{subscribe.action}" is not a URL that takes a form', hint


def is_web_url(url: str) -> bool:
    """Return whether a string is an absolute URL of the web with a host and without a user name."""
    return bool(_WEB.fullmatch(url)) and not url.startswith("/") and is_parseable(url) and hide_credentials(url) == url


def _check_own_files(theme: Theme) -> Iterator[SettingProblem]:
    """Yield what is wrong with the settings that name a file of the content folder."""
    for name in ("logo_dark", "icon", "header_image"):
        value = getattr(theme, name)
        if value and not is_site_path(value):
            hint = f'write the path of a file below the content folder, such as {name} = "/{name}.png"'
            yield ("theme", name), f'`{name} = "{value}"` is not the path of a file', hint
    if theme.logo_dark and not theme.logo:
        yield ("theme", "logo_dark"), "`logo_dark` is set without `logo`", "set `logo` too"


def _check_fonts(theme: Theme) -> Iterator[SettingProblem]:
    """Yield what is wrong with the settings of the site's own fonts, apart from their files."""
    for number, font in enumerate(theme.font_files):
        keys = ("theme", "font_files", number)
        if not is_site_path(font.file):
            hint = 'write the path of a file below the content folder, such as file = "/fonts/text.woff2"'
            yield (*keys, "file"), f'`file = "{font.file}"` is not the path of a file', hint
        if font.use not in FONT_USES:
            hint = did_you_mean(font.use, FONT_USES) or f"known are: {', '.join(FONT_USES)}"
            yield (*keys, "use"), f'"{font.use}" is not a known value of `use`', hint
        elif font.languages and font.use not in ("text", "headings"):
            hint = "remove it: fonts of labels and code are the same in all languages"
            yield (*keys, "languages"), f'`languages` has no effect for `use = "{font.use}"`', hint
        for code in font.languages:
            if not LANGUAGE.fullmatch(code):
                hint = "write a code of BCP 47, for example en, de or pt-BR"
                yield (*keys, "languages"), f'"{code}" is not a language code', hint


def check_languages(config: Config) -> Iterator[SettingProblem]:
    """Yield what is wrong with the further languages of a site."""
    if config.untranslated not in UNTRANSLATED:
        hint = did_you_mean(config.untranslated, UNTRANSLATED) or f"known are: {', '.join(UNTRANSLATED)}"
        yield ("untranslated",), f'"{config.untranslated}" is not a known value of `untranslated`', hint
    known = {config.language.lower(): config.language}
    for code, language in config.languages.items():
        keys = ("languages", code)
        if not LANGUAGE.fullmatch(code):
            yield keys, f'"{code}" is not a language code', "write a code of BCP 47, for example [languages.de]"
        elif code.lower() in known:
            hint = "remove the table: the settings of the main language are those outside of [languages]"
            if known[code.lower()] != config.language:
                hint = "remove one of the tables"
            yield keys, f"the site has the language `{code}` twice", hint
        known.setdefault(code.lower(), code)
        if language.untranslated and language.untranslated not in UNTRANSLATED:
            hint = did_you_mean(language.untranslated, UNTRANSLATED) or f"known are: {', '.join(UNTRANSLATED)}"
            message = f'"{language.untranslated}" is not a known value of `untranslated`'
            yield (*keys, "untranslated"), message, hint
        for name, tag in language.tags.items():
            if not isinstance(tag, str):
                hint = f'write the tag of the main language in quotes: {name} = "news"'
                yield (*keys, "tags", name), f"`tags.{name}` is not a string", hint
        yield from _check_announcement(language.announcement, keys)
        yield from _check_shown_links(language.links, language.subscribe, keys)
        for setting in ("nav", "footer"):
            for number, item in enumerate(getattr(language, setting)):
                yield from _check_nav_item(
                    item, (*keys, setting, number), (*SECTIONS, *config.types, *config.taxonomies)
                )


def _check_nav_item(item: NavItem, keys: tuple[str | int, ...], sections: Collection[str]) -> Iterator[SettingProblem]:
    """Yield what is wrong with a link of the navigation."""
    if sum(map(bool, (item.section, item.page, item.url))) != 1:
        hint = 'write one of them: {section = "archive"}, {page = "about"} or {title = "Shop", url = "https://..."}'
        yield keys, "a link needs either `section`, `page` or `url`", hint
    elif item.url and not item.title:
        yield (*keys, "title"), f'the link to "{item.url}" has no title', "add `title`"
    elif item.url and not _is_link(item.url):
        hint = "write a URL such as https://..., mailto:..., or a path such as /about/"
        yield (*keys, "url"), f'"{item.url}" cannot be a link', hint
    for name, value, known in (("section", item.section, sections), ("icon", item.icon, ICONS)):
        if value and value not in known:
            hint = did_you_mean(value, known) or f"known are: {', '.join(known)}"
            yield (*keys, name), f'"{value}" is not a known {name}', hint


def _check_announcement(announcement: Announcement, table: tuple[str | int, ...]) -> Iterator[SettingProblem]:
    """Yield what is wrong with the announcement."""
    keys = (*table, "announcement", "url")
    if announcement.url and not announcement.text:
        yield keys, "the announcement has a `url` and no `text`", "set `text` too"
    elif announcement.url and not _is_link(announcement.url):
        hint = "write a URL such as https://..., mailto:..., or a path such as /about/"
        yield keys, f'"{announcement.url}" cannot be a link', hint


def check_seconds(seconds: float) -> Iterator[SettingProblem]:
    """Yield what is wrong with the time limit of Markdown."""
    if not math.isfinite(seconds) or not 0 < seconds <= MAX_SECONDS:
        message = f"`seconds = {seconds}` is not a time limit"
        yield ("markdown", "seconds"), message, f"write a number of seconds above 0, up to {MAX_SECONDS}"


def check_images(images: Images) -> Iterator[SettingProblem]:
    """Yield what is wrong with the settings of images."""
    for name in images.formats:
        if name not in IMAGE_FORMATS:
            hint = did_you_mean(name, IMAGE_FORMATS) or f"known are: {', '.join(IMAGE_FORMATS)}"
            yield ("images", "formats"), f"`{name}` is not a format that images are encoded in", hint
    widths = images.widths
    if not widths or len(widths) > MAX_WIDTHS or any(not 16 <= width <= MAX_WIDTH for width in widths):
        hint = f"write up to {MAX_WIDTHS} numbers from 16 to {MAX_WIDTH}, such as [480, 960, 1600]"
        yield ("images", "widths"), f"`widths = {list(widths)}` are not widths of images in pixels", hint
    for name, value, high in (("quality", images.quality, 100), ("max_megapixels", images.max_megapixels, 1000)):
        if not 1 <= value <= high:
            yield ("images", name), f"`{name} = {value}` is out of range", f"write a number from 1 to {high}"
    if images.metadata not in IMAGE_METADATA:
        hint = did_you_mean(images.metadata, IMAGE_METADATA) or f"known are: {', '.join(IMAGE_METADATA)}"
        yield ("images", "metadata"), f'"{images.metadata}" is not a known value of `metadata`', hint
    if not images.sizes.isprintable() or set(images.sizes) & set('"<>&'):
        yield ("images", "sizes"), "`sizes` contains a character that cannot be in it", "write lengths such as 100vw"


def check_cards(cards: Cards) -> Iterator[SettingProblem]:
    """Yield what is wrong with the settings of share cards, apart from their files."""
    if cards.logo and not is_site_path(cards.logo):
        hint = 'write the path of a file below the content folder, such as logo = "/logo.png"'
        yield ("cards", "logo"), f'`logo = "{cards.logo}"` is not the path of a file', hint
    elif cards.logo.lower().endswith(".svg"):
        yield ("cards", "logo"), f'the logo "{cards.logo}" of share cards is an SVG', "use a PNG file"
    for name in cards.fonts:
        path = PurePosixPath(name)
        if not name or path.is_absolute() or ".." in path.parts:
            hint = 'write the path of a file below the folder of the site, such as "fonts/NotoSans-Bold.ttf"'
            yield ("cards", "fonts"), f'"{name}" is not the path of a font file of the site', hint


def _is_link(url: str) -> bool:
    scheme = SCHEME.match(_IGNORED.sub("", url))
    return is_parseable(url) and not (scheme and scheme[1].lower() in _PROGRAMS)
