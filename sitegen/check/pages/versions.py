"""The versions of a page in other languages, as its head names them, and what is wrong with them on the whole site."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sitegen.check.html.tokenizer import Document
from sitegen.check.links.resolve import FOUND, Hosting, locate
from sitegen.check.problem_types import page_problem
from sitegen.errors import Problem
from sitegen.system.processes import Parcel

DEFAULT = "x-default"
"""The `hreflang` of the version for readers of all other languages."""


@dataclass(frozen=True, slots=True)
class PageVersionLink(Parcel):
    """A `<link rel="alternate" hreflang="…">`: its language in lower case, its URL, and the line.

    `target` is the output file that it leads to, "" for another host and for a file that is missing.
    """

    language: str
    url: str
    target: str
    line: int


class VersionedPage(Protocol):
    """The data of a page that the check of its versions needs."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages of the page and of its text, by its root element, `main` and `article`."""

    @property
    def versions(self) -> Sequence[PageVersionLink]:
        """Its versions, itself included."""

    @property
    def canonicals(self) -> Sequence[str]:
        """Its canonical URLs."""

    @property
    def robots(self) -> str:
        """The values of its `robots` element."""

    @property
    def refresh(self) -> str:
        """Where it redirects, or ""."""


def read_languages(document: Document) -> tuple[str, ...]:
    """Return the languages of a page and of its text; around the text, the theme may have words of another language."""
    found = [tag.attributes.get("lang", "") for name in ("html", "main", "article") for tag in document.of(name)]
    return tuple(dict.fromkeys(filter(None, found)))


def read_versions(hosting: Hosting, document: Document) -> tuple[PageVersionLink, ...]:
    """Return the versions that the head of a page names."""
    found = []
    for tag in document.having(("hreflang",)):
        if tag.name == "link" and "alternate" in tag.attributes.get("rel", "").lower().split():
            url = tag.attributes.get("href", "")
            address = locate(hosting, document.path, url)
            target = address.path if address.how in FOUND else ""
            language = tag.attributes["hreflang"].lower()
            found.append(PageVersionLink(language, url, target, document.line(tag.start)))
    return tuple(found)


def check_versions(hosting: Hosting, pages: Mapping[str, VersionedPage]) -> Iterator[Problem]:
    """Yield what makes search engines ignore the versions of a page.

    Google ("Localized versions of your pages") asks that each version names itself and all others, by full URLs that
    are canonical; a version that does not name the page in return is ignored.
    """
    for path, page in pages.items():
        if page.versions and not page.refresh:
            yield from _check_own(path, page)
            for version in page.versions:
                yield from _check_other(hosting, path, version, pages)


def _check_own(path: str, page: VersionedPage) -> Iterator[Problem]:
    """Yield what is wrong with the versions of a page, without the pages that they lead to."""
    first: dict[str, PageVersionLink] = {}
    for version in page.versions:
        other = first.setdefault(version.language, version)
        if other is not version and other.url != version.url:
            message = f'the head names two versions in "{version.language}": "{other.url}" and "{version.url}"'
            yield page_problem("bad-hreflang", path, version.line, message, "name one version for each language")
        if "://" not in version.url:
            message = f'the URL "{version.url}" of the version in "{version.language}" is not complete'
            yield page_problem("bad-hreflang", path, version.line, message, "begin it with https://", version.url)
    own = [version.language for version in page.versions if version.target == path and version.language != DEFAULT]
    line = page.versions[0].line
    if not own:
        message = "the versions in other languages do not include this page"
        yield page_problem("bad-hreflang", path, line, message, "add a link to the page itself, with its language")
    elif page.languages and not any(_agree(one, other) for one in own for other in page.languages):
        message = f'the page is in "{page.languages[0]}", and its own link says "{own[0]}"'
        yield page_problem("bad-hreflang", path, line, message, "write the same language in both")
    if "noindex" in page.robots:
        message = "the page asks search engines not to list it, and names versions in other languages"
        yield page_problem("bad-hreflang", path, line, message, "remove one of the two")
    if DEFAULT not in first:
        message = "no version is for readers of other languages"
        yield page_problem("missing-x-default", path, line, message, f'add a link with hreflang="{DEFAULT}"')


def _agree(one: str, other: str) -> bool:
    """Return whether two languages are the same, or one is a form of the other."""
    one, other = f"{one.lower()}-", f"{other.lower()}-"
    return one.startswith(other) or other.startswith(one)


def _check_other(
    hosting: Hosting, path: str, version: PageVersionLink, pages: Mapping[str, VersionedPage]
) -> Iterator[Problem]:
    """Yield what is wrong with the page that a version leads to."""
    other = pages.get(version.target)
    if other is None or version.target == path:
        return  # a broken link is a problem of its own
    if other.refresh or any(locate(hosting, version.target, url).path != version.target for url in other.canonicals):
        message = f'the version in "{version.language}", "{version.url}", is not the canonical URL of its page'
        yield page_problem("bad-hreflang", path, version.line, message, "name the canonical URL", version.url)
    elif all(item.target != path for item in other.versions):
        message = f"{version.target} is named as a version of this page, and does not name it in return"
        hint = "name all versions on each of them: search engines ignore the others"
        yield page_problem("hreflang-not-returned", path, version.line, message, hint, version.url)
