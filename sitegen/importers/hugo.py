"""Imports a folder written for Hugo."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from sitegen.importers.archive import Archive
from sitegen.importers.folder import read_folder
from sitegen.importers.foreign_values import path_of
from sitegen.importers.house import House, Outline, content_of, home_of, score_texts
from sitegen.importers.items import Item, Options
from sitegen.importers.liquid import Resolve
from sitegen.importers.old_files import PICTURES
from sitegen.importers.old_site import read_settings, zone_of
from sitegen.importers.shortcodes import render_hugo

NAME = "hugo"
PRIVATE: tuple[str, ...] = ()

_CONFIGS = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config/_default/hugo.toml",
            "config/_default/config.toml", "config.toml", "config.yaml", "config.yml", "config.json")  # fmt: skip
_COVER = re.compile(r"feature|cover|thumbnail", re.IGNORECASE)
_SHORTCODE = re.compile(rb"\{\{[<%] ?/?\w")


def recognise(archive: Archive) -> int:
    """Return 90 for Hugo's settings beside its folders, 70 for its front matter and shortcodes alone."""
    _, config = home_of(archive, *_CONFIGS)
    if config:
        if config.rsplit("/", 1)[-1].startswith("hugo.") or archive.find("archetypes/*.md"):
            return 90
        settings, _ = read_settings(archive, config)
        keys = {key.casefold() for key in settings}
        if "baseurl" in keys and "base_url" not in keys:
            return 90
    shortcodes = score_texts(archive, lambda name: bool(_SHORTCODE.search(archive.head(name, 65_536))), 0.1, 70)
    return shortcodes or score_texts(archive, lambda name: archive.head(name, 3) == b"+++", 0.5, 45)


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each page of the content folder; the indexes of sections are none."""
    home, config = home_of(archive, *_CONFIGS)
    settings, notes = read_settings(archive, config)
    yield from notes
    settings = {key.casefold(): value for key, value in settings.items()}
    content = content_of(archive, home, str(settings.get("contentdir") or "content"))
    url = str(settings.get("baseurl") or "")
    languages = settings.get("languages")
    default = str(settings.get("defaultcontentlanguage") or "en")
    known = bool(config) or content.endswith("content/")
    house = House(
        content=content,
        refuse=_refuse,
        render=_render,
        address=lambda outline: _address(outline, settings, default, known=known),
        guid=lambda outline: url.rstrip("/") + outline.address if url and outline.address else "",
        url=url,
        zone=zone_of(settings.get("timezone")),
        cover=partial(_cover, covers=_find_covers(archive, content)),
        languages=frozenset(languages) if isinstance(languages, Mapping) else frozenset(),
    )
    yield from read_folder(archive, options, house)


def _find_covers(archive: Archive, content: str) -> dict[str, str]:
    """Return the URL of the cover of each bundle, by the bundle's folder below `content`.

    Hugo's own template for OpenGraph takes the bundle's image whose name contains "feature", else "cover" or
    "thumbnail".
    """
    covers: dict[str, str] = {}
    for name in sorted(archive.names, key=lambda name: "feature" not in name.rsplit("/", 1)[-1].casefold()):
        folder, _, base = name.rpartition("/")
        if name.startswith(content) and base.lower().endswith(PICTURES) and _COVER.search(base):
            covers.setdefault(folder[len(content) :], quote(base))
    return covers


def _cover(inner: str, covers: Mapping[str, str]) -> str:
    """Return the cover of a text that is a bundle's own (`index.md`), "" for any other."""
    folder, _, base = inner.rpartition("/")
    return covers.get(folder, "") if base.split(".")[0] == "index" else ""


def _refuse(inner: str) -> str:
    base = inner.rsplit("/", 1)[-1]
    if base.startswith("_index."):
        return "the index of a section: sitegen makes its lists itself"
    return "a template for new posts" if inner.startswith("archetypes/") else ""


def _render(text: str, outline: Outline, resolve: Resolve) -> tuple[str, Counter[str]]:
    return render_hugo(text, outline.front.values, resolve, outline.form)


def _address(outline: Outline, settings: Mapping[str, Any], default: str, *, known: bool) -> str:
    """Return the path that Hugo gives a page: its `url`, the section's pattern, or its place in the folder."""
    if outline.fields.address:
        return path_of(outline.fields.address)
    if not known:
        return ""
    prefix = f"/{outline.language}" if outline.language and outline.language != default else ""
    name = _urlize(outline.fields.slug or _file_name(outline))
    section = outline.folder.split("/")[0]
    pattern = _pattern(settings.get("permalinks"), section)
    if pattern:
        path = _fill(pattern, outline, section, name)
    else:
        folder = "/".join(map(_urlize, filter(None, outline.folder.split("/"))))
        path = f"/{folder}/{name}/" if folder else f"/{name}/"
    if settings.get("uglyurls") is True:
        path = path.rstrip("/") + ".html"
    return path_of(prefix + path)


def _file_name(outline: Outline) -> str:
    """Return the name that Hugo's default address has: the file's, with its date."""
    parts = outline.inner.rsplit(".", 1)[0].split("/")
    name = parts[-2] if parts[-1].split(".")[0] == "index" and len(parts) > 1 else parts[-1]
    return name.removesuffix(f".{outline.language}") if outline.language else name


def _pattern(permalinks: object, section: str) -> str:
    if not isinstance(permalinks, Mapping):
        return ""
    pages = permalinks.get("page")
    for table in (pages, permalinks):
        if isinstance(table, Mapping) and isinstance(table.get(section), str):
            return str(table[section])
    return ""


def _fill(pattern: str, outline: Outline, section: str, name: str) -> str:
    moment = outline.date
    values = {
        "section": section,
        "sections": outline.folder,
        "title": _urlize(outline.fields.title),
        "slug": _urlize(outline.fields.slug or outline.fields.title),
        "slugorfilename": name,
        "slugorcontentbasename": name,
        "filename": _urlize(_file_name(outline)),
        "contentbasename": _urlize(_file_name(outline)),
    }
    if moment:
        values |= {
            "year": f"{moment:%Y}",
            "month": f"{moment:%m}",
            "day": f"{moment:%d}",
            "monthname": f"{moment:%B}".lower(),
            "weekdayname": f"{moment:%A}".lower(),
            "yearday": str(moment.timetuple().tm_yday),
        }
    filled = re.sub(r":([a-z]+)", lambda match: values.get(match[1], match[0]), pattern)
    return "" if ":" in filled else "/" + filled.strip("/") + "/"


def _urlize(text: str) -> str:
    """Return a text as Hugo writes it in addresses: lower case, blanks as hyphens, other marks gone."""
    kept = re.sub(r"[^\w\s./+~-]", "", text.strip().lower())
    return re.sub(r"-{2,}", "-", re.sub(r"\s+", "-", kept)).strip("-")
