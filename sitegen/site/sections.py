"""Sections: the trees that pages form by their folders and the field `parent`, and each page's position in its tree."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.errors import Problem, did_you_mean
from sitegen.model import Entry, Link, Post, Section, SectionPage
from sitegen.system import fingerprints

HOME = "/"
"""What `parent` calls the home page."""

MAX_LEVELS = 10
"""The number of pages above a page, so that the navigation can be read, and templates can nest."""


class Sections(Struct, frozen=True):
    """The sections of a site.

    `of_page` has the position of each page in its section, by the page's path; pages without a section are missing.
    `menu` are the pages that every page links to: those that are not below another one but the home page.
    """

    of_page: Mapping[str, Section] = field(default_factory=dict)
    menu: tuple[Link, ...] = ()


def find_sections(entries: Iterable[Entry]) -> tuple[Sections, list[Problem]]:
    """Return the sections that pages form, and a problem for each `parent` that is not a page or is below its page.

    The page above another one is its `parent`, or by default the page of its folder: `guides` for `guides/wix`. A tree
    of pages is a section if one of its pages has a `parent` or an `order`; other sites have no sections.
    """
    found = sorted(entries, key=lambda entry: menu_position(entry.post))
    pages = [entry.post for entry in found]
    if all(page.order is None and not page.parent for page in pages):
        return Sections(menu=_link(pages)), []
    by_slug: dict[str, Post] = {}
    for page in pages:
        by_slug.setdefault(page.slug or HOME, page)
    problems: list[Problem] = []
    above: dict[str, Post] = {}
    for entry in found:
        page = entry.post
        parent = _page_of_folder(page, by_slug)
        if page.parent:
            parent = by_slug.get(page.parent)
            if parent is None:
                problems.append(_missing(entry, by_slug))
        if parent is not None:
            above[page.path] = parent
    problems += _find_cycles(found, above)
    if problems:
        return Sections(), problems
    problems += _find_deep(found, above)
    return (Sections(), problems) if problems else (_Trees(pages, above).sections(), [])


def menu_position(page: Post) -> tuple[bool, float, str, str]:
    """Return what pages of one level are ordered by: those without `order` come last, by title."""
    return (page.order is None, page.order or 0, page.title, page.path)


def _page_of_folder(page: Post, by_slug: Mapping[str, Post]) -> Post | None:
    """Return the page of the nearest folder above a page that has one."""
    folder = page.slug.rpartition("/")[0]
    while folder:
        if folder in by_slug:
            return by_slug[folder]
        folder = folder.rpartition("/")[0]
    return None


def _link(pages: Iterable[Post]) -> tuple[Link, ...]:
    """Return links to pages, without the home page and those that are linked elsewhere or nowhere."""
    return tuple(Link(page.title, page.url) for page in pages if page.slug and page.menu in ("", "footer"))


def _problem(entry: Entry, message: str, hint: str) -> Problem:
    line = entry.parent_line or 1
    return Problem(entry.post.path, line, message, hint)


def _missing(entry: Entry, by_slug: Mapping[str, Post]) -> Problem:
    parent = entry.post.parent
    if parent == HOME:
        return _problem(entry, "`parent: /` names the home page, which is not a page", "add `content/pages/index.md`")
    hint = did_you_mean(parent, by_slug.keys() - {HOME, entry.post.slug})
    message = f'the parent "{parent}" is not a published page'
    return _problem(entry, message, hint or "write the slug of a page, as it is in its URL: `parent: guides`")


def _find_cycles(entries: Iterable[Entry], above: Mapping[str, Post]) -> Iterator[Problem]:
    """Yield a problem for each cycle of pages, at the first of its pages that has a `parent`."""
    done: set[str] = set()
    by_path = {entry.post.path: entry for entry in entries}
    for path in sorted(by_path):
        way: dict[str, None] = {}
        step: str | None = path
        while step is not None and step not in done and step not in way:
            way[step] = None
            step = above[step].path if step in above else None
        if step in way:
            paths = list(way)
            cycle = [by_path[name] for name in paths[paths.index(step) :]]
            first = min(
                (entry for entry in cycle if entry.parent_line), key=lambda entry: entry.post.path, default=cycle[0]
            )
            start = cycle.index(first)
            names = [entry.post.slug or HOME for entry in (*cycle[start:], *cycle[: start + 1])]
            message = f"the page is below itself: {' → '.join(names)}"
            yield _problem(first, message, "remove `parent` from one of these pages, or name another page")
        done.update(way)


def _find_deep(entries: Iterable[Entry], above: Mapping[str, Post]) -> Iterator[Problem]:
    for entry in entries:
        if sum(1 for _ in _walk_up(entry.post, above)) > MAX_LEVELS:
            message = f"more than {MAX_LEVELS} pages are above this page"
            yield _problem(entry, message, "name a page nearer to the first one of the section as its `parent`")


def _walk_up(page: Post, above: Mapping[str, Post]) -> Iterator[Post]:
    while (parent := above.get(page.path)) is not None:
        yield parent
        page = parent


class _Trees:
    """Holds the trees of a site's pages while their sections are made; `above` has the page above each, by path."""

    def __init__(self, pages: Iterable[Post], above: Mapping[str, Post]) -> None:
        self._pages, self._above = tuple(pages), above
        self._below: dict[str, list[Post]] = {}
        for page in self._pages:
            if page.path in above:
                self._below.setdefault(above[page.path].path, []).append(page)
        self._links = {page.path: SectionPage(page.title, page.url, page.language) for page in self._pages}

    def sections(self) -> Sections:
        """Return the sections, and the menu."""
        of_page: dict[str, Section] = {}
        menu: list[Post] = []
        for page in self._pages:
            if page.path in self._above:
                continue
            tree = tuple(self._in_order(page))
            is_section = len(tree) > 1 and any(item.order is not None or item.parent for item in tree)
            if is_section:
                of_page.update(self._locate(page, tree))
            if not is_section:
                menu += tree
            else:
                shown = [page] if page.slug else self._below[page.path]
                paths = {item.path for item in shown}
                menu += [*shown, *[item for item in tree if item.menu == "footer" and item.path not in paths]]
        return Sections(of_page, _link(sorted(menu, key=menu_position)))

    def _in_order(self, first: Post) -> Iterator[Post]:
        """Yield a page and all pages below it, in the order in which one reads them."""
        pending = [first]
        while pending:
            page = pending.pop()
            yield page
            pending += reversed(self._below.get(page.path, ()))

    def _locate(self, first: Post, tree: tuple[Post, ...]) -> Iterator[tuple[str, Section]]:
        trees: dict[str, tuple[SectionPage, str]] = {}
        links = self._links
        for number, page in enumerate(tree):
            way = [*_walk_up(page, self._above)][::-1]
            opened = page if page.path in self._below else way[-1]
            if opened.path not in trees:
                shown = self._open(first, {item.path for item in (*way, page)})
                trees[opened.path] = shown, fingerprints.of_value(shown)
            before = links[tree[number - 1].path] if number else None
            after = links[tree[number + 1].path] if number + 1 < len(tree) else None
            breadcrumbs = tuple(links[item.path] for item in way)
            yield page.path, Section(*trees[opened.path], breadcrumbs, before, after)

    def _open(self, page: Post, way: set[str]) -> SectionPage:
        """Return a page with the pages below it, which have those below them if they are on the way."""
        below = tuple(
            self._open(item, way) if item.path in way else self._links[item.path]
            for item in self._below.get(page.path, ())
        )
        return replace(self._links[page.path], pages=below)
