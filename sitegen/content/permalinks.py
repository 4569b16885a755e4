"""URLs of posts and terms, from the patterns of the config."""

from functools import lru_cache

from sitegen.formats.site_urls import output_path, site_url
from sitegen.formats.slugs import PATH_BYTES, name_slug
from sitegen.model import Term


def fill(pattern: str, **names: str) -> str:
    """Return a pattern of the config with each name in braces replaced, such as `/posts/{slug}/`."""
    for name, value in names.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    return pattern


def locate(path: str, base: str) -> tuple[str, str]:
    """Return the URL of a decoded path below the base URL, from the host on, and its output file.

    `base` is the path of the base URL. Raises ValueError if the path is too long for some file systems.
    """
    url = site_url(path, base)
    output = output_path(url, base)
    if len(output) > PATH_BYTES // 4 and len(output.encode("utf-8", "surrogatepass")) > PATH_BYTES:
        raise ValueError(f'the output path "{output[:40]}…" is longer than {PATH_BYTES} bytes')
    return url, output


@lru_cache(maxsize=65_536)
def name_term(name: str, pattern: str, base: str) -> Term:
    """Return a tag or an author with the URL of its page, "" if the site has no such pages.

    Raises ValueError if the name has no visible character.
    """
    slug = name_slug(name)
    if not slug:
        raise ValueError(f'the name "{name}" has no visible character for its URL')
    return Term(name, slug, site_url(fill(pattern, slug=slug), base) if pattern else "")
