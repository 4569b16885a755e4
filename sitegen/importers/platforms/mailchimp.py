"""Imports account exports of Mailchimp: `campaigns.csv`, and the HTML or plain text of the campaigns."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sitegen.formats.dates import date_in_name, read_date
from sitegen.formats.slugs import slugify
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.csv_rows import CsvRow, make_csv_row, read_header, read_rows
from sitegen.importers.archive.text_encoding import read_text
from sitegen.importers.base import HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.clean_html import drop_with_empty_parents
from sitegen.importers.convert.html_tree import Element, drop_all, find_class, words
from sitegen.importers.convert.plain_text import text_to_html

_TITLE_COLUMNS = ("title", "campaign_title", "campaign_name", "name")
_SUBJECT_COLUMNS = ("subject", "subject_line", "email_subject", "campaign_subject")
_DATE_COLUMNS = (
    "send_date",
    "send_time",
    "sent_date",
    "sent",
    "date_sent",
    "send_date_time",
    "create_time",
    "created_at",
)
_KEY_COLUMNS = ("unique_id", "campaign_id", "id", "campaign_unique_id")
_PAGE_TITLE = re.compile(r"<title(?:[^><]++|<(?!title)|(?!))*+>([^<]{0,500})</title>", re.IGNORECASE)
_NUMBER_PREFIX = re.compile(r"\A\d+[_-]+")
_MERGE_TAG = re.compile(r"\*\|[^|\n]{1,200}\|\*")
_BOILERPLATE_CLASSES = {
    "preview text": ("mcnPreviewText", "mcnPreviewTextWrapper"),
    "archive bar": ("archive-bar",),
    "e-mail footer": ("templateFooter", "footerContainer", "mceFooterSection"),
    "share and follow buttons": (
        "mcnShareBlock",
        "mcnFollowBlock",
        "mcnFollowContent",
        "mcnShareContent",
        "mceSocialFollowBlock",
    ),
}
_BOILERPLATE_IDS = {
    "templatePreheader": "preheader",
    "templateFooter": "e-mail footer",
    "awesomewrap": "archive bar",
    "awesomebar": "archive bar",
    "monkeyRewards": "e-mail footer",
}
_FOOTER = re.compile(
    r"\b(?:copyright ©|our mailing address is|you are receiving this email because|want to change how you receive)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Campaign:
    """The HTML file and the text file of a campaign, or ""."""

    html: str = ""
    text: str = ""


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each campaign with a file, matched with its row by id, title or subject."""
    rows: dict[str, CsvRow] = {}
    campaign_rows: list[CsvRow] = []
    for name in archive.find("campaigns.csv"):
        if not set(read_header(archive, name)) & {*_TITLE_COLUMNS, *_SUBJECT_COLUMNS}:
            yield Skipped(Location(name), "none of its columns is a title or a subject")
            continue
        for row in read_rows(archive, name):
            if isinstance(row, Skipped):
                yield row
                continue
            campaign_rows.append(row)
            for key in (
                row.get(*_KEY_COLUMNS).casefold(),
                slugify(row.get(*_TITLE_COLUMNS)),
                slugify(row.get(*_SUBJECT_COLUMNS)),
            ):
                if key:
                    rows.setdefault(key, row)
    used: set[int] = set()
    for stem, campaign in sorted(_find_campaigns(archive).items()):
        matching_row = _find_row(stem, rows)
        if matching_row:
            used.add(matching_row.where.line)
        yield from _read_campaign(archive, stem, campaign, matching_row, options)
    for row in campaign_rows:
        if row.where.line not in used:
            title = row.get(*_TITLE_COLUMNS, *_SUBJECT_COLUMNS)
            yield Skipped(row.where, f'the campaign "{title}" has no content in the export')


def _find_campaigns(archive: Archive) -> dict[str, _Campaign]:
    found: dict[str, _Campaign] = {}
    for folder in ("campaigns_content/*", "campaigns_content/*/*"):
        for name in archive.find(f"{folder}.html", f"{folder}.htm"):
            found[name.rsplit(".", 1)[0]] = _Campaign(html=name)
        for name in archive.find(f"{folder}.txt"):
            stem = name.rsplit(".", 1)[0]
            found[stem] = _Campaign(found[stem].html if stem in found else "", name)
    return found


def _find_row(path: str, rows: dict[str, CsvRow]) -> CsvRow | None:
    stem = path.rsplit("/", 1)[-1]
    for key in (
        stem.casefold(),
        *stem.casefold().replace("_", "-").split("-"),
        slugify(stem),
        slugify(_strip_prefix(stem)),
    ):
        if key in rows and (len(key) > 5 or key == stem.casefold()):
            return rows[key]
    return None


def _strip_prefix(stem: str) -> str:
    """Return the name of a file without the prefix of the export, a date or a number."""
    day, rest = date_in_name(stem)
    return (rest if day else _NUMBER_PREFIX.sub("", stem)).replace("_", " ")


def _read_campaign(
    archive: Archive, path: str, campaign: _Campaign, row: CsvRow | None, options: Options
) -> Iterator[Item]:
    where = Location(campaign.html or campaign.text)
    cells = row or make_csv_row(where, {})
    try:
        text = read_text(archive, where.path)
    except UnreadableError as error:
        yield Skipped(where, str(error))
        return
    stem = path.rsplit("/", 1)[-1]
    title = cells.get(*_SUBJECT_COLUMNS, *_TITLE_COLUMNS)
    page_title = _PAGE_TITLE.search(text) if campaign.html else None
    if not title and page_title and not _MERGE_TAG.search(page_title[1]):
        title = " ".join(page_title[1].split())
    date = None
    written = cells.get(*_DATE_COLUMNS) or date_in_name(stem)[0] or date_in_name(_NUMBER_PREFIX.sub("", stem))[0]
    try:
        date = read_date(written, options.zone, options.date_order) if written else None
    except ValueError as error:
        yield Note(cells.where, str(error))
    status = cells.get("status").casefold()
    yield ImportedPost(
        where=where,
        title=title or _strip_prefix(stem).replace("-", " ").strip(),
        body=HtmlBody(text, clean=clean) if campaign.html else HtmlBody(text_to_html(_MERGE_TAG.sub("", text))),
        date=date or options.date,
        key=cells.get(*_KEY_COLUMNS) or stem,
        records=(cells.cells,),
        summary=cells.get("preview_text", "preview"),
        draft=f'its status is "{status}"' if status in ("save", "draft", "paused", "schedule", "scheduled") else "",
    )


def clean(tree: Element, dropped: Counter[str]) -> None:
    """Drop what Mailchimp adds to a campaign: preview, archive bar, footer, share buttons."""
    for category, names in _BOILERPLATE_CLASSES.items():
        drop_all(find_class(tree, *names), category, dropped)
    for element in list(tree.iter()):
        boilerplate = _BOILERPLATE_IDS.get(element.get("id") or "")
        if boilerplate and element.getparent() is not None:
            drop_all([element], boilerplate, dropped)
    for cell in reversed(
        list(tree.iter("td", "p", "div"))
    ):  # innermost first, to drop as little as possible with the footer
        text = words(cell) if len(cell) < 40 else ""
        if text and len(text) < 900 and _FOOTER.search(text) and cell.getparent() is not None:
            drop_with_empty_parents(cell, "e-mail footer", dropped)
