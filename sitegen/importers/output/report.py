"""The report of an import, as plain data."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from sitegen.importers.base import Note, Skipped
from sitegen.importers.output.comment_files import CommentCounts

MAX_URL_CHARACTERS = 200
"""Length at which the report cuts URLs."""


class PreservedPost(Struct, frozen=True):
    """A post that was edited or deleted and not overwritten: the reason, and the file with the new version, or ""."""

    path: str
    reason: str
    new_version: str = ""


class Draft(Struct, frozen=True):
    """A post that was imported as a draft, and the reason."""

    path: str
    reason: str


NOT_IN_EXPORT = "the export does not contain it"
"""The reason of an image whose file is neither in the export nor fetched."""


class ReportedTarget(Struct, frozen=True):
    """An image, a file or a link that needs attention: its URL, its post, and the reason."""

    url: str
    path: str
    reason: str


class ImportReport(Struct, frozen=True):
    """The result of an import; paths are relative to the site's root.

    `created` and `changed` are the posts that were written; `changes` describes what changed in the latter.
    `saved_files` are the images and files next to posts. `dropped` counts dropped and changed content by category,
    with the first location of each in `examples`. `unused_files` are files of the export that are mentioned nowhere
    else. `posts_with_original` counts the posts with the URL of an original. `looks_like` is another format, if
    nothing or only a fraction of the export was imported. `remote` are images on other hosts, `missing` those that
    could not be found or imported. `rewritten_links` counts the links to old URLs that were replaced with links to the
    new files; `broken` are links, images and files without a target on the new site; `comments` counts the comments.
    `term_notes` are about the descriptions of terms that this import wrote.
    `settings` are those of the old site that the config does not have, as TOML; `new_settings` are those that the
    import set. `removed_samples` are the files of `sitegen init` that were deleted after the import.
    `right_to_left` counts the posts that are written so and do not name their language, if that of the site is not;
    `posts_in_utc` counts those with a time in UTC.
    """

    format: str
    name: str
    dry_run: bool = False
    read: int = 0
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    changes: Mapping[str, str] = field(default_factory=dict)
    unchanged: int = 0
    skipped: tuple[Skipped, ...] = ()
    preserved: tuple[PreservedPost, ...] = ()
    drafts: tuple[Draft, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    unused_files: tuple[str, ...] = ()
    posts_with_original: int = 0
    saved_files: tuple[str, ...] = ()
    remote: tuple[ReportedTarget, ...] = ()
    missing: tuple[ReportedTarget, ...] = ()
    rewritten_links: int = 0
    broken: tuple[ReportedTarget, ...] = ()
    private_files: int = 0
    notes: tuple[Note, ...] = ()
    term_notes: tuple[Note, ...] = ()
    looks_like: str = ""
    comments: CommentCounts = field(default_factory=CommentCounts)
    settings: str = ""
    new_settings: Mapping[str, str] = field(default_factory=dict)
    removed_samples: tuple[str, ...] = ()
    right_to_left: int = 0
    posts_in_utc: int = 0

    def merged_with(self, pages: "ImportReport") -> "ImportReport":
        """Return the combined report of two folders of an export, such as those of the posts and the pages."""
        counts = Counter(self.dropped) + Counter(pages.dropped)
        return replace(
            self,
            read=self.read + pages.read,
            created=self.created + pages.created,
            changed=self.changed + pages.changed,
            changes={**self.changes, **pages.changes},
            unchanged=self.unchanged + pages.unchanged,
            skipped=self.skipped + pages.skipped,
            preserved=self.preserved + pages.preserved,
            drafts=self.drafts + pages.drafts,
            dropped=dict(sorted(counts.items())),
            examples=dict(sorted({**pages.examples, **self.examples}.items())),
            posts_with_original=self.posts_with_original + pages.posts_with_original,
            saved_files=self.saved_files + pages.saved_files,
            remote=self.remote + pages.remote,
            missing=self.missing + pages.missing,
            rewritten_links=self.rewritten_links + pages.rewritten_links,
            broken=self.broken + pages.broken,
            notes=tuple(dict.fromkeys((*self.notes, *pages.notes))),
            settings=self.settings or pages.settings,
            right_to_left=self.right_to_left + pages.right_to_left,
            posts_in_utc=self.posts_in_utc + pages.posts_in_utc,
        )

    @property
    def posts(self) -> int:
        """The number of posts of the export that are in the site now."""
        return self.written + self.unchanged + len(self.preserved)

    @property
    def succeeded(self) -> bool:
        """Whether posts were imported, and the export does not look like another format."""
        return self.posts > 0 and not self.looks_like

    @property
    def written(self) -> int:
        """The number of posts written, new or changed."""
        return len(self.created) + len(self.changed)

    @property
    def adds_up(self) -> bool:
        """Whether the report accounts for each item that was read."""
        return self.read == self.written + self.unchanged + len(self.skipped) + len(self.preserved)
