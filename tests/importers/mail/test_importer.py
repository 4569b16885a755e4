"""Mail is imported as posts."""

import gzip
import io
import re

import pytest

from sitegen.importers.convert.plain_text import text_to_html
from sitegen.importers.mail.header_text import decode_words
from sitegen.importers.mail.mbox import split_mbox
from tests.support.importing import check_sample, import_path

PLAIN = (
    b"From: Owl <owl@post.example>\nSubject: Hoot\nDate: Mon, 2 Jan 2023 10:00:00 +0000\nMessage-ID: <1@post.example>\n"
)


@pytest.mark.parametrize("sample", ["mail-eml", "mail-mbox"])
def test_samples_become_the_expected_posts(sample, tmp_path):
    check_sample(sample, tmp_path)


def import_mail(data, tmp_path, name="one.eml"):
    (tmp_path / "in").mkdir(exist_ok=True)
    (tmp_path / "in" / name).write_bytes(data)
    return import_path(tmp_path / "in", tmp_path / "site", "mail")


def test_flags_of_a_maildir_decide_about_drafts_and_deleted_messages(tmp_path):
    for location in ("cur/1.host:2,S", "cur/2.host:2,T", "cur/3.host:2,D", "new/4.host", "tmp/5.host"):
        path = tmp_path / "box" / location
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PLAIN.replace(b"<1@", f"<{location[4]}@".encode()) + b"\nText " + location[4].encode())
    report = import_path(tmp_path / "box", tmp_path / "site")
    assert report.format == "mail"
    assert report.written == 3
    assert [draft.reason for draft in report.drafts] == ["it is marked as a draft"]
    assert sorted(item.reason for item in report.skipped) == [
        "its delivery to the Maildir was not finished",
        "the message is marked as deleted",
    ]


def test_posts_do_not_contain_addresses_of_readers(tmp_path):
    import_mail(PLAIN + b"To: reader@private.example\nDelivered-To: reader@private.example\n\nText", tmp_path)
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "private.example" not in post.read_text()
    assert "owl@" not in post.read_text()


@pytest.mark.parametrize(
    "header",
    [
        b"Subject: " + b"x" * 1_000_000,
        b"Content-Type: multipart/mixed; boundary=b; " + b'a="b;' * 200_000,
        b"From: " + b"(" * 8000,
        b"Subject: " + b"=?utf-8?q?a?= " * 70_000,
        b"X-Spam: " + b"y " * 500_000,
        b"References: " + b"<a@b>\n " * 100_000,
    ],
    ids=["subject", "parameters", "comments", "encoded words", "foreign", "folded"],
)
def test_a_header_of_a_megabyte_does_not_delay_the_import(header, tmp_path):
    report = import_mail(
        b"Message-ID: <9@x.example>\nDate: Mon, 2 Jan 2023 10:00:00 +0000\n" + header + b"\n\nThe text stays.", tmp_path
    )
    assert report.written == 1
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert "The text stays." in post.read_text()


def test_a_message_with_deeply_nested_parts_is_skipped(tmp_path):
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    report = import_mail(PLAIN + parts, tmp_path)
    assert [item.reason for item in report.skipped] == ["its parts are nested too deep"]


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("utf-8", "naïve €".encode(), "naïve €"),
        ("us-ascii", "naïve €".encode("cp1252"), "naïve €"),
        ("iso-8859-1", b"\x93quoted\x94", "“quoted”"),
        ("no-such-charset", "naïve".encode(), "naïve"),
        ("utf-8", "naïve".encode("cp1252"), "naïve"),
        ("gb2312", "漢字€".encode("gb18030"), "漢字€"),
    ],
)
def test_text_with_a_wrong_charset_is_decoded(charset, data, text, tmp_path):
    import_mail(PLAIN + f"Content-Type: text/plain; charset={charset}\n\n".encode() + data, tmp_path)
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert text in post.read_text("utf-8")


def test_an_image_with_an_unsafe_name_stays_in_the_folder_of_its_post(tmp_path):
    body = (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html\n\n"
        b'<p>x <img src="cid:p"></p>\n--B\nContent-Type: image/gif; name="../../../../evil.gif"\nContent-ID: <p>\n'
        b"Content-Transfer-Encoding: base64\n\nR0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\n--B--\n"
    )
    report = import_mail(PLAIN + body, tmp_path)
    assert len(report.saved_files) == 1
    assert report.saved_files[0].startswith("content/posts/2023-01-02-hoot/")
    assert not list(tmp_path.rglob("evil.gif*")) or (tmp_path / "site" / report.saved_files[0]).is_file()


def test_quoted_from_lines_lose_one_quote_mark():
    file = io.BytesIO(b"From a Mon Jan  2 10:00:00 2023\nSubject: x\n\n>From one\n>>From two\n> From three\n")
    (cut,) = split_mbox(file, 1000)
    assert cut.data == b"Subject: x\n\nFrom one\n>From two\n> From three\n"


PIPERMAIL = """\
From ann at a.example  Sun May  2 10:00:00 2010
From: ann at a.example (Ann Ash)
Date: Sun, 2 May 2010 10:00:00 +0000
Subject: [Boats] Oars
Message-ID: <1@a.example>

The oars are in.
-------------- next part --------------
An HTML attachment was scrubbed...
URL: <http://a.example/attachment.bin>
From bo at b.example  Mon May  3 11:00:00 2010
From: bo at b.example (Bo Byte)
Date: Mon, 3 May 2010 11:00:00 +0000
Subject: [Boats] Sails
Message-ID: <2@b.example>

On Sunday, Ann Ash <ann at a.example>
wrote:
> On Saturday cy@c.example wrote:
> > Write to me: cy@c.example
> From: Dee Dew <dee@d.example>

The sails too. Write to boats@list.example.
From here on the wind is fair.
From bo at b.example  Mon May  3 11:00:00 2010
is how a separator looks.
From cy@c.example Tue May 4 12:00:00 2010
Subject: The last one
Message-ID: <3@c.example>

Text.
"""


def test_a_separator_without_a_blank_line_begins_a_message_if_a_header_line_follows():
    cuts = list(split_mbox(io.BytesIO(PIPERMAIL.encode()), 10_000))
    assert [cut.line for cut in cuts] == [1, 11, 27]
    assert cuts[0].data.endswith(b"attachment.bin>\n")
    assert b"\nFrom bo at b.example  Mon May  3 11:00:00 2010\nis how" in cuts[1].data


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"", []),
        (b"From a Mon Jan  2 10:00:00 2023\n", [1]),
        (b"From a Mon Jan  2 10:00:00 2023\nx\nFrom b Mon Jan  2 10:00:00 2023\n", [1]),
        (b"From a Mon Jan  2 10:00:00 2023\nFrom b Mon Jan  2 10:00:00 2023\nFrom: b\n", [1, 2]),
        (b"From a Mon Jan  2 10:00:00 2023\nx\nFrom b Mon Jan  2 10:00:00 2023\nNote: y\n", [1]),
        (b"From a Mon Jan  2 10:00:00 2023\r\nx\r\nFrom b Mon Jan  2 10:00:00 2023\r\nDate: y\r\n", [1, 3]),
        (b"x\nFrom b Mon Jan  2 10:00:00 2023\nDate: y\n", [2]),
    ],
)
def test_messages_begin_at_the_expected_lines(text, lines):
    assert [cut.line for cut in split_mbox(io.BytesIO(text), 1000)] == lines


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipermail_folder_is_imported_without_quoted_addresses(packed, tmp_path):
    (tmp_path / "in").mkdir()
    if packed:
        (tmp_path / "in/2010-May.txt.gz").write_bytes(gzip.compress(PIPERMAIL.encode()))
    else:
        (tmp_path / "in/2010-May.txt").write_text(PIPERMAIL)
    report = import_path(tmp_path / "in", tmp_path / "site", "mail")
    assert (report.written, len(report.skipped)) == (3, 0)
    text = "".join(path.read_text() for path in (tmp_path / "site/content/posts").glob("*.md"))
    assert "author: Ann Ash" in text
    assert "author: Bo Byte" in text
    assert "On Sunday, Ann Ash" in text
    body = re.sub(r"(?m)^id: .*$", "", text)
    assert set(re.findall(r"[\w.]+(?:@| at )[\w.]+\.example", body)) == {"cy@c.example", "boats@list.example"}
    assert report.dropped["e-mail address in a quotation"] == 4


@pytest.mark.parametrize("damage", [b"", b"no gzip", b"\x1f\x8b\x08\x00broken"])
def test_a_damaged_gzip_file_is_skipped(damage, tmp_path):
    data = damage or gzip.compress(PIPERMAIL.encode())[:-40]
    report = import_mail(data, tmp_path, "2010-May.txt.gz")
    assert (report.written, len(report.skipped)) == (0, 1)


def test_a_message_over_the_limit_is_skipped_and_the_next_one_read():
    big = b"From a Mon Jan  2 10:00:00 2023\n" + b"x" * 5000 + b"\n\n"
    small = b"From b Tue Jan  3 10:00:00 2023\nSubject: y\n\nz\n"
    assert [(cut.line, cut.data) for cut in split_mbox(io.BytesIO(big + small), 1000)] == [
        (1, None),
        (4, b"Subject: y\n\nz\n"),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?q?Caf=C3=A9?=", "Café"),
        ("=?utf-8?b?Q2Fmw6k=?= =?utf-8?q?_bar?=", "Café bar"),
        ("=?utf-8?q?half_=C3?= =?utf-8?q?=A9?=", "half é"),
        ("=?nonsense?q?a=E9?=", "aé"),
        ("=?utf-8*en?q?tag?=", "tag"),
        ("=?utf-8?b?!!!?=", ""),
        ("plain =?x", "plain =?x"),
    ],
)
def test_encoded_words_are_decoded(written, read):
    assert decode_words(written) == read


def test_the_layout_of_plain_text_is_preserved():
    text = "Title\n=====\n\nFirst line of a poem\nand its second\n\n1. one\n2. two\n\n    code here\n\n> quoted\n>> twice\n\nhttps://x.example/a_b."
    html = text_to_html(text)
    assert "<h2>Title</h2>" in html
    assert "First line of a poem<br>" in html
    assert "<ol><li>one</li><li>two</li></ol>" in html
    assert "<pre>code here</pre>" in html
    assert html.count("<blockquote>") == 2
    assert '<a href="https://x.example/a_b">https://x.example/a_b</a>.' in html


def test_a_list_item_continues_on_an_indented_line():
    assert text_to_html("* one\n* two that\n  goes on\n* three") == (
        "<ul><li>one</li><li>two that goes on</li><li>three</li></ul>"
    )


ALTERNATIVE = (
    b"MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\n"
    b"Plain words.\n"
    b"--B\nContent-Type: text/html\n\n%s\n--B--\n"
)


@pytest.mark.parametrize(
    "html", [b"", b"<html><head><title>x</title><style>p{color:red}</style></head><body><p>&nbsp;</p></body></html>"]
)
def test_plain_text_is_imported_if_the_html_part_is_empty(html, tmp_path):
    import_mail(PLAIN + ALTERNATIVE % html, tmp_path)
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert post.read_text().endswith("\n\nPlain words.\n")


def test_a_forwarded_message_is_part_of_the_post(tmp_path):
    inner = b"Subject: =?utf-8?q?Caf=C3=A9?=\nFrom: Bob <bob@private.example>\nTo: me@private.example\n" + ALTERNATIVE
    import_mail(
        PLAIN + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=O\n\n--O\n\nSee below.\n--O\n"
        b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\n"
        + inner % b"<p>Inner words.</p>"
        + b"--O--\n",
        tmp_path,
    )
    (post,) = (tmp_path / "site/content/posts").glob("*.md")
    assert post.read_text().endswith("\n\nSee below.\n\n## Café\n\nInner words.\n")
    assert "private.example" not in post.read_text()
