"""The paths of pages in URLs as other programs write them, such as analytics and comment systems."""

import re
from urllib.parse import unquote

MAX_PATH_CHARACTERS = 2_000

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?=[/?#]|$)", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:html?|php|aspx?|md)\Z", re.IGNORECASE)


def path_of(url: str) -> str:
    """Return the decoded path of a URL, without its host, query and fragment; it begins with a slash.

    Some platforms write a host without a scheme, `letters.example.com/posts/frost/`, or no slash before the path.
    """
    text = url.strip()
    if scheme := _SCHEME.match(text):
        text = text[scheme.end() :]
    elif not text.startswith("/") and (host := _HOST.match(text)) and not _PAGE.search(host[0]):
        text = text[host.end() :]
    path = unquote(re.split(r"[?#]", text, maxsplit=1)[0], errors="replace")
    return f"/{path.lstrip('/')}"[:MAX_PATH_CHARACTERS]
