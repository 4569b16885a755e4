"""Read one built page: its data for the checks of the whole site, and the problems that concern no other page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sitegen.check.html.srcset import check_srcset
from sitegen.check.html.tokenizer import Document, read_document
from sitegen.check.image_sizes import StatedSize, read_sizes
from sitegen.check.links import resolve
from sitegen.check.links.extract import (
    CITE,
    COMMENT_LINK,
    DATA,
    EMBEDDED,
    FORM,
    LINK,
    SYMBOL,
    PageUrl,
    check_error_page_links,
    check_link,
    check_mixed_content,
    check_own_url,
    is_canonical,
    is_local,
    read_base,
    read_links,
    read_refresh,
)
from sitegen.check.links.resolve import FOUND, Address, Hosting, locate
from sitegen.check.options import CheckLimits
from sitegen.check.pages.accessibility import check_accessibility
from sitegen.check.pages.head import check_characters, check_head, read_ids, read_meta, read_title
from sitegen.check.pages.idrefs import check_idrefs
from sitegen.check.pages.json_ld import (
    article_urls,
    check_json_ld,
    counts_without_provenance,
    data_urls,
    has_article,
    read_data,
)
from sitegen.check.pages.nesting import check_nesting
from sitegen.check.pages.template_leftovers import check_leftovers
from sitegen.check.pages.versions import PageVersionLink, read_languages, read_versions
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.formats.site_urls import is_error_page
from sitegen.system.processes import Parcel

FOLLOWED = EMBEDDED | {LINK, FORM, COMMENT_LINK}
PASSED_OVER = frozenset({LINK, CITE, COMMENT_LINK})
"""Roles of URLs that need no further check if they lead to another host."""
SERVED = FOUND - {resolve.REDIRECT}


Located = tuple[PageUrl, Address]
"""A URL of a page, and where it leads."""


@dataclass(frozen=True, slots=True)
class Jump(Parcel):
    """A link to a fragment of a page of the site."""

    target: str
    fragment: str
    url: str
    line: int


@dataclass(frozen=True, slots=True)
class CheckedPage(Parcel):
    """The data of one page that the checks of the whole site need.

    `targets` are the output files that it links to or shows, `external` the outgoing links with
    their lines; `refresh` is where it sends its visitors on, "" for a page that stays. `versions` are its
    versions in other languages, `languages` those of the page and its text, if there are any versions. `sizes` are
    those that it states for images of the site.
    """

    path: str
    title: str = ""
    description: str = ""
    robots: str = ""
    refresh: str = ""
    canonicals: tuple[str, ...] = ()
    article: bool = False
    ids: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    jumps: tuple[Jump, ...] = ()
    external: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()
    languages: tuple[str, ...] = ()
    versions: tuple[PageVersionLink, ...] = ()
    sizes: tuple[StatedSize, ...] = ()


def read_page(path: str, data: bytes, hosting: Hosting, limits: CheckLimits) -> CheckedPage:
    """Return the data of a page, and the problems that can be found without the other pages."""
    problems: list[Problem] = []
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(page_problem("bad-encoding", path, line, "the page is not UTF-8", "save its file as UTF-8"))
        text = data.decode("utf-8", "replace")
    document = read_document(path, text)
    objects, broken = read_data(document)
    meta = read_meta(document)
    refresh = read_refresh(document)
    links = read_links(document, refresh)
    links += [PageUrl(DATA, url, start) for item, start in objects for url in data_urls(item)]
    base = read_base(hosting, document)
    found = [(link, locate(hosting, base, link.url)) for link in links]
    problems += broken
    problems += check_head(document)
    if not problems:
        problems += check_characters(document)
    problems += check_leftovers(document)
    problems += check_nesting(document)
    problems += check_json_ld(document, objects)
    problems += check_srcset(document)
    problems += check_error_page_links(hosting, document, links)
    problems += counts_without_provenance(document, objects)
    for link, address in found:
        how, url = address.how, link.url
        if how == resolve.FILE and url[:1] == "/":
            continue
        if how == resolve.FILE and url.strip():
            if hosting.scheme == "https" and url[:5].lower() == "http:":
                problems.append(check_mixed_content(document, link))
        elif how != resolve.EXTERNAL or link.role not in PASSED_OVER or is_local(address):
            problems += check_link(hosting, document, link, address)
    problems += check_main_entity(hosting, document, objects, found)
    problems += check_search_index(hosting, document)
    if not refresh:
        missing = frozenset([link.url for link, address in found if address.how == resolve.MISSING])
        problems += check_accessibility(document, missing)
        problems += check_own_url(document, found)
        problems += _check_size(document, meta, len(data), limits)
    ids = read_ids(document)
    problems += check_idrefs(document, ids)
    outgoing = [(link, where) for link, where in found if where.how == resolve.EXTERNAL and link.role in FOLLOWED]
    inner = [(link, where) for link, where in found if where.fragment and where.how in FOUND and _is_jump(link, where)]
    versions = read_versions(hosting, document)
    lines = document.lines({link.start for link, _ in (*outgoing, *inner)})
    return CheckedPage(
        path,
        read_title(document) or "",
        next(iter(meta.get("description", ())), ""),
        ",".join(meta.get("robots", ())).lower(),
        refresh,
        tuple(sorted({link.url for link in links if is_canonical(document, link)})),
        has_article(objects),
        frozenset(ids),
        frozenset([address.path for _, address in found if address.how in SERVED]),
        tuple([Jump(where.path, where.fragment, link.url, lines[link.start]) for link, where in inner]),
        tuple(dict.fromkeys([(where.path, lines[link.start]) for link, where in outgoing])),
        tuple(problems),
        read_languages(document) if versions else (),
        versions,
        read_sizes(document, found),
    )


def _is_jump(link: PageUrl, where: Address) -> bool:
    """Return whether the fragment of a URL is checked: that of a link, or of the use of a symbol of an SVG file."""
    return link.role == LINK or (link.role == SYMBOL and where.path.endswith(".svg"))


def check_main_entity(
    hosting: Hosting, document: Document, objects: Sequence[tuple[Mapping[str, Any], int]], found: Sequence[Located]
) -> Iterator[Problem]:
    """Yield the article of the structured data that names another page of the site as its own."""
    canonicals = {address.path for link, address in found if is_canonical(document, link)}
    for url, start in article_urls(objects):
        address = locate(hosting, document.path, url)
        if address.how in FOUND and address.path not in {document.path, *canonicals}:
            message = f'mainEntityOfPage is "{url}", which is another page'
            hint = "write the URL of the page itself"
            yield page_problem("inconsistent-json-ld", document.path, document.line(start), message, hint)


def check_search_index(hosting: Hosting, document: Document) -> Iterator[Problem]:
    """Yield the search page whose index is missing."""
    for tag in document.having(("data-index",)):
        url = tag.attributes["data-index"].rstrip("/") + "/index.json"
        if locate(hosting, document.path, url).how == resolve.MISSING:
            message = f'the index of the search, "{url}", is missing'
            hint = "build the site again, and publish all of its files"
            yield page_problem("missing-search-index", document.path, document.line(tag.start), message, hint)


def _check_size(
    document: Document, meta: Mapping[str, Sequence[str]], size: int, limits: CheckLimits
) -> Iterator[Problem]:
    if size > limits.page_bytes:
        message = f"the page has {size // 1024:,} KB, more than {limits.page_bytes // 1024:,} KB, and loads slowly"
        yield page_problem("heavy-page", document.path, 0, message, "split the post")
    descriptions = meta.get("description", ())
    noindex = "noindex" in ",".join(meta.get("robots", ())).lower()
    if not any(descriptions) and not noindex and not is_error_page(document.path):
        hint = _hint_description(document)
        yield page_problem("missing-description", document.path, 1, "the page has no description", hint)
    if len(descriptions) > 1:
        message = f"the page has {len(descriptions)} descriptions"
        yield page_problem("several-descriptions", document.path, 1, message, "keep one")
    if descriptions and len(descriptions[0]) > limits.description:
        message = f"the description has {len(descriptions[0])} characters, more than {limits.description}"
        hint = "shorten the summary: search engines and previews cut it off"
        yield page_problem("long-description", document.path, 1, message, hint, descriptions[0][:40])


def _hint_description(document: Document) -> str:
    """Return what to do about a page without a description, which no post fills where it is a list."""
    folder = document.path.removesuffix("index.html").rstrip("/")
    language = next((tag.attributes.get("lang", "") for tag in document.of("html")), "")
    if document.path == "index.html":
        return "write `description` in the config: search engines and previews show it"
    if folder and folder == language.lower():
        return f"write `description` in `[languages.{folder}]` of the config: search engines and previews show it"
    return "give the post a `summary`, or the page's template a description"
