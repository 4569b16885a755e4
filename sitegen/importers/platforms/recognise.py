"""Recognises the exports of newsletter platforms, and says which of their files hold subscribers."""

import re

from sitegen.importers.archive.archive import Archive
from sitegen.importers.archive.csv_rows import read_header
from sitegen.importers.archive.evidence import Recogniser, find_share, score_share
from sitegen.importers.archive.text_encoding import decode

WIX_COLUMNS = frozenset(["title", "slug", "rich_content"])
_MORE_WIX_COLUMNS = frozenset(["plain_content", "internal_id", "post_page_url", "published_date"])
SUBSTACK_COLUMNS = frozenset(["post_id", "title", "is_published"])
BEEHIIV_COLUMNS = {"web_title", "content_html", "status"}

_MADE_BY_WIX = re.compile(r"static\.(?:wixstatic|parastorage)\.com|wix\.com website builder|data-hook=\"post-", re.I)
_METRICS = re.compile(rb'"metrics"\s*+:\s*+\{([^}]*+)')
_COUNT_KEY = re.compile(rb'"(?:views|comments|likes)"\s*+:')


def recognise_wix(archive: Archive) -> int:
    """Return how surely files are a Wix blog: by the CSV's columns, a page's marks or the metrics' shape."""
    if any(is_wix_table(archive, name) for name in archive.find("*.csv")[:20]):
        return 95
    if score := score_share(find_share(archive, lambda name: _is_wix_post(archive, name)), 90):
        return score
    names = archive.find("*.json")[:20]
    return 50 if any(_has_metrics(archive.head(name, 1 << 16)) for name in names) else 0


def is_wix_table(archive: Archive, name: str) -> bool:
    """Return whether a CSV is a table of Wix's posts, by its columns."""
    header = set(read_header(archive, name))
    return header >= WIX_COLUMNS and not header.isdisjoint(_MORE_WIX_COLUMNS)


def _is_wix_post(archive: Archive, name: str) -> bool:
    if name.lower().endswith((".txt", ".text")):
        # Few exports have plain text, and Wix's words in all its languages take long to compile.
        from sitegen.importers.platforms.wix.saved_text import looks_like_page  # noqa: PLC0415

        return looks_like_page(decode(archive.head(name, 1 << 18)))
    return name.lower().endswith((".html", ".htm")) and is_wix_page(decode(archive.head(name, 1 << 20)))


def is_wix_page(html: str) -> bool:
    """Return whether a page was made by Wix."""
    return bool(_MADE_BY_WIX.search(html))


def _has_metrics(head: bytes) -> bool:
    return any(_COUNT_KEY.search(metrics[1]) for metrics in _METRICS.finditer(head))


def recognise_substack(archive: Archive) -> int:
    """Return 100 for a posts.csv with Substack's columns, 60 for its post files alone."""
    if any(set(read_header(archive, name)) >= SUBSTACK_COLUMNS for name in archive.find("posts.csv", "*.csv")[:20]):
        return 100
    return 60 if any(re.search(r"(?:^|/)posts/\d{5,}\.[^/]*\.html$", name) for name in archive.names) else 0


def recognise_ghost(archive: Archive) -> int:
    """Return 100 for a JSON file whose head has the shape of Ghost's export."""
    for name in archive.find("*.json")[:20]:
        head = archive.head(name, 1 << 16)
        if re.match(rb'\s*+(?:\xef\xbb\xbf\s*+)?\{\s*+"(?:db|meta|data)"\s*+:', head) and re.search(
            rb'"exported_on"|"posts"\s*:\s*\[', head
        ):
            return 100 if b'"exported_on"' in head else 70
    return 0


def recognise_wordpress(archive: Archive) -> int:
    """Return 100 for a file with WordPress's export namespace."""
    return 100 if any(is_wordpress_export(archive, name) for name in archive.find("*.xml", "*.wxr")) else 0


def is_wordpress_export(archive: Archive, name: str) -> bool:
    """Return whether a file has WordPress's export namespace."""
    head = archive.head(name, 1 << 16).replace(b"\0", b"")
    return b"wordpress.org/export/" in head or (b"<rss" in head and b"wp:wxr_version" in head)


def recognise_buttondown(archive: Archive) -> int:
    """Return 100 for a list of e-mails with Buttondown's columns beside a folder `emails`."""
    for name in archive.find("emails.csv"):
        if {"subject", "publish_date", "slug"} <= set(read_header(archive, name)):
            return 100
    if archive.find("emails.json") and archive.find("emails/*.md"):
        return 100
    texts = archive.find("emails/*.md")
    return 60 if texts and b"buttondown-editor-mode" in archive.head(texts[0]) else 0


def recognise_beehiiv(archive: Archive) -> int:
    """Return 100 for a CSV with beehiiv's columns."""
    return 100 if any(set(read_header(archive, name)) >= BEEHIIV_COLUMNS for name in archive.find("*.csv")) else 0


def recognise_mailchimp(archive: Archive) -> int:
    """Return 100 for campaigns in files beside their list, 60 for the files alone."""
    contents = archive.find("campaigns_content/*.html", "campaigns_content/*.txt")
    contents += archive.find("campaigns_content/*/*.html", "campaigns_content/*/*.txt")
    if contents:
        return 100 if archive.find("campaigns.csv") else 60
    return 0


def recognise_medium(archive: Archive) -> int:
    """Return 100 for story pages with Medium's classes, by name and by their first lines."""
    for name in archive.find("posts/*.html")[:5]:
        head = archive.head(name, 16_384)
        if b"h-entry" in head and (b'class="p-name"' in head or b'data-field="body"' in head):
            return 100
    for name in archive.find("*.html")[:5]:
        head = archive.head(name, 16_384)
        if b'class="p-name"' in head and b'data-field="' in head:
            return 90
    return 0


RECOGNISERS = {
    "wix": Recogniser(recognise_wix, ("contacts*.csv", "subscribers*.csv", "members*.csv", "email*list*.csv")),
    "substack": Recogniser(
        recognise_substack,
        ("*.opens.csv", "*.delivers.csv", "email_list*.csv", "subscriber*.csv", "*subscribers*.csv"),
    ),
    "ghost": Recogniser(recognise_ghost, ("members*.csv", "members*.json", "*members.*.csv", "*subscribers*")),
    "wordpress": Recogniser(recognise_wordpress, ("*subscribers*.csv", "*users*.csv", "*members*.csv")),
    "buttondown": Recogniser(
        recognise_buttondown,
        ("subscribers*", "subscriber*.csv", "comments*", "unsubscribed*", "events*.csv"),
    ),
    "beehiiv": Recogniser(recognise_beehiiv, ("subscribers*", "subscriptions*", "*subscriber*")),
    "mailchimp": Recogniser(
        recognise_mailchimp,
        ("lists/*", "lists/*/*", "audiences/*", "audiences/*/*", "members*", "subscribed*", "unsubscribed*",
         "cleaned*", "granular_activity/*", "granular_activity/*/*"),
    ),
    "medium": Recogniser(
        recognise_medium,
        ("profile/*", "*bookmarks*/*", "claps/*", "highlights/*", "ips/*", "sessions/*", "users-following/*",
         "interests/*", "lists/*", "pubs-following/*", "topics-following/*", "twitter/*", "blocks/*"),
    ),
}  # fmt: skip
