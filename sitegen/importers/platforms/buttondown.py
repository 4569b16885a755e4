"""Imports exports of Buttondown: `emails.csv` or `emails.json`, and a Markdown or HTML file for each e-mail."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sitegen.formats.dates import read_date
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.csv_rows import CsvRow, make_csv_row, read_rows
from sitegen.importers.archive.old_url import OldSite, resolve_old_site
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import HtmlBody, ImportedPost, Item, Location, MarkdownBody, Note, Options, Skipped
from sitegen.importers.convert.clean_urls import clean_url
from sitegen.importers.markdown_source.links import change_links
from sitegen.importers.markdown_source.title import take_title

_EDITOR_MODE = re.compile(r"\s*<!--\s*buttondown-editor-mode:\s*(\w+)\s*-->[ \t]*\n?")
_TEMPLATE_TAG = re.compile(r"\{\{[^{}\n]{0,200}\}\}|\{%[^%{}\n]{0,200}%\}")
_ELEMENT = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|figure|blockquote|a|img|br)\b[^>]*>", re.IGNORECASE)
_PAID_TYPES = ("premium", "paid")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each row with content, then one for each file without a row."""
    content_files = {
        name.rsplit("/", 1)[-1].rsplit(".", 1)[0]: name for name in archive.find("emails/*.md", "emails/*.html")
    }
    used: set[str] = set()
    old_site, note = resolve_old_site(
        archive, options, tuple(content_files.values()), {f"/archive/{slug}": 1 for slug in content_files}
    )
    yield note
    for row in _read_table(archive):
        if isinstance(row, Skipped):
            yield row
            continue
        key = next((k for k in (row.get("slug"), row.get("id"), row.get("secondary_id")) if k in content_files), "")
        if not key and not row.get("body"):
            yield Skipped(row.where, f'the e-mail "{row.get("subject", "slug", "id")}" has no content in the export')
            continue
        used.add(key)
        yield from _read_post(archive, row, content_files.get(key, ""), options, old_site)
    for key, name in content_files.items():
        if key not in used:
            yield from _read_post(archive, make_csv_row(Location(name), {"slug": key}), name, options, old_site)


def _read_table(archive: Archive) -> Iterator[CsvRow | Skipped]:
    tables = archive.find("emails.csv")
    for name in tables:
        yield from read_rows(archive, name)
    for name in () if tables else archive.find("emails.json"):
        try:
            value: Any = json.loads(read_text(archive, name, archive.limits.max_item_bytes * 8))
        except (UnreadableError, ValueError, RecursionError) as error:
            yield Skipped(Location(name), f"it is not a list of e-mails: {error}")
            continue
        found = value.get("results", value.get("emails", [])) if isinstance(value, dict) else value
        for number, item in enumerate(found if isinstance(found, list) else (), 1):
            if isinstance(item, dict):
                yield make_csv_row(Location(name, number), item)
            else:
                yield Skipped(Location(name, number), "it is not an e-mail")


def _read_post(archive: Archive, row: CsvRow, name: str, options: Options, old_site: OldSite) -> Iterator[Item]:
    where = Location(name) if name else row.where
    try:
        text = read_text(archive, name) if name else row.get("body")
    except UnreadableError as error:
        yield Skipped(where, str(error))
        return
    date = None
    written = row.get("publish_date")
    if written:
        try:
            date = read_date(written, options.zone, options.date_order)
        except ValueError as error:
            yield Note(row.where, str(error))
    email_type = row.get("email_type").casefold()
    status = row.get("status").casefold()
    dropped: Counter[str] = Counter()
    title, body = _convert_body(html.unescape(row.get("subject")), text, dropped)
    slug = row.get("slug")
    draft = "it was a draft" if status in ("draft", "scheduled", "about_to_send") else ""
    yield ImportedPost(
        where=where,
        title=title,
        body=body,
        date=date or options.date,
        slug=slug,
        id=old_site.post_id(f"/archive/{slug}/" if slug else ""),
        urls=old_site.other_urls(f"/archive/{slug}/" if slug else ""),
        key=row.get("id", "slug"),
        records=(row.cells,),
        issue=row.get("secondary_id"),
        summary=row.get("description"),
        image=row.get("image"),
        draft=draft or ("it was sent privately" if email_type in ("private", "hidden", "churned") else ""),
        paid=email_type in _PAID_TYPES,
        aliases=(f"/archive/{slug}/",) if slug else (),
        dropped=FrozenDict(dropped),
    )


def _convert_body(title: str, text: str, dropped: Counter[str]) -> tuple[str, HtmlBody | MarkdownBody]:
    """Return the title and the body: HTML from the editor mode "fancy", otherwise Markdown."""
    mode = _EDITOR_MODE.match(text)
    text = text[mode.end() :] if mode else text
    for tag in _TEMPLATE_TAG.findall(text):
        dropped[f"template tag {' '.join(tag.split())}"] += 1
    text = _TEMPLATE_TAG.sub("", text)
    if mode[1].casefold() == "fancy" if mode else _ELEMENT.match(text.lstrip()):
        return title, HtmlBody(text)
    title, text = take_title(title, text, dropped)
    return title, MarkdownBody(change_links(text, lambda url: clean_url(url, "", dropped) or "#"))
