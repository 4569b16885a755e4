"""The URLs of a page: which elements hold them, and whether each leads somewhere."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from sitegen.check.html.tokenizer import Document
from sitegen.check.links import resolve
from sitegen.check.links.resolve import Address, Hosting, leaf, locate, page_path
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem, did_you_mean, nearest
from sitegen.formats.site_urls import is_error_page
from sitegen.formats.srcset import read_srcset
from sitegen.site.pages.card import FOLDER as CARDS

LINK, IMAGE, STYLE, SCRIPT, FRAME = "link", "image", "stylesheet", "script", "frame"
MEDIA, CANONICAL, ALTERNATE, ICON, DATA = "media", "canonical", "alternate", "icon", "data"
CITE, FORM, SYMBOL, COMMENT_LINK = "cite", "form", "symbol", "comment"
BROKEN = {
    LINK: "broken-link",
    IMAGE: "broken-image",
    STYLE: "broken-stylesheet",
    SCRIPT: "broken-script",
    FRAME: "broken-frame",
    MEDIA: "broken-media",
    CANONICAL: "broken-canonical",
    ALTERNATE: "broken-alternate",
    ICON: "broken-image",
    DATA: "broken-link",
    CITE: "broken-link",
    FORM: "broken-link",
    SYMBOL: "broken-image",
    COMMENT_LINK: "broken-comment-link",
}
NOUNS = {
    LINK: "link",
    IMAGE: "image",
    STYLE: "style sheet",
    SCRIPT: "script",
    FRAME: "frame",
    MEDIA: "media file",
    CANONICAL: "canonical URL",
    ALTERNATE: "alternate link",
    ICON: "icon",
    DATA: "URL in the structured data",
    CITE: "source of a quotation",
    FORM: "target of a form",
    SYMBOL: "image",
    COMMENT_LINK: "link of a reader",
}
EMBEDDED = frozenset((IMAGE, STYLE, SCRIPT, FRAME, MEDIA, ICON, SYMBOL))
ATTRIBUTES = (
    ("a", "href", LINK),
    ("area", "href", LINK),
    ("form", "action", FORM),
    ("button", "formaction", FORM),
    ("input", "formaction", FORM),
    ("blockquote", "cite", CITE),
    ("q", "cite", CITE),
    ("ins", "cite", CITE),
    ("del", "cite", CITE),
    ("iframe", "src", FRAME),
    ("embed", "src", FRAME),
    ("object", "data", FRAME),
    ("img", "src", IMAGE),
    ("input", "src", IMAGE),
    ("image", "href", IMAGE),
    ("image", "xlink:href", IMAGE),
    ("use", "href", SYMBOL),
    ("use", "xlink:href", SYMBOL),
    ("video", "poster", IMAGE),
    ("video", "src", MEDIA),
    ("audio", "src", MEDIA),
    ("source", "src", MEDIA),
    ("track", "src", MEDIA),
    ("script", "src", SCRIPT),
)
_RELATIONS = (
    (STYLE, frozenset({"stylesheet"})),
    (CANONICAL, frozenset({"canonical"})),
    (SCRIPT, frozenset({"modulepreload"})),
    (ALTERNATE, frozenset(("alternate", "next", "prev", "manifest", "search", "author", "license", "help"))),
)
_REFRESH = re.compile(r"\s*\d*\.?\d*\s*[;,]?\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)
_LOCAL = re.compile(r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])(?::\d+)?(?=/|$)", re.IGNORECASE)
_BY_READERS = "ugc"
"""The relation of links in comments."""

_LEADING = resolve.FOUND | {resolve.EXTERNAL}
_SCHEMES = frozenset(("http", "https", "ftp", "file", "tel", "sms", "javascript", "data", "mailto"))
EMPTY_LINK = "]()"
"""How the Markdown of a post writes a link with an empty URL."""
_EMPTY_CONTACT = re.compile(r"\s*(?:mailto|tel|sms):\s*", re.IGNORECASE)
PREVIEWS = frozenset(("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"))


class PageUrl(NamedTuple):
    """A URL of a page: its role, the URL as it is written, and the offset of its tag."""

    role: str
    url: str
    start: int


def read_links(document: Document, refresh: str) -> list[PageUrl]:
    """Return all URLs of a page; `refresh` is the URL to which it redirects its visitors, "" for none."""
    named = document.named
    links = [
        PageUrl(role, tag.attributes[attribute], tag.start)
        for name, attribute, role in ATTRIBUTES
        for tag in named.get(name, ())
        if attribute in tag.attributes
    ]
    if _BY_READERS in document.text:
        of_readers = {tag.start for tag in document.of("a") if _BY_READERS in tag.attributes.get("rel", "").split()}
        links = [link._replace(role=COMMENT_LINK) if link.start in of_readers else link for link in links]
    for tag in document.of("img", "source"):
        if "srcset" in tag.attributes:
            links += [PageUrl(IMAGE, url, tag.start) for url, _ in read_srcset(tag.attributes["srcset"])]
    for tag in document.of("link"):
        role = _link_role(tag.attributes.get("rel", ""), tag.attributes.get("as", ""))
        if role and "href" in tag.attributes:
            links.append(PageUrl(role, tag.attributes["href"], tag.start))
        if "imagesrcset" in tag.attributes:
            links += [PageUrl(IMAGE, url, tag.start) for url, _ in read_srcset(tag.attributes["imagesrcset"])]
    for tag in document.of("meta"):
        name = (tag.attributes.get("property") or tag.attributes.get("name") or "").lower()
        if name in PREVIEWS:
            links.append(PageUrl(IMAGE, tag.attributes.get("content", ""), tag.start))
        elif name == "og:url":
            links.append(PageUrl(CANONICAL, tag.attributes.get("content", ""), tag.start))
    if refresh:
        links.append(PageUrl(LINK, refresh, next(document.of("meta")).start))
    return links


def read_refresh(document: Document) -> str:
    """Return the URL to which a page redirects its visitors by a `meta` element, "" for none."""
    for tag in document.of("meta"):
        if tag.attributes.get("http-equiv", "").lower() == "refresh":
            found = _REFRESH.match(tag.attributes.get("content", ""))
            if found and not found.group(1).strip().isdigit():
                return found.group(1).strip()
    return ""


def check_link(hosting: Hosting, document: Document, link: PageUrl, address: Address) -> Iterator[Problem]:
    """Yield what is wrong with one URL, except its fragment, which depends on the target page."""
    found = _describe(hosting, document, link, address)
    if found is None:
        return
    problem_type, message, hint = found
    if link.role == COMMENT_LINK:
        problem_type, hint = BROKEN[COMMENT_LINK], "correct it in the comment file of the post, or leave it as it is"
    written = EMPTY_LINK if problem_type == "empty-link" and not link.url.strip() else link.url
    yield page_problem(problem_type, document.path, document.line(link.start), message, hint, written)


Description = tuple[str, str, str]
"""What is wrong with a URL: the id of the problem, the message and the hint."""


def _describe(hosting: Hosting, document: Document, link: PageUrl, address: Address) -> Description | None:
    noun, url = NOUNS[link.role], link.url
    if not url.strip():
        return _describe_blank(link, noun)
    if found := _describe_scheme(hosting, link, address):
        return found
    match address.how:
        case resolve.BAD:
            shown = "".join(one if one.isprintable() else repr(one)[1:-1] for one in url)
            found = "bad-url", f'the {noun} "{shown}" holds {address.reason}', "correct the URL"
        case resolve.MISSING:
            message = f'the {noun} "{url}" leads to no file'
            found = BROKEN[link.role], message, _hint(hosting, document, address)
        case resolve.CASE:
            message = f'the {noun} "{url}" is not written as its file is: {address.path}'
            hint = "write it exactly like the file name: web hosts distinguish capitals and accents"
            found = "wrong-case", message, hint
        case resolve.OUTSIDE:
            message = f'the {noun} "{url}" leads out of the site, which is below {hosting.base}'
            hint = f'begin it with "{hosting.base}", or write it in full with its host if that is meant'
            found = "outside-base", message, hint
        case resolve.SLASH if not address.reason and link.role in (LINK, FORM):
            message = f'the {noun} "{url}" takes a detour: its page ends in a slash'
            found = "missing-slash", message, "add the slash at the end of the path"
        case resolve.SUFFIX:
            found = "missing-suffix", f'the {noun} "{url}" leads to {address.path} on some hosts only', 'add ".html"'
        case resolve.REDIRECT if link.role in (LINK, FORM, CANONICAL) and not address.reason.startswith("200"):
            message = f'the {noun} "{url}" is redirected to "{address.path}"'
            found = "redirected-link", message, "link to the new URL"
        case resolve.EXTERNAL | resolve.OTHER:
            found = _describe_foreign(hosting, link, address)
    return found


def _describe_blank(link: PageUrl, noun: str) -> Description:
    """Return what is wrong with an empty URL."""
    if link.role in (LINK, FORM):
        return "empty-link", f"the {noun} has an empty URL", "fill it in, or remove it"
    return BROKEN[link.role], f"the {noun} has an empty URL", "name a file, or remove it"


def _describe_scheme(hosting: Hosting, link: PageUrl, address: Address) -> Description | None:
    """Return what is wrong with the scheme of a URL: a misspelt one, one without a host, a form without encryption."""
    url, scheme = link.url, address.reason
    if _EMPTY_CONTACT.fullmatch(url):
        return "empty-link", f'the link "{url}" has no recipient', "fill in the email address or the number"
    is_open = address.how == resolve.EXTERNAL and hosting.scheme == "https" and url[:5].lower() == "http:"
    if link.role == FORM and is_open:
        message = f'the form is sent to "{url}" without encryption, and browsers warn of it'
        return "insecure-form", message, "use its https URL"
    if address.how != resolve.OTHER:
        return None
    if scheme not in _SCHEMES and (meant := did_you_mean(scheme, ("http", "https"))):
        return "unknown-scheme", f'"{scheme}:" in "{url}" is not a scheme that browsers know', meant
    if scheme == "mailto":
        people = unquote(url.partition(":")[2].partition("?")[0])
        if any("@" not in person.strip().strip("@") for person in filter(None, people.split(","))):
            return "bad-url", f'"{url}" is not an e-mail address', "write it as mailto:name@example.com"
    return None


def is_local(address: Address) -> bool:
    """Return whether a URL is one of the visitor's own machine."""
    return address.how == resolve.EXTERNAL and _LOCAL.match(address.path.partition("//")[2]) is not None


def check_mixed_content(document: Document, link: PageUrl) -> Problem:
    """Return the problem of a URL of this site with `http:`, although the site has `https:`."""
    noun, line, hint = NOUNS[link.role], document.line(link.start), "write it with https:, or from the root"
    if link.role in EMBEDDED:
        message = f'the {noun} "{link.url}" is fetched without encryption, and browsers block it'
        return page_problem("mixed-content", document.path, line, message, hint, link.url)
    message = f'the {noun} "{link.url}" uses http:, but this site is served by https:'
    return page_problem("redirected-link", document.path, line, message, hint, link.url)


def is_canonical(document: Document, link: PageUrl) -> bool:
    """Return whether a URL is the canonical URL by a `link` element: that of a `meta` element is for previews."""
    return link.role == CANONICAL and document.text[link.start : link.start + 5].lower() == "<link"


def check_own_url(document: Document, found: Iterable[tuple[PageUrl, Address]]) -> Iterator[Problem]:
    """Yield the `og:url` that differs from the canonical URL of its page."""
    named = [(link, address) for link, address in found if link.role == CANONICAL and address.how in _LEADING]
    real = [(link, address) for link, address in named if is_canonical(document, link)]
    for link, address in named:
        if len(real) == 1 and not is_canonical(document, link) and address.path != real[0][1].path:
            message = f'og:url is "{link.url}", but the canonical URL is "{real[0][0].url}"'
            hint = "use the same URL in both: otherwise social networks count it as two pages"
            yield page_problem("og-url-elsewhere", document.path, document.line(link.start), message, hint, link.url)


def check_error_page_links(hosting: Hosting, document: Document, links: list[PageUrl]) -> Iterator[Problem]:
    """Yield the relative URLs of an error page, which a host shows below any folder."""
    if not is_error_page(document.path):
        return
    for link in links:
        if link.url and not link.url.startswith(("/", "#")) and ":" not in link.url.partition("/")[0]:
            message = f'the {NOUNS[link.role]} "{link.url}" of the error page is relative, and breaks below a folder'
            yield page_problem(
                "relative-in-404",
                document.path,
                document.line(link.start),
                message,
                f'begin it with "{hosting.base}"',
                link.url,
            )


def read_base(hosting: Hosting, document: Document) -> str:
    """Return the output path that a page's relative URLs are relative to, given its `base` element."""
    for tag in document.of("base"):
        base = locate(hosting, document.path, tag.attributes.get("href", ""))
        if base.how in resolve.FOUND or base.how == resolve.MISSING:
            return base.path
    return document.path


def _describe_foreign(hosting: Hosting, link: PageUrl, address: Address) -> Description | None:
    noun, url = NOUNS[link.role], link.url
    if address.reason == "javascript":
        message = f'the {noun} "{url}" runs a script, which the content security policy forbids'
        return "inline-script", message, "let it lead to a page"
    if address.reason == "file" or is_local(address):
        return "development-link", f'the {noun} "{url}" leads to the writer\'s own machine', "link to the public URL"
    if address.how == resolve.EXTERNAL and link.role in EMBEDDED:
        return _describe_embedded(hosting, link, address)
    return None


def _describe_embedded(hosting: Hosting, link: PageUrl, address: Address) -> Description | None:
    """Return what is wrong with a file of another host that a page loads."""
    noun, url = NOUNS[link.role], link.url
    if hosting.scheme == "https" and address.path.lower().startswith("http:"):
        message = f'the {noun} "{url}" is fetched without encryption, and browsers block it'
        return "mixed-content", message, "use its https URL, or keep a copy in the site"
    if link.role == FRAME:
        message = f'the frame "{url}" comes from another host, which learns who reads the page'
        return "foreign-frame", message, "link to it instead, if readers need not see it on the page"
    if link.role in (STYLE, SCRIPT):
        message = f'the {noun} "{url}" comes from another host: the content security policy blocks it'
        return "foreign-script", message, "keep a copy in the site"
    if link.role == IMAGE:
        message = f'the image "{url}" is on another host, and is lost if that host removes it'
        hint = "copy it into the folder of the post: `sitegen images fetch` copies those of all posts"
        return "foreign-image", message, hint
    return None


@lru_cache(maxsize=256)
def _link_role(relation: str, resource_type: str) -> str:
    names = set(relation.lower().split())
    if names & {"preload", "prefetch"}:
        return {"style": STYLE, "script": SCRIPT, "image": IMAGE}.get(resource_type, MEDIA)
    if any("icon" in name for name in names):
        return ICON
    return next((role for role, known in _RELATIONS if names & known), "")


def _hint(hosting: Hosting, document: Document, address: Address) -> str:
    wanted = leaf(address.path)
    known = hosting.leaves.get(wanted[:3].casefold(), ())
    # A page does not link to itself, and no post to a share card, whose name is that of its page.
    names = {leaf(path): path for path in known if path != document.path and not path.startswith(f"{CARDS}/")}
    match = nearest(wanted, names) if wanted else None
    return f'did you mean "{page_path(hosting, names[match])}"?' if match else "correct the URL, or add the file"
