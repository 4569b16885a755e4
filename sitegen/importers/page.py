"""Imports saved pages of any site, by their JSON-LD, their OpenGraph and other meta tags, and their main text."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from sitegen.dates import date_in_name, read_date
from sitegen.importers.archive import Archive, UnreadableError
from sitegen.importers.encoding import decode
from sitegen.importers.items import Html, ImportedPost, Item, Note, Options, Place, Skipped
from sitegen.importers.main_text import keep_main_text
from sitegen.importers.tree import ENOUGH
from sitegen.model import Count

NAME = "page"
PRIVATE: tuple[str, ...] = ()

_HTML = (".html", ".htm", ".xhtml", ".shtml")
_START = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.I | re.S)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_ARTICLES = re.compile(
    r"(?:Article|BlogPosting|NewsArticle|Report|ScholarlyArticle|SocialMediaPosting|CreativeWork|Essay)\Z"
)
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created",
          "pubdate", "publish-date", "publication_date", "citation_publication_date", "parsely-pub-date",
          "sailthru.date")  # fmt: skip
_UPDATES = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified")


def recognise(archive: Archive) -> int:
    """Return 40 for pages of HTML: the formats that know more of theirs are surer."""
    return 40 if any(_is_page(archive, name) for name in archive.names[:20]) else 0


def read(archive: Archive, options: Options) -> Iterator[Item]:
    """Yield a post for each page; whatever else was saved beside it is skipped."""
    for name in archive.names:
        if not _is_page(archive, name):
            yield Skipped(Place(name), "not a page of HTML")
            continue
        try:
            yield from _read_page(name, _text(archive.read(name)), options)
        except UnreadableError as error:
            yield Skipped(Place(name), str(error))


def _is_page(archive: Archive, name: str) -> bool:
    return name.lower().endswith(_HTML) or _START.match(archive.head(name)) is not None


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


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a page's head says: the values of its meta tags by folded name, its JSON-LD article, links and title."""

    metas: Mapping[str, tuple[str, ...]]
    article: Mapping[str, Any]
    links: Mapping[str, str]
    title: str
    language: str
    time: str

    def meta(self, *names: str) -> str:
        """Return the first of some meta tags."""
        return next((self.metas[name][0] for name in names if self.metas.get(name)), "")

    def linked(self, *names: str) -> str:
        """Return the first of some members of the JSON-LD article that is a text."""
        return next((str(self.article[name]) for name in names if isinstance(self.article.get(name), str | int)), "")


def _read_page(name: str, text: str, options: Options) -> Iterator[Item]:
    where = Place(name)
    if len(text) > ENOUGH:
        raise UnreadableError(f"the page is longer than {ENOUGH // 1_000_000} million characters")
    facts = _facts(text)
    url = next(filter(None, (facts.links.get("canonical"), facts.meta("og:url"), _address(facts))), "")
    url = url if url.startswith(("http://", "https://")) else ""
    date, notes = _date(facts, name, options, where)
    yield from notes
    updated = None
    if written := facts.linked("dateModified") or facts.meta(*_UPDATES):
        try:
            updated = read_date(written, options.zone)
        except ValueError:
            yield Note(where, f'the date of its last change, "{written[:60]}", is not a date')
    site = facts.meta("og:site_name") or _names(facts.article.get("publisher"))[:1]
    source = site if isinstance(site, str) else "".join(site)
    image = facts.meta("og:image", "twitter:image") or next(iter(_urls(facts.article.get("image"))), "")
    path = urlsplit(url).path
    yield ImportedPost(
        where=where,
        title=_title(facts, source),
        body=Html(text, url, keep_main_text),
        date=date or options.date,
        updated=updated if updated and date and updated > date else None,
        slug=re.sub(r"\.\w{2,5}\Z", "", path.rstrip("/").rsplit("/", 1)[-1]),
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


def _facts(text: str) -> _Facts:
    """Return what a page's head and its JSON-LD say."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UnreadableError("it holds no HTML")
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        value = " ".join((meta.get("content") or "").split())
        if key and value:
            metas.setdefault(key.casefold(), []).append(value)
    links = {str(link.get("rel")).casefold(): link.get("href") or "" for link in reversed(list(root.iter("link")))}
    title = next((" ".join("".join(map(str, one.itertext())).split()) for one in root.iter("title")), "")
    moment = next((one.get("datetime") or "" for one in root.iter("time") if one.get("datetime")), "")
    return _Facts(
        {key: tuple(value) for key, value in metas.items()},
        _article(root),
        links,
        title,
        root.get("lang") or "",
        moment,
    )


def _article(root: etree._Element) -> Mapping[str, Any]:
    """Return the first article in the page's JSON-LD blocks, {} if there is none."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            waiting: list[Any] = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                kinds = value.get("@type")
                if any(
                    isinstance(kind, str) and _ARTICLES.search(kind)
                    for kind in (kinds if isinstance(kinds, list) else [kinds])
                ):
                    return value
                waiting += [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]
    return {}


def _address(facts: _Facts) -> str:
    main = facts.article.get("mainEntityOfPage")
    value = main.get("@id") if isinstance(main, dict) else main
    return str(value) if isinstance(value, str) else facts.linked("url")


def _date(facts: _Facts, name: str, options: Options, where: Place) -> tuple[Any, list[Note]]:
    """Return when the page was published, by the surest place that says it; each impossible date is noted."""
    notes: list[Note] = []
    day = date_in_name(name.rsplit("/", 1)[-1])[0]
    for written in (facts.linked("datePublished", "dateCreated"), facts.meta(*_DATES), facts.time, day):
        if written:
            try:
                return read_date(written, options.zone), notes
            except ValueError as error:
                notes.append(Note(where, str(error)))
    return None, notes


def _title(facts: _Facts, site: str) -> str:
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


def _authors(facts: _Facts) -> tuple[str, ...]:
    named = _names(facts.article.get("author")) or _names(facts.article.get("creator"))
    written = facts.metas.get("author") or facts.metas.get("article:author") or facts.metas.get("dc.creator") or ()
    return tuple(dict.fromkeys(name for name in named or written if "://" not in name and "@" not in name))


def _urls(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    found = [one.get("url") if isinstance(one, dict) else one for one in values]
    return [url for url in found if isinstance(url, str)]


def _tags(facts: _Facts) -> tuple[str, ...]:
    keywords = facts.article.get("keywords")
    listed = keywords if isinstance(keywords, list) else str(keywords).split(",") if isinstance(keywords, str) else []
    tags = [*facts.metas.get("article:tag", ()), *(one for one in listed if isinstance(one, str))]
    return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def _count(facts: _Facts, action: str, name: str) -> Count | None:
    statistics = facts.article.get("interactionStatistic")
    for one in statistics if isinstance(statistics, list) else [statistics]:
        if isinstance(one, dict) and action in json.dumps(one.get("interactionType", ""), default=str):
            return _whole(one.get("userInteractionCount"))
    return _whole(facts.article.get(name)) if name else None


def _whole(value: Any) -> Count | None:
    text = str(value)
    return Count(int(text)) if text.isascii() and text.isdigit() and len(text) < 13 else None
