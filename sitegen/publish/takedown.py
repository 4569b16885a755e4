"""Removes a post from the site permanently, with its files, and records it as withdrawn."""

import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from msgspec.structs import replace

from sitegen.comments import comment_file_of
from sitegen.config.post_types import post_folders
from sitegen.config.schema import Config, base_path
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import Ledger, LedgerEntry, write_ledger
from sitegen.content.ledger.reconcile import reconcile
from sitegen.content.links import find_used_files, target_of
from sitegen.errors import Problem, SiteError, did_you_mean
from sitegen.formats.site_urls import site_url
from sitegen.formats.urls import origin_of
from sitegen.model import Entry, Post
from sitegen.publish.inbound_links import find_mentions
from sitegen.site.brand import IMAGE_SETTINGS
from sitegen.system.atomic_write import write_atomically
from sitegen.system.files import is_markdown


@dataclass(frozen=True, slots=True)
class Takedown:
    """A post to take down: the files to delete, the post's own first, and the ledger afterwards."""

    post: Post
    files: tuple[str, ...]
    ledger: Ledger


def find_post(posts: Iterable[Post], name: str, config: Config) -> Post:
    """Return the post with a file, URL or slug; raise SiteError if there is none or several."""
    known = sorted(posts, key=lambda post: post.path)
    path = unquote(urlsplit(name).path)
    wanted = {name, name.removeprefix("./"), path, f"{path.rstrip('/')}/", f"{base_path(config)}/{path.strip('/')}/"}
    found = [post for post in known if wanted & {post.path, post.url, unquote(post.url)}]
    found = found or [post for post in known if post.slug == name]
    if len(found) == 1:
        return found[0]
    if found:
        hint = f"name its file: {' or '.join(post.path for post in found)}"
        raise SiteError([Problem("", 0, f'{len(found)} posts have the slug "{name}"', hint)])
    hint = did_you_mean(name, [*(post.slug for post in known), *(post.path for post in known)])
    raise SiteError([Problem("", 0, f'there is no post "{name}"', hint or "name its file, URL or slug")])


def plan_takedown(
    entries: Sequence[Entry],
    post: Post,
    files: Collection[str],
    text_files: Mapping[str, str],
    config: Config,
    ledger: Ledger,
) -> Takedown:
    """Return the files to delete with a post: its own with its comments, and images and files that nothing else uses.

    `files` are the paths of all files below the content folder; `text_files` are the site's text files by path,
    including its templates and data. Raises SiteError if others link to the post: these links would
    break.
    """
    own = next(entry for entry in entries if entry.post.path == post.path)
    others = [entry for entry in entries if entry.post.path != post.path]
    linking = [
        Problem(entry.post.path, reference.line, f"the post links to {post.path}", "remove the link first")
        for entry in others
        for reference in entry.references
        if target_of(entry, reference.target, config.content) == post.path
    ]
    others_texts = {path: text for path, text in text_files.items() if path != post.path}
    linking += [
        Problem(path, line, f"it links to {url}, the URL of the post", "remove the link first")
        for path, line, url in find_mentions(others_texts, (post.url, *post.aliases), config)
    ]
    if linking:
        raise SiteError(linking)
    folder = posixpath.dirname(post.path)
    top = [f"{config.content}/{name}" for name in (*post_folders(config), "pages")]
    alone = folder not in top and not any(entry.post.path.startswith(f"{folder}/") for entry in others)
    beside = {path for path in files if alone and path.startswith(f"{folder}/")}
    used_by_others = {path for entry in others for path in _used(entry, files, config)}
    of_theme = {config.theme.image, *(getattr(config.theme, name) for name in IMAGE_SETTINGS)}
    used_by_others |= {path for path in files if _address(path, config) in of_theme}
    used = _used(own, files, config) | _mentioned(text_files.get(post.path, ""), files, config)
    gone = {path for path in (used | beside) - used_by_others if not is_markdown(path)}
    gone -= {path for path in gone if any(find_mentions(others_texts, (path[len(config.content) :],), config))}
    gone |= {comment_file_of(post.path)}.intersection(files)
    return Takedown(post, (post.path, *sorted(gone - {post.path})), _withdraw(entries, post, config, ledger))


def take_down(root: Path, takedown: Takedown) -> None:
    """Record the post as taken down, then remove its files, and the folders that are then empty.

    If it is interrupted in between, the preflight checks report that the post uses the URL of a withdrawn one.
    """
    write_atomically(root / LEDGER_FILE, write_ledger(takedown.ledger), durable=True)
    for path in takedown.files:
        (root / path).unlink(missing_ok=True)
        folder = (root / path).parent
        if folder != root and folder.is_dir() and not any(folder.iterdir()) and path.count("/") > 2:
            folder.rmdir()


def _withdraw(entries: Iterable[Entry], post: Post, config: Config, ledger: Ledger) -> Ledger:
    """Return a ledger in which the post is withdrawn, with every URL that it ever had."""
    origin = origin_of(config.base_url)
    posts = [entry.post for entry in entries if not entry.post.path.startswith(f"{config.content}/pages/")]
    reconciled = {record.path: record for record in reconcile(ledger, posts, config.base_url).ledger.records}
    record = reconciled.get(post.path) or LedgerEntry(post.path, origin + post.url, (origin + post.url,))
    aliases = [origin + site_url(alias, base_path(config)) for alias in post.aliases]
    withdrawn = replace(record, urls=tuple(dict.fromkeys((*record.urls, *aliases))), withdrawn=True)
    others = [known for known in ledger.records if known.guid != withdrawn.guid]
    return Ledger((*others, withdrawn))


def _used(entry: Entry, files: Collection[str], config: Config) -> set[str]:
    """Return the files that a post links to or shows."""
    return find_used_files(entry, config.content, base_path(config)).intersection(files)


def _mentioned(text: str, files: Collection[str], config: Config) -> set[str]:
    """Return the files whose URLs are in the source of a post."""
    urls = {path[len(config.content) :]: path for path in files}
    return {
        path
        for url, path in urls.items()
        if (posixpath.basename(url) in text or quote(posixpath.basename(url)) in text)
        and any(find_mentions({"": text}, (url,), config))
    }


def _address(path: str, config: Config) -> str:
    return site_url(path[len(config.content) :], base_path(config))
