"""Recognises sites of other generators, by their settings or by the markup of most documents."""

import re

from sitegen.formats import lazy_regex
from sitegen.formats.dates import date_in_name
from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.evidence import (
    Recogniser,
    find_share,
    has_front_matter,
    is_document,
    read_head,
    score_share,
)
from sitegen.importers.generators.content_files import MARKDOWN_EXTENSIONS, find_site_root, is_html, score_markdown
from sitegen.importers.generators.site_settings import read_settings

CONFIG_EXTENSIONS = ("toml", "yaml", "yml", "json")
_FOLDERS = ("", "config/_default/")
HUGO_CONFIGS = tuple(
    f"{at}{base}.{ending}" for base in ("hugo", "config") for at in _FOLDERS for ending in CONFIG_EXTENSIONS
)
ZOLA_CONFIGS = ("zola.toml", "config.toml")
BLOG_PLUGIN = "docusaurus-plugin-content-blog"
DOCUSAURUS_CONFIGS = tuple(f"docusaurus.config.{ending}" for ending in ("js", "ts", "mjs", "cjs", "mts", "cts"))
ELEVENTY_CONFIGS = (".eleventy.js", ".eleventy.cjs", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs")
ASTRO_CONFIGS = ("astro.config.mjs", "astro.config.js", "astro.config.ts", "astro.config.cjs")
TRANSLATION = re.compile(rf"i18n/([A-Za-z]{{2,3}}(?:[-_][A-Za-z0-9]+)*)/{BLOG_PLUGIN}(?:-([\w-]+))?/(?P<file>.+)")

_SHORTCODE = re.compile(rb"\{\{[<%] ?/?\w")
_MARKS = lazy_regex.compile(rb"(?m)^\[(?:taxonomies|extra)\]|^(?:page_template|sort_by|insert_anchor_links)\s*=|\]\(@/")
_IN_POSTS = re.compile(r"(?:^|/)_posts/")
_LIQUID = lazy_regex.compile(rb"\{%-? *(?:highlight|include|post_url|raw|endhighlight)\b|\{\{-? *(?:site|page)\.")
_HEADER = re.compile(rb"\A\xef?\xbb?\xbf?(?:Title|Date):[ \t]*\S[^\n]*\n", re.IGNORECASE)


def recognise_hugo(archive: Archive) -> int:
    """Return 90 for settings of Hugo, 70 for shortcodes, 45 for TOML front matter."""
    _, config = find_site_root(archive, *HUGO_CONFIGS)
    if config:
        if config.rsplit("/", 1)[-1].startswith("hugo.") or archive.find("archetypes/*.md"):
            return 90
        settings, _ = read_settings(archive, config)
        keys = {key.casefold() for key in settings}
        if "baseurl" in keys and "base_url" not in keys:
            return 90
    shortcodes = score_markdown(
        archive, lambda name: bool(_SHORTCODE.search(read_head(archive, name, 65_536))), 0.1, 70
    )
    return shortcodes or score_markdown(archive, lambda name: read_head(archive, name, 64)[:3] == b"+++", 0.5, 45)


def recognise_zola(archive: Archive) -> int:
    """Return 95 for settings of Zola, 60 for front matter and links that only Zola has."""
    _, config = find_site_root(archive, *ZOLA_CONFIGS)
    if config:
        settings, _ = read_settings(archive, config)
        if "base_url" in settings:
            return 95
    return score_markdown(archive, lambda name: _is_marked(read_head(archive, name, 16_384)), 0.1, 60)


def _is_marked(head: bytes) -> bool:
    return head.startswith(b"+++") and _MARKS.search(head) is not None


def recognise_jekyll(archive: Archive) -> int:
    """Return 90 for dated names in `_posts`, 80 with a config, 75 for dated names with Liquid."""
    if any(_IN_POSTS.search(name) and is_document(name) and _is_dated(name) for name in archive.names):
        return 90
    if archive.find("_config.yml") and any(_is_dated(name) for name in archive.find("*.md")):
        return 80
    if not score_markdown(archive, _is_dated, 0.5, 75):
        return 0
    return score_markdown(archive, lambda name: bool(_LIQUID.search(read_head(archive, name, 65_536))), 0.05, 75)


def _is_dated(name: str) -> bool:
    return date_in_name(name.rsplit("/", 1)[-1])[0] is not None


def recognise_pelican(archive: Archive) -> int:
    """Return 90 for settings of Pelican, 80 for header lines without delimiters."""
    if archive.find("pelicanconf.py"):
        return 90
    return score_markdown(archive, lambda name: bool(_HEADER.match(read_head(archive, name))), 0.5, 80)


def recognise_docusaurus(archive: Archive) -> int:
    """Return 92 for settings of Docusaurus or translations of a blog, 70 for a blog with a file of authors."""
    if archive.find(*DOCUSAURUS_CONFIGS) or any(TRANSLATION.search(name) for name in archive.names):
        return 92
    return 70 if archive.find("blog/authors.yml", "blog/authors.yaml") else 0


def recognise_eleventy(archive: Archive) -> int:
    """Return 90 for settings of Eleventy or Astro, 80 for their content folders."""
    if archive.find(*ELEVENTY_CONFIGS, *ASTRO_CONFIGS):
        return 90
    return 80 if archive.find("src/content/*/*.md", "src/content/*/*.mdx", "*.11tydata.json") else 0


def recognise_plain(archive: Archive) -> int:
    """Return up to 35 by the share of Markdown and of HTML with front matter; other formats score higher."""
    return score_share(find_share(archive, lambda name: _is_text(archive, name)), 35)


def _is_text(archive: Archive, name: str) -> bool:
    return name.lower().endswith(MARKDOWN_EXTENSIONS) or (
        is_html(name) and has_front_matter(read_head(archive, name, 64))
    )


RECOGNISERS = {
    "hugo": Recogniser(recognise_hugo),
    "zola": Recogniser(recognise_zola),
    "jekyll": Recogniser(recognise_jekyll),
    "pelican": Recogniser(recognise_pelican),
    "docusaurus": Recogniser(recognise_docusaurus),
    "eleventy": Recogniser(recognise_eleventy),
    "plain": Recogniser(recognise_plain),
}
