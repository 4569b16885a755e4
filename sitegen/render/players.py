"""Players for the sounds and films that a post's front matter names in `enclosure`."""

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from sitegen.feeds.enclosure import find_enclosures
from sitegen.formats.site_urls import file_url
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
    resolve = partial(_resolve, path=post.path, content=content, base=base)
    for enclosure in (
        find_enclosures(post.params["enclosure"], resolve, lambda _: 0) if "enclosure" in post.params else ()
    ):
        if enclosure.url and (element := find_player(enclosure.url)):
            yield Player(enclosure.url, element)


def _resolve(reference: str, path: str, content: str, base: str) -> str:
    """Return the URL of a file that front matter names, "" if it is not in the content folder."""
    try:
        return file_url(reference, path, content, base)
    except ValueError:
        return ""
