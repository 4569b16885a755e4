"""Players for the sounds and films that a post's front matter names in `enclosure`."""

from collections.abc import Iterator

from msgspec import Struct

from sitegen.feeds.enclosure import find_enclosure_urls
from sitegen.markdown.media import find_player
from sitegen.model import Post


class Player(Struct, frozen=True):
    """A file of the site that browsers play: its URL, and the element that plays it, `audio` or `video`."""

    url: str
    element: str


def find_players(post: Post, content: str, base: str) -> Iterator[Player]:
    """Yield a player for each enclosure of a post that is a file of the site.

    `content` is the content folder, `base` the path of the base URL.
    """
    for url in find_enclosure_urls(post, content, base):
        if element := find_player(url):
            yield Player(url, element)
