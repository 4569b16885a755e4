"""Plan share cards: their strings with the fonts for them, and what no font contains."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from sitegen.config.i18n import make_finder
from sitegen.config.schema import Config
from sitegen.config.taxonomies import find_taxonomies
from sitegen.errors import Problem
from sitegen.media.cards.card import Card, Logo, find_design
from sitegen.media.cards.font_book import CardText, FontBook
from sitegen.media.cards.font_names import Wanted
from sitegen.media.cards.notes import is_svg
from sitegen.media.cards.shaping import can_shape, needs_shaping
from sitegen.model import Post
from sitegen.site.pages.page_type import CardContent, Page, PlanInputs

MAX_PROBLEMS = 10
"""The number of pages with missing characters that are listed."""

MAX_LISTED_CHARACTERS = 10
"""The number of missing characters that a message shows."""

_SEPARATOR = " · "
_HINT = "install a font that contains them, or add one to `cards.fonts`"


def plan_cards(inputs: PlanInputs, fonts: FontBook) -> Iterator[tuple[Page, Card]]:
    """Yield each post, page and term and the home page with its card, as far as fonts have the characters."""
    planner = _Planner(inputs, fonts)
    for page in inputs.planned:
        card = planner.plan(page)
        if card is not None:
            yield page, card
    planner.report()


class _Planner:
    """Plans the cards of one site, and collects what no font contains."""

    def __init__(self, inputs: PlanInputs, fonts: FontBook) -> None:
        self.inputs, self.config, self.fonts = inputs, inputs.config, fonts
        self.design = find_design(self.config.theme)
        self.words = make_finder(self.config.language, self.config.theme.words, self.config.languages)
        self.logo = find_logo(inputs)
        shows_title = self.config.theme.masthead != "logo" or self.logo is None
        self.title = self.config.title if shows_title else ""
        self.host = find_host(self.config.base_url)
        self.taxonomies = {taxonomy.page_type: taxonomy for taxonomy in find_taxonomies(self.config)}
        self.problems: list[Problem] = []

    def plan(self, page: Page) -> Card | None:
        """Return the card of a page, None for one that has none."""
        content = self.inputs.type_of(page).card(page)
        if content is None:
            return None
        if content.post is not None:
            return self._plan_post(content, content.post) if self._wants_card(content.post) else None
        if content.kind == "home":
            if self.config.theme.image and not self.config.cards.replace_images:
                return None
            return self._make(content, footer=self.host, is_home=True)
        taxonomy = self.taxonomies.get(content.kind)
        if taxonomy is None:
            return None
        kicker = taxonomy.title or getattr(self.words(""), taxonomy.name)
        return self._make(content, kicker=kicker, footer=self.host)

    def _wants_card(self, post: Post) -> bool:
        """Return whether a post has a card: networks show no SVG, so that one with such an image has a card too."""
        return not post.image or is_svg(post.image) or self.config.cards.replace_images

    def _plan_post(self, content: CardContent, post: Post) -> Card | None:
        words = self.words(post.language)
        if content.kind == "page":
            return self._make(content, footer=self.host)
        kicker = words.fill("issue", number=words.numerals(post.issue)) if post.issue else ""
        footer = [words.date(post.date)]
        if post.source is not None:
            footer.append(words.fill("first_published", source=post.source.name))
        return self._make(content, kicker=kicker, footer=_SEPARATOR.join(footer))

    def _make(
        self,
        content: CardContent,
        *,
        kicker: str = "",
        footer: str = "",
        is_home: bool = False,
    ) -> Card | None:
        design = self.design
        where = content.post.path if content.post is not None else ""
        language = (content.post.language if content.post is not None else "") or self.config.language
        name = "" if where else f' of the {content.kind} page "{content.title}"'
        chosen = self._choose(content.title, Wanted(is_bold=True, is_serif=design.has_serifs), language)
        if not chosen.text or self._lacks(chosen):
            self.problems.append(_describe_missing(chosen, where, name))
            return None
        if chosen.missing:
            message = f"no font contains {_list(chosen.missing)}, which the share card{name} omits"
            self.problems.append(Problem(where, 0, message, _HINT))
        label = Wanted(is_bold=False, is_serif=design.has_serif_labels)
        return Card(
            chosen,
            language,
            design,
            masthead=self._label(
                "" if is_home else self.title, Wanted(is_bold=True, is_serif=design.has_serifs), language
            ),
            kicker=self._label(kicker, Wanted(is_bold=True, is_serif=design.has_serif_labels), language),
            about=self._label(content.about, label, language),
            footer=self._label(footer, label, language),
            logo=self.logo,
        )

    def _label(self, text: str, wanted: Wanted, language: str) -> CardText:
        """Return a string beside the title, "" if it cannot be shown as a whole."""
        chosen = self._choose(text, wanted, language)
        return CardText("") if self._lacks(chosen) else chosen

    def _choose(self, text: str, wanted: Wanted, language: str) -> CardText:
        return self.fonts.choose(text, wanted, language) if text else CardText("")

    def _lacks(self, text: CardText) -> bool:
        return text.lacks_letters or (needs_shaping(text.text) and not can_shape())

    def report(self) -> None:
        """Report what no font contains: the first pages one by one."""
        for problem in self.problems[:MAX_PROBLEMS]:
            self.inputs.warn(problem)
        rest = len(self.problems) - MAX_PROBLEMS
        if rest > 0:
            self.inputs.warn(Problem("", 0, f"{rest:,} more share cards lack characters that no font contains", _HINT))


def find_host(base_url: str) -> str:
    """Return the host of a site as people write it, "" for one that is not public or not in Latin letters."""
    host = (urlsplit(base_url).hostname or "").removeprefix("www.")
    is_public_name = "." in host and not host.replace(".", "").isdigit() and "xn--" not in host
    return host if is_public_name else ""


def find_logo(inputs: PlanInputs) -> Logo | None:
    """Return the logo that cards show, None without one: `cards.logo`, or that of the theme if it is not an SVG."""
    config = inputs.config
    path = logo_path(config)
    if not path or path not in inputs.published:
        return None
    return Logo(*inputs.published[path])


def logo_path(config: Config) -> str:
    """Return the path of the logo that cards show below the output folder, "" without one."""
    logo = config.cards.logo or (config.theme.logo if config.theme.masthead != "title" else "")
    if not logo.startswith("/") or logo.startswith("//") or is_svg(logo):
        return ""
    return unquote(logo).lstrip("/")


def _describe_missing(text: CardText, path: str, name: str) -> Problem:
    """Return why a page has no card; `path` is its file, and `name` identifies it if it has none."""
    if text.lacks_letters:
        message = f"no font contains {_list(text.missing)} of the title{name}, so it has no share card"
        return Problem(path, 0, message, _HINT)
    if not text.text:
        return Problem(path, 0, f"no font contains any character of the title{name}, so it has no share card", _HINT)
    message = f"Pillow cannot arrange the script of the title{name}, so it has no share card"
    hint = "install FriBiDi (libfribidi0, or `brew install fribidi`), then run `sitegen build --fresh`"
    return Problem(path, 0, message, hint)


def _list(characters: str) -> str:
    """Return characters for a message, at most ten of them."""
    return f"`{characters[:MAX_LISTED_CHARACTERS]}{'…' if len(characters) > MAX_LISTED_CHARACTERS else ''}`"
