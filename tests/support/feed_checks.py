"""Check rendered feeds as `sitegen check` does, without a site."""

from sitegen.check.feeds.detect import is_feed
from sitegen.check.feeds.run import check_feeds_together, read_feed


def check_feeds(files, base_url, sizes=None):
    """Return what is wrong with the feeds among some files by path, each alone and all together.

    With `sizes`, those of all files in bytes by path, media of the site must exist and have the size that feeds give.
    """
    size_of = None if sizes is None else sizes.get
    feeds = [read_feed(path, data, base_url, size_of) for path, data in sorted(files.items()) if is_feed(path, data)]
    problems = [problem for feed in feeds for problem in feed.problems]
    return problems + check_feeds_together(feeds, files, base_url)
