"""The filters of templates, in addition to Jinja's."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from sitegen.config.i18n import Words, find_og_locale
from sitegen.config.schema import Config, base_path
from sitegen.errors import did_you_mean
from sitegen.formats import lazy_regex
from sitegen.formats.dates import write_time
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.image_size import ImageSize
from sitegen.formats.site_urls import link_url
from sitegen.media.html import ImageWriter
from sitegen.model import PageLanguages
from sitegen.render.charts import draw_figures
from sitegen.render.citation import cite, write_bibtex
from sitegen.render.comment_threads import write_threads
from sitegen.render.home_rows import arrange_blocks
from sitegen.render.json_ld import Publication, write_json_ld
from sitegen.render.players import find_players
from sitegen.render.publication import find_publication
from sitegen.render.share_links import share_links
from sitegen.site.months import count_months, group_by_month

DESCRIPTION_CHARACTERS = 160
"""The number of characters of a description that search engines show."""

LONG_TITLE, LONG_WORD, PHONE_WORD = 80, 24, 14
"""The numbers of characters from which a title, or a word in it, is long, or too long for a large title on a phone."""

_UNBROKEN = lazy_regex.compile(r"[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+")
_HEADING = lazy_regex.compile(
    r'(<h[2-6]\b[^<>]*? id="([^"<>]+)"[^<>]*>)((?:[^<]++|<(?!a\b|h[1-6]\b|/h[2-6]>)|(?!))++)(</h[2-6]>)'
)


def make_filters(
    config: Config,
    assets: Mapping[str, str],
    read: Callable[[str], None],
    words: Callable[[str], Words],
    image_size: Callable[[str], ImageSize | None],
    images: ImageWriter,
    find_card: Callable[..., Any],
    languages: Mapping[str, PageLanguages] = FrozenDict(),
    home: str = "",
) -> dict[str, Callable[..., Any]]:
    """Return the filters of a site by name.

    `assets` are the URLs of the theme's files by name, `read` is called with the name of each that a page uses;
    `words` finds the theme's words in a language; `image_size` gives the size of the image at a URL, and `images`
    writes the HTML of images; `find_card` finds the share card of a page; `languages` are the versions of a page in
    several languages, by its path. `home` is the URL path of the home page, "" for that of the base URL.
    """
    base = base_path(config)
    publication = find_publication(config, words(""), home)
    return {
        **_make_url_filters(base, publication, assets, read),
        **_make_word_filters(words),
        **_make_image_filters(publication, image_size, images, find_card),
        **_make_post_filters(config, publication),
        "json_ld": lambda page, title, words=0, comments=(): write_json_ld(
            page, publication, title, words, comments, images.share_url, languages.get(page.path)
        ),
        "threads": write_threads,
        "players": lambda post: tuple(find_players(post, config.content, base)),
        "figures": draw_figures,
        "home_rows": arrange_blocks,
        "months": group_by_month,
        "month_counts": count_months,
        "teaser": shorten,
        "longest_word": longest_word,
        "title_class": choose_title_class,
        "anchors": link_headings,
    }


def _make_url_filters(
    base: str, publication: Publication, assets: Mapping[str, str], read: Callable[[str], None]
) -> dict[str, Callable[..., Any]]:
    """Return the filters for URLs of pages and of the theme's files; `base` is the path of the base URL."""

    def asset(name: str) -> str:
        read(f"asset.{name}")
        return find_asset(name, assets)

    def own_asset(name: str) -> str:
        read(f"asset.{name}")
        return assets.get(name, "")

    return {
        "url": lambda path: link_url(path, base),
        "absolute": publication.absolute,
        "asset": asset,
        "own_asset": own_asset,
    }


def _make_word_filters(words: Callable[[str], Words]) -> dict[str, Callable[..., Any]]:
    """Return the filters for words, numbers and dates in a language, "" for the site's."""
    return {
        "words": words,
        "number": lambda value, language="": words(language).number(value),
        "date": lambda value, style="long", language="": words(language).date(value, style),
        "isodate": write_iso,
        "og_locale": find_og_locale,
    }


def _make_image_filters(
    publication: Publication,
    image_size: Callable[[str], ImageSize | None],
    images: ImageWriter,
    find_card: Callable[..., Any],
) -> dict[str, Callable[..., Any]]:
    """Return the filters for images and share cards."""

    def write_image(
        address: str,
        alt: str = "",
        sizes: str = "",
        css_class: str = "",
        first: bool = False,
        layout: str = "",
        loading: str = "",
    ) -> Markup:
        attributes = {"alt": alt}
        if css_class:
            attributes["class"] = css_class
        if loading:
            attributes["loading"] = loading
        html = images.write_image(address, attributes, sizes, layout, first=first)
        return Markup(html)  # noqa: S704 - it escapes what it is given

    return {
        "image": write_image,
        "image_size": lambda address: image_size(publication.absolute(address)),
        "share_image": images.share_url,
        "share_card": find_card,
    }


def _make_post_filters(config: Config, publication: Publication) -> dict[str, Callable[..., Any]]:
    """Return the filters for citing and sharing a post."""
    absolute = publication.absolute
    return {
        "share": lambda post: share_links(post.title, absolute(post.url), config.theme.share),
        "cite": lambda post, words: cite(post, config.title, absolute(post.url), words),
        "bibtex": lambda post: write_bibtex(post, config.title, absolute(post.url)),
    }


def write_iso(value: date) -> str:
    """Return a date, or a moment in whole seconds, in the form of ISO 8601 that HTML understands."""
    return write_time(value, "seconds") if isinstance(value, datetime) else value.isoformat()


def find_asset(name: str, urls: Mapping[str, str]) -> str:
    """Return the URL of a file of the theme's assets; raise LookupError, with a suggestion, if there is none."""
    if name not in urls:
        hint = did_you_mean(name, urls)
        raise LookupError(f'there is no asset "{name}"' + (f": {hint}" if hint else ""))
    return urls[name]


def shorten(text: str, length: int = DESCRIPTION_CHARACTERS) -> str:
    """Return a string cut at the end of a word, with an ellipsis, if it is longer than `length` characters."""
    if len(text) <= length:
        return text
    end = text.rfind(" ", length * 2 // 3, length)
    return text[: end if end > 0 else length - 1].rstrip(" ,;:.–—-") + "…"


def longest_word(text: str) -> int:
    """Return the number of characters of the longest word between spaces, 0 for an empty string."""
    return max(map(len, text.split()), default=0)


def choose_title_class(title: str) -> str:
    """Return the class of a title that needs a smaller font: one for its length, one for its words, or an empty string.

    A line can break between any two characters of Chinese, Japanese and Korean.
    """
    # The expression is only compiled for titles that may contain characters of its class: it takes 5 ms.
    words = title.split() if max(title, default="") < "\u2e80" else _UNBROKEN.findall(title)
    longest = max(map(len, words), default=0)
    if len(title) > LONG_TITLE or longest > LONG_WORD:
        return "title-long"
    return "title-words" if longest > PHONE_WORD else ""


def link_headings(html: str) -> Markup:
    """Make each heading from the second level on a link to itself, unless it contains a link or is inside of one."""
    text = str(html)
    end = 0  # of the first link that ends after the heading; most posts have few links, and long strings between them

    def link(match: re.Match[str]) -> str:
        nonlocal end
        if 0 <= end < match.end():
            end = text.find("</a", match.end())
        if end >= 0 and text.find("<a ", match.end(), end) < 0:
            return match[0]
        return f'{match[1]}<a class="anchor" href="#{match[2]}">{match[3]}</a>{match[4]}'

    return Markup(_HEADING.sub(link, text))  # noqa: S704 - it was safe before
