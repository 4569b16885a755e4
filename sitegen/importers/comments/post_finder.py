"""Find the post of a comment: by the platform's id, then by the guid, then by URL."""

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sitegen.config.schema import Config
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.formats.site_urls import comparable, page_file
from sitegen.importers.comments.found import PostReference
from sitegen.importers.output.import_state import RECORDS_FOLDER, parse_record, record_name
from sitegen.importers.registry import FORMATS
from sitegen.ledger import LEDGER_FILE
from sitegen.ledger.file import read_ledger
from sitegen.model import Post
from sitegen.system.files import is_markdown


class CommentedPosts:
    """The posts and pages of a site by the ids, guids and URLs that they have or had.

    Posts that cannot be read are ignored: a build reports them. Raises SiteError if published.json is damaged.
    """

    def __init__(self, root: Path, config: Config) -> None:
        self._ids: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._slugs: dict[str, set[str]] = {}
        for post in _read_posts(root, config):
            self._add(post)
        for path in sorted((root / RECORDS_FOLDER).glob("*.json")):
            self._add_record(path, root, config)
        for entry in read_ledger(root / LEDGER_FILE).records:
            if (root / entry.path).is_file():
                self._ids.setdefault(entry.guid, entry.path)
                for url in entry.urls:
                    self._add_url(url, entry.path)

    def find(self, reference: PostReference) -> str | None:
        """Return the file of the post, None if the site has no such post."""
        for key in (*reference.ids, *reference.urls):
            if key and key in self._ids:
                return self._ids[key]
        for url in reference.urls:
            if found := self._paths.get(_path_of(url)):
                return found
        # The end of a path, if only one post has it as its slug: other generators have other folders above it.
        for name in (*reference.urls, reference.name):
            slug = posixpath.basename(posixpath.splitext(unquote(urlsplit(name).path).strip("/"))[0] or name)
            posts = self._slugs.get(slug.casefold(), set()) if slug else set()
            if len(posts) == 1:
                return next(iter(posts))
        return None

    def _add(self, post: Post) -> None:
        if post.id:
            self._ids.setdefault(post.id, post.path)
        for url in (post.url, *post.aliases, post.source_url):
            self._add_url(url, post.path)
        stem = posixpath.basename(post.path).rpartition(".")[0]
        for slug in {post.slug, stem}:
            self._slugs.setdefault(slug.casefold(), set()).add(post.path)

    def _add_url(self, url: str, post_path: str) -> None:
        if url:
            self._ids.setdefault(url, post_path)
            self._paths.setdefault(_path_of(url), post_path)

    def _add_record(self, path: Path, root: Path, config: Config) -> None:
        """Add the keys of imported posts, which are the ids of the platform."""
        try:
            record = parse_record(path.read_bytes(), path.name)
        except SiteError:
            return
        folders = {posixpath.dirname(file) for file in self._ids.values()} | {f"{config.content}/posts"}
        for folder in sorted(folders):
            if any(path.stem == record_name(name, folder) for name in FORMATS):
                for key, item in record.posts.items():
                    file = f"{folder}/{item.file}"
                    if (root / file).is_file():
                        self._ids.setdefault(key, file)


def _path_of(url: str) -> str:
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        path = url
    return comparable(page_file(path))


def _read_posts(root: Path, config: Config) -> Iterator[Post]:
    for folder in ("posts", "pages"):
        for path in sorted((root / config.content / folder).rglob("*")):
            if path.is_file() and is_markdown(path.name):
                name = path.relative_to(root).as_posix()
                try:
                    front = split(path.read_bytes(), name)
                    yield read_post(front, name, config, {}, document_type="post" if folder == "posts" else "page")[0]
                except SiteError:
                    continue
