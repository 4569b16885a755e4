"""Links by which a reader passes a post on: plain addresses of the services, without any script of theirs."""

from collections.abc import Iterable
from urllib.parse import quote

from sitegen.model import Link

_PLACES = {
    "email": ("", "mailto:?subject={title}&body={url}"),
    "bluesky": ("Bluesky", "https://bsky.app/intent/compose?text={title}%20{url}"),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}"),
    "hackernews": ("Hacker News", "https://news.ycombinator.com/submitlink?u={url}&t={title}"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    "reddit": ("Reddit", "https://www.reddit.com/submit?url={url}&title={title}"),
    "telegram": ("Telegram", "https://t.me/share/url?url={url}&text={title}"),
    "whatsapp": ("WhatsApp", "https://wa.me/?text={title}%20{url}"),
    "x": ("X", "https://x.com/intent/post?url={url}&text={title}"),
}


def share_links(title: str, url: str, places: Iterable[str]) -> tuple[Link, ...]:
    """Return a link for each of some places (`config.SHARING`); that for mail has no title of its own."""
    values = {"title": quote(title, safe=""), "url": quote(url, safe="")}
    return tuple(Link(_PLACES[place][0], _PLACES[place][1].format_map(values)) for place in places)
