"""A post as an item of RSS 2.0."""

from datetime import datetime, timedelta
from functools import lru_cache

from sitegen.feeds.address import to_uri
from sitegen.feeds.enclosure import Enclosure
from sitegen.feeds.item import Item
from sitegen.feeds.podcast import Episode
from sitegen.feeds.text import escape, escape_plain, one_line, quote
from sitegen.feeds.types import ItemParts
from sitegen.feeds.xml_writer import element, enclose, show_images
from sitegen.formats.dates import MONTHS

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES = tuple(name[:3].capitalize() for name in MONTHS)
ZERO = timedelta()


def render_item(item: Item) -> ItemParts:
    """Return the XML of an item.

    The order is the one that validators ask for: title, link, description, content, then the rest.
    """
    url, guid = escape(item.url), escape(item.guid)
    permanent = "" if item.guid == item.url else ' isPermaLink="false"'
    front = f"<item><title>{escape_plain(item.title)}</title><link>{url}</link>"
    parts = [f"<guid{permanent}>{guid}</guid>"]
    parts += map(show_category, item.tags)
    if enclosure := choose_enclosure(item):
        parts.append(element("enclosure", url=enclosure.url, length=str(enclosure.length), type=enclosure.type))
    parts.append(f"<pubDate>{show_date(item.published)}</pubDate>")
    sourced = item.source is not None and bool(item.source.feed)
    if item.source and sourced:
        name = escape_plain(one_line(item.source.name))
        parts.append(enclose("source", name, url=to_uri(item.source.feed)))
    parts += [f"<dc:creator>{escape(name)}</dc:creator>" for name, _ in item.authors]
    end = []
    if item.source_url:
        if not sourced:
            # It says the same as <source>: validators warn of both.
            end.append(f"<dc:source>{escape(item.source_url)}</dc:source>")
        end.append(f'<atom:link rel="via" href="{quote(item.source_url)}"/>')
    if item.comments:
        count = item.comments.count
        end.append(f"<slash:comments>{count}</slash:comments><thr:total>{count}</thr:total>")
    if item.comments_feed:
        end.append(f"<comments>{url}#theme:comments</comments>")
        end.append(f"<wfw:commentRss>{escape(item.comments_feed)}</wfw:commentRss>")
    end.append(show_images(item.images))
    if item.episode:
        end.append(show_episode(item.episode))
    end.append("</item>\n")
    return ItemParts(
        front.encode(),
        f"<description>{escape(item.summary_html)}</description><content:encoded>".encode(),
        b"</content:encoded>",
        f"<description>{escape(item.attributed_summary)}</description>".encode(),
        "".join(parts).encode(),
        "".join(end).encode(),
    )


@lru_cache(maxsize=4096)
def show_category(name: str) -> str:
    """Return a category; cached, because many items have the same ones."""
    return f"<category>{escape_plain(name)}</category>"


def choose_enclosure(item: Item) -> Enclosure | None:
    """Return the one enclosure that an item can have: the podcast episode, or the first one with a web URL."""
    if item.episode:
        return item.episode.enclosure
    return next((enclosure for enclosure in item.enclosures if enclosure.is_web), None)


def show_episode(episode: Episode) -> str:
    """Return what podcast directories show of an episode."""
    known = {
        "duration": episode.duration,
        "season": episode.season,
        "episode": episode.number,
        "episodeType": episode.type,
        "explicit": episode.explicit,
    }
    shown = "".join(element(f"itunes:{name}", value) for name, value in known.items() if value)
    return shown + (element("itunes:image", href=episode.image) if episode.image else "")


def show_date(moment: datetime) -> str:
    """Return an aware time as RSS has it (RFC 822, with a year of four digits), in English for any locale."""
    day, month = DAYS[moment.weekday()], MONTH_NAMES[moment.month - 1]
    minutes = int((moment.utcoffset() or ZERO).total_seconds()) // 60
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    clock = f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"
    return f"{day}, {moment.day:02} {month} {moment.year:04} {clock} {zone}"
