"""Imports sites for Eleventy and Astro."""

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from sitegen.formats.anchors import make_anchor
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import Item, Options
from sitegen.importers.generators.content_files import MARKDOWN_EXTENSIONS, find_site_root
from sitegen.importers.generators.layout import GeneratorLayout, Outline, keep_text
from sitegen.importers.generators.reader import read_folder
from sitegen.importers.generators.recognise import ASTRO_CONFIGS, ELEVENTY_CONFIGS
from sitegen.importers.markdown_source.front_matter_values import path_of
from sitegen.importers.markdown_source.liquid import Resolve, render_liquid
from sitegen.importers.markdown_source.mdx import translate_mdx

_INPUT = re.compile(r"""\binput\s*:\s*["'`]\.?/?([\w./-]+?)/?["'`]""")
_SITE = re.compile(r"""\bsite\s*:\s*["'`](https?://[^"'`\s]+)["'`]""")
_COLLECTION_TAGS = frozenset(("posts", "post", "blog", "all", "nav", "note", "notes", "articles", "pages"))
"""Tags that Eleventy sites use for collections of posts, without meaning for readers."""

_FILE_SLUG = re.compile(r"\{\{-?\s*(?:page\.)?fileSlug\s*-?\}\}")
_PATH_STEM = re.compile(r"\{\{-?\s*(?:page\.)?filePathStem\s*-?\}\}")
_DATED = re.compile(r"\A.*?\d{4}-\d\d-\d\d-")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each Markdown document of the input folder."""
    home, config = find_site_root(archive, *ASTRO_CONFIGS)
    astro = bool(config) or bool(archive.find("src/content/*/*.md", "src/content/*/*.mdx"))
    if not astro:
        home, config = find_site_root(archive, *ELEVENTY_CONFIGS)
    script = _script(archive, config)
    content, url = home, ""
    if astro:
        folders = (f"{home}src/content/", f"{home}src/pages/")
        content = next((folder for folder in folders if _has_text(archive, folder)), home)
        site = _SITE.search(script)
        url = site[1] if site else ""
    elif found := _INPUT.search(script):
        inside = posixpath.normpath(f"{home}{found[1]}") + "/"
        content = inside if any(name.startswith(inside) for name in archive.names) else home
    data = _folder_data(archive, content)
    layout = GeneratorLayout(
        content=content,
        refuse=_refuse,
        has_pages=True,
        render=_render_astro if astro else _render_eleventy,
        prepare=_prepare_astro if astro else keep_text,
        address=partial(_astro_path, is_pages=content.endswith("src/pages/"))
        if astro
        else partial(_eleventy_path, known=bool(config)),
        url=url,
        defaults=lambda inner: _defaults(data, inner),
    )
    yield from read_folder(archive, options, layout)


def _has_text(archive: Archive, folder: str) -> bool:
    return any(name.startswith(folder) and name.lower().endswith(MARKDOWN_EXTENSIONS) for name in archive.names)


def _script(archive: Archive, config: str) -> str:
    """Return the source of the config, which is not executed."""
    try:
        return read_text(archive, config, 1 << 20) if config else ""
    except UnreadableError:
        return ""


def _folder_data(archive: Archive, content: str) -> dict[str, dict[str, Any]]:
    """Return the directory data files of Eleventy, by the path of their folder."""
    found: dict[str, dict[str, Any]] = {}
    for name in archive.find("*.json"):
        folder, base = posixpath.split(name)
        if not name.startswith(content) or base not in (
            f"{posixpath.basename(folder)}.json",
            f"{posixpath.basename(folder)}.11tydata.json",
        ):
            continue
        try:
            value = json.loads(read_text(archive, name, 1 << 20))
        except (ValueError, RecursionError, UnreadableError):
            continue
        if isinstance(value, dict):
            found[folder[len(content) :]] = value
    return found


def _defaults(data: Mapping[str, Mapping[str, Any]], inner: str) -> Mapping[str, Any]:
    merged: dict[str, Any] = {}
    folder = posixpath.dirname(inner)
    parts = folder.split("/") if folder else []
    for length in range(1, len(parts) + 1):
        merged.update(data.get("/".join(parts[:length]), {}))
    tags = merged.get("tags")
    post_tags = [
        tag for tag in ([tags] if isinstance(tags, str) else tags or []) if str(tag).lower() not in _COLLECTION_TAGS
    ]
    return {
        **{key: value for key, value in merged.items() if key != "tags"},
        **({"tags": post_tags} if post_tags else {}),
    }


def _refuse(inner: str) -> str:
    top = inner.split("/", maxsplit=1)[0]
    if top.startswith("_") and top not in ("_posts", "_drafts"):
        return "part of the old theme"
    return ""


def _render_eleventy(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:
    page = {"url": outline.address, "fileSlug": outline.stem}
    return render_liquid(text, {}, {**outline.front.values, **page}, resolve, outline.form)


def _render_astro(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:  # noqa: ARG001 - the signature of the callback
    return text, Counter()


def _prepare_astro(text: str, outline: Outline, dropped: Counter[str]) -> str:
    return translate_mdx(text, dropped) if outline.name.lower().endswith(".mdx") else text


def _eleventy_path(outline: Outline, *, known: bool) -> str:
    """Return the path of a page in Eleventy: its `permalink`, otherwise the path of its file with the date."""
    path = outline.inner.rsplit(".", 1)[0]
    folder, _, name = path.rpartition("/")
    parent = folder.rpartition("/")[2]
    if written := outline.fields.address:
        file_slug = _DATED.sub("", parent if name == "index" and parent else name)
        stem = f"/{folder}/{_DATED.sub('', name)}" if folder else f"/{_DATED.sub('', name)}"
        written = _FILE_SLUG.sub(lambda _: file_slug, _PATH_STEM.sub(lambda _: stem, written))
        is_program = any(mark in written for mark in ("{{", "{%", "${"))
        return "" if is_program else path_of("/" + written.lstrip("/"))
    if not known:
        return ""
    path = folder if name in ("index", parent) else path
    return path_of(quote(f"/{path}/" if path else "/"))


def _astro_path(outline: Outline, *, is_pages: bool) -> str:
    """Return the path of a page in Astro: its path in `src/pages`, or usually its collection and id."""
    path = outline.inner.rsplit(".", 1)[0]
    path = path.removesuffix("/index") if "/" in path else path
    if not is_pages:
        name = outline.fields.slug
        ids = [make_anchor(part) for part in path.split("/")]
        path = f"{ids[0]}/{name}" if name and len(ids) > 1 else name or "/".join(ids)
    return path_of(quote(f"/{path}/" if path != "index" else "/"))
