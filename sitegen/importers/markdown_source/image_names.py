"""Names images that have no alternative text."""

import re
from urllib.parse import unquote, urlsplit

_HASH_NAME = re.compile(r"(?=[a-z]*+\d)[0-9a-z]*+(?:\d[0-9a-z]*+)?", re.IGNORECASE)


def name_image(image: str, link: str) -> str:
    """Return words for an image that is alone in a link: those of its file's name, otherwise where the link leads."""
    stem = unquote(_path_of(image)).rstrip("/").rpartition("/")[2].rpartition(".")[0]
    words = [word for word in re.split(r"[\W_]+", stem) if word]
    if any(len(word) > 2 and word.isalpha() for word in words) and not (len(words) == 1 and _HASH_NAME.fullmatch(stem)):
        return " ".join(words)[:100].capitalize()
    host = re.match(r"(?:https?:)?//(?:www\.)?([^/?#:]+)", link)
    return host[1] if host else "Image"


def _path_of(url: str) -> str:
    """Return the path of a URL, the whole where it is not a URL."""
    try:
        return urlsplit(url).path
    except ValueError:
        return url
