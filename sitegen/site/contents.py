"""The contents of a site: everything that a build has read of it, before any page is planned."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from sitegen.comments.discussion import Discussion
from sitegen.content.descriptions import WrittenDescription
from sitegen.content.ledger.file import Ledger
from sitegen.content.ledger.views_file import ViewRow
from sitegen.content.selection import Choice
from sitegen.errors import Problem
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.site.static_files import Files


class SiteContents(Struct, frozen=True):
    """The contents of a site: which documents are published, and what its other files say.

    `digests` are the fingerprints of all files by name, and `withheld` the names of those that are not published.
    `files` are those that are not documents, by their use. `data` are the files of `content/data/`, `views` the rows of
    `views.csv`, `descriptions` those of terms; `discussions` have the comments by the post's path. `warnings` are about
    files that are not used.
    """

    choice: Choice
    digests: Mapping[str, str]
    withheld: Collection[str]
    files: Files
    data: FrozenDict
    ledger: Ledger
    views: Sequence[ViewRow] = ()
    discussions: Mapping[str, Discussion] = {}
    descriptions: Sequence[WrittenDescription] = ()
    warnings: tuple[Problem, ...] = ()
