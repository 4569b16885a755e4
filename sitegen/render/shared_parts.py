"""Parts of pages that are rendered once for all pages with the same context, such as the head and the navigation."""

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from sitegen.config.i18n import Words
from sitegen.render.editions import ShownEdition
from sitegen.render.jinja.macro_cache import KEYLESS, key_of, listen
from sitegen.render.jinja.pure_environment import PureEnvironment
from sitegen.render.page_key import Reads


class SharedParts:
    """The parts that are rendered already, by edition, template, language and context, with what each has read."""

    def __init__(self, environment: PureEnvironment, shown: ShownEdition) -> None:
        self._environment, self._shown = environment, shown
        self._known: dict[tuple[Any, ...], tuple[Markup, Reads, Mapping[str, Any]]] = {}

    def render(self, name: str, words: Words, **context: Any) -> Markup:
        """Return what a template shows, which sees the site, the theme, the words and the context, but no page."""
        if context and all(type(value) is str for value in context.values()):
            given: Hashable = tuple(context.items())
        else:
            given = key_of(context) if context else ()
        edition, reads = self._shown.edition, self._environment.reads
        key = (edition.name, name, words.language, given)
        known = self._known.get(key) if given is not KEYLESS else None
        if known is None:
            template = self._environment.get_template(name)
            seen = {"site": edition.view, "theme": edition.config.theme, "words": words, **context}
            text, read = listen(reads, partial(template.render, seen))
            known = Markup(text), (*read, f"template.{name}"), context  # noqa: S704 - its template escaped it
            if given is not KEYLESS:
                self._known[key] = known
        reads.update(known[1])
        return known[0]
