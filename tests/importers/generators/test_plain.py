"""Plain Markdown files become posts."""

import re

import pytest

from sitegen.importers.markdown_source.links import change_links
from tests.support.importing import check_sample, import_path


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("plain", tmp_path)


def import_text(data, tmp_path, name="2020-01-01-a.md"):
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    report = import_path(tmp_path / name, tmp_path / "site", "plain")
    posts = sorted((tmp_path / "site/content/posts").glob("*.md"))
    return report, posts[0].read_text("utf-8") if posts else ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2015-10-09 23:46:57 +0200", "2015-10-09T23:46:57+02:00"),
        ("2018-03-27 22:00:00 -0000", "2018-03-27T22:00:00Z"),
        ("'2020-01-02T03:04'", "2020-01-02T03:04:00Z"),
        ("2022/10/17", "2022-10-17"),
        ("06-29-2022", "2022-06-29"),
        ("Jul 08 2022", "2022-07-08"),
    ],
)
def test_dates_of_all_forms_are_read(written, read, tmp_path):
    _, post = import_text(f"---\ntitle: A\ndate: {written}\n---\n", tmp_path)
    assert f"date: {read}\n" in post


@pytest.mark.parametrize("written", ["2022-02-29", "2024-04-17 14:4g5:00 -0000", "'2021-(TODO: MM-DD)'"])
def test_an_invalid_date_is_reported_with_its_line(written, tmp_path):
    report, post = import_text(f"---\ntitle: A\ndate: {written}\n---\n", tmp_path, "undated.md")
    assert [note.where.line for note in report.notes] == [3]
    assert "draft: true" in post


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("tags: [a, b]", "tags: [a, b]"),
        ("tags: a, b", "tags: [a, b]"),
        ("categories: [c]\ntags: [a]", "tags: [a, c]"),
        ("author: {name: Ann}", "author: Ann"),
        ("authors: [{name: Ann}, Bo]", "authors: [Ann, Bo]"),
        ("description: Short.", "summary: Short."),
        ("cover: {image: 'https://x.example/c.png', alt: C}", "image_alt: C"),
        ("lang: pt_BR", "language: pt-BR"),
        ("views: 1.2K", "views: 1200"),
        ("likes: 7", "likes: 7"),
        ("published: false", "draft: true"),
        ("status: draft", "draft: true"),
        ("canonical_url: https://other.example/a", "source_url: https://other.example/a"),
        ("redirect_from: /old", "  - /old"),
        ("uuid: 12-34", 'id: "12-34"'),
        ("mood: grey", "  mood: grey"),
    ],
)
def test_front_matter_keys_of_other_generators_are_translated(front, line, tmp_path):
    _, post = import_text(f"---\ntitle: A\ndate: 2020-01-01\n{front}\n---\n", tmp_path)
    assert f"\n{line}\n" in post


def test_a_link_that_could_run_a_script_is_disabled(tmp_path):
    _, post = import_text("# A\n\n[x](javascript:alert(1)) <a href='JavaScript:y'>z</a>\n", tmp_path)
    assert "javascript" not in post.lower()


def test_links_in_code_are_not_changed(tmp_path):
    text = "# A\n\n`[x](gone.md)`\n\n```\n[y](gone.md)\n```\n"
    _, post = import_text(text, tmp_path)
    assert post.endswith(text[5:])


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("[a](x.md#b)", "[a](X.MD#B)"),
        ("![p](<my p.png> 't')", "![p](<MY P.PNG> 't')"),
        ("[w](http://x/a_(b))", "[w](HTTP://X/A_(B))"),
        ("[[n]](f.md) (x.md)", "[[n]](F.MD) (x.md)"),
        ("[d]: z.md 't'", "[d]: Z.MD 't'"),
        ("[^1]: word.md", "[^1]: word.md"),
        ("x[^1]\n\n[^1]: Note\n[d]: z.md", "x[^1]\n\n[^1]: Note\n[d]: Z.MD"),
        ("A line\n[d]: <z z.md> (t)", "A line\n[d]: <Z Z.MD> (t)"),
        ("```\n[d]: z.md\n```", "```\n[d]: z.md\n```"),
        ("<a class='q' href='y.md'>q</a>", "<a class='q' href='Y.MD'>q</a>"),
        ("<video src='a.mp4'\n poster=\"b.jpg\">", "<video src='A.MP4'\n poster=\"B.JPG\">"),
        ('<iframe title="t" src="c.html?x"></iframe>', '<iframe title="t" src="C.HTML?X"></iframe>'),
        ("<b data-src='x'><a href=y.md>", "<b data-src='x'><a href=\"Y.MD\">"),
        ("`[a](x.md)` ``[b](`y.md)``", "`[a](x.md)` ``[b](`y.md)``"),
        ("~~~\n[a](x.md)\n~~~\n[b](y.md)", "~~~\n[a](x.md)\n~~~\n[b](Y.MD)"),
        ("```\n[a](x.md)", "```\n[a](x.md)"),
        ("<!-- [a](x.md) --> [b](y.md)", "<!-- [a](x.md) --> [b](Y.MD)"),
    ],
)
def test_links_are_found_in_all_forms_of_markdown(text, changed):
    assert change_links(text, str.upper) == changed


def test_a_file_with_huge_front_matter_is_skipped(tmp_path):
    report, _ = import_text("---\ntitle: " + "x" * 1_000_000 + "\n---\n", tmp_path)
    assert (report.written, len(report.skipped)) == (0, 1)


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("12-lantern night.md", "A caption, not a title.\n", "Lantern night"),
        ("2020-01-02-the-first-note.md", "Words.\n", "The first note"),
        ("2020-01-02_the_first_note.md", "Words.\n", "The first note"),
        ("issue-12.md", "Words.\n", "Issue 12"),
        ("第12期.md", "Words.\n", "第12期"),
        ("003. Über uns.md", "Words.\n", "Über uns"),
        ("well-known words/index.md", "Words.\n", "Well-known words"),
        ("lantern.md", "# A heading\n\nWords.\n", "A heading"),
        ("lantern.md", "---\ntitle: Written\n---\nWords.\n", "Written"),
        ("12.md", "Words.\n", "Words."),
        ("2020-01-02.md", "Words.\n", "Words."),
        ("a1b2c3d4e5.md", "Words.\n", "Words."),
        ("123e4567-e89b-12d3-a456-426614174000.md", "Words.\n", "Words."),
        ("untitled.md", "Words.\n", "Words."),
        ("v1-2.md", "Words.\n", "Words."),
    ],
)
def test_a_specific_file_name_becomes_the_title(name, text, title, tmp_path):
    path = tmp_path / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    import_path(tmp_path / "in", tmp_path / "site", "plain")
    post = next((tmp_path / "site/content/posts").glob("*.md")).read_text("utf-8")
    assert re.search(r'^title: "?(.*?)"?$', post, re.MULTILINE)[1] == title


@pytest.mark.parametrize(
    ("front", "note"),
    [
        ("\n\n---\ntitle: Late\ndate: 2020-01-02\ntags: [a]\n---\n", ""),
        ("---\ntitle: A\ndate: 2020-01-02\ntags: [b]\ntags: [a]\n---\n", "the key `tags` is repeated"),
    ],
)
def test_front_matter_that_other_generators_accept_is_read(front, note, tmp_path):
    report, post = import_text(f"{front}\nText.\n", tmp_path, "x.md")
    assert "tags: [a]\n" in post
    assert post.endswith("---\n\nText.\n")
    assert [item.message.startswith(note) for item in report.notes] == [True] * bool(note)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"\x00" * 100, b"---\n---\n", "---\n\ud800".encode("utf-8", "surrogatepass")]
)
def test_an_empty_file_is_a_post_or_skipped(data, tmp_path):
    report, _ = import_text(data, tmp_path)
    assert report.read == 1


def test_a_file_in_utf_16_is_decoded(tmp_path):
    _, post = import_text("---\ntitle: Zoë\ndate: 2020-01-01\n---\nÜber.\n".encode("utf-16"), tmp_path)
    assert "title: Zoë\n" in post
    assert "Über." in post
