"""The posts that an issue gathers, as the issue's feed item lists them."""

from collections.abc import Iterable
from html import escape

from sitegen.model import Post


def write_gathered(posts: Iterable[Post]) -> str:
    """Return a list of links to posts as HTML, each with the summary of its post; URLs are site paths."""
    return f"\n<ul>\n{''.join(map(_write_row, posts))}</ul>\n"


def _write_row(post: Post) -> str:
    language = f' lang="{escape(post.language)}"' if post.language else ""
    summary = f"<br>{escape(post.summary, quote=False)}" if post.summary else ""
    return f'<li{language}><a href="{escape(post.url)}">{escape(post.title, quote=False)}</a>{summary}</li>\n'
