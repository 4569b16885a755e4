"""Exports of Substack are imported as posts, without reading the lists of subscribers."""

import json
import zipfile
from datetime import UTC
from html import escape
from zoneinfo import ZoneInfo

import pytest

from sitegen.config.schema import Config
from sitegen.formats.image_origins import unwrap_substack
from sitegen.importers.base import HtmlBody, Options
from sitegen.importers.convert.html_to_markdown import convert_html
from sitegen.importers.output.report_text import format_report
from sitegen.importers.platforms.substack.html import clean
from sitegen.importers.run import run_import
from tests.support.importing import check_sample, import_path, zipped


def test_the_sample_becomes_the_expected_posts(tmp_path):
    report = check_sample("substack", tmp_path)
    assert report.private_files == 3


def test_a_zip_with_a_top_level_folder_gives_the_same_posts(tmp_path):
    report = import_path(zipped("substack", tmp_path / "e.zip"), tmp_path / "zip")
    same = import_path((tmp_path / "e.zip"), tmp_path / "again", "substack")
    assert (report.written, report.created) == (7, same.created)


def test_a_damaged_list_of_subscribers_does_not_stop_the_import(tmp_path):
    path = zipped("substack", tmp_path / "e.zip")
    data = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        starts = [
            info.header_offset for info in file.infolist() if "email_list" in info.filename or "opens" in info.filename
        ]
    broken = bytearray(data)
    for start in starts:
        broken[start : start + 4] = b"XXXX"  # opening such a member raises
    path.write_bytes(broken)
    report = import_path(path, tmp_path / "site")
    assert (report.written, report.private_files) == (7, 3)


def test_paid_posts_are_drafts_unless_they_are_included(tmp_path):
    path = zipped("substack", tmp_path / "e.zip")
    (tmp_path / "site").mkdir()
    run_import([path], tmp_path / "site", "content/posts", Options(UTC, include_paid=True))
    text = (tmp_path / "site/content/posts/2023-02-01-for-members.md").read_text()
    assert "draft" not in text
    assert "paid: true" in text


def test_older_csv_files_with_a_bom_are_read(tmp_path):
    folder = tmp_path / "e"
    (folder / "posts").mkdir(parents=True)
    table = "\ufeffpost_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n"
    (folder / "posts.csv").write_text(table + "7.old,2019-01-01T00:00:00.000Z,TRUE,,newsletter,everyone,Old,,\n")
    (folder / "posts/7.old.html").write_text("<p>Text</p>")
    assert import_path(folder, tmp_path / "site").created == ("content/posts/2019-01-01-old.md",)


@pytest.mark.parametrize(
    ("url", "real"),
    [
        (
            "https://substackcdn.com/image/fetch/w_1,c_limit/https%3A%2F%2Fa.example%2Fx%20y.png",
            "https://a.example/x y.png",
        ),
        ("https://substackcdn.com/image/fetch/$s_!a!,w_1/https://a.example/x.png", "https://a.example/x.png"),
        ("https://a.example/x.png", "https://a.example/x.png"),
    ],
)
def test_the_url_of_the_original_image_is_used(url, real):
    assert unwrap_substack(url) == real


def converted(html):
    found = convert_html(HtmlBody(html, clean=clean))
    return found.text, found.dropped


def attributes(**values):
    return f"data-attrs='{escape(json.dumps(values))}'"


def gallery(**values):
    return f'<div class="image-gallery-embed" {attributes(gallery=values)}></div>'


def button(url, text="Press"):
    return (
        f'<p class="button-wrapper" {attributes(url=url, text=text)}><a class="button primary" href="{url}">'
        f"<span>{text}</span></a></p>"
    )


def test_a_gallery_becomes_images_and_a_caption():
    images = [{"src": "https://x.example/a.png", "type": "image/png"}, {"src": "https://x.example/b.png", "alt": "B"}]
    text, dropped = converted(gallery(images=images))
    assert text == "![](https://x.example/a.png)\n\n![B](https://x.example/b.png)\n"
    assert not dropped
    text, _ = converted(gallery(images=images, caption="Two"))
    assert "https://x.example/b.png" in text
    assert "<figcaption>Two</figcaption>" in text


def test_labels_of_the_editor_are_dropped():
    label = '<label class="hide-text">Text within this block</label>'
    text, _ = converted(f'<div class="preformatted-block">{label}<pre class="text">A poem</pre></div>')
    assert text == "```\nA poem\n```\n"


@pytest.mark.parametrize("url", ["https://buy.example/book", "https://x.example/subscribers-only", "/p/other"])
def test_a_button_of_the_author_becomes_a_link(url):
    assert converted(button(url))[0] == f"[Press]({url})\n"


@pytest.mark.parametrize(
    "url",
    [
        "https://x.substack.com/subscribe",
        "https://x.substack.com/subscribe?gift=true",
        "https://x.substack.com/p/one?utm_source=substack&action=share",
        "%%checkout_url%%",
    ],
)
def test_a_standard_button_of_the_editor_is_dropped(url):
    text, dropped = converted(f"<p>Text</p>{button(url)}")
    assert text == "Text\n"
    assert dropped == {"subscribe or share button": 1}


def test_the_caption_of_a_dropped_button_is_dropped():
    inner = '<div class="preamble"><p class="cta-caption">Now out</p></div>' + button("https://buy.example/book")
    text, _ = converted(f'<div class="captioned-button-wrap" {attributes(url="x")}>{inner}</div>')
    assert text == "Now out\n\n[Press](https://buy.example/book)\n"


def test_the_keys_of_an_unknown_embed_are_counted():
    _, dropped = converted(f'<div class="weather" {attributes(place="Skerry", none=None)}></div>')
    assert dropped == {"`place` of Substack's embed <div class=weather>": 1}


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<p class="button-wrapper" {}><a href="https://a.example/">Buy</a></p>', "button"),
        ('<div class="image-gallery-embed" {}></div>', "gallery"),
        ('<img src="https://a.example/a.png" alt="A" {}>', "image"),
        ('<div class="native-audio-embed" {}></div>', "player"),
        ('<div class="tweet" {}></div>', "post on X"),
        ('<div class="latex-rendered" {}></div>', "embed <div class=latex-rendered>"),
        ('<div class="embedded-post-wrap" {}></div>', "embed <div class=embedded-post-wrap>"),
    ],
)
def test_the_unread_keys_of_each_type_of_embed_are_counted(html, name):
    known = attributes(url="https://a.example/", full_text="Text", mediaUploadId="a1", weather="rain")
    _, dropped = converted(html.format(known))
    assert dropped[f"`weather` of Substack's {name}"] == 1


def test_a_post_without_title_and_text_is_skipped(tmp_path):
    folder = tmp_path / "e"
    (folder / "posts").mkdir(parents=True)
    table = "post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url\n"
    rows = "".join(
        f"{name},2019-01-02T00:00:00.000Z,true,,newsletter,everyone,{title},,\n"
        for name, title in (("7.blank", ""), ("8.one", "One"))
    )
    (folder / "posts.csv").write_text(table + rows)
    for name in ("7.blank", "8.one"):
        (folder / f"posts/{name}.html").write_text(" ")
    report = import_path(folder, tmp_path / "site", "substack")
    assert report.created == ("content/posts/2019-01-02-one.md",)
    assert [skipped.reason for skipped in report.skipped] == ['"": it has neither a title nor content']


def write_export(folder, *posts):
    """Write an export with posts: the name, the title and the HTML of each, in one day; all are published."""
    (folder / "posts").mkdir(parents=True)
    rows = ["post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url"]
    for name, title, text in posts:
        rows.append(f"{name},2019-01-02T00:00:00.000Z,true,,newsletter,everyone,{title},,")
        (folder / f"posts/{name}.html").write_text(text)
    (folder / "posts.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("7.", "<p><img src='https://a.example/a.png'></p>", "2019-01-02"),
        ("7.a-quiet-day", "<p><img src='https://a.example/a.png'></p>", "A quiet day"),
        ("7.", "<p><img src='https://a.example/a.png' alt='A wall'></p>", "A wall"),
        ("7.", "<p>\U0001f389\U0001f389</p>", "\U0001f389\U0001f389"),
        ("7.", "<hr><p>\U0001f389</p><p>Words</p>", "Words"),
    ],
)
def test_a_post_without_a_title_gets_one_from_its_words_emoji_name_or_day(tmp_path, name, text, title):
    report = import_path(write_export(tmp_path / "e", (name, "", text)), tmp_path / "site", "substack")
    lines = (tmp_path / "site" / report.created[0]).read_text().splitlines()
    assert next(line for line in lines if line.startswith("title:")).removeprefix("title: ").strip("\"'") == title


@pytest.mark.parametrize(
    ("titles", "language", "is_said"),
    [
        (["رسالة", "מכתב", "Letter"], "en", True),
        (["رسالة", "2 Letters", "Letter"], "en", False),
        (["رسالة", "מכתב"], "he", False),
        (["2024: نامه"], "en", True),
    ],
)
def test_the_report_asks_for_the_language_of_posts_from_right_to_left(tmp_path, titles, language, is_said):
    posts = [(f"{number}.p-{number}", title, f"<p>{number}</p>") for number, title in enumerate(titles)]
    folder = write_export(tmp_path / "e", *posts)
    (tmp_path / "site").mkdir()
    config = Config(language=language)
    report = run_import([folder], tmp_path / "site", "content/posts", Options(UTC), config=config)
    assert ("Set `language` in sitegen.toml" in format_report(report)) == is_said


def test_the_report_says_that_all_posts_are_drafts(tmp_path):
    folder = write_export(tmp_path / "e", ("1.a", "A", "<p>a</p>"), ("2.b", "B", "<p>b</p>"))
    table = folder / "posts.csv"
    for count, old, new in ((1, "Z,true", "Z,false"), (2, "Z,true", "Z,false")):
        table.write_text(table.read_text().replace(old, new, 1))
        report = import_path(folder, tmp_path / f"site-{count}", "substack")
        assert ("All 2 posts are drafts" in format_report(report)) == (count == 2)


@pytest.mark.parametrize(("zone", "dry_run", "expected"), [
    (UTC, False, "set `timezone` in sitegen.toml and import again"),
    (UTC, True, "set `timezone` in sitegen.toml first"),
    (ZoneInfo("Asia/Tokyo"), False, ""),
    (ZoneInfo("Africa/Abidjan"), False, ""),
])  # fmt: skip
def test_the_report_asks_for_the_time_zone_of_dates_in_utc(tmp_path, zone, dry_run, expected):
    folder = write_export(tmp_path / "e", ("1.a", "A", "<p>a</p>"))
    table = folder / "posts.csv"
    table.write_text(table.read_text().replace("T00:00", "T10:30"))
    (tmp_path / "site").mkdir()
    texts = [
        format_report(run_import([folder], tmp_path / "site", "content/posts", Options(zone), dry_run=dry_run))
        for _ in range(2)
    ]
    assert ("in UTC" in texts[0]) == bool(expected)
    assert expected in texts[0]
    assert ("in UTC" in texts[1]) == dry_run


def test_an_export_without_posts_says_so(tmp_path):
    report = import_path(write_export(tmp_path / "e"), tmp_path / "site", "substack")
    assert (report.posts, [note.message for note in report.notes]) == (0, ["it contains no posts"])
