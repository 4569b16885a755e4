"""What an import did, as plain data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sitegen.importers.base import Note, Skipped

MAX_URL = 200
"""Number of characters of a URL that the report shows."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A post that was left as a person has it: why, and the file beside it with the export's version, or ""."""

    path: str
    reason: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that was imported as a draft, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that the import did not place: its URL, the post that shows it, and why."""

    url: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """All that one import read and did; paths are below the site's root.

    `created` and `changed` are the posts that were written; `changes` says what differs in each of the latter;
    `pictures` are the files placed beside posts;
    `dropped` counts by type what is in the export and in no post, and what was changed, with the place of the first
    one in `examples`; `unread` are the export's files that nothing else here names; `originals` counts the posts
    that name the URL of an original;
    `looks_like` names another format if nothing, or only a fraction of the export, was imported as this one;
    `remote` the images that stay on other hosts, `missing` those that could not be found or taken. `links`
    counts the links to old URLs of the import's posts that lead to their new files; `broken` are the links,
    images and files that lead to nothing on the new site.
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
    kept: tuple[Kept, ...] = ()
    drafts: tuple[Draft, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    originals: int = 0
    pictures: tuple[str, ...] = ()
    remote: tuple[Picture, ...] = ()
    missing: tuple[Picture, ...] = ()
    links: int = 0
    broken: tuple[Picture, ...] = ()
    withheld: int = 0
    notes: tuple[Note, ...] = ()
    looks_like: str = ""

    def with_pages(self, pages: "ImportReport") -> "ImportReport":
        """Return the report of posts and pages of one import; what is about the whole export is in both."""
        counts = Counter(self.dropped) + Counter(pages.dropped)
        return replace(
            self,
            read=self.read + pages.read,
            created=self.created + pages.created,
            changed=self.changed + pages.changed,
            changes={**self.changes, **pages.changes},
            unchanged=self.unchanged + pages.unchanged,
            skipped=self.skipped + pages.skipped,
            kept=self.kept + pages.kept,
            drafts=self.drafts + pages.drafts,
            dropped=dict(sorted(counts.items())),
            examples=dict(sorted({**pages.examples, **self.examples}.items())),
            originals=self.originals + pages.originals,
            pictures=self.pictures + pages.pictures,
            remote=self.remote + pages.remote,
            missing=self.missing + pages.missing,
            links=self.links + pages.links,
            broken=self.broken + pages.broken,
            notes=tuple(dict.fromkeys((*self.notes, *pages.notes))),
        )

    @property
    def posts(self) -> int:
        """The number of posts of the export that are in the site now."""
        return self.written + self.unchanged + len(self.kept)

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
        """Whether each item that was read is accounted for."""
        return self.read == self.written + self.unchanged + len(self.skipped) + len(self.kept)
