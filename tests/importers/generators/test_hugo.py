"""Folders written for Hugo become posts."""

import re

import pytest

from tests.support.importing import PNG, check_sample, import_path
from tests.support.sites import build, write


def test_the_sample_becomes_the_expected_posts(tmp_path):
    check_sample("hugo", tmp_path)


def import_texts(texts, tmp_path):
    for name, text in texts.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return import_path(tmp_path / "in", tmp_path / "site", "hugo")


def test_a_link_to_a_draft_is_not_broken_by_the_build(tmp_path):
    texts = {
        "config.toml": 'baseURL = "https://x.example/"',
        "content/a.md": '+++\ntitle="A"\ndate=2020-01-01\n+++\n[b](b.md) [c](c.md)\n',
        "content/b.md": '+++\ntitle="B"\ndate=2020-01-02\n+++\n',
        "content/c.md": '+++\ntitle="C"\ndate=2020-01-03\ndraft=true\n+++\n',
    }
    import_texts(texts, tmp_path)
    text = (tmp_path / "site/content/posts/2020-01-01-a.md").read_text()
    assert "[b](2020-01-02-b.md) [c](/c/)" in text


def test_the_translation_key_is_imported(tmp_path):
    texts = {
        "hugo.toml": 'baseURL = "https://x.example/"\n[languages.en]\n[languages.it]\n',
        "content/frost.md": "---\ntitle: Frost\ndate: 2020-01-01\ntranslationKey: frost\n---\n",
        "content/brina.it.md": "---\ntitle: Brina\ndate: 2020-01-01\ntranslationKey: frost\n---\n",
    }
    import_texts(texts, tmp_path)
    for path in (tmp_path / "site/content/posts").glob("*.md"):
        assert "\ntranslation_key: frost\n" in path.read_text()


def test_an_alias_of_two_posts_is_assigned_once(tmp_path):
    texts = {
        "config.toml": 'baseURL = "https://x.example/"',
        "content/a.md": "---\ntitle: A\ndate: 2020-01-01\naliases: [/old/]\n---\n",
        "content/b.md": "---\ntitle: B\ndate: 2020-01-02\naliases: [/old/]\n---\n",
    }
    report = import_texts(texts, tmp_path)
    assert [note.message for note in report.notes] == [
        "the old URL /old/ was dropped, since content/a.md already has it"
    ]


def test_aliases_follow_uglyurls_and_permalink_patterns(tmp_path):
    texts = {
        "hugo.yaml": "baseURL: https://x.example\nuglyURLs: true\n"
        "permalinks:\n  page:\n    post: /:year/:slugorfilename/\n",
        "content/post/My Fine Day.md": "---\ntitle: A\ndate: 2020-01-01\n---\n",
    }
    import_texts(texts, tmp_path)
    assert "- /2020/my-fine-day.html\n" in (tmp_path / "site/content/posts/2020-01-01-my-fine-day.md").read_text()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+++\ntitle = \n+++\n", "not valid TOML"),
        ("---\ntitle: A\n", "is not closed"),
        ('{"title": "A"', "not valid JSON"),
        ("---\na: &x 1\nb: *x\n---\n", "alias"),
    ],
)
def test_a_post_with_broken_front_matter_is_skipped_with_its_line(text, reason, tmp_path):
    report = import_texts(
        {"content/bad.md": text, "content/good.md": "---\ntitle: G\ndate: 2020-01-01\n---\n"}, tmp_path
    )
    assert report.written == 1
    assert reason in report.skipped[0].reason
    assert report.skipped[0].where.line > 0


@pytest.mark.parametrize(
    ("names", "cover"),
    [
        (("b.png", "cover.png"), "cover"),
        (("my-thumbnail.png", "z-feature.png"), "z-feature"),
        (("b.png",), ""),
    ],
)
def test_the_cover_of_a_bundle_is_found_by_its_name(tmp_path, names, cover):
    bundle = tmp_path / "old/content/posts/first"
    bundle.mkdir(parents=True)
    (tmp_path / "old/hugo.toml").write_text('baseURL = "https://x.example/"')
    (bundle / "index.md").write_text("---\ntitle: First\ndate: 2024-01-02\n---\n\nText\n")
    (bundle / "extra.md").write_text("---\ntitle: Extra\ndate: 2024-01-03\n---\n\nText\n")
    for name in names:
        (bundle / name).write_bytes(PNG)
    import_path(tmp_path / "old", tmp_path / "site")
    posts = [path.read_text() for path in sorted((tmp_path / "site/content/posts").glob("*.md"))]
    found = [match[1] for text in posts if (match := re.search(r"^image: .*/(.*)\.png\"$", text, re.MULTILINE))]
    assert found == ([cover] if cover else [])


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ("---\ntitle: T\ndate: 2020-01-02\n---\nBody ü\n", "Body ü"),
        ("\ufeff---\ntitle: T\ndate: 2020-01-02\n---\n\nBody ü\n", "Body ü"),
        ("+++\r\ntitle = 'T'\r\ndate = 2020-01-02\r\n+++\r\nBody\r\n\r\nü\r\n", "Body\n\nü"),
        ('{"title": "T", "date": "2020-01-02"}\nBody\x00 ü', "Body ü"),
        ("---\ntitle: T\ndate: 2020-01-02\n---", ""),
    ],
)
@pytest.mark.parametrize("is_read_before", [True, False])
def test_a_body_is_whole_where_the_front_matter_was_read_before(data, body, is_read_before, tmp_path):
    # Whether a document without a date is a page is known once the front matter of all has been read.
    texts = {"config.toml": "", "content/post/b.md": data}
    if is_read_before:
        texts["content/about.md"] = "+++\ntitle = 'About'\n+++\nWe are us.\n"
    import_texts(texts, tmp_path)
    text = (tmp_path / "site/content/posts/2020-01-02-b.md").read_text("utf-8")
    assert text.split("---\n", 2)[2].strip() == body
    assert (tmp_path / "site/content/pages/about.md").exists() == is_read_before


def test_old_urls_with_a_number_sign_are_written_in_a_form_that_builds(tmp_path):
    post = "---\ntitle: A\ndate: 2020-01-02\ntags: ['C#', '100%41']\nslug: 'f#-tips'\n---\nText.\n"
    export = write(tmp_path / "old", {"hugo.toml": 'baseURL = "https://old.example/"\n', "content/posts/a.md": post})
    site = write(tmp_path / "site", {"sitegen.toml": 'title = "T"\nbase_url = "https://new.example/"\n'})
    import_path(export, site)
    tags = (site / "content/tags.toml").read_text("utf-8")
    assert 'aliases = ["/tags/c%23/"]' in tags
    assert "  - /posts/f%23-tips/\n" in next((site / "content/posts").glob("*.md")).read_text("utf-8")
    build(site)
    assert (site / "output/tags/c#/index.html").is_file()
    assert (site / "output/posts/f#-tips/index.html").is_file()


def test_an_expired_post_and_a_scheduled_one_are_not_published(tmp_path):
    rows = {"a": "expiryDate: 2020-02-01", "b": "publishDate: 2999-02-01", "c": "publishDate: 2020-02-01"}
    files = {
        f"content/posts/{name}.md": f"---\ntitle: {name}\ndate: 2020-01-02\n{row}\n---\nText.\n"
        for name, row in rows.items()
    }
    export = write(tmp_path / "old", {"hugo.toml": 'baseURL = "https://old.example/"\n', **files})
    site = write(tmp_path / "site", {"sitegen.toml": 'title = "T"\nbase_url = "https://new.example/"\n'})
    import_path(export, site)
    assert [item.path[-4:] for item in build(site).skipped] == ["a.md", "b.md"]


def test_the_folder_of_most_posts_is_the_archive_also_if_no_type_can_have_its_name(tmp_path):
    config = 'baseURL = "https://old.example/"\n[permalinks]\nposts = "/:year/:slug/"\n'
    config += '[[menus.main]]\nname = "All"\nurl = "/posts/"\n'
    post = "---\ntitle: A\ndate: 2020-01-02\n---\nText.\n"
    names = ("notes/n", "pages/p", "posts/a", "posts/b")
    files = {f"content/{name}.md": post.replace("A", name) for name in names}
    report = import_path(write(tmp_path / "old", {"hugo.toml": config, **files}), tmp_path / "site")
    text = report.settings
    assert '[urls]\npost = "/{year}/{slug}/"\narchive = "/posts/"\n' in text
    assert "[types.notes]" in text
    assert 'nav = [{section = "archive", title = "All"}]' in text


@pytest.mark.parametrize(("setting", "codes"), [("enableEmoji = true\n", [":smile:", ":tada:"]), ("", [])])
def test_codes_of_emoji_that_the_old_site_replaced_are_reported(setting, codes, tmp_path):
    text = "A :smile: and :tada: at 12:30:45, a:b:c and `:code:`\n\n```\n:not_this:\n```\n:smile:\n"
    post = f"---\ntitle: A\ndate: 2020-01-02\n---\n{text}"
    config = f'baseURL = "https://old.example/"\n{setting}'
    report = import_path(write(tmp_path / "old", {"hugo.toml": config, "content/posts/a.md": post}), tmp_path / "site")
    assert [note.message for note in report.notes] == [f"left as text: {code}" for code in codes]
    assert text in next((tmp_path / "site/content/posts").glob("*.md")).read_text("utf-8")


ATTRIBUTES = """\
## Head {#own .cls}

Text.
{.note}

> Quote
> {.inner}
{.pull cite="x y"}

- a
{#one .list}

    code
    {not one}

```
{.code}
```

{.alone}

A {.inline} line
{not an attribute}
"""
BLOCK_ATTRIBUTES = "[markup.goldmark.parser.attribute]\nblock = true\n"


@pytest.mark.parametrize("settings", ["", BLOCK_ATTRIBUTES])
def test_attributes_below_blocks_are_dropped_if_the_old_site_read_them(tmp_path, settings):
    text = f'+++\ntitle="A"\ndate=2020-01-01\n+++\n{ATTRIBUTES}'
    report = import_texts({"hugo.toml": settings, "content/a.md": text}, tmp_path)
    body = (tmp_path / "site/content/posts/2020-01-01-a.md").read_text().split("---\n\n", 1)[1]
    gone = ["{.note}", "> {.inner}", '{.pull cite="x y"}', "{#one .list}", "{.alone}"] if settings else []
    expected = [line for line in ATTRIBUTES.split("\n") if line not in gone]
    assert [line for line in body.split("\n") if line] == [line for line in expected if line]
    assert sum(report.dropped.values()) == len(gone)
