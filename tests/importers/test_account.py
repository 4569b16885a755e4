"""All content of an export is in a post or in the report: elements, payloads, columns, meta, cards, files."""

import json
from collections import Counter
from html import escape

import pytest

from sitegen.importers.archive.payload import Payload, count_unread
from sitegen.importers.base import HtmlBody
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.output.report_text import format_report
from sitegen.importers.registry import FORMATS
from tests.support.importing import import_path

PAYLOAD = escape('{"zork_key": "v"}')
BODY = (
    f'<p>Text</p><zork-element>kept</zork-element><div class="zork-box" data-zork-payload="{PAYLOAD}"></div>'
    '<svg><zork-hidden></zork-hidden></svg><p data-zork-words="two words">Text</p>'
    '<p zork-attribute="two words">Text</p>'
)
IN_HTML = (
    "<zork-element>",
    "`data-zork-payload` of <div class=zork-box>",
    "`data-zork-words` of <p>",
    "1 × svg",
    "`zork-attribute` of <p>",
)
FRONT = '---\ntitle: One\ndate: 2024-01-02\nzork_field: "v"\n---\n\n<zork-element>Text</zork-element> {}\n'
IN_MARKDOWN = ("zork_field", "<zork-element>")


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def csv(*rows):
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)


def substack():
    image = f'<img src="https://x.example/a.png" data-attrs="{escape(json.dumps({"src": "x", "zork_image": "v"}))}">'
    embed = f'<div class="youtube-wrap" data-attrs="{escape(json.dumps({"videoId": "a", "zork_video": "v"}))}"></div>'
    gallery = {"gallery": {"images": [{"src": "https://x.example/b.png", "zork_shot": "v"}], "zork_hall": "v"}}
    hall = f'<div class="image-gallery-embed" data-attrs="{escape(json.dumps(gallery))}"></div>'
    new = f'<div class="zork-embed" data-attrs="{escape(json.dumps({"zork_new": "v"}))}"></div>'
    names = ("post_id", "post_date", "is_published", "type", "audience", "title", "subtitle", "podcast_url", "zork_col")
    row = ("1.one", "2024-01-02T00:00:00Z", "true", "newsletter", "everyone", "One", "", "", "v")
    statistics = csv(("title", "post_date", "views", "zork_stat"), ("One", "2024-01-02", "7", "v"))
    files = {"posts.csv": csv(names, row), "posts/1.one.html": BODY + image + embed + hall + new, "s.csv": statistics}
    invented = ("`zork_image`", "`zork_video`", "`gallery.images.zork_shot`", "`gallery.zork_hall`", "`zork_new`")
    return files, (*IN_HTML, *invented, "`zork_col`", "`zork_stat`")


def ghost():
    lexical = {"root": {"type": "root", "children": [{"type": "zork-card", "zork_key": "v"}, {"type": "hr"}]}}
    lexical["root"]["children"].append(
        {"type": "paragraph", "children": [{"type": "text", "text": "x", "zork_node": 1}]}
    )
    mobiledoc = {
        "atoms": [["zork-atom", "text", {}]],
        "markups": [["zork-markup"]],
        "cards": [["zork-old-card", {"zork_old": "v"}]],
        "sections": [[1, "p", [[0, [0], 1, "a"], [1, [], 0, 0]]], [10, 0]],
    }
    post = {"title": "One", "status": "published", "published_at": "2024-01-02T00:00:00Z"}
    posts = [
        post | {"id": "a1", "slug": "one", "html": BODY, "zork_column": "v"},
        post | {"id": "a2", "slug": "two", "lexical": json.dumps(lexical)},
        post | {"id": "a3", "slug": "three", "mobiledoc": json.dumps(mobiledoc)},
    ]
    tables = {"posts": posts, "posts_meta": [{"post_id": "a1", "zork_meta": "v"}], "zork_table": [{"id": "1"}]}
    files = {"a.json": json.dumps({"db": [{"meta": {"exported_on": 1}, "data": tables}]})}
    invented = ("zork-card", "`zork_key`", "`zork_node`", "zork-atom", "zork-markup", "zork-old-card", "`zork_old`")
    return files, (*IN_HTML, *invented, "`zork_column`", "`zork_meta`", "zork_table")


def wordpress():
    meta = "<wp:postmeta><wp:meta_key>zork_meta</wp:meta_key><wp:meta_value>v</wp:meta_value></wp:postmeta>"
    blocks = (
        '<!-- wp:zork/empty {"zork_words": "two words", "zork_data": {"a": 1}} /--><!-- wp:zork-core /-->'
        '<!-- wp:zork/full {"zork_url": "https://x.example/"} --><p>x</p><!-- /wp:zork/full -->'
    )
    term = '<category domain="zork_taxonomy" nicename="a"><![CDATA[A]]></category>'
    item = (
        "<item><title>One</title><link>https://x.example/one/</link><guid>https://x.example/?p=1</guid>"
        f"<content:encoded><![CDATA[{BODY}{blocks}[zork-code a='b']]]></content:encoded>"
        "<wp:post_type>post</wp:post_type>"
        "<wp:status>publish</wp:status><wp:post_id>1</wp:post_id><wp:post_date>2024-01-02 00:00:00</wp:post_date>"
        f"<wp:zork_item>v</wp:zork_item>{meta}{term}</item>"
    )
    spaces = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    described = "<wp:category><wp:category_description>Zork</wp:category_description></wp:category>"
    channel = (
        f"<channel><wp:wxr_version>1.2</wp:wxr_version><wp:zork_channel>v</wp:zork_channel>{described}{item}</channel>"
    )
    files = {"a.xml": f'<?xml version="1.0"?><rss version="2.0" {spaces}>{channel}</rss>'}
    in_blocks = ("block zork/empty without HTML", "block zork-core without HTML", "`zork_words`", "`zork_data`")
    in_blocks += ("`zork_url` of block zork/full", "description of a term that no published post has")
    return files, (
        *IN_HTML,
        "`zork_meta`",
        "`zork_item`",
        "`zork_channel`",
        "[zork-code]",
        *in_blocks,
        "zork_taxonomy: [A]",
    )


def buttondown():
    rows = csv(("id", "subject", "publish_date", "slug", "zork_col"), ("1", "One", "2024-01-02", "one", "v"))
    text = f"<!-- buttondown-editor-mode: fancy -->{BODY}{{{{ zork_tag }}}}"
    return {"emails.csv": rows, "emails/one.md": text}, (*IN_HTML, "`zork_col`", "zork_tag")


def beehiiv():
    names = ("id", "web_title", "status", "content_html", "created_at", "zork_col")
    return {"posts.csv": csv(names, ("1", "One", "confirmed", BODY, "2024-01-02", "v", "zork"))}, (
        *IN_HTML,
        "`zork_col`",
        "`cell 7`",
    )


def mailchimp():
    rows = csv(("title", "subject", "send_date", "zork_col"), ("one-letter", "One", "2024-01-02", "v"))
    return {"campaigns.csv": rows, "campaigns_content/one-letter.html": BODY}, (*IN_HTML, "`zork_col`")


def medium():
    story = '<h1 class="p-name">One</h1><aside>Zork</aside>'
    story += '<section data-field="zork-field">words</section><section data-field="body">'
    name = "posts/2024-01-02_One-0123456789ab.html"
    return {name: f'<article class="h-entry">{story}{BODY}</section></article>'}, (
        *IN_HTML,
        "zork-field",
        "<aside> outside",
    )


def wix():
    nodes = [
        {"type": "ZORK_NODE", "nodes": [{"type": "PARAGRAPH", "nodes": [{"type": "TEXT", "textData": {"text": "x"}}]}]},
        {"type": "IMAGE", "imageData": {"image": {"src": {"id": "a.png"}}, "zork_key": "v"}},
        {"type": "ZORK_EMPTY", "zorkData": {"a": 1}},
        {"type": "HTML", "htmlData": {"html": BODY}},
    ]
    names = ("title", "slug", "rich_content", "published_date", "zork_col")
    row = ("One", "one", json.dumps({"nodes": nodes}), "2024-01-02T00:00:00Z", "v")
    invented = ("Wix's zork node", "`imageData.zork_key`", "Wix's zork empty", "`zorkData`", "`zork_col`")
    return {"posts.csv": csv(names, row)}, (*IN_HTML, *invented)


def feed():
    item = (
        "<item><title>One</title><link>https://x.example/one</link><guid>https://x.example/one</guid><z:item>v</z:item>"
        f"<pubDate>Tue, 02 Jan 2024 00:00:00 GMT</pubDate><description>{escape(BODY)}</description></item>"
    )
    channel = f"<channel><title>T</title><z:channel>v</z:channel>{item}</channel>"
    files = {"a.xml": f'<rss version="2.0" xmlns:z="https://zork.example/">{channel}</rss>'}
    return files, (*IN_HTML, "`z_item` of entries", "`z_channel` of the feed")


def json_feed():
    item = {"id": "https://x.example/1", "title": "One", "content_html": BODY, "_zork": {"zork_key": "v"}}
    item |= {"date_published": "2024-01-02T00:00:00Z"}
    value = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [item], "_zork_feed": "v"}
    return {"a.json": json.dumps(value)}, (*IN_HTML, "`_zork` of items", "`_zork_feed` of the feed")


def mail():
    head = "From: Ada <a@x.example>\nSubject: One\nDate: Tue, 2 Jan 2024 00:00:00 +0000\nMessage-ID: <1@x.example>\n"
    text = f"{head}X-Zork: v\nContent-Type: text/html; charset=utf-8\n\n{BODY}\n"
    return {"a.eml": text}, (*IN_HTML, "header x-zork")


def page():
    return {"a.html": f"<html><head><title>One</title></head><body><article>{BODY * 3}</article></body></html>"}, (
        "<zork-element>",
        "`data-zork-payload`",
        "3 × svg",
    )


def hugo():
    return {"hugo.toml": 'baseURL = "https://x.example/"', "content/a.md": FRONT.format("{{< zork-code >}}")}, (
        *IN_MARKDOWN,
        "{{< zork-code >}}",
    )


def zola():
    text = '+++\ntitle = "One"\ndate = 2024-01-02\nzork_field = "v"\n+++\n\n<zork-element>Text</zork-element>\n'
    return {"config.toml": 'base_url = "https://x.example/"', "content/a.md": text}, IN_MARKDOWN


def jekyll():
    files = {"_config.yml": "url: https://x.example", "_posts/2024-01-02-one.md": FRONT.format("{% zork-code %}")}
    return files, (*IN_MARKDOWN, "{% zork-code %}")


def pelican():
    text = "Title: One\nDate: 2024-01-02\nZork_Field: v\n\n<zork-element>Text</zork-element>\n"
    return {"pelicanconf.py": "SITEURL = 'https://x.example'", "content/a.md": text}, ("zork_field", "<zork-element>")


def eleventy():
    return {".eleventy.js": "", "posts/a.md": FRONT.format("{% zork-code %}")}, (*IN_MARKDOWN, "{% zork-code %}")


def docusaurus():
    files = {"docusaurus.config.js": "", "blog/2024-01-02-one.md": FRONT.format("<ZorkBox words='v' />")}
    return files, (*IN_MARKDOWN, "component <ZorkBox>")


def plain():
    return {"a.md": FRONT.format("")}, IN_MARKDOWN


BUILDERS = {
    "substack": substack,
    "ghost": ghost,
    "wordpress": wordpress,
    "buttondown": buttondown,
    "beehiiv": beehiiv,
    "mailchimp": mailchimp,
    "medium": medium,
    "wix": wix,
    "feed": feed,
    "feed-json": json_feed,
    "mail": mail,
    "page": page,
    "hugo": hugo,
    "zola": zola,
    "jekyll": jekyll,
    "pelican": pelican,
    "eleventy": eleventy,
    "docusaurus": docusaurus,
    "plain": plain,
}


@pytest.mark.parametrize("name", BUILDERS)
def test_unknown_content_is_in_the_report_or_in_a_post(tmp_path, name):
    files, invented = BUILDERS[name]()
    write(tmp_path / "export", files | {"zork-file.zork": "v", "zork-folder/zork-inner": "v"})
    report = import_path(tmp_path / "export", tmp_path / "site", name.split("-")[0])
    posts = [path.read_text() for path in (tmp_path / "site/content/posts").rglob("*.md")]
    assert posts
    text = "\n".join((format_report(report, full=True), *posts))
    missing = [one for one in (*invented, "zork-file.zork", "zork-folder/zork-inner") if one not in text]
    assert not missing, text


def test_every_format_has_a_builder():
    missing = set(FORMATS) - {name.split("-")[0] for name in BUILDERS}
    assert not missing, "add a function to BUILDERS that returns an export of the format with unknown content"


def test_only_unread_keys_are_counted():
    inner = {"seen": 1, "unseen": 2, "empty": "", "style": "x"}
    payload = Payload(
        {"a": inner, "list": [inner, "text", [inner]], "none": None, "left": {"b": 1}}, "a record", ["style"]
    )
    assert payload["a"]["seen"] == 1
    assert [part["seen"] for part in payload["list"] if isinstance(part, Payload)] == [1]
    dropped = Counter()
    count_unread(payload, dropped)
    assert dropped == {"`a.unseen` of a record": 1, "`list.unseen` of a record": 1, "`left` of a record": 1}


@pytest.mark.parametrize(
    ("html", "counted"),
    [
        ("<new-tag>a</new-tag>", ["unknown element <new-tag> (text imported)"]),
        ("<NEW-tag>a", ["unknown element <new-tag> (text imported)"]),
        ("<!-- <new-tag> --><p>a</p>", []),
        ("<svg><path/><g></g></svg><p>a</p>", ["svg"]),
        ("<script>if (a <b) {}</script><p>a</p>", ["script"]),
        ("<p>1 &lt;new-tag&gt;</p>", []),
        ('<p data-id="7">a</p>', []),
        ('<p new="two words">a</p>', ["`new` of <p>"]),
        ("<p class=a NEW = 'https://x.example/'>a</p>", ["`new` of <p>"]),
        ('<p new="word" onclick="two words" style="a: b c">a</p>', []),
        ('<p>new="two words"</p>', []),
        ('<!-- <p new="two words"> --><svg><g new="two words"></g></svg><p>a</p>', ["svg"]),
        ('<svg><g new="two words"></g></svg><p new="two words">a</p>', ["`new` of <p>", "svg"]),
        ('<blockquote cite="https://x.example/"><p>a</p></blockquote>', ["`cite` of <blockquote>"]),
        ('<iframe srcdoc="<p>two words</p>"></iframe>', ["`srcdoc` of <iframe>", "iframe without a link"]),
        ('<div data-id="7"></div>', ["`data-id` of <div>"]),
        ('<p data-page="https://x.example/">a</p>', ["`data-page` of <p>"]),
        ('<a data-href="https://x.example/" href="https://x.example/">a</a>', []),
        ('<img src="a.png" data-large="https://x.example/a.png">', []),
    ],
)
def test_dropped_elements_and_attributes_are_counted(html, counted):
    assert sorted(convert_html(HtmlBody(html)).dropped) == counted
