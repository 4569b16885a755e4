#!/usr/bin/env python3
"""Make an export of the benchmark's posts: a WordPress export (WXR), or a mailbox (mbox).

    python bench/exports.py 10000 export.xml
    python bench/exports.py 10000 export.mbox

The posts are those of `bench/gen.py`, with their Markdown as HTML.
"""

import argparse
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from pathlib import Path

import pyromark
from gen import Post, World, slugify

_NAMESPACES = (
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
)
SITE = "https://old.example.com"


def wxr_item(post: Post, number: int, html: str) -> str:
    """Return the item of a post in a WordPress export."""
    link = f"{SITE}/{post.date:%Y/%m}/{post.slug}/"
    tags = "".join(f'<category domain="post_tag" nicename="{tag}"><![CDATA[{tag}]]></category>\n' for tag in post.tags)
    return f"""<item>
<title><![CDATA[{post.title}]]></title>
<link>{link}</link>
<dc:creator><![CDATA[{post.author}]]></dc:creator>
<guid isPermaLink="false">{SITE}/?p={number}</guid>
<content:encoded><![CDATA[{html}]]></content:encoded>
<excerpt:encoded><![CDATA[{post.summary}]]></excerpt:encoded>
<wp:post_id>{number}</wp:post_id>
<wp:post_date>{post.date:%Y-%m-%d %H:%M:%S}</wp:post_date>
<wp:post_date_gmt>{post.date:%Y-%m-%d %H:%M:%S}</wp:post_date_gmt>
<wp:post_name>{post.slug}</wp:post_name>
<wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type>
{tags}</item>
"""


def wxr(world: World, count: int) -> Iterator[str]:
    """Yield a WordPress export in parts."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {_NAMESPACES}>\n<channel>\n'
    yield f"<title>Benchmark</title>\n<link>{SITE}</link>\n<wp:wxr_version>1.2</wp:wxr_version>\n"
    for number in range(count):
        post = world.post(number, count)
        yield wxr_item(post, number + 1, pyromark.html(post.body))
    yield "</channel>\n</rss>\n"


def mbox(world: World, count: int) -> Iterator[str]:
    """Yield a mailbox in parts, a message for each post, in the variant mboxrd."""
    for number in range(count):
        post = world.post(number, count)
        message = EmailMessage()
        message["From"] = f"{escape(post.author)} <{slugify(post.author)}@example.com>"
        message["Subject"] = post.title
        message["Date"] = format_datetime(post.date)
        message["Message-ID"] = f"<{number}@old.example.com>"
        message.set_content(post.body, cte="8bit")
        message.add_alternative(pyromark.html(post.body), subtype="html", cte="8bit")
        text = message.as_bytes().decode().replace("\nFrom ", "\n>From ")
        yield f"From letters@example.com {post.date:%a %b %d %H:%M:%S %Y}\n{text}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", type=int, help="the number of posts")
    parser.add_argument("out", type=Path, help="the file to write: *.xml or *.mbox")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    parts = mbox if options.out.suffix == ".mbox" else wxr
    with options.out.open("w", encoding="utf-8") as file:
        file.writelines(parts(World(options.seed), options.n))


if __name__ == "__main__":
    main()
