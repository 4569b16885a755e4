"""Redirects from old URLs: the pages that they become, and those that are left out because another page is there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sitegen.errors import Problem
from sitegen.formats.site_urls import comparable, output_path, site_url
from sitegen.ledger.file import FILE as LEDGER
from sitegen.ledger.reconcile import Moved
from sitegen.model import Entry, Post, Reference
from sitegen.pages import Planned, Redirect, origin_of


@dataclass(frozen=True, slots=True)
class _Wish:
    """A redirect that a post's alias or the ledger asks for, before it is known whether its path is free."""

    page: Redirect
    post: str
    alias: Reference | None

    @property
    def place(self) -> str:
        """The file that asks for the redirect, with the line if it is known."""
        return f"{self.post}:{self.alias.line}" if self.alias is not None and self.alias.line else self.post

    def problem(self, reason: str) -> Problem:
        """Return the warning that the redirect is left out, at the line of its alias."""
        if self.alias is None:
            message = f"the redirect from the former URL `{self.page.url}` is left out: {reason}"
            hint = f"Change the slug of one of them, or remove the URL from the post's line in {LEDGER}."
            return Problem(self.post, 0, message, hint)
        message = f"the alias `{self.alias.target}` is left out: {reason}"
        return Problem(self.post, self.alias.line, message, "Remove the alias, or change the URL of the other page.")


def plan_redirects(
    posts: Iterable[Post], entries: Mapping[str, Entry], moved: Iterable[Moved], pages: Iterable[Planned], base: str
) -> tuple[tuple[Redirect, ...], tuple[Problem, ...]]:
    """Return the redirect pages of a site, and a warning for each alias or former URL that cannot have one.

    Redirects are compared by the file that they become, with each other and with `pages`, which are
    all other files of the output. Aliases come before the former URLs of the ledger, `moved`. A
    second redirect to the same page is dropped silently, as is one to the very page that is there.
    """
    wishes = [*_from_aliases(posts, entries, base), *_from_ledger(moved, base)]
    if not wishes:
        return (), ()
    files: dict[str, Planned] = {}
    folders: dict[str, Planned] = {}
    for page in pages:
        _take(page, files, folders)
    kept: list[Redirect] = []
    asked: dict[str, _Wish] = {}
    problems: list[Problem] = []
    for wish in wishes:
        page = wish.page
        other = _find_other(page, files, folders)
        if other is None:
            kept.append(page)
            asked[page.path] = wish
            _take(page, files, folders)
        elif isinstance(other, Redirect) and (other.path, other.target) != (page.path, page.target):
            first = asked[other.path]
            problems.append(wish.problem(f"`{other.url}` already redirects to `{other.target}` ({first.place})"))
        elif not isinstance(other, Redirect) and (other.path, other.url) != (page.path, page.target):
            problems.append(wish.problem(f"{origin_of(other)} is published as `{other.path}`"))
    return tuple(kept), tuple(problems)


def _from_aliases(posts: Iterable[Post], entries: Mapping[str, Entry], base: str) -> Iterator[_Wish]:
    for post in posts:
        if not post.aliases:
            continue
        written = {item.target: item for item in entries[post.path].aliases}
        for alias in post.aliases:
            url = site_url(alias, base)
            page = Redirect(output_path(url, base), url, post.url)
            yield _Wish(page, post.path, written.get(alias, Reference(alias, 0)))


def _from_ledger(moved: Iterable[Moved], base: str) -> Iterator[_Wish]:
    for item in moved:
        yield _Wish(Redirect(output_path(item.url, base), item.url, item.target), LEDGER, None)


def _take(page: Planned, files: dict[str, Planned], folders: dict[str, Planned]) -> None:
    path = comparable(page.path)
    files.setdefault(path, page)
    while (path := path.rpartition("/")[0]) and path not in folders:
        folders[path] = page


def _find_other(page: Redirect, files: Mapping[str, Planned], folders: Mapping[str, Planned]) -> Planned | None:
    """Return the page that keeps a redirect from its path: the same file, or a file where one needs a folder."""
    path = comparable(page.path)
    if other := files.get(path) or folders.get(path):
        return other
    while path := path.rpartition("/")[0]:
        if other := files.get(path):
            return other
    return None
