"""Imports the CSV of posts from beehiiv, whose bodies are complete e-mails."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from sitegen.formats.dates import read_date
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.csv_rows import CsvRow, read_header, read_rows
from sitegen.importers.base import HtmlBody, ImportedPost, Item, Note, Options, Skipped
from sitegen.importers.convert.html_tree import Element, drop_all, drop_text, words
from sitegen.importers.platforms.recognise import BEEHIIV_COLUMNS

_MERGE_TAG = re.compile(r"\{\{\s*[\w.|\s\"'-]{1,80}\}\}")
_POLL_URL = re.compile(r"[/?&](?:poll|polls|poll_id|poll_choice_id)(?:[/=]|$)")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each row of the CSV files of posts."""
    for name in archive.find("*.csv"):
        if not set(read_header(archive, name)) >= BEEHIIV_COLUMNS:
            continue
        for row in read_rows(archive, name):
            if isinstance(row, Skipped):
                yield row
            elif not row.get("content_html"):
                yield Skipped(row.where, f'the post "{row.get("web_title", "id")}" has no content in the export')
            else:
                yield from _read_post(row, options)


def _read_post(row: CsvRow, options: Options) -> Iterator[Item]:
    date = None
    written = row.get("publish_date", "displayed_date", "scheduled_at", "created_at")
    if written:
        try:
            date = read_date(written, options.zone, options.date_order)
        except ValueError as error:
            yield Note(row.where, str(error))
    url = row.get("url")
    path = urlsplit(url).path if url.startswith("http") else ""
    status = row.get("status").casefold()
    audience = row.get("web_audiences", "audience").casefold()
    title, subject = html.unescape(row.get("web_title", "email_subject_line")), row.get("email_subject_line")
    dropped = (
        {"subject line of the e-mail that is not the title": 1} if html.unescape(subject) not in ("", title) else {}
    )
    tags = (html.unescape(tag).strip() for tag in row.get("content_tags").split(";"))
    yield ImportedPost(
        where=row.where,
        title=title,
        body=HtmlBody(row.get("content_html"), url if path else "", clean),
        date=date or options.date,
        slug=path.rstrip("/").rsplit("/", 1)[-1] if path.startswith("/p/") else "",
        id=url if path else "",  # the feed's guid is the permalink
        key=row.get("id"),
        dropped=FrozenDict(dropped),
        records=(row.cells,),
        tags=tuple(tag for tag in tags if tag),
        summary=html.unescape(row.get("web_subtitle", "email_preview_text")),
        image=row.get("thumbnail_url"),
        draft="" if status in ("confirmed", "published", "") else f'its status is "{status}"',
        paid=bool(audience) and "free" not in audience and audience not in ("all", "both"),
        aliases=(path,) if path.strip("/") else (),
    )


def clean(tree: Element, dropped: Counter[str]) -> None:
    """Reduce an e-mail to its `#content-blocks`, without polls and merge tags."""
    body = next((element for element in tree.iter() if element.get("id") == "content-blocks"), None)
    if body is not None:
        frame_characters = len(words(tree)) - len(words(body))
        parent = body.getparent()
        if parent is not None and frame_characters > 0:
            dropped["e-mail frame"] += 1
        body.tag = "div"
        body.tail = None
        tree[:] = [body]
        tree.text = None
    for link in list(tree.iter("a")):
        if _POLL_URL.search(link.get("href") or ""):
            drop_all([link], "poll choice", dropped)
    drop_text(tree, _MERGE_TAG, "merge tag", dropped)
    for link in tree.iter("a"):
        target = link.get("href") or ""
        if _MERGE_TAG.search(target):
            link.set("href", _MERGE_TAG.sub("", target))
            dropped["merge tag"] += 1
