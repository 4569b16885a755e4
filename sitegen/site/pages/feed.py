"""Feeds as pages: how `sitegen.feeds` is used by a build."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from sitegen.config.i18n import make_finder
from sitegen.config.schema import archive_formats, feed_formats
from sitegen.feeds import Feed, load, render_document
from sitegen.feeds.spool import Spool, wanted_by
from sitegen.site.pages.page_type import PageType, Phase, Rendering


def render_feed(feed: Feed, rendering: Rendering) -> bytes:
    """Return the bytes of a feed."""
    if feed.discussions:
        from sitegen.feeds.rss.comment import render_comments  # noqa: PLC0415 - an unchanged build renders no feed

        config = rendering.config
        words = make_finder(config.language, config.theme.words)("")
        return render_document(feed, render_comments(feed, rendering.comments, config, words), config)
    formats = feed_formats(rendering.config)
    if feed.archive:
        formats = archive_formats(rendering.config, formats)
    items = [
        rendering.items.get(post, rendering.item_inputs(post), partial(rendering.item_html, post), feed.kind, formats)
        for post in feed.posts
    ]
    return render_document(feed, items, rendering.config)


def _inputs(feed: Feed, rendering: Rendering) -> Iterable[str]:
    return map(rendering.item_inputs, feed.posts)


def _prepare(feeds: Sequence[Feed], rendering: Rendering, folder: Path, _: int) -> None:
    rendering.items.spool = Spool(folder, wanted_by(feeds))


def _begin(rendering: Rendering) -> None:
    if rendering.items.spool:
        rendering.items.spool.find()
    load()


FEED = PageType(
    page=Feed,
    phase=Phase.FEED,
    by_language=True,
    plan=lambda inputs: inputs.feeds,
    replaceable=True,
    render=render_feed,
    bodies=lambda feed: feed.posts,
    inputs=_inputs,
    prepare=_prepare,
    begin=_begin,
    batch=lambda feed: (feed.subject, feed.name, feed.archive),  # the formats of a feed have the same items
)
