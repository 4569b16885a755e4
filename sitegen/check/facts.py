"""What one built page says and links to, and what is wrong with it by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sitegen.check import addresses
from sitegen.check.access import judge_access
from sitegen.check.addresses import FOUND, Hosting, locate
from sitegen.check.finding import Fault
from sitegen.check.leftovers import judge_leftovers
from sitegen.check.links import (
    DATA,
    EMBEDDED,
    LINK,
    Link,
    is_canonical,
    is_local,
    judge_error_page,
    judge_link,
    judge_own_address,
    judge_unencrypted,
    read_base,
    read_links,
    read_refresh,
)
from sitegen.check.nesting import judge_nesting
from sitegen.check.options import Limits
from sitegen.check.page import judge_page, read_ids, read_meta, read_title
from sitegen.check.references import judge_references
from sitegen.check.srcset import judge_srcset
from sitegen.check.structured import counts_without_provenance, data_urls, has_article, judge_data, read_data
from sitegen.check.tokens import Document, read_document
from sitegen.parallel import Parcel

FOLLOWED = EMBEDDED | {LINK}
SERVED = FOUND - {addresses.REDIRECT}


@dataclass(frozen=True, slots=True)
class Jump(Parcel):
    """A link to a place within a page of the site."""

    target: str
    fragment: str
    url: str
    line: int


@dataclass(frozen=True, slots=True)
class PageFacts(Parcel):
    """What the judgement of the whole site needs to know of one page.

    `targets` are the output files that it links to or shows, `external` the outgoing links with
    their lines; `refresh` is where it sends its visitors on, "" for a page that stays.
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
    faults: tuple[Fault, ...] = ()


def read_page(path: str, data: bytes, hosting: Hosting, limits: Limits) -> PageFacts:
    """Return what a page says, and all that is wrong with it as far as it alone can tell."""
    faults: list[Fault] = []
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(Fault("bad-encoding", path, line, "the page is not UTF-8", "save its file as UTF-8"))
        text = data.decode("utf-8", "replace")
    document = read_document(path, text)
    objects, broken = read_data(document)
    meta = read_meta(document)
    refresh = read_refresh(document)
    links = read_links(document, refresh)
    links += [Link(DATA, url, start) for item, start in objects for url in data_urls(item)]
    base = read_base(hosting, document)
    found = [(link, locate(hosting, base, link.url)) for link in links]
    faults += broken
    faults += judge_page(document)
    faults += judge_leftovers(document)
    faults += judge_nesting(document)
    faults += judge_data(document, objects)
    faults += judge_srcset(document)
    faults += judge_error_page(hosting, document, links)
    faults += counts_without_provenance(document, objects)
    for link, address in found:
        how, url = address.how, link.url
        if how == addresses.FILE and url[:1] == "/":
            continue
        if how == addresses.FILE and url.strip():
            if hosting.scheme == "https" and url[:5].lower() == "http:":
                faults.append(judge_unencrypted(document, link))
        elif how != addresses.EXTERNAL or link.role != LINK or is_local(address):
            faults += judge_link(hosting, document, link, address)
    if not refresh:
        faults += judge_access(document)
        faults += judge_own_address(document, found)
        faults += _judge_size(document, meta, len(data), limits)
    ids = read_ids(document)
    faults += judge_references(document, ids)
    outgoing = [(link, where) for link, where in found if where.how == addresses.EXTERNAL and link.role in FOLLOWED]
    inner = [(link, where) for link, where in found if where.fragment and link.role == LINK and where.how in FOUND]
    lines = document.lines({link.start for link, _ in (*outgoing, *inner)})
    return PageFacts(
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
        tuple(faults),
    )


def _judge_size(document: Document, meta: Mapping[str, Sequence[str]], size: int, limits: Limits) -> Iterator[Fault]:
    if size > limits.page_bytes:
        message = (
            f"the page has {size // 1024:,} KB, more than the {limits.page_bytes // 1024:,} KB that are set for it"
        )
        yield Fault("heavy-page", document.path, 0, message, "split the post, or raise the limit")
    descriptions = meta.get("description", ())
    noindex = "noindex" in ",".join(meta.get("robots", ())).lower()
    if not any(descriptions) and not noindex and document.path != "404.html":
        hint = "give the post a summary, and the page a description"
        yield Fault("missing-description", document.path, 1, "the page has no description", hint)
    if len(descriptions) > 1:
        message = f"the page has {len(descriptions)} descriptions"
        yield Fault("several-descriptions", document.path, 1, message, "keep one")
    if descriptions and len(descriptions[0]) > limits.description:
        message = f"the description has {len(descriptions[0])} characters, more than {limits.description}"
        hint = "shorten the summary: search engines and previews cut it off"
        yield Fault("long-description", document.path, 1, message, hint, descriptions[0][:40])
