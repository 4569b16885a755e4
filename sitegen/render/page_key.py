"""The key of a page: fingerprints of everything that its bytes depend on."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from itertools import count

from sitegen.media.image_sets import ImageSets
from sitegen.model import Post, Site
from sitegen.render.jinja.environment import TemplateSet
from sitegen.site.compose import Composition
from sitegen.site.pages.card import card_path
from sitegen.site.pages.page_type import Page, Rendering
from sitegen.site.pages.registry import type_of
from sitegen.site.static_files import Files
from sitegen.system import fingerprints
from sitegen.system.fingerprints import NamedFingerprints

Reads = tuple[str, ...]
"""The names of the values that rendering a page has read: "site.tags", "asset.style.css", ..."""

_NO_FILE = ("", "")
_NO_PART = bytes(fingerprints.SHORT_BYTES)


def name_reads(edition: str) -> str:
    """Return what the names of attributes that a page reads of its site begin with, by the name of its edition."""
    return f"site({edition})." if edition else "site."


def attribute_of_site(name: str) -> str:
    """Return the attribute of a site, of any edition, that pages have read by a name; "" for other names."""
    source, _, attribute = name.partition(".")
    return attribute if source == "site" or source.startswith("site(") else ""


class PageKeys:
    """Computes the keys of one site's pages.

    `sites` are those of the editions by their names.
    `base` is the fingerprint of what every page depends on: code, libraries, config, hooks. `bodies` are those of the
    posts' bodies by the post's path; `images` those that are shown in several formats and widths; `cards` the titles
    on the share cards by the path of their page. `facts` are fingerprints of values that pages read by name, if they
    are known.
    """

    def __init__(
        self,
        base: bytes,
        sites: Mapping[str, Site],
        templates: TemplateSet,
        files: Files,
        images: ImageSets,
        bodies: Mapping[str, str],
        composition: Composition,
        rendering: Rendering,
        cards: Mapping[str, str],
        facts: Mapping[str, bytes],
    ) -> None:
        self._base, self._templates = base, templates
        self._sites = {name_reads(name).rstrip("."): site for name, site in sites.items()}
        self._assets, self._published, self._bodies = files.assets, files.published, bodies
        self._images = images.sets
        self._links, self._languages, self._rendering = composition.links, composition.languages, rendering
        self._cards = cards
        self._facts = {**facts}
        self._facts_of: dict[Reads, NamedFingerprints] = {}

    def key(self, page: Page, reads: Reads) -> tuple[bytes, NamedFingerprints]:
        """Return the key of a page, given what was read when it was last rendered.

        It is a row of fingerprints of eight bytes: of the page, of code with config and hooks, of the bodies, of
        the template with all that it reaches. Apart from it are those of each name in `reads`, one object for all
        pages that have read the same: they are most of a key.
        """
        page_type = type_of(page)
        bodies = "".join(self._inputs(page))
        template = page_type.template(page)
        languages = self._languages.get(page.path) if self._languages else None
        own = b"".join(
            (
                fingerprints.short(repr(page) if languages is None else f"{page!r}{languages!r}"),
                self._base,
                fingerprints.short(bodies) if bodies else _NO_PART,
                self._templates.closure(template) if template else _NO_PART,
            )
        )
        known = self._facts_of.get(reads)
        if known is None:
            known = self._facts_of[reads] = reads, b"".join(map(self._fact, reads))
        return own, known

    def with_bodies(self, bodies: Mapping[str, str], rendering: Rendering) -> "PageKeys":
        """Return the keys of the same pages with other bodies of posts."""
        fresh = copy(self)
        fresh._bodies, fresh._rendering = bodies, rendering
        return fresh

    @staticmethod
    def facts_in(reads: NamedFingerprints) -> dict[str, bytes]:
        """Return the fingerprints of what a page has read, by name."""
        size = fingerprints.SHORT_BYTES
        names, facts = reads
        return {name: facts[start : start + size] for start, name in zip(count(0, size), names, strict=False)}

    def explain(self, page: Page, before: bytes, reads: NamedFingerprints) -> str:
        """Name the parts of a page's key that have changed since its key was `before` and `reads`."""
        own, (_, facts) = self.key(page, reads[0])
        names = ("the page itself", "code, libraries, config or hooks", "its text", "its template", *reads[0])
        size = fingerprints.SHORT_BYTES
        if not before:
            return "it was not in the output folder"
        now, last = own + facts, before + reads[1]
        changed = [name for n, name in enumerate(names) if now[n * size :][:size] != last[n * size :][:size]]
        return ", ".join(changed)

    def _inputs(self, page: Page) -> Iterable[str]:
        """Return the fingerprints of the bodies that a page shows with their links, or of what is derived from them."""
        page_type = type_of(page)
        if page_type.inputs is not None:
            return page_type.inputs(page, self._rendering)
        bodies, links = self._bodies, self._links
        posts: Sequence[Post] = page_type.bodies(page)
        paths = bodies if page_type.all_bodies else [post.path for post in posts]
        return [f"{bodies[path]}{links[path]}" if path in links else bodies[path] for path in paths]

    def _fact(self, name: str) -> bytes:
        """Return the fingerprint of something that pages read by name."""
        if name not in self._facts:
            source, _, rest = name.partition(".")
            if source in self._sites:
                value = getattr(self._sites[source], rest, None)
            elif source == "template":
                value = self._templates.closure(rest)
            elif source == "card":
                value = self._cards.get(rest), self._published.get(card_path(rest))
            elif source == "asset":
                value = self._assets.get(rest)
            else:
                value = self._published.get(rest, _NO_FILE)[1]
                if rest in self._images:
                    value = (value, self._images[rest].facts)
            self._facts[name] = fingerprints.short(repr(value))
        return self._facts[name]
