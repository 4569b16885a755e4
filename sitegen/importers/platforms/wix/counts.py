"""Reads the line of counts below a Wix post, in which copying the page removes the spaces."""

import re
from dataclasses import dataclass

from sitegen.content.front_matter.counts import read_count
from sitegen.model import Count

PLATFORM = "Wix"
MAX_LINE_CHARACTERS = 120
"""Longer lines are part of the post; the time for matching them would grow faster than their length."""

_NUMBER = r"\d{1,3}(?:[,.\u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?\s?[KMB]?|no"
_SEPARATORS = r"[\s·•|,;/]*"
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
    rf"{_SEPARATORS}(?:(?P<number>{_NUMBER})\s*(?:(?P<views>{_VIEWS})|(?P<comments>{_COMMENTS})|(?P<likes>{_LIKES}))\.?"
    r"|(?:閲覧数\s*[：:]?|조회수)\s*(?P<views_after>\d[\d,]*)\s*[回회]"
    r"|(?P<comments_before>\d[\d,]*)\s*件のコメント|댓글\s*(?P<comments_after>\d[\d,]*)\s*개"
    r"|(?P<marked>post (?:not )?marked as liked\.?))",
    re.IGNORECASE,
)
_TRAILING_NUMBER = re.compile(rf"{_SEPARATORS}\d*{_SEPARATORS}")


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts on the page of a post; None for a count that is missing."""

    views: Count | None = None
    comments: Count | None = None
    likes: Count | None = None

    def __bool__(self) -> bool:
        return any((self.views, self.comments, self.likes))

    def filled_from(self, other: "Counts") -> "Counts":
        """Return these counts, with missing ones taken from another."""
        return Counts(self.views or other.views, self.comments or other.comments, self.likes or other.likes)


def read_counts(line: str) -> Counts:
    """Return the counts in a line that contains nothing else, or empty counts for any other line.

    Examples are `5 views2 comments`, `1 view`, `1.2K views0 comments`, `0 comments` and `12,345 views 1 comment`, with
    or without likes, in any order and in other languages.
    """
    if len(line) > MAX_LINE_CHARACTERS:
        return Counts()
    line = " ".join(line.split()) if "\n" in line else line.strip()
    found: dict[str, Count | None] = {}
    position = 0
    while match := _PART.match(line, position):
        position = match.end()
        if match["marked"]:
            continue
        count_type = str(match.lastgroup).partition("_")[0]
        if count_type in found:
            return Counts()
        found[count_type] = _count(match["number"] or match[str(match.lastgroup)])
    return Counts(**found) if _TRAILING_NUMBER.fullmatch(line, position) else Counts()


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
