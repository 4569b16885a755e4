"""Sixty posts in seven languages below a base path whose front matter and text are hard to write into a feed."""

import json
from pathlib import Path

from tests.support.sites import write

CONFIG = """\
title = "Fish & <b>Chips</b> &amp; \\"friends\\""
description = "Letters with <markup> & more"
base_url = "https://m.example.org/sub/"
author = "Zoë & Søn <editor>"
rights = "© 2024 <WGON> & others"
language = "en"

[theme]
logo = "https://m.example.org/sub/posts/logo.png"
"""

SOURCES = """\
["The <i>Post</i> & Mail"]
url = "https://post.example/?a=[1]&b=ä"
feed = "https://post.example/feed?tags[]=a&q=ü"
policy = "original"
"""

TITLES = (
    "What <details> does",
    "AT&T &amp; R&D",
    "1 < 2 and 3 > 2",
    "</p><script>alert(1)</script>",
    "<b>Bold</b> & <i>italic</i>",
    "&#x3C; &#60; &lt; &copy; &nosuch;",
    "]]> ends a CDATA section",
    "Quotes \"double\" and 'single'",
    "A\u200bzero\u200bwidth\ufeff mark",
    "Emoji 🚀 and 👩‍👩‍👧",
    "Combining e\u0301 and Z\u0334\u0321\u033a",
    "\u202eright to left override",
    "Control \u0085 and \u009f and \ufffd",
    "A title " + "x" * 300,
    "mail <someone@example.org>",
    "#hashtag: 100%",
    "{{ braces }} and ${dollar}",
    "тест 検証 परीक्षण",
    "<!-- comment -->",
    "&",
)
LANGUAGES = ("en", "de", "fa", "ja", "zh-Hant", "pt-BR", "he")
TAGS = ("🚀", "C++", "R&D", "<b>bold</b>", "a/b", "新聞", "&amp;", "..", "It's")
SOURCE_URLS = (
    "https://e.org/?tags[]=a",
    "https://bücher.example/käse?q=[ä]|^`",
    "http://old.example/a%20b?c=%zz#frag[1]",
    "https://[2001:db8::1]:8080/x",
    "https://e.org/plain",
)
IDS = (
    "http://old.example/?q=ä",
    "12345",
    "wix:5f3e",
    "tag:old.example,2020:x y",
    "urn:uuid:not-a-uuid",
    "HTTP://Old.Example:80/%7euser/../a",
    "a b c",
    "urn:uuid:0C4F1F6E-3C3B-4F4B-8A4B-000000000001",
    "https://e.org/?p[]=1",
    "substack:104000000",
)
IMAGES = (
    "https://cdn.example/a b.jpg?w=[1]",
    "dot.png",
    "https://cdn.example/plain.jpg",
)
ENCLOSURES = (
    {"url": "talk.mp3", "length": 3},
    {"url": "/posts/talk.mp3", "length": 3, "type": "audio/mpeg"},
    "https://cdn.example/ü b.m4a",
    {"url": "https://cdn.example/film.mp4", "type": "not a type"},
    [{"url": "/posts/talk.mp3"}, {"url": "https://cdn.example/b.pdf"}],
    {"url": "ftp://files.example/a.zip", "length": -5},
)
CONTROLS = {code: f"\\u{code:04x}" for code in (*range(0x80, 0xA0), 0x200B, 0x202E, 0xFEFF)}
TEXTS = (
    "Plain text with a [link](/posts/).",
    '<p style="color: red" onclick="x()">Old <font color=red>HTML</font></p>\n\n<marquee>m</marquee>',
    '<iframe src="https://video.example/1"></iframe>\n\n<video src="/posts/talk.mp3" poster="dot.png"></video>',
    "A footnote.[^1]\n\n[^1]: Here.\n\n    code <b> & more\n",
    '<a href=/posts/>unquoted</a> <a name="x">n</a> <a href="#x">fragment</a> <a href="//cdn.example/x">p</a>',
    '<img srcset="dot.png 1x, https://cdn.example/a,b.png 2x" src="dot.png" alt="d"> <img src="data:,x" alt="">',
    "Odd <nosuch>elements</nosuch> & &nosuch; \u0085 \ufffd <o:p>word</o:p>",
    "",
    "| a | b |\n|---|---|\n| 1 | <br> |\n\n- [x] done\n- [ ] open\n",
    '<svg width="1" height="1"><script>x</script></svg><math><mi>x</mi></math><object data="x"></object>',
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def write_hostile_site(root: Path, config: str = CONFIG, count: int = 60) -> Path:
    """Write a site of hostile posts, each with a date of its own."""
    files: dict[str, str | bytes] = {
        "sitegen.toml": config,
        "content/sources.toml": SOURCES,
        "content/posts/dot.png": PIXEL,
        "content/posts/logo.png": PIXEL,
        "content/posts/talk.mp3": b"ID3",
    }
    for number in range(count):
        front: dict[str, object] = {
            "title": f"{TITLES[number % len(TITLES)]} {number}",
            "date": f"20{10 + number // 5:02}-0{1 + number % 5}-11T12:{number:02}:00.123456-09:30",
            "language": LANGUAGES[number % 7],
            "tags": [TAGS[number % len(TAGS)], TAGS[(number + 1) % len(TAGS)]],
            "author": "Ada & <b>Co</b>" if number % 3 else "李",
        }
        if number % 2:
            front["summary"] = f"Summary of <{number}> & </i> more &#x3C;"
        if number % 3 == 0:
            front["source"] = "The <i>Post</i> & Mail" if number % 2 else "Unlisted & Sons"
            front["source_url"] = SOURCE_URLS[number // 3 % len(SOURCE_URLS)]
        if number % 4 == 0 and number // 4 < len(IDS):
            front["id"] = IDS[number // 4]
        if number % 5 == 0:
            front["image"] = IMAGES[number // 5 % len(IMAGES)]
            front["image_alt"] = 'An <image> & "alt"'
        if number % 6 == 1:
            front["enclosure"] = ENCLOSURES[number // 6 % len(ENCLOSURES)]
        if number % 7 == 2:
            front["comments"] = number
            front["updated"] = "2023-01-01T00:00:00+00:00"
        body = TEXTS[number % len(TEXTS)]
        # JSON is YAML, except for characters beyond the basic plane, which JSON escapes as surrogates.
        head = json.dumps(front, ensure_ascii=False).translate(CONTROLS)
        files[f"content/posts/post-{number:02}.md"] = f"---\n{head}\n---\n\n{body}\n"
    return write(root, files)
