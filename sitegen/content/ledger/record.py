"""Updates the ledger: after a publish, or before the output is deployed by other means."""

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from sitegen.config.schema import Config, base_path
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import Ledger, read_ledger
from sitegen.content.ledger.reconcile import Reconciliation, reconcile
from sitegen.errors import Problem
from sitegen.formats.site_urls import site_url
from sitegen.model import Post
from sitegen.system.atomic_write import write_if_changed


class LedgerUpdate(Struct, frozen=True):
    """The bytes of the ledger as a publish leaves it, and the changes of the site that readers would notice."""

    data: bytes
    problems: tuple[Problem, ...]


def reconcile_posts(root: Path, config: Config, documents: Collection[Post]) -> Reconciliation:
    """Reconcile the published posts and pages of a site with its ledger."""
    return reconcile_with(read_ledger(root / LEDGER_FILE), config, documents)


def reconcile_with(ledger: Ledger, config: Config, documents: Collection[Post]) -> Reconciliation:
    """Reconcile published posts and pages with a ledger."""
    in_pages = f"{config.content}/pages/"
    posts = [post for post in documents if not post.path.startswith(in_pages)]
    taken = {site_url(alias, base_path(config)) for post in documents for alias in post.aliases}
    taken |= {post.url for post in documents if post.path.startswith(in_pages)}
    return reconcile(ledger, posts, config.base_url, taken)


def is_stable(found: Reconciliation, config: Config, documents: Collection[Post]) -> bool:
    """Return whether reconciling posts and pages with the ledger that was `found` finds the same once more."""
    return reconcile_with(found.ledger, config, documents) == found


def update_ledger(root: Path, data: bytes) -> bool:
    """Write the bytes of a ledger if they have changed, atomically; return whether they have."""
    return write_if_changed(root / LEDGER_FILE, data, durable=True)
