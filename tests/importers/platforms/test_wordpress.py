"""WordPress exports are read as a stream and imported as posts, even if they are damaged."""

import tracemalloc
import zipfile
from collections import Counter
from urllib.parse import unquote

import pytest

from sitegen.importers.archive.archive import Archive
from sitegen.importers.platforms.wordpress.blocks import MAX_REUSED, write_blocks
from sitegen.importers.platforms.wordpress.classic_editor import add_paragraphs
from sitegen.importers.platforms.wordpress.shortcodes import write_shortcodes
from sitegen.importers.platforms.wordpress.wxr import Channel, WxrItem, read_wxr
from tests.support.importing import EXPORTS, PNG, check_sample, import_path

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>{0}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><link>https://a.example</link>'
)
TAIL = "</channel></rss>"


def item(number, content="<p>Text.</p>", **fields):
    fields = {
        "post_type": "post",
        "status": "publish",
        "post_date_gmt": "2020-01-01 10:00:00",
        "post_id": str(number),
    } | fields
    inside = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in fields.items())
    text = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    return f"<item><title>Post {number}</title><guid>g{number}</guid>{text}{inside}</item>"


def imported(tmp_path, data, name="e.xml"):
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return import_path(tmp_path / name, tmp_path / "site", "wordpress")


def post(tmp_path, number=1):
    return (tmp_path / f"site/content/posts/2020-01-01-post-{number}.md").read_text("utf-8")


@pytest.mark.parametrize("sample", ["wordpress", "squarespace"])
def test_the_sample_becomes_the_expected_posts(tmp_path, sample):
    check_sample(sample, tmp_path)


def test_split_files_share_authors_and_images(tmp_path):
    media = item(9, post_type="attachment", attachment_url="https://a.example/9.png")
    name = "<wp:author_display_name>Ada P.</wp:author_display_name>"
    author = f"<wp:author><wp:author_login>ada</wp:author_login>{name}</wp:author>"
    meta = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
    first = item(1).replace("</item>", f"<dc:creator>ada</dc:creator>{meta}</item>")
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as file:
        file.writestr("site.000.xml", HEAD.format("") + first + TAIL)
        file.writestr("site.001.xml", HEAD.format("") + author + media + item(2) + TAIL)
    report = import_path(tmp_path / "e.zip", tmp_path / "site")
    assert (report.written, len(report.skipped)) == (2, 1)
    assert "author: Ada P." in post(tmp_path)
    assert "image: https://a.example/9.png" in post(tmp_path)


def test_a_post_in_two_files_is_imported_once(tmp_path):
    for name in ("a.xml", "b.xml"):
        (tmp_path / "e").mkdir(exist_ok=True)
        (tmp_path / "e" / name).write_text(HEAD.format("") + item(1) + TAIL)
    report = import_path(tmp_path / "e", tmp_path / "site")
    assert (report.read, report.written) == (2, 1)
    assert "the export contains it twice" in report.skipped[0].reason


def test_characters_that_xml_forbids_are_repaired_and_reported(tmp_path):
    report = imported(tmp_path, HEAD.format("") + item(1, "<p>a\x0bb\x00c & d</p>") + TAIL)
    assert "abc & d" in post(tmp_path)
    assert any("2 characters that XML forbids" in note.message for note in report.notes)


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
    ],
)
def test_entities_are_not_resolved(tmp_path, prolog):
    report = imported(tmp_path, HEAD.format(prolog) + item(1).replace("Post 1", "&c;&x;") + TAIL)
    assert report.read == 0
    assert any("declares entities" in note.message for note in report.notes)


@pytest.mark.parametrize("cut", ["<wp:post_id>3", "Text.</p>]]></content:encoded>", "<title>Post 3"])
def test_items_before_the_cut_of_a_truncated_file_are_imported(tmp_path, cut):
    text = HEAD.format("") + item(1) + item(2) + item(3) + TAIL
    at = text.index("Post 3") if "Post 3" in cut else text.index(cut, text.index("Post 3"))
    report = imported(tmp_path, text[: at + 4])
    assert report.written == 2
    assert len(report.skipped) == 1
    assert "cut off" in report.skipped[0].reason
    assert any("cut off" in note.message for note in report.notes)


def test_a_file_truncated_between_items_loses_no_item(tmp_path):
    report = imported(tmp_path, HEAD.format("") + item(1) + item(2))
    assert (report.written, len(report.skipped)) == (2, 0)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_files_in_other_encodings_are_read(tmp_path, encoding):
    imported(tmp_path, (HEAD.format("") + item(1, "<p>Größe – “naïve”</p>") + TAIL).encode(encoding))
    assert "Größe – “naïve”" in post(tmp_path)


def test_drafts_with_a_date_of_zeros_have_no_date(tmp_path):
    zeros = item(1, status="draft", post_date_gmt="0000-00-00 00:00:00", post_date="0000-00-00 00:00:00")
    report = imported(tmp_path, HEAD.format("") + zeros + TAIL)
    assert report.drafts[0].reason == "it is a draft in WordPress"
    assert "date:" not in (tmp_path / "site/content/posts/post-1.md").read_text()


@pytest.mark.parametrize(
    ("key", "value", "row"),
    [
        ("post_views_count", "1,204", "views: {count: 1204, on: WordPress}"),
        ("_zilla_likes", "12", "likes: {count: 12, on: WordPress}"),
        ("_liked", "0", "likes: {count: 0, on: WordPress}"),
    ],
)
def test_counts_that_plugins_store_are_imported(tmp_path, key, value, row):
    meta = f"<wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value>"
    data = HEAD.format("") + item(1, postmeta=meta) + TAIL
    imported(tmp_path, data)
    assert row in post(tmp_path)


def test_a_damaged_item_does_not_stop_the_import(tmp_path):
    report = imported(tmp_path, HEAD.format("") + item(1, "<div>" * 3000) + item(2) + TAIL)
    assert (report.written, len(report.skipped)) == (1, 1)
    assert "nested" in report.skipped[0].reason


def test_ten_thousand_items_are_read_one_at_a_time(tmp_path):
    text = HEAD.format("") + "".join(item(n, "<p>" + "word " * 200 + "</p>") for n in range(3000)) + TAIL
    (tmp_path / "e.xml").write_text(text)
    with Archive([tmp_path / "e.xml"]) as archive:
        tracemalloc.start()
        assert sum(1 for _ in read_wxr(archive, "e.xml", Channel())) == 3000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < len(text) * 3, "the pieces of the stream only, not 3,000 items"


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut off"])
@pytest.mark.parametrize("items", [(), (1,), (1, 2)])
def test_elements_before_between_and_after_items_are_read(tmp_path, items, cut):
    author = "<wp:author><wp:author_login>{0}</wp:author_login></wp:author>\n<{0}>x<link>y</link></{0}>\n"
    around = [author.format(name) for name in ("first", "second", "third")]
    inside = [around[0], *(item(number) + around[number] for number in items)]
    (tmp_path / "e.xml").write_text(f"{HEAD.format('')}\n{''.join(inside)}{'' if cut else TAIL}")
    channel = Channel()
    with Archive([tmp_path / "e.xml"]) as archive:
        found = [one.get("post_id") for one in read_wxr(archive, "e.xml", channel) if isinstance(one, WxrItem)]
    assert found == [str(number) for number in items]
    names = ["first", "second", "third"][: len(items) + 1]
    assert channel.authors == {name: name for name in names}
    assert {tag: where.line for tag, where in channel.dropped.items()} == {
        name: 3 + 2 * number for number, name in enumerate(names)
    }
    assert channel.url == "https://a.example"


def test_classic_posts_get_paragraphs():
    text = (
        "one\ntwo\r\n\r\nthree <b>x\ny</b>\n<ul>\n<li>a\n\nb</li>\n</ul>\nfour\n<div>five\n\nsix</div><!--more-->seven"
    )
    assert add_paragraphs(text).replace("\n", "") == (
        "<p>one<br>two</p><p>three <b>x<br>y</b></p><ul><li>ab</li></ul>"
        "<p>four</p><div><p>five</p><p>six</p></div><p>seven</p>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            '[caption width="3"]<img src="a.png" /> Words[/caption]',
            '<figure><img src="a.png" /><figcaption>Words</figcaption></figure>',
        ),
        ("[embed]https://v.example/1[/embed]", '<p><a href="https://v.example/1">https://v.example/1</a></p>'),
        ("[youtube https://youtu.be/a1]", '<p><a href="https://youtu.be/a1">Video on YouTube</a></p>'),
        ('[audio mp3="https://a.example/x.mp3"][/audio]', '<p><a href="https://a.example/x.mp3">x.mp3</a></p>'),
        (
            '[gallery ids="1,2,9"]',
            '<p><img src="https://a.example/1.png" alt=""></p>\n<p><img src="https://a.example/2.png" alt=""></p>',
        ),
        ('[code lang="c"]a < b[/code]', '<pre><code class="language-c">a &lt; b</code></pre>'),
        ("[[gallery]]", "[gallery]"),
        ("[caption] never closed", "[caption] never closed"),
        ("[sic] and [1] and [a b]", "[sic] and [1] and [a b]"),
    ],
)
def test_builtin_shortcodes_become_html(text, html):
    library = {"1": "https://a.example/1.png", "2": "https://a.example/2.png"}
    unknown = Counter()
    assert write_shortcodes(text, library, unknown, Counter()).strip() == html
    assert not unknown


def test_the_layout_of_page_builders_is_dropped_and_their_text_and_images_stay():
    unknown, dropped = Counter(), Counter()
    text = (
        '[et_pb_section fb_built="1"][et_pb_row][et_pb_text]<p>Divi.</p>[/et_pb_text]'
        '[et_pb_image src="https://a.example/b.png" alt="A tower"][/et_pb_image][/et_pb_row][/et_pb_section]'
        '[vc_row][vc_column width="1/2"][vc_column_text]Bakery.[/vc_column_text][vc_single_image image="1"]'
        "[/vc_column][/vc_row]"
    )
    html = write_shortcodes(text, {"1": "https://a.example/1.png"}, unknown, dropped)
    assert html.split() == [
        "<p>Divi.</p>",
        *["<p><img", 'src="https://a.example/b.png"', 'alt="A', 'tower"></p>'],
        "Bakery.",
        *["<p><img", 'src="https://a.example/1.png"', 'alt=""></p>'],
    ]
    assert not unknown
    assert dropped.total() == 6


def test_files_of_galleries_that_the_export_does_not_contain_are_counted():
    dropped = Counter()
    write_shortcodes(
        '[gallery ids="1,2,3"] [gallery] [vc_single_image image="9"]',
        {"1": "https://a.example/1.png"},
        Counter(),
        dropped,
    )
    assert dropped == {
        "file of a [gallery] that the export does not contain": 2,
        "[gallery] of all files that belong to the post": 1,
        "file of a [vc_single_image] that the export does not contain": 1,
    }


def test_shortcodes_of_plugins_are_counted_and_stay_as_text():
    unknown = Counter()
    text = '[contact-form id="1"] [box]x[/box] [box]y[/box] [sic] <pre>[raw a="b"]</pre>'
    assert write_shortcodes(text, {}, unknown, Counter()) == text
    assert unknown == {"contact-form": 1, "box": 2}


def test_many_unclosed_shortcodes_take_linear_time(tmp_path):
    text = "[caption]" * 60_000 + "[x]" * 60_000
    assert write_shortcodes(text, {}, Counter(), Counter()) == text


def test_the_sample_contains_all_special_cases():
    text = (EXPORTS / "wordpress/input/almanac.xml").read_text()
    assert all(
        mark in text for mark in ("<!-- wp:", "[caption", "]]]]><![CDATA[>", "-0001", "_thumbnail_id", "0000-00-00")
    )


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("basic-post.html", "basic-post"),
        ("old.HTM", "old"),
        ("page.php", "page"),
        ("a.aspx", "a"),
        ("caf%C3%A9.html", "café"),
        ("node.js", "node.js"),
        ("release-1.25", "release-1.25"),
    ],
)
def test_a_slug_has_no_extension_and_the_old_url_redirects(tmp_path, name, slug):
    link = f"<link>https://a.example/journal/{name}</link>"
    imported(tmp_path, HEAD.format("") + item(1, post_name=name).replace("<item>", f"<item>{link}") + TAIL)
    (file,) = (tmp_path / "site/content/posts").glob("*.md")
    assert f"\nslug: {slug}\n" in file.read_text("utf-8").replace('"', "")
    assert f"\n  - /journal/{unquote(name)}\n" in file.read_text("utf-8")


def test_a_slug_does_not_begin_with_a_dot(tmp_path):
    link = "<link>https://a.example/journal/.html</link>"
    report = imported(tmp_path, HEAD.format("") + item(1, post_name=".html").replace("<item>", f"<item>{link}") + TAIL)
    (file,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "\nslug: html\n" in file.read_text("utf-8")
    assert any("/journal/.html" in note.message for note in report.notes)


def test_reusable_blocks_are_inserted(tmp_path):
    blocks = (
        item(7, "<p>Shared words.</p>", post_type="wp_block")
        + item(8, '<!-- wp:block {"ref":7} /--><!-- wp:block {"ref":8} /-->', post_type="wp_block")
        + item(1, '<p>Own.</p><!-- wp:block {"ref":8} /--><!-- wp:block {"ref":9} /-->')
    )
    report = imported(tmp_path, HEAD.format("") + blocks + TAIL)
    text = next((tmp_path / "site/content/posts").glob("*.md")).read_text()
    assert text.count("Shared words.") == 1
    assert report.dropped["block block without HTML"] == 2


def test_nested_reusable_blocks_are_inserted_up_to_a_limit():
    dropped = Counter()
    reusable = {str(number): f'<!-- wp:block {{"ref":{number + 1}}} /-->' * 50 for number in range(50)}
    write_blocks(reusable["0"], reusable, dropped)
    assert 50 <= sum(dropped.values()) <= 50 * MAX_REUSED


@pytest.mark.parametrize(
    ("comment", "counted"),
    [
        ("<!-- wp:paragraph -->", {}),
        ('<!-- wp:image {"id":5,"sizeSlug":"large"} -->', {}),
        ("<!-- wp:latest-posts /-->", {"block latest-posts without HTML": 1}),
        (
            '<!-- wp:acme/hero {"a":"two words","b":7,"c":"x"} /-->',
            {"block acme/hero without HTML": 1, "`a` of block acme/hero": 1},
        ),
        ('<!-- wp:acme/hero {"a":{"b":"c"}} -->', {}),
        ('<!-- wp:acme/hero {"a":"https://x.example/"} -->', {"`a` of block acme/hero": 1}),
        ('<!-- wp:acme/hero {"a": -->', {}),
        ("<!-- wp:acme/hero {broken} /-->", {"block acme/hero without HTML": 1}),
        ("<!-- wp:footnotes /-->", {}),
    ],
)
def test_blocks_with_content_in_comments_are_counted(comment, counted):
    dropped = Counter()
    assert write_blocks(f"<p>a</p>{comment}", {}, dropped) == f"<p>a</p>{comment}"
    assert dropped == counted


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://a.example/a-well/", "https://a.example/up/well.png"),
        ("http://www.a.example/a-well#top", "https://a.example/up/well.png"),
        ("/a-well/", "https://a.example/up/well.png"),
        ("//www.a.example/a-well", "https://a.example/up/well.png"),
        ("/?attachment_id=9", "https://a.example/up/well.png"),
        ("https://a.example/x/?p=3&amp;attachment_id=9", "https://a.example/up/well.png"),
        ("https://a.example/?attachment_id=8", "https://a.example/?attachment_id=8"),
        ("https://a.example/", "https://a.example/"),
        ("https://a.example/a-well/other/", "https://a.example/a-well/other/"),
    ],
)
def test_links_to_pages_of_the_media_library_lead_to_their_files(link, target, tmp_path):
    media = item(9, post_type="attachment", attachment_url="https://a.example/up/well.png")
    media = media.replace("<guid>", "<link>https://a.example/a-well/</link><guid>", 1)
    unlinked = item(7, post_type="attachment", attachment_url="https://a.example/up/rope.png")
    text = item(1, f'<p><a href="{link}">L</a></p>')
    imported(tmp_path, HEAD.format("") + text + media + unlinked + TAIL)
    assert f"[L]({target})" in post(tmp_path)


@pytest.mark.parametrize(
    ("name", "saved"), [("well-300x200.png", "well.png"), ("rope-300x200.png", "rope-300x200.png")]
)
def test_a_smaller_copy_that_the_export_lacks_is_the_whole_image(name, saved, tmp_path):
    folder = tmp_path / "export/wp-content/uploads/2020"
    folder.mkdir(parents=True)
    for file in ("well.png", "rope.png", "rope-300x200.png"):
        (folder / file).write_bytes(PNG + file.encode())
    text = item(1, f'<p><img src="https://a.example/wp-content/uploads/2020/{name}" alt="A"></p>')
    (tmp_path / "export/e.xml").write_text(HEAD.format("") + text + TAIL)
    report = import_path(tmp_path / "export", tmp_path / "site", "wordpress")
    assert [path.rpartition("/")[2] for path in report.saved_files] == [saved]
    assert f"![A](2020-01-01-post-1/{saved})" in post(tmp_path)


def test_two_posts_on_one_line_of_the_file_do_not_share_an_old_url(tmp_path):
    posts = [
        item(number, "<p>x</p>").replace("<guid>", "<link>https://a.example/same/</link><guid>", 1) for number in (1, 2)
    ]
    report = imported(tmp_path, (HEAD.format("") + "".join(posts) + TAIL).replace("\n", " "))
    texts = [(tmp_path / "site" / path).read_text() for path in report.created]
    assert [text.count("/same/") for text in texts] == [1, 0]
    assert any("/same/ was dropped" in note.message for note in report.notes)
