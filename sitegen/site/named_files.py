"""Find the files that settings and the front matter of posts name and that the site does not have."""

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote, urlsplit

from sitegen.config.schema import Config
from sitegen.config.setting_values import SettingProblem
from sitegen.content.links import LinkableFiles
from sitegen.errors import Problem
from sitegen.feeds.enclosure import find_enclosure_urls
from sitegen.formats.path_index import PathIndex
from sitegen.model import Entry, Post, line_of_key
from sitegen.site.brand import is_remote
from sitegen.site.pages.page_type import Page


def find_missing_files(entries: Iterable[Entry], pages: Iterable[Page], targets: LinkableFiles) -> list[Problem]:
    """Return a warning for each file of the site that `image` or `enclosure` names and that is not one of its pages."""
    named = [(entry, key, path) for entry in entries for key, path in _find_named_files(entry.post, targets)]
    if not named:
        return []
    missing = {path for _, _, path in named}
    missing.difference_update(page.path for page in pages)
    return [
        _describe(entry, key, f"{targets.content}/{path}", targets) for entry, key, path in named if path in missing
    ]


def check_setting_files(config: Config, paths: Collection[str]) -> Iterator[SettingProblem]:
    """Yield a problem for each setting that names a file of the site which is not among the `paths` of its pages."""
    podcast = config.feeds.podcast
    named: list[tuple[tuple[str, ...], str]] = [(("theme", "image"), config.theme.image)]
    named += [(("feeds", "podcast", "image"), podcast.image)] if podcast.category else []
    for keys, value in named:
        path = unquote(urlsplit(value).path).lstrip("/")
        if path and path not in paths and not is_remote(value):
            hint = PathIndex(paths).did_you_mean(path) or f"put the file into {config.content}/"
            yield keys, f'`{keys[-1]} = "{value}"` names a file that does not exist: {config.content}/{path}', hint


def _find_named_files(post: Post, targets: LinkableFiles) -> Iterator[tuple[str, str]]:
    """Yield the key and the path, below the output folder, of each file of the site that front matter names."""
    base = f"{targets.base}/"
    if post.image or "enclosure" in post.params:
        urls = [("image", post.image)]
        urls += [("enclosure", url) for url in find_enclosure_urls(post, targets.content, targets.base)]
        for key, url in urls:
            if url.startswith(base) and not url.startswith("//"):
                yield key, unquote(urlsplit(url).path).removeprefix(base)


def _describe(entry: Entry, key: str, path: str, targets: LinkableFiles) -> Problem:
    hint = targets.files.did_you_mean(path) or f"correct `{key}`, or add the file"
    return Problem(entry.post.path, line_of_key(entry, key), f'there is no file "{path}", which `{key}` names', hint)
