"""The values of a podcast's episode, in the vocabulary of Apple Podcasts and other directories."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.config.podcast import ARTWORK, DURATION, EPISODE_TYPES, SUFFIXES
from sitegen.feeds.enclosure import Enclosure
from sitegen.feeds.text import one_line


class Episode(Struct, frozen=True):
    """The values of a post as an episode, each "" if it is unknown; `enclosure` is its file."""

    enclosure: Enclosure
    duration: str = ""
    number: str = ""
    season: str = ""
    type: str = ""
    explicit: str = ""
    image: str = ""


def find_episode(enclosures: Sequence[Enclosure], image: str) -> Episode | None:
    """Return the episode that a post's enclosures make: the first that podcast directories accept, None without one.

    `image` is the URL of the post's own image, or "".
    """
    found = next((one for one in enclosures if is_accepted(one)), None)
    if found is None:
        return None
    table = found.episode
    duration = one_line(str(table.get("duration") or ""))
    kind = one_line(str(table.get("episode_type") or ""))
    explicit = table.get("explicit")
    return Episode(
        found,
        duration if DURATION.fullmatch(duration) else "",
        positive(table, "episode"),
        positive(table, "season"),
        kind if kind in EPISODE_TYPES else "",
        str(explicit).lower() if isinstance(explicit, bool) else "",
        image if urlsplit(image).path.lower().endswith(ARTWORK) else "",
    )


def is_accepted(enclosure: Enclosure) -> bool:
    """Return whether podcast directories accept a file as an episode."""
    return enclosure.is_web and PurePosixPath(urlsplit(enclosure.url).path).suffix in SUFFIXES


def positive(table: Mapping[str, object], name: str) -> str:
    """Return the number from 1 upwards under a key, "" if there is none."""
    value = str(table.get(name) or "").strip()
    return value if value.isascii() and value.isdigit() and int(value) else ""
