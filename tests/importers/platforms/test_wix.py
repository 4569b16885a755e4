"""Wix blogs are imported as posts from CSV exports, metrics and saved pages."""

import csv
import json
from collections import Counter
from datetime import UTC

import pytest

from sitegen.comments.file import parse_comments
from sitegen.importers.platforms.wix.counts import read_counts
from sitegen.importers.platforms.wix.rich_content import write_ricos
from sitegen.importers.platforms.wix.saved_text import looks_like_page, read_text_pages
from sitegen.importers.platforms.wix.source import read_source
from tests.support.importing import check_sample, import_path


def test_saved_text_pages_become_the_expected_posts(tmp_path):
    check_sample("wix-text", tmp_path)


def test_csv_pages_and_metrics_are_merged_into_the_expected_posts(tmp_path):
    check_sample("wix-site", tmp_path)


@pytest.mark.parametrize(
    ("line", "views", "comments", "likes"),
    [
        ("5 views2 comments", 5, 2, None),
        ("1 view", 1, None, None),
        ("1.2K views0 comments", 1200, 0, None),
        ("0 comments", None, 0, None),
        ("12,345 views 1 comment", 12345, 1, None),
        ("12,345 views 1 comment 3 likes", 12345, 1, 3),
        ("7 views0 comments1 like. Post not marked as liked1", 7, 0, 1),
        ("3M views · 4 comments", 3_000_000, 4, None),
        ("5\u00a0views\u00a02\u00a0comments", 5, 2, None),
        ("2 vues1 commentaire", 2, 1, None),
        ("1.234 Aufrufe5 Kommentare", 1234, 5, None),
        ("5 visualizzazioni2 commenti", 5, 2, None),
        ("5 vistas2 comentarios", 5, 2, None),
        ("5 weergaven2 opmerkingen", 5, 2, None),
        ("5 wyświetleń2 komentarze", 5, 2, None),
        ("5 просмотров2 комментария", 5, 2, None),
        ("5 görüntüleme2 yorum", 5, 2, None),
        ("閲覧数：5回2件のコメント", 5, 2, None),
        ("조회수 5회댓글 2개", 5, 2, None),
        ("2 comments5 views1 like", 5, 2, 1),
    ],
)
def test_counts_without_spaces_between_them_are_read(line, views, comments, likes):
    found = read_counts(line)
    assert tuple(count and count.count for count in (found.views, found.comments, found.likes)) == (
        views,
        comments,
        likes,
    )


@pytest.mark.parametrize(
    "line",
    [
        "",
        "5",
        "views",
        "It had 5 views",
        "5 views of the sea",
        "2 comments were made",
        "12 viewers",
        "1,5,7 views x",
        "5 views 6 views",
    ],
)
def test_prose_is_not_read_as_counts(line):
    assert not read_counts(line)


HEAD = "top of page\nWriter's pictureWGON\n"
CARDS = "Recent Posts\nSee All\nCard\n99 views8 comments\nbottom of page"


def one(text, stem="page"):
    (page,) = read_text_pages(text, stem, UTC)
    return page


def test_all_parts_of_a_page_are_read():
    page = one(
        "top of page\nHome\n  • Writer’s pictureWGON\nJan 2, 2023 · 2 min read\nA title\n( NYPost )\n\n\nOne.\n\nTwo.\n"
        "5 views2 comments\n"
        "Recent Posts\nSee All\nbottom of page"
    )
    assert (page.title, page.author, page.source, page.date.isoformat()) == (
        "A title",
        "WGON",
        "NYPost",
        "2023-01-02T00:00:00+00:00",
    )
    assert (page.text, page.line) == ("One.\n\nTwo.", 5)


@pytest.mark.parametrize("missing", range(6))
def test_any_part_may_be_missing(missing):
    parts = [
        "top of page",
        "• Writer's pictureWGON",
        "Jan 2, 2023 · 2 min read",
        "( NYPost )",
        "5 views2 comments",
        "bottom of page",
    ]
    parts[missing] = ""
    top, author, date, source, counts, bottom = parts
    page = one(
        "\n".join(
            [top, author, date, "A title of its own", source, "", "First words.", "", "Last words.", counts, bottom]
        )
    )
    assert (page.title, page.text) == ("A title of its own", "First words.\n\nLast words.")
    assert bool(page.counts) == bool(counts)
    assert bool(page.source) == bool(source)
    assert bool(page.date) == bool(date)


@pytest.mark.parametrize(
    "meta",
    [
        "Jan 2, 2023\n2 min read",
        "Jan 2, 2023·2 min read",
        "Jan 2, 20232 min read",
        "2 Jan 2023",
        "January 2, 2023",
        "Jan 2, 2023\nUpdated: Jan 3, 2023",
        "2. Jan. 2023 • 2 Min. Lesezeit",
        "• Jan 2, 2023\n• 2 min read",
        "Jan 2, 2023, 10:30 AM",
        "2 gen 2023 · Tempo di lettura: 2 min",
        "2 jan 2023 · 2 minuten om te lezen",
        "2 sty 2023 · 2 minut(y) czytania",
        "2 янв. 2023 г. · 2 мин. чтения",
        "2 Oca 2023 · 2 dakikada okunur",
        "2023年1月2日 · 読了時間: 2分",
        "2023. 1. 2. · 2분 분량",
    ],
)
def test_dates_are_read_in_all_forms(meta):
    page = one(f"top of page\nWriter's pictureWGON\n{meta}\nTitle\n\nText.\n\nbottom of page")
    assert (page.title, page.date.date().isoformat()) == ("Title", "2023-01-02")
    page = one(f"top of page\n{meta}\nTitle\n\nText.\n\nbottom of page")
    assert (page.title, page.date.date().isoformat()) == ("Title", "2023-01-02")


@pytest.mark.parametrize(
    ("day", "month"), [("2 lug 2023", 7), ("2 août 2023", 8), ("2 mrt 2023", 3), ("2 мая 2023", 5)]
)
def test_month_names_in_other_languages_are_read(day, month):
    page = one(f"top of page\nWriter's pictureWGON\n{day}\nTitle\n\nText.\n\nbottom of page")
    assert (page.title, page.date.month) == ("Title", month)


@pytest.mark.parametrize("glued", ["WGONJan 2, 2023", "WGON · Jan 2, 2023 · 2 min read", "WGON\nWGON\nJan 2, 2023"])
def test_a_date_attached_to_the_author_is_not_part_of_the_name(glued):
    page = one(f"top of page\nWriter's picture{glued}\nTitle\n\nText.\n\nbottom of page")
    assert (page.author, page.date.day, page.title, page.text) == ("WGON", 2, "Title", "Text.")


@pytest.mark.parametrize(
    "avatar",
    ["Foto van schrijver", "Zdjęcie autora", "Фото автора", "Skribentens bild", "Yazarın fotoğrafı", "執筆者の写真"],
)
def test_avatars_in_other_languages_are_recognised(avatar):
    page = one(f"top of page\nMenu\n• {avatar}WGON\nTitle\n\nText.\n\nbottom of page")
    assert (page.author, page.title) == ("WGON", "Title")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("( NYPost )", "NYPost"),
        ("[ NYPost ]", "NYPost"),
        ("{NYPost}", "NYPost"),
        ("（朝日新聞）", "朝日新聞"),
        ("( The Conversation (US) )", "The Conversation (US)"),
        ("( Yahoo! )", "Yahoo!"),
        ("( U.S. )", "U.S."),
        ("( AP", ""),
        ("( AP ) and ( NYPost )", ""),
        ("(Sigh.)", ""),
        ("(A whole remark.)", ""),
        ("()", ""),
        ("", ""),
    ],
)
def test_sources_in_all_types_of_brackets_are_read(line, source):
    assert read_source(line) == source
    page = one(f"{HEAD}Title\n\n{line}\n\nText.\nbottom of page")
    assert (page.title, page.source, page.text.endswith("Text.")) == ("Title", source, True)


def test_a_rating_between_title_and_source_is_dropped():
    page = one(f"{HEAD}Title\nRated NaN out of 5 stars.\n( NYPost )\n\nText.\nbottom of page")
    assert (page.title, page.source, page.text) == ("Title", "NYPost", "Text.")


def test_the_title_of_a_page_without_an_author_is_above_the_source():
    page = one("top of page\nThe Gazette\nPodcasts\nA title\n( NYPost )\n\nText.\n5 views\nbottom of page")
    assert (page.title, page.source, page.text) == ("A title", "NYPost", "Text.")
    assert "guess" in page.warnings[0]


@pytest.mark.parametrize("meta", ["Mar 5", "3 days ago", "Yesterday", "5 hours ago · 2 min read"])
def test_a_date_without_a_year_is_reported_and_not_imported(meta):
    page = one(f"top of page\nWriter's pictureWGON\n{meta}\nTitle\n\nText.\n\nbottom of page")
    assert (page.title, page.date) == ("Title", None)
    assert "has no year" in page.warnings[0]


@pytest.mark.parametrize(
    "title",
    [
        "Post 7",
        "Chapter 12",
        "May 5, 2023",
        "5 views",
        "Home",
        "(In brackets)",
        "1984",
        "10 min",
        "Updated: Jan 3, 2023 and on",
    ],
)
def test_a_title_may_look_like_another_part_of_the_page(title):
    page = one(f"{HEAD}Jan 2, 2023 · 1 min read\n{title}\n\nText.\n\n5 views0 comments\nbottom of page")
    assert (page.title, page.text, page.counts.views.count) == (title, "Text.", 5)


@pytest.mark.parametrize(
    "paragraph",
    [
        "5 comments",
        "Recent Posts",
        "See All",
        "Share",
        "Home",
        "Jan 2, 2023",
        "(A whole remark.)",
        "bottom of the page",
        "Comments",
    ],
)
def test_the_whole_article_is_imported(paragraph):
    page = one(f"{HEAD}Title\n\nFirst.\n\n{paragraph}\n\nLast words.\n\n5 views2 comments\n\n{CARDS}")
    assert page.text.split("\n\n")[0] == "First."
    assert page.text.split("\n\n")[-1] == "Last words."
    assert len(page.text.split("\n\n")) == 3
    assert page.counts.views.count == 5


PROSE = "This is a sentence of the article that has more words than any line of a menu."


@pytest.mark.parametrize("line", ["Jan 2, 2023", "Photo de l'auteur : Jean", "Фото автора", "Page", "( A remark )"])
def test_lines_like_a_byline_within_the_article_do_not_cut_it(line):
    page = one(f"top of page\nTitle\n\n{PROSE}\n\n{line}\n\nLast.\n\n5 views0 comments\nbottom of page")
    assert (page.title, page.text.count("\n\n"), page.text.startswith(PROSE)) == ("Title", 2, True)


@pytest.mark.parametrize("end", [CARDS, "bottom of page", ""])
@pytest.mark.parametrize("line", ["5 views", "See All", "2 comments", f"5 views2 comments\n\n{PROSE}"])
def test_lines_like_counts_do_not_end_an_article_without_counts(line, end):
    page = one(f"{HEAD}Title\n\nFirst.\n\n{line}\n\nLast words.\n\n{end}")
    assert (page.text, bool(page.counts)) == (f"First.\n\n{line}\n\nLast words.", False)


def test_recent_posts_in_the_text_does_not_end_the_article():
    page = one(f"{HEAD}Title\n\nFirst.\n\nRecent Posts\nSee All\n\nLast words.\n\n5 views2 comments\n{CARDS}")
    assert (page.text, page.counts.views.count) == ("First.\n\nRecent Posts\nSee All\n\nLast words.", 5)


@pytest.mark.parametrize("heading", ["2 Comments", "Comments", "Comments (2)", "Write a comment..."])
def test_comments_of_readers_are_not_part_of_the_article(heading):
    readers = f"{heading}\nAnn\nJan 3, 2023\n{PROSE}\nLike\nReply\n"
    page = one(f"{HEAD}Title\n\nText.\n\n5 views2 comments\n\n{readers}\n{CARDS}")
    assert (page.text, page.counts.views.count, page.counts.comments.count) == ("Text.", 5, 2)


READERS = [
    "2 Comments", "", "Write a comment...", "Write a comment...", "Sort by:", "Newest", "", "Ada Reader", "Jan 5, 2023",
    "", "Text one.", "", "Jan 6, 2023", "*not* marked", "", "Like", "Reply",
    "Ad\u00e9 (guest)", "3 days ago \u00b7 Edited", "Rated 5 out of 5 stars.", "Replying to", "Ada Reader", "Text two",
    "1 like", "Reply", "Ada Reader", "6 janv. 2023", "Thanks", "Reply",
    "Ada Reader", "Jan 7, 2023", "Thanks", "Show more comments",
]  # fmt: skip


def check_readers(root):
    (file,) = (root / "content/posts").glob("*.comments.yaml")
    comments = parse_comments(file.read_bytes(), file.name).comments
    found = [(item.author, item.text.replace("\n\n", "\n"), str(item.date)[:10]) for item in comments]
    assert sorted(found) == [
        ("Ada Reader", "Text one.\nJan 6, 2023\n\\*not\\* marked", "2023-01-05"),
        ("Ada Reader", "Thanks", "2023-01-06"),
        ("Ada Reader", "Thanks", "2023-01-07"),
        ("Ad\u00e9 (guest)", "Text two", "None"),
    ]
    known = {item.id: item for item in comments}
    assert len(known) == 4
    assert [(known[item.reply_to].text[:8], item.text) for item in comments if item.reply_to] == [
        ("Text one", "Text two")
    ]
    assert {item.platform for item in comments} == {"Wix"}
    return {item.id for item in comments}


def test_comments_of_readers_are_imported_from_text_and_html(tmp_path):
    text = f"{HEAD}Jan 2, 2023\nTitle\n\nText.\n\n5 views2 comments\n\n" + "\n".join(READERS) + f"\n{CARDS}\n"
    (tmp_path / "title.txt").write_text(text)
    report = import_path(tmp_path / "title.txt", tmp_path / "of-text", "wix")
    assert report.comments.added == 4
    rows = "".join(f"<div><span>{row}</span></div>" for row in READERS)
    page = (
        '<meta property="og:title" content="Title"><meta property="article:published_time" content="2023-01-02">'
        '<img src="https://static.wixstatic.com/media/x.jpg"><h1>Title</h1>'
        f'<div data-hook="post-description"><p>Text.</p></div><p>5 views</p><section>{rows}</section>'
        "<p>Recent Posts</p>"
    )
    (tmp_path / "title.html").write_text(page)
    import_path(tmp_path / "title.html", tmp_path / "of-html", "wix")
    assert check_readers(tmp_path / "of-text") == check_readers(tmp_path / "of-html")
    assert import_path(tmp_path / "title.txt", tmp_path / "of-text", "wix").comments.unchanged == 4


def test_comments_on_a_saved_page_belong_to_the_post_of_the_table(tmp_path):
    (tmp_path / "in").mkdir()
    lines = "\n".join(READERS)
    (tmp_path / "in/title.txt").write_text(f"{HEAD}Title\n\nText.\n\n5 views2 comments\n\n{lines}\n{CARDS}")
    table = "Title,ID,Slug,Plain Content,Published Date,Rich Content\nTitle,a1,title,Text.,2023-01-02T00:00:00Z,\n"
    (tmp_path / "in/Posts.csv").write_text(table)
    report = import_path(tmp_path / "in", tmp_path / "site", "wix")
    assert (report.posts, report.comments.added) == (1, 4)
    check_readers(tmp_path / "site")


@pytest.mark.parametrize(
    "lines",
    [
        ["Comments", "Ada", "no date", "text"],
        ["Comments", "Log in to leave a comment."],
        ["Ada", "Jan 5, 2023", "no heading"],
        ["Comments", "x" * 200, "Jan 5, 2023", "text"],
        ["Comments", "Jan 4, 2023", "Jan 5, 2023", "text"],
    ],
)
def test_lines_without_a_heading_a_name_and_a_date_are_not_comments(lines):
    page = one(f"{HEAD}Title\n\nText.\n\n5 views2 comments\n\n" + "\n".join(lines) + f"\n{CARDS}")
    assert page.discussion == ()


def test_the_footer_of_a_page_without_other_posts_is_dropped():
    page = one(f"{HEAD}Title\n\nText.\n\n5 views2 comments\nAbout\nContact\n© 2023 by WGON\nbottom of page")
    assert (page.text, page.counts.views.count) == ("Text.", 5)


def test_a_number_that_repeats_the_likes_is_dropped():
    page = one(f"{HEAD}Title\n\nText.\n\n5 views\n\n2 comments\n\n1 like. Post not marked as liked\n1\n{CARDS}")
    assert (page.text, page.counts.comments.count, page.counts.likes.count) == ("Text.", 2, 1)
    assert one(f"{HEAD}Title\n\nText.\n\n10\n\n5 views2 comments\n{CARDS}").text == "Text.\n\n10"


def test_a_line_like_counts_within_an_html_article_is_imported(tmp_path):
    article = "<p>Nobody came.</p><p>5 comments</p><p>All gone.</p>"
    page = (
        '<meta property="og:title" content="T"><link rel="canonical" href="https://w.example/post/t">'
        '<img src="https://static.wixstatic.com/media/x.jpg"><main><h1>T</h1>{}<p>7 views1 comment</p></main>'
    )
    (tmp_path / "a.html").write_text(page.format(f'<div data-hook="post-description">{article}</div>'))
    import_path(tmp_path / "a.html", tmp_path / "site", "wix")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert post.read_text().endswith("Nobody came.\n\n5 comments\n\nAll gone.\n")


def test_counts_on_separate_lines_are_read():
    page = one(HEAD + "Title\n\nText.\n\n5 views\n\n2 comments\n3 likes. Post not marked as liked\n" + CARDS)
    assert (page.text, page.counts.views.count, page.counts.comments.count, page.counts.likes.count) == (
        "Text.",
        5,
        2,
        3,
    )


def test_counts_of_other_posts_are_ignored():
    page = one(HEAD + "Title\n\nText.\n\n" + CARDS)
    assert (page.text, bool(page.counts)) == ("Text.", False)


def test_special_spaces_and_soft_hyphens_are_normalized():
    page = one(HEAD + "Title\n\nA\u00a0 \u00a0b   c\u200b d\u00a0!\nsoft\n\u200b\n\u00a0\nnext\nbottom of page")
    assert page.text == "A b c d\u00a0!\nsoft\n\nnext"


def test_each_line_of_a_page_without_blank_lines_is_a_paragraph():
    long = "This is one whole paragraph of the article, as long as paragraphs are."
    assert one(f"top of page\nWriter's pictureWGON\nTitle\n{long}\n{long}\nbottom of page").text == f"{long}\n\n{long}"


def test_a_file_with_several_pages_is_read():
    page = "top of page\nWriter's pictureWGON\n{0}\n\nText of {0}.\n\n1 view\nbottom of page\n"
    pages = list(read_text_pages(page.format("One") + "\n" + page.format("Two"), "x", UTC))
    assert [(page.title, page.text, page.line) for page in pages] == [
        ("One", "Text of One.", 3),
        ("Two", "Text of Two.", 12),
    ]


def test_plain_text_is_not_recognised_as_a_page():
    assert not looks_like_page("Dear all,\n\nthis had 5 views.\n\nSee All of you soon")


def test_a_page_in_windows_1252_is_decoded(tmp_path):
    folder = tmp_path / "e"
    folder.mkdir()
    text = "top of page\r\n• Writer’s pictureJosé\r\nTitle “quoted”\r\n\r\nCafé – naïve.\r\n\r\n5 views0 comments\r\n"
    (folder / "a.txt").write_bytes(text.encode("cp1252"))
    (folder / "b.txt").write_bytes(text.replace("Title", "Other").encode("utf-16"))
    import_path(folder, tmp_path / "site")
    for post in (tmp_path / "site/content/posts").glob("*.md"):
        assert "Café – naïve." in post.read_text("utf-8")
        assert "author: José" in post.read_text("utf-8")


def test_invalid_ricos_documents_are_refused():
    for document in (None, [], {"nodes": 5}, {"x": 1}):
        with pytest.raises(ValueError, match="no nodes"):
            write_ricos(document)
    deep = {"nodes": []}
    for _ in range(200):
        deep = {"nodes": [{"type": "BLOCKQUOTE", **deep}]}
    with pytest.raises(ValueError, match="too deep"):
        write_ricos(deep)


def test_all_types_of_ricos_nodes_become_html():
    text = {
        "type": "TEXT",
        "textData": {"text": "a<b", "decorations": [{"type": "ITALIC"}, {"type": "SUPERSCRIPT"}, {"type": "COLOR"}, 5]},
    }
    link = {"type": "LINK_PREVIEW", "linkPreviewData": {"title": "T", "link": {"url": "https://a.example/?x=1&y=2"}}}
    gallery = {
        "type": "GALLERY",
        "galleryData": {"items": [{"image": {"media": {"src": {"id": "g1"}}}, "title": "G"}, 7]},
    }
    frame = {"type": "HTML", "htmlData": {"url": "https://b.example/"}}
    html = write_ricos({"nodes": [{"type": "NEW_KIND", "nodes": [text]}, link, gallery, frame, None, "x"]})
    assert html == (
        '<sup><em>a&lt;b</em></sup><p><a href="https://a.example/?x=1&amp;y=2">T</a></p>'
        '<figure><img src="https://static.wixstatic.com/media/g1" alt="G"><figcaption>G</figcaption></figure>'
        '<iframe src="https://b.example/"></iframe>'
    )


def test_ricos_nodes_without_html_are_counted():
    gif = {"type": "GIF", "gifData": {"original": {"gif": "https://g.example/a.gif"}, "title": "A wave"}}
    dropped = Counter()
    html = write_ricos({"nodes": [gif, {"type": "POLL", "pollData": {}}, {"type": "APP_EMBED"}]}, dropped)
    assert html == '<figure><img src="https://g.example/a.gif" alt="A wave"></figure>'
    assert dropped == {"Wix's poll": 1, "Wix's app embed": 1}


def test_metrics_are_matched_by_the_name_of_their_file(tmp_path):
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "a.txt").write_text("top of page\nWriter's pictureW\nMy post\n\nText.\nbottom of page\n")
    (folder / "my-post.json").write_text(json.dumps({"metrics": {"comments": 3, "likes": 2, "views": 41}}))
    (folder / "broken.json").write_text('{"metrics"')
    report = import_path(folder, tmp_path / "site", "wix")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "views: {count: 41, on: Wix}\ncomments: {count: 3, on: Wix}\nlikes: {count: 2, on: Wix}" in post.read_text()
    assert report.read == 1


ID = "5f3e9c0a1b2c3d4e5f6a7b8c"
GUID = "5f3e9c0a-1b2c-3d4e-5f6a-7b8c9d0e1f2a"


@pytest.mark.parametrize(
    ("cell", "tags", "ids"),
    [
        (f'["{ID}","Harbour"]', "[Harbour]", 1),
        (f"['{ID}', '{GUID}']", "", 2),
        (f"{ID};{GUID}", "", 2),
        (f"{GUID} {ID}, Harbour", "[Harbour]", 2),
        (GUID.replace("-", "").upper(), "", 1),
        ("2023, Facade, Bed & Breakfast", '["2023", Facade, Bed & Breakfast]', 0),
    ],
)
def test_ids_of_wix_are_counted_and_not_imported_as_tags(tmp_path, cell, tags, ids):
    row = ("One", "one", "", "Text", "2024-01-02T00:00:00Z", cell)
    rows = (("title", "slug", "rich_content", "plain_content", "published_date", "tags"), row)
    with (tmp_path / "posts.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    report = import_path(tmp_path / "posts.csv", tmp_path / "site", "wix")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    found = [line.removeprefix("tags: ") for line in post.read_text().splitlines() if line.startswith("tags")]
    assert found == ([tags] if tags else [])
    assert report.dropped.get("`tags` with an id of Wix instead of a name", 0) == ids
