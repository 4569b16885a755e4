"""A post as others cite it: in words, and as an entry for BibTeX."""

import unicodedata

from sitegen.config.i18n import Words
from sitegen.formats import lazy_regex
from sitegen.formats.dates import MONTHS
from sitegen.model import Post

_SPECIAL_CHARACTER = lazy_regex.compile(r"[\\~^#$%&_{}]")
_WORD = lazy_regex.compile(r"[a-z0-9]+")
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "#$%&_{}"},
    }
)


def cite(post: Post, publication: str, url: str, words: Words) -> str:
    """Return a post's authors, title, publication, issue, date and URL as one line of text."""
    authors = words.comma.join(author.name for author in post.authors)
    where = [publication]
    if post.source:
        where.insert(0, post.source.name)
    if post.issue:
        where.append(words.fill("issue", number=words.numerals(post.issue)))
    where.append(words.date(post.date))
    title = post.title if post.title[-1:] in ".?!…。？！؟" else f"{post.title}."
    return " ".join(
        part for part in (f"{authors}." if authors else "", title, f"{words.comma.join(where)}.", url) if part
    )


def write_bibtex(post: Post, publication: str, url: str) -> str:
    """Return a post as an `@online` entry of BibLaTeX, which older BibTeX styles read as `@misc`."""
    day = post.date
    rows = [f"@online{{{_key(post)},"]
    if post.authors:
        rows.append(f"  author = {{{' and '.join([f'{{{_escape(author.name)}}}' for author in post.authors])}}},")
    rows.append(f"  title = {{{{{_escape(post.title)}}}}},")
    rows.append(f"  organization = {{{_escape(publication)}}},")
    if post.issue:
        rows.append(f"  number = {{{_escape(post.issue)}}},")
    if post.source:
        rows.append(f"  note = {{First published by {_escape(post.source.name)}}},")
    rows.append(f"  date = {{{day.year:04}-{day.month:02}-{day.day:02}}},")
    rows.append(f"  year = {{{day.year}}},\n  month = {MONTHS[day.month - 1][:3]},\n  url = {{{url}}},\n}}")
    return "\n".join(rows)


def _key(post: Post) -> str:
    """Return the name of the entry: the first author's last name, the year, and the beginning of the title."""
    names = post.authors[0].name.split() if post.authors else []
    text = f"{names[-1] if names else ''} {post.date.year} {post.slug}"
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = text.lower().replace("-", " ")
    return "-".join((text.split() if text.replace(" ", "").isalnum() else _WORD.findall(text))[:4])


def _escape(text: str) -> str:
    return text.translate(_SPECIAL) if _SPECIAL_CHARACTER.search(text) else text
