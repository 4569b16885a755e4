"""Takes the title of a Markdown text from its first heading."""

from collections import Counter

from sitegen.values import find_heading


def take_title(title: str, text: str, dropped: Counter[str]) -> tuple[str, str]:
    """Return the title, else the first heading, and the text without a first heading that says the title again."""
    heading = find_heading(text)
    if heading and (not title or " ".join(heading.split()).casefold() == " ".join(title.split()).casefold()):
        rows = text.lstrip("\n").split("\n")
        length = 1 if rows[0].lstrip().startswith("#") else 2
        if title:
            dropped["heading that repeats the title"] += 1
        return title or heading, "\n".join(rows[length:])
    return title, text
