"""Sort the site's files into templates, assets, data, and files that are published unchanged."""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from sitegen.comments import COMMENTS_SUFFIX
from sitegen.config.post_types import post_folders
from sitegen.config.schema import Config, base_path
from sitegen.content.file_index import THEME
from sitegen.content.term_files import find_term_files
from sitegen.formats.site_urls import site_url
from sitegen.site.brand import IconSource
from sitegen.site.theme_style import STYLE, find_optional, find_style_path, is_optional, write_theme_style
from sitegen.system.files import is_markdown

ICON = "assets/icon.svg"
"""The theme's icon, which is not published if the site has its own."""


class Files(Struct, frozen=True):
    """The site's other files: fingerprints of templates by name, and of assets.

    `published` has fingerprint and name of each file to publish, by its path in the output folder;
    `assets` the URLs of the theme's files by name; `templates` the template's file by its name. `style` is the
    style sheet of the theme's settings, "" if there is none, `icon` the source image of the site's icons, and
    `preloaded_fonts` the URLs of the fonts that every page loads at once.
    `comments` has the fingerprint of each comment file by its name.
    """

    templates: Mapping[str, str]
    template_digests: Mapping[str, str]
    published: Mapping[str, tuple[str, str]]
    assets: Mapping[str, str]
    data: tuple[str, ...]
    style: str = ""
    icon: IconSource | None = None
    preloaded_fonts: tuple[str, ...] = ()
    comments: Mapping[str, str] = {}


def sort_files(digests: Mapping[str, str], config: Config, withheld: Collection[str] = ()) -> Files:
    """Return what each file that is not Markdown is for, by its folder; the site's own win over the theme's.

    Those that are `withheld` are not published.
    A template of the theme that the site replaces keeps a name below "theme/", so that its own can extend it.
    """
    theme = {name.removeprefix(THEME): name for name in digests if name.startswith(THEME)}
    prefix, base = f"{config.templates}/", base_path(config)
    own = {name.removeprefix(prefix): name for name in digests if name.startswith(prefix)}
    templates, template_digests, published, assets, data, comments = {}, {}, {}, {}, [], {}
    replaced = {
        f"theme/{inside}": theme[inside] for inside in theme.keys() & own.keys() if not inside.startswith("assets/")
    }
    optional = find_optional(config.theme)
    replaced_icon = ICON if config.theme.icon and ICON not in own else ""
    for inside, name in (dict(sorted(replaced.items())) | theme | own).items():
        fingerprint = digests[name]
        if inside == replaced_icon or (is_optional(inside) and inside not in optional):
            continue
        if inside.startswith("assets/"):
            path = PurePosixPath(inside)
            published_path = str(path.with_name(f"{path.stem}.{fingerprint[:8]}{path.suffix}"))
            published[published_path] = (name, fingerprint)
            assets[inside.removeprefix("assets/")] = site_url(f"/{published_path}", base)
        else:
            templates[inside], template_digests[inside] = name, fingerprint
    style = "" if STYLE in assets else write_theme_style(config)
    if style:
        assets[STYLE] = site_url(f"/{find_style_path(style)}", base)
    prefix = f"{config.content}/"
    term_files = find_term_files(digests, config)
    beside_posts = ("pages/", *[f"{folder}/" for folder in post_folders(config)])
    for name in digests:
        inside = name.removeprefix(prefix)
        if inside == name or (inside.startswith(beside_posts) and is_markdown(inside)):
            continue
        if inside.endswith(COMMENTS_SUFFIX) and inside.startswith(beside_posts):
            comments[name] = digests[name]
        elif inside.startswith("data/"):
            data.append(name)
        elif name not in term_files and name not in withheld:
            published[inside] = (name, digests[name])
    return Files(templates, template_digests, published, assets, tuple(data), style, comments=comments)
