"""Links by which a reader passes a post on: plain addresses of the services, without any script of theirs."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

_PLACES: dict[str, tuple[str, Callable[[str, str], str]]] = {
    "email": ("", lambda title, url: f"mailto:?subject={title}&body={url}"),
    "bluesky": ("Bluesky", lambda title, url: f"https://bsky.app/intent/compose?text={title}%20{url}"),
    "facebook": ("Facebook", lambda _, url: f"https://www.facebook.com/sharer/sharer.php?u={url}"),
    "hackernews": ("Hacker News", lambda title, url: f"https://news.ycombinator.com/submitlink?u={url}&t={title}"),
    "linkedin": ("LinkedIn", lambda _, url: f"https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    "reddit": ("Reddit", lambda title, url: f"https://www.reddit.com/submit?url={url}&title={title}"),
    "telegram": ("Telegram", lambda title, url: f"https://t.me/share/url?url={url}&text={title}"),
    "whatsapp": ("WhatsApp", lambda title, url: f"https://wa.me/?text={title}%20{url}"),
    "x": ("X", lambda title, url: f"https://x.com/intent/post?url={url}&text={title}"),
}


def share_links(title: str, url: str, places: Iterable[str]) -> list[tuple[str, str]]:
    """Return name and address for each of some places (`config.SHARING`); that for mail has no name of its own."""
    quoted, address = quote(title, safe=""), quote(url, safe="")
    return [(name, make(quoted, address)) for name, make in map(_PLACES.__getitem__, places)]
