"""Find the post of a comment: by the platform's id, then by the guid, then by URL."""

import posixpath
from collections.abc import Iterator
from pathlib import Path

from sitegen.config.post_types import post_folders
from sitegen.config.schema import Config
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import read_ledger
from sitegen.content.ledger.post_index import PostIndex
from sitegen.errors import SiteError
from sitegen.formats.url_paths import path_of
from sitegen.importers.comments.found import PostReference
from sitegen.importers.output.import_state import RECORDS_FOLDER, parse_record, record_name
from sitegen.importers.registry import FORMATS
from sitegen.model import Post
from sitegen.system.files import is_markdown


class CommentedPosts:
    """The posts and pages of a site by the ids, guids and URLs that they have or had.

    `slugs` are the ends of the posts' paths. Posts that cannot be read are ignored: a build reports them. Raises
    SiteError if published.json is damaged.
    """

    def __init__(self, root: Path, config: Config) -> None:
        posts = tuple(_read_posts(root, config))
        records = [entry for entry in read_ledger(root / LEDGER_FILE).records if (root / entry.path).is_file()]
        self._index = PostIndex(posts, records, config.base_url)
        self.slugs = [post.url.rstrip("/").rpartition("/")[2] for post in posts]
        self._ids: dict[str, str] = {}
        self._folders = {posixpath.dirname(post.path) for post in posts} | {f"{config.content}/posts"}
        for post in posts:
            self._add(post.path, post.id, post.url, *post.aliases, post.source_url)
        for path in sorted((root / RECORDS_FOLDER).glob("*.json")):
            self._add_record(path, root)
        for entry in records:
            self._add(entry.path, entry.guid, *entry.urls)

    def find(self, reference: PostReference) -> str | None:
        """Return the file of the post, None if the site has no such post.

        At last, the end of a path is compared, if only one post has it as its slug: other generators have other
        folders above it.
        """
        for key in filter(None, (*reference.ids, *reference.urls)):
            if key in self._ids:
                return self._ids[key]
        names = (*map(path_of, reference.urls), reference.name)
        found = (*map(self._index.by_url, reference.urls), *map(self._index.by_slug, names))
        return next(filter(None, found), None)

    def _add(self, file: str, *keys: str) -> None:
        for key in filter(None, keys):
            self._ids.setdefault(key, file)

    def _add_record(self, path: Path, root: Path) -> None:
        """Add the keys of imported posts, which are the ids of the platform."""
        try:
            record = parse_record(path.read_bytes(), path.name)
        except SiteError:
            return
        for folder in sorted(self._folders):
            if any(path.stem == record_name(name, folder) for name in FORMATS):
                for key, item in record.posts.items():
                    file = f"{folder}/{item.file}"
                    if (root / file).is_file():
                        self._add(file, key)


def _read_posts(root: Path, config: Config) -> Iterator[Post]:
    for folder in (*post_folders(config), "pages"):
        for path in sorted((root / config.content / folder).rglob("*")):
            if path.is_file() and is_markdown(path.name):
                name = path.relative_to(root).as_posix()
                try:
                    front = split(path.read_bytes(), name)
                    yield read_post(front, name, config, {}, document_type="page" if folder == "pages" else "post")[0]
                except SiteError:
                    continue
