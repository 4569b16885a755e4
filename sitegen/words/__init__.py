"""The theme's own words, with dates, numbers and plurals, in the language of a page."""

from sitegen.words.language import Words
from sitegen.words.tables import judge_words, make_finder

__all__ = ["Words", "judge_words", "make_finder"]
