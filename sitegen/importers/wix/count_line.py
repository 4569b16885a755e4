"""Reads the line of counts below a Wix post, whose parts a copy of the page glues together."""

import re
from dataclasses import dataclass

from sitegen.counts import read_count
from sitegen.model import Count

PLATFORM = "Wix"

_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[,.\u00a0\u202f]\d{{3}})+|\d+(?:[.,]\d+)?\s?[KMB]?|no)"
_GAP = r"[\s·•|,;/]*"
_VIEWS = r"(?:views?|vues?|aufrufe?|ansichten|visualizaciones|visualización|visualizaç(?:ões|ão)|visualizzazion[ei])"
_COMMENTS = r"(?:comments?|commentaires?|kommentare?|comentarios?|comentários?|comment[oi])"
_LIKES = r"(?:likes?|me gusta|j['’]aime|gefällt mir|curtidas?|mi piace)"
_LINE = re.compile(
    rf"{_GAP}(?:{_NUMBER.format('views')}\s*{_VIEWS}\.?)?"
    rf"{_GAP}(?:{_NUMBER.format('comments')}\s*{_COMMENTS}\.?)?"
    rf"{_GAP}(?:{_NUMBER.format('likes')}\s*{_LIKES}\.?(?:\s*post (?:not )?marked as liked\.?)?)?"
    rf"{_GAP}(?:post (?:not )?marked as liked\.?)?{_GAP}\d*{_GAP}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a post's page counts; None for what it does not say."""

    views: Count | None = None
    comments: Count | None = None
    likes: Count | None = None

    def __bool__(self) -> bool:
        return any((self.views, self.comments, self.likes))

    def over(self, other: "Counts") -> "Counts":
        """Return these counts, with the other's where these are silent."""
        return Counts(self.views or other.views, self.comments or other.comments, self.likes or other.likes)


def read_counts(line: str) -> Counts:
    """Return the counts of a line that holds nothing else, empty ones for any other line.

    Understood are `5 views2 comments`, `1 view`, `1.2K views0 comments`, `0 comments`,
    `12,345 views 1 comment`, likes behind them or alone, and the same in six languages.
    """
    if len(line) > 120:
        return Counts()
    match = _LINE.fullmatch(" ".join(line.split()) if "\n" in line else line.strip())
    if match is None or not any(match.group("views", "comments", "likes")):
        return Counts()
    return Counts(*(_count(text) for text in match.group("views", "comments", "likes")))


def _count(text: str | None) -> Count | None:
    if text is None:
        return None
    number = text.strip().casefold()
    if number == "no":
        return Count(0, PLATFORM)
    if number[-1] in "kmb":
        number = number.replace(",", ".").replace("\u00a0", "").replace("\u202f", "")
    else:
        number = re.sub(r"[,.\u00a0\u202f]", "", number)
    try:
        return Count(read_count(number).count, PLATFORM)
    except ValueError:
        return None
