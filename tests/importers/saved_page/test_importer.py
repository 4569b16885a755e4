"""Saved pages of any site are imported as posts."""

import json
import re

from tests.support.importing import check_sample, import_path


def test_the_sample_becomes_the_expected_post(tmp_path):
    check_sample("page", tmp_path)


def import_page(html, tmp_path):
    (tmp_path / "page.html").write_bytes(html if isinstance(html, bytes) else html.encode())
    report = import_path(tmp_path / "page.html", tmp_path / "site", "page")
    posts = sorted((tmp_path / "site" / "content" / "posts").glob("*.md"))
    return report, posts[0].read_text("utf-8") if posts else ""


PARAGRAPH = "<p>" + "Words that say something at some length. " * 8 + "</p>"


def test_scripts_handlers_and_unsafe_links_are_removed(tmp_path):
    html = f'<article>{PARAGRAPH}<p onclick="x()"><a href="javascript:x()">y</a></p><script>z()</script></article>'
    _, post = import_page(html, tmp_path)
    assert "javascript" not in post
    assert "onclick" not in post
    assert "z()" not in post


def test_meta_tags_are_used_if_json_ld_is_invalid(tmp_path):
    head = '<script type="application/ld+json">{"@type":</script><meta property="og:title" content="From the meta tag">'
    _, post = import_page(f"<html><head>{head}</head><body>{PARAGRAPH}</body></html>", tmp_path)
    assert "title: From the meta tag" in post


def test_deeply_nested_json_ld_is_ignored(tmp_path):
    head = f'<script type="application/ld+json">{"[" * 100_000}</script><title>Still here</title>'
    _, post = import_page(f"<html><head>{head}</head><body>{PARAGRAPH}</body></html>", tmp_path)
    assert "title: Still here" in post


def test_a_page_with_deeply_nested_markup_is_skipped(tmp_path):
    report, _ = import_page("<html><body>" + "<div>" * 3_000 + "x", tmp_path)
    assert (report.written, len(report.skipped)) == (0, 1)


def test_a_page_is_decoded_by_its_declared_charset(tmp_path):
    head = '<html><head><meta charset="koi8-r"><title>Новости</title></head>'
    _, post = import_page(f"{head}<body><p>Привет, читатель.</p></body></html>".encode("koi8-r"), tmp_path)
    assert "Привет, читатель." in post


def test_the_name_of_the_site_is_removed_from_the_title(tmp_path):
    head = '<meta property="og:site_name" content="The Site"><title>A wave - The Site</title>'
    _, post = import_page(f"<html><head>{head}</head><body>{PARAGRAPH}</body></html>", tmp_path)
    assert "title: A wave\n" in post


def test_an_empty_file_is_skipped(tmp_path):
    report, _ = import_page("", tmp_path)
    assert (report.written, len(report.skipped)) == (0, 1)


def test_comments_of_readers_are_not_imported(tmp_path):
    comment = f'<section class="comments"><article>{PARAGRAPH * 3}Reader.</article></section>'
    for article in (f"<article><h1>T</h1>{PARAGRAPH}Own.</article>", f"<article>{PARAGRAPH}Own.</article>"):
        _, post = import_page(f"<html><title>T</title><body>{article}{comment}</body></html>", tmp_path)
        assert "Own." in post
        assert "Reader." not in post


def test_the_source_of_a_quotation_is_imported(tmp_path):
    quote = "<blockquote><p>Said.</p><footer>Ann Other</footer></blockquote>"
    _, post = import_page(f"<article>{PARAGRAPH}{quote}</article><footer>Foot</footer>", tmp_path)
    assert "Ann Other" in post
    assert "Foot" not in post


def test_entities_in_json_ld_are_decoded(tmp_path):
    head = '<script type="application/ld+json">{"@type":"Article","headline":"Ham &amp; eggs"}</script>'
    _, post = import_page(f"<html><head>{head}</head><body>{PARAGRAPH}</body></html>", tmp_path)
    assert "title: Ham & eggs" in post


def test_counts_in_json_ld_are_imported(tmp_path):
    rows = [
        {
            "@type": "InteractionCounter",
            "interactionType": f"https://schema.org/{name}Action",
            "userInteractionCount": n,
        }
        for name, n in (("View", 90), ("Comment", 4), ("Like", 7))
    ]
    data = json.dumps({"@type": "Article", "headline": "Ham", "interactionStatistic": rows})
    head = f'<script type="application/ld+json">{data}</script>'
    _, post = import_page(f"<html><head>{head}</head><body>{PARAGRAPH}</body></html>", tmp_path)
    assert re.findall(r"^(views|comments|likes): .*?(\d+)", post, re.MULTILINE) == [
        ("views", "90"),
        ("comments", "4"),
        ("likes", "7"),
    ]


def test_a_page_without_content_is_skipped(tmp_path):
    report, post = import_page("<html><title>Empty</title><body><script>x()</script><p> </p></body></html>", tmp_path)
    assert (post, report.skipped[0].reason) == ("", "it contains neither text nor images")
