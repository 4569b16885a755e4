"""Exports of Medium are imported as posts."""

from tests.support.importing import check_sample, import_path


def test_the_sample_becomes_the_expected_posts(tmp_path):
    report = check_sample("medium", tmp_path)
    assert report.private_files == 1


def test_a_story_in_another_encoding_is_decoded(tmp_path):
    page = '<section data-field="body"><p class="p-name">x</p><p>Grüße aus Köln</p></section>'
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2020-01-01_Gruss-0123456789ab.html").write_bytes(page.encode("cp1252"))
    import_path(tmp_path / "posts", tmp_path / "site", "medium")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "Grüße aus Köln" in post.read_text("utf-8")


def story(body, title="A kite"):
    return f'<article><h1 class="p-name">{title}</h1><section data-field="body">{body}</section></article>'


def test_a_response_becomes_a_draft_with_a_param(tmp_path):
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2020-01-01_Thanks-0123456789ab.html").write_text(story("<p>Thanks for this.</p>", "Thanks for this."))
    (folder / "2020-01-02_Kite-0123456789ac.html").write_text(story('<h3 class="graf--title">A kite</h3><p>Text.</p>'))
    report = import_path(folder, tmp_path / "site", "medium")
    (draft,) = report.drafts
    assert "response" in draft.reason
    response, post = sorted((tmp_path / "site/content/posts").glob("*.md"))
    assert "kind: response" in response.read_text()
    assert "response" not in post.read_text()


def test_the_featured_image_becomes_the_cover(tmp_path):
    folder = tmp_path / "posts"
    folder.mkdir()
    images = '<img src="https://m.example/a.png"><img data-is-featured="true" src="https://m.example/b.png">'
    (folder / "2020-01-02_Kite-0123456789ac.html").write_text(story(f'<h3 class="graf--title">A kite</h3>{images}'))
    import_path(folder, tmp_path / "site", "medium")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "image: https://m.example/b.png" in post.read_text()


def test_a_story_with_deeply_nested_markup_is_skipped(tmp_path):
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2020-01-01_Deep-0123456789ab.html").write_text('<section data-field="body">' + "<div>" * 4000)
    report = import_path(folder, tmp_path / "site", "medium")
    assert (report.written, len(report.skipped)) == (0, 1)
