"""Imports saved pages of any site, by their JSON-LD, OpenGraph and other meta tags, and their main content."""

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
from sitegen.importers.saved_page.metadata import PageMetadata, read_metadata
from sitegen.importers.saved_page.recognise import reason_to_skip
from sitegen.model import Count

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created",
          "pubdate", "publish-date", "publication_date", "citation_publication_date", "parsely-pub-date",
          "sailthru.date")  # fmt: skip
_UPDATES = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified")


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each page, and skip the other saved files."""
    for name in archive.names:
        if reason := reason_to_skip(archive, name):
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
    metadata = read_metadata(text)
    url = next(filter(None, (metadata.links.get("canonical"), metadata.meta("og:url"), _main_entity_url(metadata))), "")
    url = url if url.startswith(("http://", "https://")) else ""
    date, notes = _date(metadata, name, options, where)
    yield from notes
    updated = None
    if written := metadata.json_ld("dateModified") or metadata.meta(*_UPDATES):
        try:
            updated = read_date(written, options.zone, options.date_order)
        except ValueError:
            yield Note(where, f'the date of the last change, "{written[:60]}", is not a date')
    site = metadata.meta("og:site_name") or _names(metadata.article.get("publisher"))[:1]
    source = site if isinstance(site, str) else "".join(site)
    image = metadata.meta("og:image", "twitter:image") or next(iter(_urls(metadata.article.get("image"))), "")
    path = urlsplit(url).path
    yield ImportedPost(
        where=where,
        title=_title(metadata, source),
        body=HtmlBody(text, url, keep_main_text),
        date=date or options.date,
        updated=updated if updated and date and updated > date else None,
        slug=path.rstrip("/").rsplit("/", 1)[-1],
        key=url,
        authors=_authors(metadata),
        source=source,
        source_url=url,
        urls=(url,),
        comments=_count(metadata, "CommentAction", "commentCount"),
        views=_count(metadata, "ViewAction", ""),
        likes=_count(metadata, "LikeAction", ""),
        tags=_tags(metadata),
        summary=metadata.json_ld("description")
        or metadata.meta("og:description", "description", "twitter:description"),
        image=urljoin(url, image) if image else "",
        image_alt=metadata.meta("og:image:alt"),
        language=metadata.json_ld("inLanguage") or metadata.language,
    )


def _main_entity_url(metadata: PageMetadata) -> str:
    main = metadata.article.get("mainEntityOfPage")
    value = main.get("@id") if isinstance(main, dict) else main
    return str(value) if isinstance(value, str) else metadata.json_ld("url")


def _date(metadata: PageMetadata, name: str, options: Options, where: Location) -> tuple[Any, list[Note]]:
    """Return the date of publication from the most reliable source, and a note for each invalid date."""
    notes: list[Note] = []
    day = date_in_name(name.rsplit("/", 1)[-1])[0]
    for written in (metadata.json_ld("datePublished", "dateCreated"), metadata.meta(*_DATES), metadata.time, day):
        if written:
            try:
                return read_date(written, options.zone, options.date_order), notes
            except ValueError as error:
                notes.append(Note(where, str(error)))
    return None, notes


def _title(metadata: PageMetadata, site: str) -> str:
    title = metadata.json_ld("headline", "name") or metadata.meta("og:title", "twitter:title")
    if title:
        return title
    for mark in (" | ", " - ", " – ", " — ", " · ", " :: "):
        if site and metadata.title.casefold().endswith((mark + site).casefold()):
            return metadata.title[: -len(mark + site)]
    return metadata.title


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    found = [one.get("name") if isinstance(one, dict) else one for one in values]
    return [" ".join(name.split()) for name in found if isinstance(name, str) and name.strip()]


def _authors(metadata: PageMetadata) -> tuple[str, ...]:
    named = _names(metadata.article.get("author")) or _names(metadata.article.get("creator"))
    written = (
        metadata.meta_tags.get("author")
        or metadata.meta_tags.get("article:author")
        or metadata.meta_tags.get("dc.creator")
        or ()
    )
    return tuple(dict.fromkeys(name for name in named or written if "://" not in name and "@" not in name))


def _urls(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    found = [one.get("url") if isinstance(one, dict) else one for one in values]
    return [url for url in found if isinstance(url, str)]


def _tags(metadata: PageMetadata) -> tuple[str, ...]:
    keywords = metadata.article.get("keywords")
    listed = keywords if isinstance(keywords, list) else str(keywords).split(",") if isinstance(keywords, str) else []
    tags = [*metadata.meta_tags.get("article:tag", ()), *(one for one in listed if isinstance(one, str))]
    return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def _count(metadata: PageMetadata, action: str, name: str) -> Count | None:
    statistics = metadata.article.get("interactionStatistic")
    for one in statistics if isinstance(statistics, list) else [statistics]:
        if isinstance(one, dict) and action in json.dumps(one.get("interactionType", ""), default=str):
            return _whole_number(one.get("userInteractionCount"))
    return _whole_number(metadata.article.get(name)) if name else None


def _whole_number(value: Any) -> Count | None:
    text = str(value)
    return Count(int(text)) if text.isascii() and text.isdigit() and len(text) < 13 else None
