"""Small variants of each type of file of a site under test, valid and invalid."""

import struct
import zlib

from tests.support.card_fonts import make_ttf
from tests.support.fonts import make_font
from tests.support.photographs import encode, make_photograph

TITLES = ("Alpha", "Beta", "Alpine <em>", "Zoë & Sons", "Gamma", "Delta")
DATES = (
    "2022-03-04",
    "2023-01-01T00:30:00+02:00",
    "2023-06-15 12:00",
    "2024-05-01",
    "2024-12-31 23:30",
    "2100-02-01",
    "2100-02-01 00:00:01",
    "yesterday",
)
TAGS = ("", "[news]", "[News, maps]", "[maps]", "[radio, news, maps]")
SOURCES = ("", "The Post", "Gazette", "the post")
SLUGS = ("", "one", "two", "long-way", "One")
VIEWS = ("", "10", "10", "2500")
_COUNTS = "post,platform,from,to,exported,count\n"
COUNTS = (
    None,
    _COUNTS,
    f"{_COUNTS}/posts/p1/,Plausible,2024-01-01,2024-12-31,2025-01-01,12\n",
    f"{_COUNTS}/posts/p1/,Plausible,2024-01-01,2024-12-31,2025-01-01,13\n/old/,Wix,,2025-01-01,2025-01-01,3000\n",
    f"{_COUNTS}/one/,Wix,,2025-01-01,2025-01-01,5\n/gone/,Wix,,2025-01-01,2025-01-01,6\n",
    f"{_COUNTS}posts/p1/,Plausible\n",
)
OTHER_FIELDS = (
    ("updated", "2024-06-01"),
    ("draft", "true"),
    ("author", "Ann"),
    ("author", "Bob"),
    ("authors", "[]"),
    ("aliases", "[/old/]"),
    ("aliases", "[/older/, /old/]"),
    ("image", "pic.png"),
    ("image_credit", "Ann"),
    ("likes", "{count: 7, on: Wix}"),
    ("image_layout", "wide"),
    ("enclosure", "a.mp3"),
    ("summary", "A few words."),
    ("source_url", "https://post.example/a"),
    ("id", "tag:one"),
    ("language", "de"),
    ("language", "fa"),
    ("translation_of", "p1.md"),
    ("translation_key", "pair"),
    ("markdown", "commonmark"),
    ("issue", "7"),
    ("comments", "false"),
    ("comments", "9"),
    ("series", "Bees"),
    ("series", "[Bees, Ants]"),
    ("part", "1"),
    ("part", "first"),
    ("people", "[Ann, Bob]"),
    ("template", "tag.html"),
    ("template", "none.html"),
    ("colour", "red"),
    ("rank", "1"),
    ("rank", "true"),
    ("rank", "1.0"),
    ("rank", '"1"'),
    ("when", "2024-05-01T12:00:00+00:00"),
    ("when", "2024-05-01T13:00:00+01:00"),
)
BODIES = (
    "Plain words of the first kind.\n",
    "Plain words of the other kind.\n",
    "## Head\n\nText with *stress* and [a link](p1.md).\n\n## Tail\n\nEnd.\n",
    "![A picture](pic.png)\n\nA picture above.\n",
    "See [two](p2.md#top) and [the page](../pages/about.md), [root](/tags/), [file](../img/plan.png).\n",
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "A note at https://example.net/a.[^1]\n\n[^1]: Below.\n",
    '# Heading of its own\n\nBody "quoted" -- and so on...\n\n```python\nx = 1\n```\n',
    'A call {{< mark "one" >}}.\n\n{{< old >}}\nIn *it*.\n{{< /old >}}\n',
    "A [lost link](nowhere.md).\n",
    '!!! note\n    Words.\n\n=== "A"\n    B\n\n```python title="x.py"\nx = 1\n```\n\n> [!TIP]\n> Words.\n',
    "",
)

GERMAN = (
    None,
    "---\ntitle: Alfa\ndate: 2024-05-01\ntags: [radio]\n---\nWorte.\n",
    "---\ntitle: Alfa\ndate: 2024-05-01\ntags: [radio, maps]\n---\nAndere Worte.\n",
    "---\ntitle: Alfa\ndate: 2022-05-01\nlanguage: de\nupdated: 2024-07-01\n---\nWorte.\n",
)
"""Translations of posts, which have a language only in a site that has it."""

COMMENTS = (
    None,
    "- id: a\n  author: Ada\n  date: 2024-01-02\n  text: First.\n",
    "- id: a\n  author: Ada\n  date: 2024-01-02\n  text: Second.\n- id: b\n  reply_to: a\n  text: Third.\n",
    "- id: blog-1\n  author: Ada\n  date: 2024-01-02T10:00:00Z\n  text: |\n    Block.\n",
    "- id: c\n  type: pingback\n  author: ada@example.org\n  text: Fourth.\n",
    "- id: a\n  txt: x\n",
)

CONFIG = {
    "title": ('"Letters"', '"Other letters"'),
    "base_url": ('"https://example.org/"', '"https://example.org/sub/"'),
    "language": ('"en"', '"de"', '"qq!"'),
    "timezone": ('"UTC"', '"Asia/Tokyo"', '"Nowhere/None"'),
    "author": ('""', '"Ann"'),
    "broken_links": ('"error"', '"warning"'),
    "lists.home": ("2", "5"),
    "lists.page": ("2", "3", "20"),
    "lists.related": ("2", "0"),
    "lists.year": ("200", "1", "0"),
    "feeds.formats": ('["rss"]', '["json"]', "[]", '["atom", "rss"]'),
    "feeds.groups": ("false", "false", "true"),
    "feeds.archives": ("false", "true"),
    "feeds.archive_formats": ('["rss"]', '["json", "atom"]', "[]"),
    "feeds.posts": ("3", "20"),
    "feeds.group_posts": ("5", "1"),
    "feeds.full": ("true", "false"),
    "feeds.group_full": ("false", "true"),
    "feeds.post_comments": ("false", "true"),
    "urls.comments_feed": ('"/comments.xml"', '""'),
    "urls.post": ('"/posts/{slug}/"', '"/{year}/{slug}.html"'),
    "urls.search": ('"/search/"', '""'),
    "urls.tags": ('"/tags/"', '""'),
    "urls.archive": ('"/archive/"', '""'),
    "urls.year": ('"/archive/{year}/"', '""'),
    "markdown.engine": ('"commonmark"', '"python-markdown"'),
    "markdown.smart_quotes": ("true", "false"),
    "markdown.extensions": ("[]", '["law_marks"]'),
    "markdown.linkify": ("true", "false"),
    "images.widths": ("[16]", "[16, 24]"),
    "images.formats": ('["webp"]', "[]"),
    "images.convert": ("true", "false"),
    "untranslated": ('"hide"', '"list"', '"link"'),
    "languages": (
        "{}",
        '{de = {title = "Briefe"}}',
        '{de = {tags = {radio = "news"}}, fa = {title = "Letters", untranslated = "list"}}',
    ),
    "cards.enabled": ("false", "true", "false"),
    "cards.fonts": ('["card.ttf"]', "[]"),
    "cards.replace_images": ("false", "true"),
    "theme.preset": ('"newspaper"', '"magazine"', '"plain"'),
    "theme.fonts": ('""', '"modern"'),
    "theme.accent": ('""', '"#a2281b"', '"#06c"', '"#ffcc00"'),
    "theme.logo": ('""', '"/logo.svg"'),
    "theme.header_image": ('""', '"/img/plan.png"'),
    "theme.drop_cap": ("false", "true"),
    "theme.lists": ('""', '"cards"', '"compact"', '"card"'),
    "theme.home": ("[]", '["latest", "tags"]'),
    "theme.nav": ("[]", '[{section = "tags"}, {page = "about"}]'),
    "theme.font_files": ("[]", '[{file = "/fonts/text.woff2"}]', '[{file = "/fonts/text.woff2", use = "headings"}]'),
    "search.comments": ("false", "true"),
    "theme.comments": (
        "{}",
        '{system = "isso", url = "https://comments.example.org/"}',
        '{system = "webmention", url = "https://mentions.example.org/"}',
    ),
    "theme.icon": ('""', '"/icon.png"', '"/logo.svg"'),
    "taxonomies": ("{}", "{series = {}}", '{series = {feed = true}, people = {term_order = "posts"}}', "{tags = {}}"),
    "types": (
        "{}",
        '{recipes = {feed = true, fields = {rank = "number"}}}',
        '{recipes = {main = true, sort = "rank", required = ["rank"], fields = {rank = "number", beside = "post"}}}',
        '{issues = {gather = "number", feed = true}, recipes = {listing = "", fields = {beside = "post"}}}',
        '{issues = {gather = "date", feed = true}}',
        '{issues = {gather = "list", main = true}}',
        '{recipes = {sort = "size"}}',
    ),
    "pages": ("{}", '{rows = {title = "a"}}', '{rows = {title = "b", url = "/r/{slug}.html"}}', "{more = {}}"),
    "shortcodes": ("{}", '{old = "mark"}', '{mark = ""}'),
    "params.motto": ('"Slow"', '"Fast"'),
}
"""Settings with their variants; the first is what a site begins with."""

SOURCES_FILES = (
    None,
    '["The Post"]\nurl = "https://post.example/"\ndescription = "A paper."\n',
    '["The Post"]\nurl = "https://post.example/"\n',
    '["The Post"]\nurl = "https://post.example/"\npolicy = "excerpt"\n["Gazette"]\nfeed = "https://gazette.example/f"\n',
    '["Gazette"]\nurl = "https://gazette.example/"\n',
    '["The Post"\n',
)

AUTHORS_FILES = (
    None,
    '[Ann]\ndescription = "Writes *much*."\n',
    '[Ann]\ndescription = "See [one](posts/p1.md)."\nimage = "/img/plan.png"\n[Bob]\nurl = "https://bob.example/"\n',
    "[Ann]\nlinks = [{title = 'Home', url = '/tags/'}]\naliases = ['/author/ann/', '/posts/']\n",
    "[Ann]\nage = 7\n",
)

TAGS_FILES = (
    None,
    '[news]\ndescription = "New."\n',
    '[news]\ndescription = "New."\naliases = ["/category/news/", "/old/"]\n',
    '[maps]\ndescription = "Old."\nimage = "/logo.svg"\n[news]\naliases = ["/category/maps/"]\n',
)

PEOPLE_FILES = (None, '[Ann]\ndescription = "New."\n', '[Ann]\ndescription = "Old."\n[Bob]\nage = 1\n')

SERIES_FILES = (
    None,
    "Words of bees.\n",
    "---\nname: Bees\nimage: /logo.svg\naliases: [/bees/]\n---\nSee [one](../posts/p1.md).\n",
)

RECIPES = (
    None,
    "---\ntitle: Soup\ndate: 2024-02-01\nrank: 2\ntags: [news]\nbeside: ../posts/p1.md\n---\nWords of soup.\n",
    "---\ntitle: Stew\ndate: 2024-02-01\nrank: 3\nseries: Bees\n---\nWords of stew.\n",
    "---\ntitle: Soup\ndate: 2023-02-01\nrank: two\n---\n",
)

ISSUES = (
    None,
    "---\ntitle: One\ndate: 2024-03-01\nissue: 7\nposts: ../posts/p1.md\n---\nHello.\n",
    "---\ntitle: Two\ndate: 2022-03-05\nissue: 8\nposts: [../posts/p2.md, ../recipes/soup.md]\n---\nHello.\n",
)

DATA = {
    "facts.toml": (None, "motto = 'Slow'\n", "motto = 'Fast'\n[deep]\nx = [1, 2]\n", "motto = \n"),
    "rows.csv": (None, "a,b\n1,2\n", "a,b\n1,2\n3,4\n"),
    "more.json": (None, '{"b": 1, "a": 2}', '{"a": 2, "b": 1}'),
}

HOOKS = (
    None,
    "def post(post):\n    from dataclasses import replace\n    return replace(post, summary=post.title.upper())\n",
    "def filters():\n    return {'shout': lambda text: text.upper()}\n",
    "def finish(path, data):\n    return data + b'<!-- one -->' if path.endswith('.html') else data\n",
    "def finish(path, data):\n    return data + b'<!-- two -->' if path.endswith('.html') else data\n",
    "from sitegen.pages import TemplatePage\n"
    "def pages(site):\n"
    "    return [TemplatePage('extra.html', '/extra.html', 'page.html', 'extra', f'{len(site.posts)} posts')]\n",
    "import craft\ndef finish(path, data):\n    return data + craft.MARK\n",
    "try:\n    from spare import MARK\nexcept ImportError:\n    MARK = b'<!-- none -->'\n"
    "def finish(path, data):\n    return data + MARK\n",
    "def finish(path, data):\n"
    "    try:\n        from spare import MARK\n    except ImportError:\n        MARK = b'<!-- none -->'\n"
    "    return data + MARK\n",
    "import colorsys\ndef finish(path, data):\n    return data + str(hasattr(colorsys, 'MARK')).encode()\n",
    "from dataclasses import replace\nfrom pathlib import Path\nROOT = Path(__file__).parent\n"
    "def post(post):\n    try:\n        words = (ROOT / 'notes.txt').read_text()\n    except FileNotFoundError:\n"
    "        words = 'none'\n    return replace(post, summary=words)\n",
    "from functools import cache\nfrom pathlib import Path\nROOT = Path(__file__).parent\n@cache\ndef words():\n"
    "    try:\n        return (ROOT / 'content/data/facts.toml').read_bytes()[:20]\n"
    "    except FileNotFoundError:\n        return b'none'\n"
    "def finish(path, data):\n    return data + words()\n",
    "import os\nROOT = os.path.dirname(os.path.abspath(__file__))\n"
    "def filters():\n    return {'shout': lambda text: ','.join(sorted(os.listdir(ROOT + '/content/data')))}\n",
    "import law_tool\ndef finish(path, data):\n    return data + law_tool.MARK\n",
    "def post(post):\n    return 1\n",
    "def finish(path, data):\n    raise ValueError(path)\n",
    "def (\n",
)
CRAFT = (None, "MARK = b'<!-- 1 -->'\n", "MARK = b'<!-- 2 -->'\n", "from handle import MARK\n")
SPARE = (None, "MARK = b'<!-- spare -->'\n", "MARK = b'<!-- spare 2 -->'\n")
NOTES = (None, "A note.", "Another note.")
MARKS = tuple(
    "from markdown.extensions import Extension\nfrom markdown.postprocessors import Postprocessor\n"
    f"class Marks(Postprocessor):\n    def run(self, text):\n        return text + '<p>{mark}</p>'\n"
    "class Marking(Extension):\n    def extendMarkdown(self, md):\n"
    "        md.postprocessors.register(Marks(md), 'law', 5)\n"
    "def makeExtension(**options):\n    return Marking(**options)\n"
    for mark in ("one", "of two", "of three")
)
"""Versions of a Markdown extension, all of different length: Python compares sources by second and size only."""
TOOL = ("MARK = b'<!-- tool -->'\n", "MARK = b'<!-- a tool -->'\n", "from law_marks import Marks\nMARK = b'-'\n")
HANDLE = (None, "MARK = b'<!-- 8 -->'\n", "MARK = b'<!-- 9 -->'\n")

SUMMARY = (
    "{{ page.path }}|{{ page.title is defined and page.title or '' }}|"
    "{% if page.posts is defined %}{% for p in page.posts %}{{ p.url }} {{ p.title }} "
    "{{ p.views.count if p.views }};{% endfor %}{% endif %}"
)
COMPUTED_INCLUDE = (
    '{% include "kinds/" ~ (page.kind is defined and page.kind or "none")[:1] ~ ".html" ignore missing %}' + SUMMARY
)
SECTION = (
    "{% set s = page.section if page.section is defined else none %}{% if s %}{{ s.tree }}{{ s.breadcrumbs }}"
    "{{ s.previous.title if s.previous else '' }}>{{ s.next.title if s.next else '' }}{% endif %}"
    "{% for link in site.menu %}{{ link.title }};{% endfor %}"
    "{% for link in site.nav %}{{ link.url }};{% endfor %}"
)
PAGES = (
    SUMMARY,
    SUMMARY + "{{ site.title }}",
    '{% extends "base.html" %}{% block main %}' + SUMMARY + "{% endblock %}",
    '{% include "part.html" %}' + SUMMARY,
    COMPUTED_INCLUDE,
    "{% if (page.title is defined and page.title or '').startswith('A') %}"
    "{% for p in site.posts %}{{ p.title }},{% endfor %}{% endif %}" + SUMMARY,
    '{% import "macros.html" as m %}{{ m.say(page.path) }}' + SUMMARY,
    '{% from "macros.html" import say, all with context %}{{ say(page.path) }}{{ all(site) }}',
    "{{ site.data.facts.motto if 'facts' in site.data else 'none' }}" + SUMMARY,
    "{{ 'a.css'|asset }}" + SUMMARY,
    "{{ 'b.js'|own_asset }}{{ 'theme-settings.css'|own_asset }}{{ 'icon-192.png'|own_asset }}"
    "{% set size = '/logo.svg'|url|absolute|image_size %}{{ size.height if size }}" + SUMMARY,
    '{% include ["kinds/x.html", "part.html"] ignore missing %}' + SUMMARY,
    "{% set card = page|share_card %}{{ card.url if card }}{{ card.alt if card }}{{ card.width if card }}" + SUMMARY,
    "{% for g in site.tags %}{{ g.name }}{{ g.count }} {% endfor %}{% for y in site.years %}{{ y.name }}{% endfor %}",
    "{{ site|attr('sources')|length }}{{ site['title'] }}{{ site.params.motto }}" + SUMMARY,
    "{% set name = 'part.html' %}{% include name %}{{ site.sections.tags|default('') }}{{ site.menu|length }}",
    "{{ site.feeds|map(attribute='url')|join(',') }}{{ site.nothing is defined }}" + SUMMARY,
    "{{ site.most_read|map(attribute='title')|join }}{% for d in site.data.get('rows', ()) %}{{ d.b }}{% endfor %}",
    "{{ site.data.more|default('no') }}{% do [].append(1) %}" + SUMMARY,
    "{% macro inner(s) %}{{ s.posts|length }}{% endmacro %}{{ inner(site) }}{{ self.__class__ is defined }}",
    '{% import "macros.html" as m without context %}{{ m.count(site) }}' + SUMMARY,
    SECTION + SUMMARY,
    "{{ site.documents|length }}{% for g in site.types.values() %}{{ g.name }}{{ g.count }}{% endfor %}" + SUMMARY,
    "{% for name, groups in site.terms.items() %}{{ name }}{% for g in groups %}{{ g.name }}{{ g.count }}{% endfor %}"
    "{% endfor %}" + SUMMARY,
    "{{ page.nothing }}",
    "{% if %}",
)
VALID_PAGE_TEMPLATES = len(PAGES) - 2
"""The last two of these templates are invalid."""

POSTS = (
    "{{ page.title }}|{{ content }}",
    '{% extends "base.html" %}{% block main %}{{ content }}{{ post.views }}{% endblock %}',
    "{% for s in page.series %}{{ s.number }}/{{ s.count }} {{ s.parts }}{% endfor %}{{ post.terms }}"
    "{{ site.taxonomies }}{{ content }}",
    "{% for f in page.fields %}{{ f.label }}{{ f.value }}{% endfor %}"
    "{% for p in page.gathered %}{{ p.title }}{% endfor %}"
    "{{ page.newer.title if page.newer }}{{ post.type }}{{ content }}",
    "{{ page.newer.title if page.newer else '-' }}{{ page.older.title if page.older else '-' }}{{ content }}",
    "{% for p in page.related %}{{ p.title }}{% endfor %}{{ post.tags|map(attribute='url')|join }}{{ body.words }}",
    "{{ post.summary }}{{ body.headings|length }}{{ post.source.home if post.source else '' }}{{ content }}",
    "{% set card = page|share_card(post.image) %}{{ card.url if card }}{{ card.alt if card }}{{ content }}",
    "{{ post.date|isodate }}{{ post.url|absolute }}{{ post.params.colour|default('') }}",
    "{{ 'value.html'|shared(words, v=post.params.rank) }}{{ 'value.html'|shared(words, v=post.params.when) }}",
    "{% from 'value.html' import same %}{{ same(post.params.rank) }}{{ same(post.params.when) }}"
    "{{ 'value.html'|shared(words, v=post.title) }}{{ 'value.html'|shared(words, v=post.title|safe) }}",
)
PARTIALS = {
    "base.html": (
        "<b>{{ site.title }}</b>{% block main %}{% endblock %}",
        "<i>{{ site.posts|length }}</i>{% block main %}{% endblock %}",
        '{% include "part.html" %}{% block main %}{% endblock %}',
        '{% extends layout|default("bare.html") %}',
        None,
    ),
    "bare.html": ("bare {% block main %}{% endblock %}", "barer {% block main %}{% endblock %}", None),
    "part.html": ("part", "parts", "{{ site.years|length }}", '{% include "deep.html" %}', None),
    "value.html": (
        "{% macro same(x) %}={{ x }}={% endmacro %}<b>{{ v|default('none') }}</b>",
        "{% macro same(x) %}({{ x }}){% endmacro %}<i>{{ v|default('none') }}{{ site.title }}</i>",
        None,
    ),
    "shortcodes/mark.html": (
        None,
        "{% macro mark(v='', content='') %}<b>{{ v }}{{ content }}</b>{% endmacro %}",
        "{% macro mark(v='', content='') %}<i>{{ v }}{{ content }}</i>{% endmacro %}",
        "{% macro mark() %}{% endmacro %}",
        "{% macro",
    ),
    "deep.html": ("deep", "deeper {{ 'a.css'|asset }}", None),
    "kinds/p.html": ("of posts", "of all posts {{ site.tags|length }}", None),
    "kinds/x.html": ("x", "{{ site.description }}", None),
    "macros.html": (
        "{% macro say(x) %}[{{ x }}]{% endmacro %}{% macro all(s) %}{{ s.title }}{% endmacro %}"
        "{% macro count(s) %}{{ s.posts|length }}{% endmacro %}",
        '{% macro say(x) %}({{ x }}{% include "deep.html" %}){% endmacro %}'
        "{% macro all(s) %}{{ s.tags|length }}{% endmacro %}{% macro count(s) %}{{ s.pages|length }}{% endmacro %}",
        "{% set seen = site.title if site is defined else 'none' %}{% macro say(x) %}{{ seen }}{% endmacro %}"
        "{% macro all(s) %}{{ page.path }}{% endmacro %}{% macro count(s) %}{{ s.nothing }}{% endmacro %}",
        None,
    ),
}
"""Templates that others include, import or extend, with their variants; None for no file."""

ASSETS = (None, "a{}", "b{}", "longer text")


def png_header(width: int, height: int, more: bytes = b"") -> bytes:
    """Return the start of a PNG file with these dimensions, which is all that sitegen reads."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + more


def grey_png(width: int, shade: int) -> bytes:
    """Return a complete square PNG in one shade of grey."""
    rows = zlib.compress((b"\0" + bytes([shade]) * width) * width)
    chunks = (b"IHDR", struct.pack(">IIBBBBB", width, width, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


ICONS = (grey_png(64, 10), grey_png(64, 200), grey_png(200, 10), grey_png(200, 99), None)

LOGOS = ('<svg xmlns="a" viewBox="0 0 9 9"/>', '<svg xmlns="a" viewBox="0 0 9 8"/>', '<svg xmlns="ab"/>', None)

FONTS = (make_font(), make_font(weight=700), make_font(letters="ab"), b"wOF2", None)

CARD_FONTS = (make_ttf(), make_ttf(widths=510), make_ttf("Abcdefghijklmnop "), b"no font", None)

CARD_FILES = (None, grey_png(64, 10), grey_png(64, 200))

SECTION_PAGES = {
    "content/pages/index.md": (None, "# Home\n", "---\norder: 1\n---\n# The home page\n"),
    "content/pages/guides/index.md": (
        None,
        "# Guides\n",
        "---\norder: 1\n---\n# Guides\n",
        "---\nparent: /\n---\n# All\n",
    ),
    "content/pages/guides/wix.md": (
        None,
        "---\ntitle: Wix\norder: 2\n---\n",
        "---\ntitle: Moving\norder: 1\nmenu: header\n---\nWords.\n",
        "---\ntitle: Wix\nparent: about\n---\n",
        "---\ntitle: Wix\nparent: nowhere\n---\n",
    ),
    "content/pages/guides/ghost.md": (
        None,
        "---\ntitle: Ghost\n---\n",
        "---\ntitle: Ghost\norder: 1.5\n---\n",
        "---\ntitle: Ghost\nparent: guides/wix\n---\n",
    ),
}
"""Pages of a section: in their folder, below another one, in another order, below a page that does not exist."""


PHOTOGRAPHS = tuple(encode(make_photograph(seed, 40, 30), "BMP") for seed in (1, 2))
"""Complete images of the same number of bytes; in this format, every encoding is smaller than the original."""

IMAGES = (None, png_header(10, 20), png_header(30, 40), png_header(30, 40, b"more"), b"no image", *PHOTOGRAPHS)


def ledger(*records: tuple[str, str, str]) -> str:
    """Return the text of a ledger, given file, guid and URL of each post."""
    rows = ",\n".join(f'  {{"path": "{path}", "guid": "{guid}", "urls": ["{url}"]}}' for path, guid, url in records)
    return f'{{"version": 1, "posts": [\n{rows}\n]}}\n'


LEDGERS = (
    None,
    ledger(("content/posts/p1.md", "guid-1", "https://example.org/posts/former/")),
    ledger(("content/posts/p1.md", "guid-2", "https://example.org/posts/p1/")),
    ledger(
        ("content/posts/p2.md", "guid-1", "https://example.org/posts/one/"),
        ("content/posts/p3.md", "guid-3", "https://example.org/posts/p3/"),
    ),
    "<<<<<<<\n",
)
