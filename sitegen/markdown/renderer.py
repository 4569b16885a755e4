"""Render a post's Markdown to its Body, within limits of time and nesting."""

from collections.abc import Callable, Sequence

from sitegen.config.schema import Markdown
from sitegen.errors import Problem, SiteError
from sitegen.markdown.admonitions import convert_alerts, fill_titles
from sitegen.markdown.characters import clean, has_reference
from sitegen.markdown.errors import MAX_RECURSION_DEPTH, UnclosedError
from sitegen.markdown.postprocess import finish
from sitegen.markdown.quotes import localise
from sitegen.markdown.shortcodes import OPEN, Expansion, Macros
from sitegen.model import Body
from sitegen.system.limits import TimeUpError, limit


class MarkdownRenderer:
    """The Markdown engines of a site, which are too expensive to create for each post.

    `language` is the site's, in BCP 47; `extensions` are Python-Markdown extensions (objects or names)
    that a hook gives, added to those that the config names. An extension that cannot be loaded is a
    SiteError for the first post that needs it. `macros` returns the site's shortcodes, None if it has none.
    """

    def __init__(
        self,
        config: Markdown,
        language: str = "en",
        extensions: Sequence[object] = (),
        macros: Callable[[], Macros] | None = None,
    ) -> None:
        self._config = config
        self._language = language
        self._extensions = (*config.extensions, *extensions)
        self._macros = macros
        self._engines: dict[str, Callable[[str], str]] = {}

    def render(
        self,
        text: str,
        *,
        path: str,
        line: int = 1,
        engine: str | None = None,
        language: str = "",
        trusted: bool = True,
    ) -> Body:
        """Render a post's Markdown to its Body.

        `path` is the post's file and `line` the line in it at which `text` begins, both for problems and
        references; `engine` and `language` are the post's own, if it has any. The HTML of Markdown that is
        not `trusted`, and all HTML if the config has `raw_html = false`, keeps allowed elements only.
        Raises SiteError for Markdown that takes more than the config's `seconds` of processor time (only
        where `limits.limit` can measure it) or that is nested too deeply.
        """
        name = engine or self._config.engine
        convert = self._engines.get(name) or self._build(name)
        quotes = (language or self._language) if self._config.smart_quotes else ""
        try:
            with limit(self._config.seconds, MAX_RECURSION_DEPTH):
                text = clean(text)
                is_trusted = trusted and self._config.raw_html

                def write(markdown: str) -> str:
                    return fill_titles(convert_alerts(localise(markdown, quotes, convert)), language or self._language)

                if self._macros is not None and is_trusted and OPEN in text:
                    expansion = Expansion(self._macros(), write, path, line)
                    html = expansion.insert(write(expansion.prepare(text)))
                else:
                    html = write(text)
                if has_reference(text):
                    html = clean(html)  # CommonMark makes the character of a reference such as `&#2;`
                if not is_trusted:
                    from sitegen.markdown.sanitize import sanitize  # noqa: PLC0415 - loads nh3

                    html = sanitize(html)
                return finish(html, text, line, highlight=self._config.highlight)
        except TimeUpError:
            message = f"the post takes longer than {self._config.seconds:g} seconds to render"
            hint = "split the post, or raise `seconds` in [markdown]"
        except RecursionError:
            message = "the post is nested too deeply to render"
            hint = "flatten its lists, quotes or emphasis, or split the post"
        except UnclosedError:
            message = "HTML elements with a `markdown` attribute are not closed, and their text would be lost"
            hint = "close each of them, or take the attribute away"
        self._engines.pop(name, None)  # an engine that was interrupted keeps half of its state
        raise SiteError([Problem(path, line, message, hint)])

    def _build(self, name: str) -> Callable[[str], str]:
        if name == "commonmark":
            from sitegen.markdown.engines.commonmark import make_converter  # noqa: PLC0415 - loads pyromark

            convert = make_converter(smart=self._config.smart_quotes, linkify=self._config.linkify)
        else:
            from sitegen.markdown.engines.default import make_converter as make  # noqa: PLC0415 - loads pyromark

            convert = make(self._extensions, smart=self._config.smart_quotes, linkify=self._config.linkify)
        self._engines[name] = convert
        return convert
