"""URLs of the site, and their files in the output folder."""

import posixpath
import re
from unicodedata import normalize
from urllib.parse import quote, unquote

from sitegen.formats import lazy_regex
from sitegen.formats.urls import PATH_SAFE, is_root_relative

SAFE = PATH_SAFE
"""Characters that need no percent-encoding in the path of a URL (RFC 3986, section 3.3)."""

PUBLIC_HIDDEN = frozenset((".well-known", ".htaccess"))
"""Hidden names that are published: RFC 8615, and the settings of an Apache server."""

ERROR_PAGE = "404.html"
"""The name of the page that a host shows for missing URLs below its folder."""

_PAGE_NAME = re.compile(r".+\.(?:s?html?|php\d?|phtml|aspx?|jspx?|cfml?|cgi)", re.IGNORECASE)

_INDEX_NAME = lazy_regex.compile(r"(?:^|/)index\.(?:html?|php)$", re.IGNORECASE)
_HTML_ENDING = re.compile(r"\.html?$", re.IGNORECASE)


def site_url(path: str, base: str) -> str:
    """Return the URL, from the host on, of a path below the base URL."""
    return base + quote(path, safe=SAFE)


def link_url(url: str, base: str) -> str:
    """Return a URL as pages link to it: one that begins with a slash is below the base URL, any other stays."""
    return base + quote(url, safe=SAFE + "%?#") if is_root_relative(url) else url


def file_url(reference: str, path: str, content: str, base: str) -> str:
    """Return the URL of a file that the post at `path` refers to, relative to its folder or the site's root.

    A URL with a host stays as it is. Raises ValueError if the name leads out of the content folder.
    """
    if "://" in reference or reference.startswith("//"):
        return reference
    if reference.startswith("/"):
        return site_url(reference, base)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference))
    if not target.startswith(f"{content}/"):
        raise ValueError(f'"{reference}" leads out of the {content} folder')
    return site_url(target[len(content) :], base)


def comments_url(post_url: str, number: int) -> str:
    """Return the URL of a page of the comments on a post, which is the post's own for the first page."""
    return f"{folder_of(post_url)}comments/{number}/" if number > 1 else post_url


def is_error_page(path: str) -> bool:
    """Return whether an output file is the page for missing URLs, of the whole site or of a language."""
    return path.rpartition("/")[2] == ERROR_PAGE


def page_file(path: str) -> str:
    """Return the output file of the page at a decoded path below the base URL, such as `/old/letter.html`.

    Hosts find the type of a file by its name. So a page is a file of its own only if its name ends
    like one of a web page (`.html`, `.htm`, `.php`, `.asp`, ...); any other path, `/releases/1.2.0`
    among them, is a folder with an `index.html`.
    """
    path = path.lstrip("/")
    if not path or path.endswith("/"):
        return f"{path}index.html"
    name = path.rpartition("/")[2]
    return path if "." in name and _PAGE_NAME.fullmatch(name) else f"{path}/index.html"


def output_path(url: str, base: str) -> str:
    """Return the output file of the page at a URL of the site, written from the host on."""
    return page_file(unquote(url[len(base) :]))


def path_key(path: str) -> str:
    """Return the form of a decoded path below the base URL that is equal for all paths that lead to one page.

    `/a`, `/a/`, `/a.html` and `/a/index.html` are one page on most hosts.
    """
    key = _INDEX_NAME.sub("", normalize("NFC", path).strip("/"))
    return _HTML_ENDING.sub("", key).rstrip("/")


def data_path(url: str, base: str) -> str:
    """Return the output file of a URL that is not that of a page, such as a search index."""
    return unquote(url[len(base) :]).lstrip("/")


def folder_of(url: str) -> str:
    """Return the folder URL for files of a page: `/tags/news/` for `/tags/news` and `/tags/news.html`."""
    return f"{url.rpartition('.')[0] if is_page_file(url) else url.rstrip('/')}/"


def is_page_file(path: str) -> bool:
    """Return whether an output file is a page by its name, as returned by `page_file`."""
    return _PAGE_NAME.fullmatch(path.rpartition("/")[2]) is not None


def is_output_path(path: str) -> bool:
    """Return whether hosts serve the file at a path of the output folder: relative, without hidden parts."""
    parts = path.split("/")
    return bool(path) and "\\" not in path and path.isprintable() and not any(map(_is_unfit, parts))


def _is_unfit(part: str) -> bool:
    return not part or (part.startswith(".") and part not in PUBLIC_HIDDEN)


def comparable_page(path: str) -> str:
    """Return a form of the path of a page that is equal for paths that have the same output file."""
    return comparable(page_file(path))


def comparable(path: str) -> str:
    """Return the form of a path that is equal for paths that some file systems treat as equal (case, Unicode form)."""
    return path.lower() if path.isascii() else normalize("NFC", path).casefold()
