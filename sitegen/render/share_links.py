"""Links by which a reader passes a post on: plain addresses of the services, without any script of theirs."""

import re
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


_PLAIN = re.compile(r"[\w.~%-]*", re.ASCII).fullmatch
_MARKS = (("%", "%25"), (" ", "%20"), ("/", "%2F"), (":", "%3A"), (",", "%2C"), ("?", "%3F"), ("’", "%E2%80%99"))


def share_links(title: str, url: str, places: Iterable[str]) -> list[tuple[str, str]]:
    """Return name and address for each of some places (`config.SHARING`); that for mail has no name of its own."""
    quoted, address = _quote(title), _quote(url)
    return [(name, make(quoted, address)) for name, make in map(_PLACES.__getitem__, places)]


def _quote(text: str) -> str:
    """Return a text for the query of an address: `urllib.parse.quote`, but at once for marks that most texts have."""
    for mark, quoted in _MARKS:
        if mark in text:
            text = text.replace(mark, quoted)
    return text if _PLAIN(text) else quote(text, safe="%")
