"""Feeds of all formats are imported as posts."""

import sys

import pytest

from sitegen.errors import SiteError
from tests.support.importing import check_sample, import_path


@pytest.mark.parametrize("sample", ["feed-rss", "feed-archive", "feed-json", "feed-rdf", "feed-rss091"])
def test_samples_become_the_expected_posts(sample, tmp_path):
    check_sample(sample, tmp_path)


def feed_with(body, head=""):
    item = f"<item><guid>1</guid><title>T</title>{body}</item>"
    return f'{head}<rss version="2.0"><channel><title>t</title>{item}</channel></rss>'


def import_feed(data, tmp_path, name="feed.xml"):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return import_path(tmp_path / "in", tmp_path / "site", "feed")


def test_external_entities_are_not_read(tmp_path):
    (tmp_path / "secret.txt").write_text("the secret words")
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    import_feed(feed_with("<description>A&x;B</description>", head), tmp_path)
    assert all("secret words" not in path.read_text() for path in (tmp_path / "site").rglob("*.md"))


def test_an_entity_bomb_is_not_expanded(tmp_path):
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "boom">{lines}]>'
    import_feed(feed_with("<description>&e11;</description>", head), tmp_path)
    assert all(path.stat().st_size < 100_000 for path in (tmp_path / "site").rglob("*.md"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [("<b/>" * 260_000, "more than 250,000 elements"), (f"<b {'a ' * 9_000}>", "one of its tags is longer than 16 KB")],
    ids=["elements", "attributes"],
)
def test_markup_that_is_too_expensive_to_parse_is_refused(tmp_path, body, reason):
    report = import_feed(feed_with(body), tmp_path)
    assert [reason in skipped.reason for skipped in report.skipped] == [True]


def test_content_with_long_image_urls_and_any_markup_is_imported(tmp_path):
    text = (
        f'<img src="data:image/png;base64,{"A" * 50_000}">'
        + "<b></b>" * 1_000
        + "<!-- x -->" * 260_000
        + "<p>The end.</p>"
    )
    body = f"<pubDate>2020-01-01</pubDate><description><![CDATA[{text}]]></description>"
    assert import_feed(feed_with(body), tmp_path).written == 1


def test_content_of_ampersands_is_skipped_without_delay(tmp_path):
    body = f"<pubDate>2020-01-01</pubDate><description>{'&amp;' * 400_000}</description>"
    report = import_feed(feed_with(body), tmp_path)
    assert report.written == 0
    assert "has 400,000 ampersands" in report.skipped[0].reason


def test_entries_before_the_cut_of_a_truncated_feed_are_imported(tmp_path):
    whole = feed_with("<pubDate>2020-01-01</pubDate><description>One.</description>")
    report = import_feed(whole.replace("</channel></rss>", "<item><title>Tw"), tmp_path)
    assert any("2020-01-01-t" in path for path in report.created)
    assert any("not well-formed" in note.message for note in report.notes)


def test_control_characters_are_removed_and_counted(tmp_path):
    report = import_feed(feed_with("<pubDate>2020-01-01</pubDate><description>a\x0bb&#11;c</description>"), tmp_path)
    assert any("2 characters" in note.message for note in report.notes)
    assert "abc" in (tmp_path / "site/content/posts/2020-01-01-t.md").read_text()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_a_feed_is_decoded_by_its_encoding(encoding, tmp_path):
    declared = {"utf-16": "UTF-16", "utf-8-sig": "UTF-8", "iso-8859-1": "ISO-8859-1"}[encoding]
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    data = feed_with("<pubDate>2020-01-01</pubDate><description>Zoë</description>", head).encode(encoding)
    import_feed(data, tmp_path)
    assert "Zoë" in (tmp_path / "site/content/posts/2020-01-01-t.md").read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        '{"version":"https://jsonfeed.org/version/1.1","items":[',
        '{"version":"https://jsonfeed.org/version/1","items":7}',
    ],
)
def test_a_broken_json_feed_is_skipped(text, tmp_path):
    report = import_feed(text, tmp_path, "feed.json")
    assert (report.written, len(report.skipped)) == (0, 1)


def test_a_feed_that_contains_a_file_name_opens_no_file(tmp_path):
    report = import_feed(b"/etc/hostname", tmp_path)
    assert [item.reason for item in report.skipped] == ["not a feed"]


def test_archive_documents_that_link_to_each_other_are_read_once(tmp_path):
    (tmp_path / "in").mkdir()
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / "in" / f"{name}.xml").write_text(
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><link rel="self" href="https://x.example/{name}.xml"/>'
            f'<link rel="prev-archive" href="https://x.example/{other}.xml"/><entry><id>{name}</id><title>{name}</title>'
            f"<published>2020-01-01T00:00:00Z</published><content>words</content></entry></feed>"
        )
    assert import_path(tmp_path / "in", tmp_path / "site", "feed").written == 2


def test_the_error_without_feedparser_names_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "feedparser", None)
    with pytest.raises(SiteError, match="needs the package feedparser"):
        import_feed(feed_with("<description>x</description>"), tmp_path)


def test_an_id_that_is_not_a_link_gives_no_alias(tmp_path):
    entry = "<entry><title>T</title><id>urn:2</id><updated>2023-01-03T10:00:00Z</updated><content>x</content></entry>"
    import_feed(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{entry}</feed>', tmp_path, "a.atom")
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "id: urn:2" in post.read_text()
    assert "aliases" not in post.read_text()


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("ada@x.org (Ada Pellow)", "Ada Pellow"),
        ("ada@x.photography (Ada Pellow)", "Ada Pellow"),
        ("Ada Pellow &lt;ada@x.photography&gt;", "Ada Pellow"),
        ("Ada Pellow ada@x.photography", "Ada Pellow"),
        ("ada@x.photography", ""),
        ("ada@x.org", ""),
        ("Ada Pellow", "Ada Pellow"),
    ],
)
def test_no_part_of_an_email_address_becomes_an_author(tmp_path, author, name):
    report = import_feed(feed_with(f"<pubDate>2020-01-01</pubDate><author>{author}</author>"), tmp_path)
    text = (tmp_path / "site" / report.created[0]).read_text()
    assert ("authors" in text or "author:" in text) == bool(name)
    assert name in text
    assert "ography" not in text


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T02:00:00+02:00"])
def test_the_date_that_stands_for_none_makes_a_draft(tmp_path, date):
    report = import_feed(feed_with(f"<pubDate>{date}</pubDate><description>x</description>"), tmp_path)
    assert [draft.path for draft in report.drafts] == list(report.created) == ["content/posts/t.md"]
    assert any("1970-01-01" in note.message for note in report.notes)


def test_a_post_on_another_day_of_1970_is_published(tmp_path):
    report = import_feed(feed_with("<pubDate>Thu, 01 Jan 1970 12:00:00 GMT</pubDate>"), tmp_path)
    assert (report.drafts, report.written) == ((), 1)
