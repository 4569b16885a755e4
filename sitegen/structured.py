"""What search engines read of a page: JSON-LD in the words of schema.org."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from sitegen.model import Count, Group, Post
from sitegen.pages import ListPage, PostPage, TemplatePage

Data = dict[str, Any]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Publication:
    """The newsletter as pages name it: `url` and `search` are whole addresses, `origin` is that of the host.

    `article` is the type of its posts. `indexes` are title and URL of the page above the lists of a kind.
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

    def absolute(self, url: str) -> str:
        """Return the whole address of a URL of the site."""
        return self.origin + url if url.startswith("/") and not url.startswith("//") else url


def write_json_ld(
    page: PostPage | ListPage | TemplatePage,
    publication: Publication,
    title: str,
    words: int = 0,
    groups: Iterable[Group] = (),
) -> Markup:
    """Return the text of a page's JSON-LD block, safe inside of `<script>`.

    `title` is the page's in its language, `words` counts those of a post's text, `groups` are what an
    index page lists.
    """
    graph = describe_page(page, publication, title, words, tuple(groups))
    text = _encode({"@context": "https://schema.org", "@graph": graph})
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - nothing can end the element, and JSON knows no entities


def describe_page(
    page: PostPage | ListPage | TemplatePage, publication: Publication, title: str, words: int, groups: Sequence[Group]
) -> list[Data]:
    """Return the objects that describe a page: what it is, and the way to it."""
    if isinstance(page, PostPage):
        post = page.post
        described = (
            _describe_post(post, publication, words) if page.kind == "post" else _describe_text(post, publication)
        )
        return [described, _trail(_steps(page, publication, title), publication)]
    if isinstance(page, ListPage):
        if page.kind == "home":
            return [_describe_site(publication, page.description), _describe_list(page, publication, title)]
        return [_describe_list(page, publication, title), _trail(_steps(page, publication, title), publication)]
    types = {"search": "SearchResultsPage", "figures": "WebPage", "feeds": "WebPage", "404": "WebPage"}
    collection: Data = {
        "@type": types.get(page.kind, "CollectionPage"),
        "name": title,
        "url": publication.absolute(page.url),
        "isPartOf": _part_of(publication),
    }
    if groups:
        collection["mainEntity"] = _items([(group.name, group.url) for group in groups], publication)
    return [collection, _trail(_steps(page, publication, title), publication)]


def _describe_post(post: Post, publication: Publication, words: int) -> Data:
    url = publication.absolute(post.url)
    data: Data = {
        "@type": publication.article,
        "headline": post.title,
        "description": post.summary,
        "url": url,
        "mainEntityOfPage": url,
        "datePublished": post.date.isoformat(),
        "dateModified": (post.updated or post.date).isoformat(),
        "author": [{"@type": "Person", "name": a.name, "url": publication.absolute(a.url)} for a in post.authors]
        or {"@type": "Organization", "name": publication.author or publication.title},
        "publisher": _publisher(publication),
        "inLanguage": post.language or publication.language,
        "isPartOf": _part_of(publication),
    }
    if post.image:
        data["image"] = publication.absolute(post.image)
    if words:
        data["wordCount"] = words
    if post.tags:
        data["keywords"] = [tag.name for tag in post.tags]
    if post.issue:
        data["isPartOf"] = {"@type": "PublicationIssue", "issueNumber": post.issue, "isPartOf": data["isPartOf"]}
    if post.source:
        data |= _attribute(post)
    counters = [
        _counter(kind, count) for kind, count in (("View", post.views), ("Comment", post.comments)) if count is not None
    ]
    if counters:
        data["interactionStatistic"] = counters
    if post.comments:
        data["commentCount"] = post.comments.count
    return data


def _attribute(post: Post) -> Data:
    """Return where a post was first published."""
    source = post.source
    assert source is not None
    publisher = {"@type": "Organization", "name": source.name} | ({"url": source.home} if source.home else {})
    original: Data = {"@type": "CreativeWork", "name": post.title, "publisher": publisher}
    if post.source_url:
        original["url"] = post.source_url
    return {"isBasedOn": original, "citation": original}


def _counter(kind: str, count: Count) -> Data:
    counter: Data = {
        "@type": "InteractionCounter",
        "interactionType": {"@type": f"{kind}Action"},
        "userInteractionCount": count.count,
    }
    if count.on:
        counter["interactionService"] = {"@type": "WebSite", "name": count.on}
    if count.at:
        counter["endTime"] = count.at.isoformat()
    return counter


def _describe_text(post: Post, publication: Publication) -> Data:
    return {
        "@type": "WebPage",
        "name": post.title,
        "description": post.summary,
        "url": publication.absolute(post.url),
        "inLanguage": post.language or publication.language,
        "isPartOf": _part_of(publication),
    }


def _describe_site(publication: Publication, description: str) -> Data:
    data: Data = {
        "@type": "WebSite",
        "name": publication.title,
        "description": description,
        "url": publication.url,
        "inLanguage": publication.language,
        "publisher": _publisher(publication),
    }
    if publication.search:
        target = {"@type": "EntryPoint", "urlTemplate": f"{publication.search}?q={{query}}"}
        data["potentialAction"] = {"@type": "SearchAction", "target": target, "query-input": "required name=query"}
    return data


def _describe_list(page: ListPage, publication: Publication, title: str) -> Data:
    return {
        "@type": "CollectionPage",
        "name": title,
        "url": publication.absolute(page.url),
        "isPartOf": _part_of(publication),
        "mainEntity": _items([(post.title, post.url) for post in page.posts], publication),
    }


def _items(rows: Iterable[tuple[str, str]], publication: Publication) -> Data:
    entries = [
        {"@type": "ListItem", "position": place, "name": name, "url": publication.absolute(url)}
        for place, (name, url) in enumerate(rows, 1)
    ]
    return {"@type": "ItemList", "numberOfItems": len(entries), "itemListElement": entries}


def _publisher(publication: Publication) -> Data:
    data: Data = {"@type": "Organization", "name": publication.title, "url": publication.url}
    if publication.logo:
        data["logo"] = {"@type": "ImageObject", "url": publication.logo}
    return data


def _part_of(publication: Publication) -> Data:
    return {"@type": "WebSite", "name": publication.title, "url": publication.url}


def _steps(page: PostPage | ListPage | TemplatePage, publication: Publication, title: str) -> list[tuple[str, str]]:
    """Return title and URL of the pages from the home page to this one."""
    steps = [(publication.title, publication.url)]
    if isinstance(page, PostPage):
        source = page.post.source
        if source is not None:
            steps.append((source.name, source.url))
    elif page.kind in publication.indexes:
        steps.append(publication.indexes[page.kind])
    if page.url != steps[-1][1]:
        steps.append((title, page.url))
    return steps


def _trail(steps: Iterable[tuple[str, str]], publication: Publication) -> Data:
    entries = [
        {"@type": "ListItem", "position": place, "name": name, "item": publication.absolute(url)}
        for place, (name, url) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": entries}
