"""The theme's own words, with dates, numbers and plurals, in the language of a page."""

from sitegen.config.i18n.catalogs import check_words, make_finder
from sitegen.config.i18n.language import Words, find_og_locale

__all__ = ["Words", "check_words", "find_og_locale", "make_finder"]
