"""Addresses of pages below the base URL, and the files that answer them."""

from functools import lru_cache
from urllib.parse import quote, urlsplit

from sitegen.model import Term
from sitegen.slugs import PATH_BYTES, file_of, slugify


@lru_cache(maxsize=16)
def base_path(base_url: str) -> str:
    """Return the path of a base URL without its last slash: "" for a site at the root of its host."""
    return quote(urlsplit(base_url).path.rstrip("/"), safe="/%~!$&'()*+,;=:@")


def fill(pattern: str, **names: str) -> str:
    """Return a pattern of the config with each name in braces replaced, such as `/posts/{slug}/`."""
    for name, value in names.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    return pattern


def locate(path: str, base_url: str) -> tuple[str, str]:
    """Return the URL of a decoded path below the base URL, percent-encoded (RFC 3986), and its output file.

    The URL begins with the base URL's own path; the file is relative to the output folder.
    Raises ValueError if the file's path is longer than every file system takes.
    """
    output = file_of(path)
    if len(output) > PATH_BYTES // 4 and len(output.encode("utf-8", "surrogatepass")) > PATH_BYTES:
        raise ValueError(f'the output path "{output[:40]}…" is longer than {PATH_BYTES} bytes')
    return base_path(base_url) + quote(path), output


@lru_cache(maxsize=65_536)
def term(name: str, pattern: str, base_url: str) -> Term:
    """Return a tag or an author with the address of its page; ValueError if its name leaves no slug."""
    slug = slugify(name)
    if not slug:
        raise ValueError(f'the name "{name}" has no letter or digit that its address could have')
    return Term(name, slug, locate(fill(pattern, slug=slug), base_url)[0])
