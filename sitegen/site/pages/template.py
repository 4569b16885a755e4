"""Pages that a template makes from the site alone: those of the site's hooks, and of posts that were taken down."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sitegen.content.hooks import FILE, Hooks, wrong_value
from sitegen.errors import Problem, SiteError
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.site_urls import is_output_path, output_path
from sitegen.model import Site
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs, TitledPage

UNLISTED = ("404", "search")
"""The `kind` of pages that are not in the sitemap."""


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """A page that a template makes from the site alone: an index of tags, the search page, 404."""

    path: str
    url: str
    template: str
    kind: str
    title: str
    description: str = ""
    params: FrozenDict = field(default_factory=FrozenDict)


class TombstonePage(TemplatePage):
    """The page at the URL of a post that was taken down."""

    __slots__ = ()


def call_pages_hook(hooks: Hooks, site: Site) -> tuple[TemplatePage, ...]:
    """Return the pages that the site's `pages` hook adds; raise SiteError if one of them is not valid."""
    found = hooks.call("pages", site) if hooks.has("pages") else ()
    hint = "return a list of sitegen.pages.TemplatePage"
    if not isinstance(found, list | tuple):
        raise wrong_value("pages", found, hint)
    for page in found:
        if not isinstance(page, TemplatePage):
            raise wrong_value("pages", page, hint, "an item ")
        strings = (page.path, page.url, page.template, page.kind, page.title, page.description)
        if not all(isinstance(value, str) for value in strings):
            raise SiteError([Problem(FILE, 0, f"pages() returned a page with a field that is not text: {page}")])
        if not is_output_path(page.path):
            message = f'pages() returned a page with the path "{page.path}", which is not in the output folder'
            raise SiteError([Problem(FILE, 0, message, "return a path such as `folder/index.html`")])
    return tuple(found)


def plan_tombstones(inputs: PlanInputs) -> Iterator[TombstonePage]:
    """Yield a page for each URL that was taken down, if the config has a message for them."""
    if text := inputs.config.deploy.tombstone:
        for url in inputs.withdrawn:
            yield TombstonePage(output_path(url, inputs.base), url, "gone.html", "404", "", text)


def template_of(page: TemplatePage) -> str:
    """Return the name of a page's template."""
    return page.template


def describe(page: TitledPage) -> str:
    """Return a name for a page that is generated from the whole site."""
    return f'the {page.kind} page "{page.title}"'


def last_change(page: TitledPage) -> str | None:
    """Return "", because the last change is not known, or None if the page does not belong into the sitemap."""
    return None if page.kind in UNLISTED else ""


TEMPLATE = PageType(
    page=TemplatePage,
    phase=Phase.LISTING,
    plan=lambda inputs: inputs.hook_pages,
    template=template_of,
    describe=describe,
    last_change=last_change,
)

TOMBSTONE = PageType(
    page=TombstonePage,
    phase=Phase.PAGE,
    plan=plan_tombstones,
    template=template_of,
    describe=describe,
)
