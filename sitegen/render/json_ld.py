"""Structured data for search engines: JSON-LD with the vocabulary of schema.org."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.comments.comment_text import texts_of_comments
from sitegen.comments.discussion import ThreadComment
from sitegen.formats.dates import write_time
from sitegen.formats.urls import is_root_relative
from sitegen.model import Count, Description, PageLanguages, PageVersion, Post, Series, Source
from sitegen.site.pages.page_type import TitledPage
from sitegen.site.pages.registry import type_of

Data = dict[str, Any]
TYPES = {"search": "SearchResultsPage", "figures": "WebPage", "feeds": "WebPage"}
"""The types of the pages that are not a `CollectionPage`."""

MAX_COMMENTS = 10
"""The number of comments that a page's data contain, each with its text, which Google's guide to forums requires.

The text is then on the page twice, and search engines read all of it there: Google's guide to articles names no
comments.
"""

_TERM_TYPES = {"author": "Person", "source": "Organization"}
"""The types of what a page about a term is about; others are a `DefinedTerm`."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_quote = json.encoder.encode_basestring  # json's encoding of a string, without its checks
_ESCAPED = b'"\\\x7f' + bytes(range(32))
_ESCAPED_REPLACED = bytes.maketrans(_ESCAPED, b"\xff" * len(_ESCAPED))  # FF is in no UTF-8


class Publication(Struct, frozen=True):
    """The newsletter as pages name it: `url` and `search` are absolute URLs, `origin` is that of the host.

    `article` is the type of its posts. `indexes` are title and URL of the page above the lists of a `kind` of page.
    `publisher`, `site` and `home`, the first step on the way to a page, are the JSON of these on every page.
    """

    title: str
    url: str
    origin: str
    language: str
    author: str = ""
    article: str = "BlogPosting"
    logo: str = ""
    search: str = ""
    indexes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    publisher: str = ""
    site: str = ""
    home: str = ""

    def absolute(self, url: str) -> str:
        """Return the absolute form of a URL of the site."""
        return self.origin + url if is_root_relative(url) else url


def describe_publication(publication: Publication) -> Publication:
    """Return a publication with its JSON filled in; its logo and search page may be given as paths from the host on."""
    logo, search = publication.absolute(publication.logo), publication.absolute(publication.search)
    site = {"@type": "WebSite", "name": publication.title, "url": publication.url}
    publisher = _describe_publisher(publication.title, publication.url, logo)
    home = _write_step(1, publication.title, publication.url)
    return replace(publication, logo=logo, search=search, publisher=_encode(publisher), site=_encode(site), home=home)


def _describe_publisher(title: str, url: str, logo: str) -> Data:
    data: Data = {"@type": "Organization", "name": title, "url": url}
    return data | ({"logo": {"@type": "ImageObject", "url": logo}} if logo else {})


def write_json_ld(
    page: TitledPage,
    publication: Publication,
    title: str,
    words: int = 0,
    comments: Iterable[ThreadComment] = (),
    share_image: Callable[[str], str] = str,
    languages: PageLanguages | None = None,
) -> Markup:
    """Return the content of a page's JSON-LD block, safe inside of `<script>`.

    `title` is the page's in its language, `words` counts those of a post's body, `comments` are those on a post's
    page. `share_image` returns the URL of the image for previews of the one at a URL; `languages` are the page's
    versions in several languages.

    What search engines read elsewhere on the page is not repeated: its description, and what a list links to.
    """
    described = ",".join(_describe(page, publication, title, words, comments, share_image, languages))
    trail = _write_trail(_steps(page, publication, title), publication)
    text = f'{{"@context":"https://schema.org","@graph":[{described},{trail}]}}'
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - nothing can end the element, and JSON knows no entities


def _describe(
    page: TitledPage,
    publication: Publication,
    title: str,
    words: int,
    comments: Iterable[ThreadComment],
    share_image: Callable[[str], str],
    languages: PageLanguages | None,
) -> Iterator[str]:
    """Yield the objects that describe a page."""
    page_type = type_of(page)
    post = page_type.post(page)
    if post is not None:
        if page.kind == "post":
            series, discussion = getattr(page, "series", ()), getattr(page, "discussion", None)
            written = discussion.count if discussion is not None else 0
            yield _write_post(post, publication, words, comments, written, share_image, languages, series)
        else:
            yield _write_content_page(post, publication, languages)
        return
    if page.kind == "home":
        yield _encode(_describe_site(publication, page.description))
    about = getattr(page, "about", None)
    if isinstance(about, Description):
        yield _describe_term_page(page, publication, about)
        return
    yield (
        f'{{"@type":"{TYPES.get(page.kind, "CollectionPage")}","name":{_quote(title)}'
        f',"url":{_quote(publication.absolute(page.url))},"isPartOf":{publication.site}}}'
    )


def _describe_term_page(page: TitledPage, publication: Publication, about: Description) -> str:
    """Return the object of a page about a term that a file describes.

    The page of an author is a ProfilePage, as Google's guide to profile pages asks.
    """
    url = publication.absolute(page.url)
    term: Data = {"@type": _TERM_TYPES.get(page.kind, "DefinedTerm"), "name": page.title}
    addresses = [link.url for link in about.links if "://" in link.url]
    if about.summary:
        term["description"] = about.summary
    if about.image:
        term["image"] = publication.absolute(about.image)
    if about.url:
        term["url"] = about.url
    elif page.kind == "author":
        term["url"] = url
    if addresses and page.kind in _TERM_TYPES:
        term["sameAs"] = addresses
    is_profile = page.kind == "author"
    return _encode(
        {"@type": "ProfilePage" if is_profile else "CollectionPage", "name": page.title, "url": url}
        | ({"description": about.summary} if about.summary else {})
        | {"mainEntity" if is_profile else "about": term}
        | {"isPartOf": {"@type": "WebSite", "name": publication.title, "url": publication.url}}
    )


def _write_post(
    post: Post,
    publication: Publication,
    words: int,
    replies: Iterable[ThreadComment],
    written: int,
    share_image: Callable[[str], str],
    languages: PageLanguages | None,
    series: Iterable[Series],
) -> str:
    """Return a post's object as JSON, written piece by piece: most pages are posts, and this takes half the time.

    `replies` are the comments on the page, and `written` counts those on all of its pages.
    """
    changed = f',"dateModified":"{write_time(post.updated)}"' if post.updated else ""
    parts = [
        f'{{"@type":"{publication.article}","headline":{_quote(post.title)}'
        f',"url":{_quote(publication.absolute(post.url))},"datePublished":"{write_time(post.date)}"{changed}'
        f',"author":{_write_authors(post, publication)},"publisher":{publication.publisher}'
        f',"inLanguage":"{post.language or publication.language}"'
    ]
    if languages is not None:
        parts.append(_write_translations(languages, publication))
    wholes = [_write_series(item, publication) for item in series]
    if post.issue:
        issue = f'"issueNumber":{_quote(post.issue)},"isPartOf":{publication.site}'
        wholes.insert(0, f'{{"@type":"PublicationIssue",{issue}}}')
    if wholes:
        parts.append(f',"isPartOf":{wholes[0]}' if len(wholes) == 1 else f',"isPartOf":[{",".join(wholes)}]')
    if post.image:
        parts.append(f',"image":{_quote(publication.absolute(share_image(post.image)))}')
    if words:
        parts.append(f',"wordCount":{words}')
    if post.tags:
        parts.append(f',"keywords":[{",".join([_quote(tag.name) for tag in post.tags])}]')
    if post.source:
        parts.append(f',"isBasedOn":{_write_original(post, post.source)}')
    views, comments, likes = post.views, post.comments, post.likes
    if views or comments or likes:
        counters = [_write_count("View", one) for one in views.parts or (views,)] if views else []
        if comments:
            counters.append(_write_count("Comment", comments))
        if likes:
            counters.append(_write_count("Like", likes))
        parts.append(f',"interactionStatistic":[{",".join(counters)}]')
    if count := max(comments.count if comments else 0, written):
        parts.append(f',"commentCount":{count}')
    if shown := [item for item in replies if item.type == "comment"][:MAX_COMMENTS]:
        page = _quote(publication.absolute(post.url)).removesuffix('"')
        parts.append(f',"comment":{_write_comments(shown, page)}')
    return "".join(parts) + "}"


def _write_translations(languages: PageLanguages, publication: Publication) -> str:
    """Return the properties that name a work's translations, or the work that it translates."""

    def write(version: PageVersion) -> str:
        url = _quote(publication.absolute(version.url))
        return f'{{"@type":"CreativeWork","url":{url},"inLanguage":{_quote(version.language)}}}'

    if languages.original is not None:
        return f',"translationOfWork":{write(languages.original)}'
    found = ",".join(map(write, languages.translations))
    return f',"workTranslation":[{found}]' if found else ""


def _write_series(series: Series, publication: Publication) -> str:
    url = f',"url":{_quote(publication.absolute(series.url))}' if series.url else ""
    return f'{{"@type":"CreativeWorkSeries","name":{_quote(series.name)}{url}}}'


def _write_comments(comments: Sequence[ThreadComment], page: str) -> str:
    """Return comments as a JSON array; their URLs are those of their elements on the page.

    The URL of the page is given without the closing quote.
    """
    parts = []
    for comment, text in zip(comments, _write_texts(comments), strict=True):
        author = f',"author":{_write_person(comment.author, "")}' if comment.author else ""
        date = f',"dateCreated":"{comment.date}"' if comment.date else ""
        likes = f',"upvoteCount":{comment.likes}' if comment.likes else ""
        url = f"{page}#theme:comment-{comment.id}"
        parts.append(f'{{"@type":"Comment","text":"{text}"{author}{date}{likes},"url":{url}"}}')
    return f"[{','.join(parts)}]"


def _write_texts(comments: Sequence[ThreadComment]) -> Sequence[str]:
    """Return the text of each comment as the content of a JSON string."""
    texts = texts_of_comments([comment.html for comment in comments])
    # JSON escapes no character of most strings, and this finds it out in a sixth of the time.
    data = "".join(texts).encode()
    return texts if data.translate(_ESCAPED_REPLACED) == data else [_quote(text)[1:-1] for text in texts]


def _write_authors(post: Post, publication: Publication) -> str:
    if not post.authors:
        return _encode({"@type": "Organization", "name": publication.author or publication.title})
    people = [_write_person(item.name, item.url and publication.absolute(item.url)) for item in post.authors]
    return f"[{','.join(people)}]"


@lru_cache(4096)
def _write_person(name: str, url: str) -> str:
    home = f',"url":{_quote(url)}' if url else ""
    return f'{{"@type":"Person","name":{_quote(name)}{home}}}'


def _write_original(post: Post, source: Source) -> str:
    """Return where a post was first published; what its title was there is not known."""
    url = f',"url":{_quote(post.source_url)}' if post.source_url else ""
    return f'{{"@type":"CreativeWork","publisher":{_write_organization(source.name, source.home)}{url}}}'


@lru_cache(4096)
def _write_organization(name: str, url: str) -> str:
    home = f',"url":{_quote(url)}' if url else ""
    return f'{{"@type":"Organization","name":{_quote(name)}{home}}}'


def _write_count(action: str, count: Count) -> str:
    service = f',"interactionService":{{"@type":"WebSite","name":{_quote(count.on)}}}' if count.on else ""
    end = f',"endTime":"{count.at.isoformat()}"' if count.at else ""
    return (
        f'{{"@type":"InteractionCounter","interactionType":{{"@type":"{action}Action"}}'
        f',"userInteractionCount":{count.count}{service}{end}}}'
    )


def _write_content_page(post: Post, publication: Publication, languages: PageLanguages | None) -> str:
    """Return the object of a page of `content/pages/` as JSON."""
    data = {
        "@type": "WebPage",
        "name": post.title,
        "url": publication.absolute(post.url),
        "inLanguage": post.language or publication.language,
        "isPartOf": {"@type": "WebSite", "name": publication.title, "url": publication.url},
    }
    translations = "" if languages is None else _write_translations(languages, publication)
    return f"{_encode(data)[:-1]}{translations}}}"


def _describe_site(publication: Publication, description: str) -> Data:
    data: Data = {
        "@type": "WebSite",
        "name": publication.title,
        "description": description,
        "url": publication.url,
        "inLanguage": publication.language,
        "publisher": _describe_publisher(publication.title, publication.url, publication.logo),
    }
    if publication.search:
        target = {"@type": "EntryPoint", "urlTemplate": f"{publication.search}?q={{query}}"}
        data["potentialAction"] = {"@type": "SearchAction", "target": target, "query-input": "required name=query"}
    return data


def _steps(page: TitledPage, publication: Publication, title: str) -> list[tuple[str, str]]:
    """Return title and URL of the pages from the one below the home page to this one."""
    page_type = type_of(page)
    post = page_type.post(page)
    if post is not None and publication.absolute(page.url) == publication.url:
        return []
    above = page_type.breadcrumbs(page)
    steps = [(item.title, item.url) for item in above if publication.absolute(item.url) != publication.url]
    if post is not None:
        source = post.source
        if source is not None and source.url:
            steps.append((source.name, source.url))
    elif page.kind in publication.indexes:
        steps.insert(0, publication.indexes[page.kind])
    if not steps or page.url != steps[-1][1]:
        steps.append((title, page.url))
    return steps


def _write_trail(steps: Sequence[tuple[str, str]], publication: Publication) -> str:
    """Return the breadcrumbs of a page; the last one is the page itself, whose URL is optional (Google's guide)."""
    written = [publication.home]
    for position, (name, url) in enumerate(steps, 2):
        is_last = position > len(steps)
        written.append(
            _write_step(position, name) if is_last else _write_shared_step(position, name, publication.absolute(url))
        )
    return f'{{"@type":"BreadcrumbList","itemListElement":[{",".join(written)}]}}'


def _write_step(position: int, name: str, url: str = "") -> str:
    item = f',"item":{_quote(url)}' if url else ""
    return f'{{"@type":"ListItem","position":{position},"name":{_quote(name)}{item}}}'


_write_shared_step = lru_cache(4096)(_write_step)
"""A step above a page, which other pages have too."""
