"""The editions of a site as templates see them: the site, its settings and the theme's words in one language."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from sitegen.config.i18n import Words, make_finder
from sitegen.config.schema import Config
from sitegen.model import Site
from sitegen.render.page_key import name_reads
from sitegen.site.edition_site import EditionSite


class SiteView:
    """The object `site` of templates: it records the name of each attribute that is read, after `prefix`."""

    __slots__ = ("_prefix", "_reads", "_site")

    def __init__(self, site: Site, reads: set[str], prefix: str = "site.") -> None:
        self._site, self._reads, self._prefix = site, reads, prefix

    def __getattr__(self, name: str) -> Any:
        self._reads.add(self._prefix + name)
        return getattr(self._site, name)

    def __repr__(self) -> str:
        """Hide the memory address, which must not be in a page."""
        return "site"


class EditionView(Struct, frozen=True):
    """An edition as its pages are rendered; `view` is its site in templates, `words` finds the theme's words."""

    name: str
    config: Config
    site: Site
    view: SiteView
    words: Callable[[str], Words]


def view_edition(edition: EditionSite, config: Config, reads: set[str]) -> EditionView:
    """Return the view of an edition, which adds what templates read of its site to `reads`; `config` is the site's."""
    name, own, site = edition.edition.name, edition.config, edition.site
    words = make_finder(own.language, config.theme.words, config.languages)
    return EditionView(name, own, site, SiteView(site, reads, name_reads(name)), words)


class ShownEdition:
    """The edition whose page is rendered: one object for a renderer and its copies, which have the same templates."""

    __slots__ = ("edition",)

    def __init__(self, edition: EditionView) -> None:
        self.edition = edition

    def choose_filters(self, filters: Mapping[str, Mapping[str, Callable[..., Any]]]) -> dict[str, Callable[..., Any]]:
        """Return each filter as the one of the edition whose page is rendered, given those of all editions by name."""
        own = filters[self.edition.name]
        return {**own} if len(filters) == 1 else {name: self._choose_filter(name, filters) for name in own}

    def _choose_filter(self, name: str, filters: Mapping[str, Mapping[str, Callable[..., Any]]]) -> Callable[..., Any]:
        def apply(*values: Any, **options: Any) -> Any:
            return filters[self.edition.name][name](*values, **options)

        return apply
