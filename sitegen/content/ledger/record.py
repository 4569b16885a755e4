"""Updates the ledger: after a publish, or before the output is deployed by other means."""

from collections.abc import Collection
from pathlib import Path

from sitegen.config.schema import Config, base_path
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import Ledger, read_ledger, write_ledger
from sitegen.content.ledger.reconcile import Reconciliation, reconcile
from sitegen.formats.site_urls import site_url
from sitegen.model import Post
from sitegen.system.atomic_write import write_if_changed


def reconcile_posts(root: Path, config: Config, texts: Collection[Post]) -> Reconciliation:
    """Reconcile the published posts and pages of a site with its ledger."""
    return reconcile_with(read_ledger(root / LEDGER_FILE), config, texts)


def reconcile_with(ledger: Ledger, config: Config, texts: Collection[Post]) -> Reconciliation:
    """Reconcile published posts and pages with a ledger."""
    pages = f"{config.content}/pages/"
    posts = [post for post in texts if not post.path.startswith(pages)]
    taken = {site_url(alias, base_path(config)) for post in texts for alias in post.aliases}
    taken |= {post.url for post in texts if post.path.startswith(pages)}
    return reconcile(ledger, posts, config.base_url, taken)


def is_stable(found: Reconciliation, config: Config, texts: Collection[Post]) -> bool:
    """Return whether reconciling posts and pages with the ledger that was `found` finds the same once more."""
    return reconcile_with(found.ledger, config, texts) == found


def update_ledger(root: Path, ledger: Ledger) -> bool:
    """Write the ledger if it has changed, atomically; return whether it has."""
    return write_if_changed(root / LEDGER_FILE, write_ledger(ledger), durable=True)
