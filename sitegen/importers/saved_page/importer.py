"""Imports saved pages of any site, by their JSON-LD, their OpenGraph and other meta tags, and their main text."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from sitegen.formats.dates import date_in_name, read_date
from sitegen.importers.archive.archive import Archive, UnreadableError
from sitegen.importers.archive.text_encoding import decode
from sitegen.importers.base import HtmlBody, ImportedPost, Item, Location, Note, Options, Skipped
from sitegen.importers.convert.html_tree import MAX_HTML_CHARACTERS
from sitegen.importers.convert.main_content import keep_main_text
from sitegen.importers.saved_page.metadata import PageFacts, read_facts
from sitegen.importers.saved_page.recognise import why_not_page
from sitegen.model import Count

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created",
          "pubdate", "publish-date", "publication_date", "citation_publication_date", "parsely-pub-date",
          "sailthru.date")  # fmt: skip
_UPDATES = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each page; whatever else was saved beside it is skipped."""
    for name in archive.names:
        if reason := why_not_page(archive, name):
            yield Skipped(Location(name), reason)
            continue
        try:
            yield from _read_page(name, _text(archive.read(name)), options)
        except UnreadableError as error:
            yield Skipped(Location(name), str(error))


def _text(data: bytes) -> str:
    found = _CHARSET.search(data[:4096])
    charset = found[1].decode("ascii", "replace").lower() if found else ""
    if charset not in ("", "utf-8", "utf8", "utf-16", "us-ascii") and not data.startswith(
        (b"\xef\xbb\xbf", b"\xff\xfe")
    ):
        try:
            return data.decode("cp1252" if charset in ("iso-8859-1", "latin1") else charset)
        except (LookupError, UnicodeError):
            pass
    return decode(data)


def _read_page(name: str, text: str, options: Options) -> Iterator[Item]:
    where = Location(name)
    if len(text) > MAX_HTML_CHARACTERS:
        raise UnreadableError(f"the page is longer than {MAX_HTML_CHARACTERS // 1_000_000} million characters")
    facts = read_facts(text)
    url = next(filter(None, (facts.links.get("canonical"), facts.meta("og:url"), _address(facts))), "")
    url = url if url.startswith(("http://", "https://")) else ""
    date, notes = _date(facts, name, options, where)
    yield from notes
    updated = None
    if written := facts.linked("dateModified") or facts.meta(*_UPDATES):
        try:
            updated = read_date(written, options.zone, options.date_order)
        except ValueError:
            yield Note(where, f'the date of its last change, "{written[:60]}", is not a date')
    site = facts.meta("og:site_name") or _names(facts.article.get("publisher"))[:1]
    source = site if isinstance(site, str) else "".join(site)
    image = facts.meta("og:image", "twitter:image") or next(iter(_urls(facts.article.get("image"))), "")
    path = urlsplit(url).path
    yield ImportedPost(
        where=where,
        title=_title(facts, source),
        body=HtmlBody(text, url, keep_main_text),
        date=date or options.date,
        updated=updated if updated and date and updated > date else None,
        slug=path.rstrip("/").rsplit("/", 1)[-1],
        key=url,
        authors=_authors(facts),
        source=source,
        source_url=url,
        comments=_count(facts, "CommentAction", "commentCount"),
        views=_count(facts, "ViewAction", ""),
        tags=_tags(facts),
        summary=facts.linked("description") or facts.meta("og:description", "description", "twitter:description"),
        image=urljoin(url, image) if image else "",
        image_alt=facts.meta("og:image:alt"),
        language=facts.linked("inLanguage") or facts.language,
    )


def _address(facts: PageFacts) -> str:
    main = facts.article.get("mainEntityOfPage")
    value = main.get("@id") if isinstance(main, dict) else main
    return str(value) if isinstance(value, str) else facts.linked("url")


def _date(facts: PageFacts, name: str, options: Options, where: Location) -> tuple[Any, list[Note]]:
    """Return when the page was published, by the surest place that says it; each impossible date is noted."""
    notes: list[Note] = []
    day = date_in_name(name.rsplit("/", 1)[-1])[0]
    for written in (facts.linked("datePublished", "dateCreated"), facts.meta(*_DATES), facts.time, day):
        if written:
            try:
                return read_date(written, options.zone, options.date_order), notes
            except ValueError as error:
                notes.append(Note(where, str(error)))
    return None, notes


def _title(facts: PageFacts, site: str) -> str:
    title = facts.linked("headline", "name") or facts.meta("og:title", "twitter:title")
    if title:
        return title
    for mark in (" | ", " - ", " – ", " — ", " · ", " :: "):
        if site and facts.title.casefold().endswith((mark + site).casefold()):
            return facts.title[: -len(mark + site)]
    return facts.title


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    found = [one.get("name") if isinstance(one, dict) else one for one in values]
    return [" ".join(name.split()) for name in found if isinstance(name, str) and name.strip()]


def _authors(facts: PageFacts) -> tuple[str, ...]:
    named = _names(facts.article.get("author")) or _names(facts.article.get("creator"))
    written = facts.metas.get("author") or facts.metas.get("article:author") or facts.metas.get("dc.creator") or ()
    return tuple(dict.fromkeys(name for name in named or written if "://" not in name and "@" not in name))


def _urls(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    found = [one.get("url") if isinstance(one, dict) else one for one in values]
    return [url for url in found if isinstance(url, str)]


def _tags(facts: PageFacts) -> tuple[str, ...]:
    keywords = facts.article.get("keywords")
    listed = keywords if isinstance(keywords, list) else str(keywords).split(",") if isinstance(keywords, str) else []
    tags = [*facts.metas.get("article:tag", ()), *(one for one in listed if isinstance(one, str))]
    return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def _count(facts: PageFacts, action: str, name: str) -> Count | None:
    statistics = facts.article.get("interactionStatistic")
    for one in statistics if isinstance(statistics, list) else [statistics]:
        if isinstance(one, dict) and action in json.dumps(one.get("interactionType", ""), default=str):
            return _whole(one.get("userInteractionCount"))
    return _whole(facts.article.get(name)) if name else None


def _whole(value: Any) -> Count | None:
    text = str(value)
    return Count(int(text)) if text.isascii() and text.isdigit() and len(text) < 13 else None
