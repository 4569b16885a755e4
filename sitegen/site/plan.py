"""Every file of the output: the pages of all types, no two at the same path."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.config.editions import Editions
from sitegen.errors import Problem, SiteError
from sitegen.formats.site_urls import comparable
from sitegen.formats.slugs import PATH_BYTES
from sitegen.model import PageLanguages
from sitegen.site.page_languages import link_pages
from sitegen.site.pages.page_type import Page, PlanInputs
from sitegen.site.pages.registry import PAGE_TYPES, type_of
from sitegen.site.pages.sitemap import SITEMAP


class SitePlan(Struct, frozen=True):
    """Every file of the output, and the versions in several languages that a page has, by its path."""

    pages: tuple[Page, ...]
    languages: Mapping[str, PageLanguages]


def plan(inputs: Sequence[PlanInputs], editions: Editions) -> SitePlan:
    """Return every file of the output, type by type in the order of the registry.

    `inputs` are those of each edition, the main one first. A file of the content folder replaces the generated one at
    its path, such as `robots.txt` or `404.html`.
    Raises SiteError if two other files have the same path, or paths that differ only by case or Unicode form, or one
    is a folder of the other.
    """
    planned: list[Page] = []
    of_edition: dict[str, list[Page]] = {item.edition.name: [] for item in inputs}
    whole = replace(inputs[0], feeds=tuple(feed for item in inputs for feed in item.feeds))
    languages: Mapping[str, PageLanguages] = {}
    for page_type in PAGE_TYPES.values():
        if page_type is SITEMAP:
            languages = link_pages(inputs, of_edition, editions)
        if not page_type.by_language:
            planned += page_type.plan(replace(whole, planned=tuple(planned), languages=languages))
            continue
        for item in inputs:
            own = of_edition[item.edition.name]
            pages = tuple(page_type.plan(replace(item, planned=tuple(own))))
            own += pages
            planned += pages
    own_files = whole.published.keys()
    pages = tuple(page for page in planned if page.path not in own_files or not type_of(page).replaceable)
    _refuse_collisions(pages)
    return SitePlan(pages, languages)


def _describe(page: Page) -> str:
    return type_of(page).describe(page)


def _refuse_collisions(pages: Iterable[Page]) -> None:
    taken: dict[str, Page] = {}
    collided: set[str] = set()
    problems = []
    for page in pages:
        path = page.path
        other = taken.setdefault(comparable(path), page)
        # Share cards collide if their pages do.
        if other is not page and type_of(page).card_of(page) not in collided:
            collided.add(path)
            same = (
                "the same file" if other.path == path else f"files that some systems cannot tell apart ({other.path})"
            )
            message = f'this and {_describe(other)} both become {same}: "{path}"'
            problems.append(Problem(_describe(page), 0, message, "give one of them another slug, alias or name"))
        if len(path.encode()) > PATH_BYTES:
            message = f'the path "{path}" is longer than {PATH_BYTES} bytes'
            problems.append(Problem(_describe(page), 0, message, "choose a shorter slug"))
    problems += _find_files_as_folders(taken)
    if problems:
        raise SiteError(problems)


def _find_files_as_folders(pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield a problem for each file at a path where another file of the output needs a folder."""
    seen: set[str] = set()
    for path, page in pages.items():
        folder = path.rpartition("/")[0]
        while folder and folder not in seen:
            seen.add(folder)
            if other := pages.get(folder):
                message = f'`{other.path}` is a file, and the folder of "{page.path}" ({_describe(page)})'
                yield Problem(_describe(other), 0, message, "give one of them another slug or name")
            folder = folder.rpartition("/")[0]
