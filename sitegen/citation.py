"""A post as others cite it: in words, and as an entry for BibTeX."""

import re
import unicodedata

from sitegen.model import Post
from sitegen.words import Words

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "#$%&_{}"},
    }
)


def cite(post: Post, publication: str, url: str, words: Words) -> str:
    """Return a post's authors, title, publication, issue, date and address as one line of text."""
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
    fields = {
        "author": " and ".join(f"{{{_escape(author.name)}}}" for author in post.authors),
        "title": f"{{{_escape(post.title)}}}",
        "organization": _escape(publication),
        "number": _escape(post.issue),
        "date": post.date.date().isoformat(),
        "year": str(post.date.year),
        "note": _escape(f"First published by {post.source.name}") if post.source else "",
        "url": url,
    }
    rows = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    rows.append(f"  month = {MONTHS[post.date.month - 1]},")
    return "\n".join([f"@online{{{_key(post)},", *rows, "}"])


def _key(post: Post) -> str:
    """Return the name of the entry: the first author's last name, the year, and the beginning of the title."""
    name = post.authors[0].name.split()[-1] if post.authors and post.authors[0].name.split() else ""
    plain = unicodedata.normalize("NFKD", f"{name} {post.date.year} {post.slug}").encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join(words[:4])


def _escape(text: str) -> str:
    return text.translate(_SPECIAL)
