"""Reads the line of counts below a Wix post, whose parts a copy of the page glues together."""

import re
from dataclasses import dataclass

from sitegen.content.front_matter.counts import read_count
from sitegen.model import Count

PLATFORM = "Wix"
MAX_LINE_CHARACTERS = 120
"""A longer line is part of the post: what its expressions take grows faster than its length."""

_NUMBER = r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?\s?[KMB]?|no"
_GAP = r"[\s·•|,;/]*"
_VIEWS = (
    r"views?|vues?|aufrufe?|ansichten|visualizaciones|visualización|vistas?|visualizaç(?:ões|ão)|visualizzazion[ei]"
    r"|weergaven?|wyświetle(?:nia|nie|ń)|просмотр(?:ов|а)?|visning(?:ar|er)?|görüntüleme|צפיות"
)
_COMMENTS = (
    r"comment[oi]|commentaires?|comments?|kommentar(?:er|e)?|comentarios?|comentários?|opmerking(?:en)?|reacties?"
    r"|komentarz(?:e|y)?|комментари(?:ев|я|й)|yorum|תגובות"
)
_LIKES = r"likes?|me gusta|j['’]aime|gefällt mir|curtidas?|mi piace|polubie(?:nia|nie|ń)|beğeni"
_PART = re.compile(
    rf"{_GAP}(?:(?P<number>{_NUMBER})\s*(?:(?P<views>{_VIEWS})|(?P<comments>{_COMMENTS})|(?P<likes>{_LIKES}))\.?"
    r"|(?:閲覧数\s*[：:]?|조회수)\s*(?P<views_after>\d[\d,]*)\s*[回회]"
    r"|(?P<comments_before>\d[\d,]*)\s*件のコメント|댓글\s*(?P<comments_after>\d[\d,]*)\s*개"
    r"|(?P<marked>post (?:not )?marked as liked\.?))",
    re.IGNORECASE,
)
_REST = re.compile(rf"{_GAP}\d*{_GAP}")


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
    `12,345 views 1 comment`, likes behind them or alone, in any order, and the same in other languages.
    """
    if len(line) > MAX_LINE_CHARACTERS:
        return Counts()
    line = " ".join(line.split()) if "\n" in line else line.strip()
    found: dict[str, Count | None] = {}
    place = 0
    while match := _PART.match(line, place):
        place = match.end()
        if match["marked"]:
            continue
        kind = str(match.lastgroup).partition("_")[0]
        if kind in found:
            return Counts()
        found[kind] = _count(match["number"] or match[str(match.lastgroup)])
    return Counts(**found) if _REST.fullmatch(line, place) else Counts()


def _count(text: str) -> Count | None:
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
