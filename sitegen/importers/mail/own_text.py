"""Separates what the author of an answer wrote from the quoted message and the signature below it."""

import re
from itertools import pairwise

from msgspec import Struct

QUOTED_MESSAGE = "the quoted message"
SIGNATURE = "the signature"

COLONS = (":", "\uff1a")
"""ASCII, and the fullwidth one of Chinese and Japanese."""

MAX_SIGNATURE_LINES = 12
MAX_INTRODUCTION_LINES = 3
MAX_INTRODUCTION_CHARACTERS = 400

_SIGNATURE_MARK = re.compile(r"\\?--\\?[ \t]*")
# "On Monday, 6 May 2024, Ada wrote:" in any language: a date or one of these words, and a colon at the end.
_INTRODUCTION = re.compile(
    r"\d|\b(?:wrote|writes|schrieb|schreibt|écrit|escribió|escreveu|scritto|schreef|skrev|napisał|написал|пишет|نوشت)",
    re.IGNORECASE,
)
# The copied header of programs that don't mark quoted lines, such as Outlook: "**From:** Ada", then another field.
_FROM = r"(?:From|Von|De|Da|Van|Fra|Från|Od|От|Lähettäjä|发件人|寄件者|差出人|보낸 사람|من|מאת)[ \t]?[:\uff1a]"
_COPIED_SENDER = re.compile(rf"\*{{0,2}}{_FROM}\*{{0,2}}[ \t\xa0]*\S", re.IGNORECASE)
# GMX and others begin with the date, and a program may have joined both lines.
_COPIED_DATE = re.compile(
    r"\*{0,2}(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado|Fecha|Data|Inviato|Verzonden|Skickat|Sendt|Wysłano|Дата|Отправлено)"
    r"[ \t]?[:\uff1a]",
    re.IGNORECASE,
)
_JOINED_SENDER = re.compile(rf"[ \t]\*{{0,2}}{_FROM}", re.IGNORECASE)
_COPIED_FIELD = re.compile(r"\*{0,2}[^\W\d_][\w -]{1,24}[ \t]?[:\uff1a]\*{0,2}(?:[ \t\xa0]|\Z)")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\([^()\s]{1,300}\)")
# What telephones and web mail add below a message that has no mark of a signature.
_SENT_FROM = re.compile(
    r"(?:Sent (?:from|with|via)|Get Outlook for|Gesendet (?:von|mit)|Envoyé (?:de|depuis)|Enviado (?:desde|do)"
    r"|Inviato da|Verzonden (?:vanaf|met)|Skickat från|Sendt fra|Wysłane z|Отправлено (?:с|из)) [^.!?]{1,60}[.]?"
    r"|Von meinem [^.!?]{1,60} gesendet[.]?",
    re.IGNORECASE,
)
_SENTENCE_ENDS = (".", "!", "?", *COLONS)
_SEPARATOR = re.compile(r"(?:\\?[-_*][ \t]?){3,}.{0,60}")
_ADDRESS_OF_SENDER = re.compile(r"[ \t]?(?:&lt;|<)(?:\[[^\[\]\n]{1,200}\]\([^()\s]{1,300}\)|[^\s<>&;()]{1,200})>")


class OwnText(Struct, frozen=True):
    """The Markdown of an answer that its author wrote, and the names of what was removed below it."""

    text: str
    removed: tuple[str, ...] = ()


def find_own_text(text: str) -> OwnText:
    """Return the Markdown of an answer without the quoted message and the signature at its end.

    Quotations between paragraphs of the author stay, without the email address in the line that introduces them. A
    quotation at the end is removed with that line, and stays if there is none. Nothing is removed if nothing else
    would be left.
    """
    lines = text.split("\n")
    removed: list[str] = []
    end = _end_of(lines, min(_find_copied_header(lines), _find_message_without_marks(lines)))
    if end < _end_of(lines, len(lines)):
        removed.append(QUOTED_MESSAGE)
    while end:
        if (above := _find_quoted_message(lines, end)) < end:
            removed.append(QUOTED_MESSAGE)
        elif (above := _find_signature(lines, end)) < end:
            removed.append(SIGNATURE)
        else:
            break
        end = _end_of(lines, above)
    if not end:
        return OwnText(text)
    own = (_without_address(lines, number) for number in range(end))
    return OwnText("\n".join(own).rstrip(), tuple(dict.fromkeys(removed)))


def _end_of(lines: list[str], end: int) -> int:
    """Return the end of some lines without the empty ones at their end, and the marks that separate quotations."""
    while end and lines[end - 1].strip() in ("", "<!-- -->"):
        end -= 1
    return end


def _find_copied_header(lines: list[str]) -> int:
    """Return the position of a header that was copied above the quoted message, with the separator above it."""
    for number, (line, below) in enumerate(pairwise(lines)):
        if _COPIED_SENDER.match(line):
            is_header = _COPIED_FIELD.match(below)
        else:
            is_header = _COPIED_DATE.match(line) and (_COPIED_SENDER.match(below) or _JOINED_SENDER.search(line))
        if is_header:
            above = _end_of(lines, number)
            return above - 1 if above and _SEPARATOR.fullmatch(lines[above - 1].rstrip()) else number
    return len(lines)


def _find_message_without_marks(lines: list[str]) -> int:
    """Return the position of a line with the address of the person whose unmarked message follows it, as of Yahoo."""
    for number, line in enumerate(lines):
        if (
            "@" in line
            and line.rstrip().endswith(COLONS)
            and _ADDRESS_OF_SENDER.search(line[:MAX_INTRODUCTION_CHARACTERS])
        ):
            below = next((other for other in lines[number + 1 :] if other.strip()), ">")
            if not below.startswith(">") and not line.startswith(">") and _INTRODUCTION.search(line):
                return number
    return len(lines)


def _find_quoted_message(lines: list[str], end: int) -> int:
    """Return the position of the quotation that ends at `end`, with the line that introduces it; `end` without one."""
    start = end
    while start and lines[start - 1].startswith(">"):
        start -= 1
    if start == end:
        return end
    introduction = _find_introduction(lines, _end_of(lines, start))
    if introduction >= 0:
        return introduction
    # Apple Mail quotes the introduction too, within the quotation or as one of its own above it.
    if _is_introduction(lines[start]):
        return start
    above = _end_of(lines, start)
    first = above
    while first and lines[first - 1].startswith(">") and above - first < MAX_INTRODUCTION_LINES:
        first -= 1
    return first if _is_introduction(" ".join(lines[first:above])) else end


def _is_introduction(quoted: str) -> bool:
    line = quoted.strip("> ")
    return line.endswith(COLONS) and bool(_INTRODUCTION.search(line[:MAX_INTRODUCTION_CHARACTERS]))


def _find_introduction(lines: list[str], end: int) -> int:
    """Return the position of the lines before a quotation that name its author and date; -1 without such lines."""
    if not end or not lines[end - 1].rstrip().endswith(COLONS):
        return -1
    start = end - 1
    for number in range(end - 1, max(end - 1 - MAX_INTRODUCTION_LINES, -1), -1):
        line = lines[number].strip()
        if not line or line.startswith(">") or (number < end - 1 and line.endswith(_SENTENCE_ENDS)):
            break
        if re.search(r"\d", line):
            start = number
    line = lines[start][:MAX_INTRODUCTION_CHARACTERS]
    return start if _INTRODUCTION.search(line) else -1


def _find_signature(lines: list[str], end: int) -> int:
    """Return the position of the line `-- ` above a signature of few lines that ends at `end`; `end` without one.

    A line such as "Sent from my phone" is a signature too.
    """
    if end and _SENT_FROM.fullmatch(_LINK.sub(r"\1", lines[end - 1].strip())):
        return end - 1
    left = MAX_SIGNATURE_LINES
    for number in range(end - 1, -1, -1):
        if _SIGNATURE_MARK.fullmatch(lines[number]):
            return number
        left -= bool(lines[number].strip())
        if left < 0 or lines[number].startswith(">"):
            break
    return end


def _without_address(lines: list[str], number: int) -> str:
    """Return a line, without the email address of the person whom the quotation below it is from."""
    line = lines[number]
    if not line.rstrip().endswith(COLONS) or "@" not in line or len(line) > MAX_INTRODUCTION_CHARACTERS:
        return line
    below = next((other for other in lines[number + 1 : number + 3] if other.strip()), "")
    return _ADDRESS_OF_SENDER.sub("", line) if below.startswith(">") else line
