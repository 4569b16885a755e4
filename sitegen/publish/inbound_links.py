"""Finds URLs of the site in its files, in full or from the root: in Markdown links, HTML and data."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, unquote

from sitegen.config.schema import Config, base_path
from sitegen.formats.urls import origin_of


def find_mentions(texts: Mapping[str, str], urls: Iterable[str], config: Config) -> Iterator[tuple[str, int, str]]:
    """Yield path, line and URL of each occurrence of some of the site's URLs in its files.

    `urls` are paths from the root, with the base path or without it; a slash at the end makes no difference.
    """
    forms = {form for url in urls for form in _forms(url, base_path(config)) if form.strip("/")}
    if not forms:
        return
    origin = re.escape(origin_of(config.base_url))
    wanted = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w/.~%-])(?:{origin})?(?P<url>{wanted})/?(?=[\s\"'<>()\[\]#?,;]|[.:!](?:\s|\Z)|\Z)")
    for path, text in texts.items():
        for match in pattern.finditer(text):
            yield path, text.count("\n", 0, match.start()) + 1, match["url"]


def _forms(url: str, base: str) -> Iterator[str]:
    bare = unquote(url).rstrip("/")
    for form in dict.fromkeys((bare, bare.removeprefix(base))):
        yield form
        yield quote(form)
