"""Problems that are found by comparing the output with the expected files: archives, robots.txt."""

import json

import pytest
from click.testing import CliRunner

from sitegen.check.documents.robots import match_rule, read_rules
from sitegen.cli import main
from tests.support.sites import CONFIG, build, make_site, post

SITE = CONFIG + 'description = "Letters"\n'
SYNDICATED = (
    "---\ntitle: Reprint\ndate: 2024-02-01\nsource: Wire\nsource_url: https://wire.example/reprint\n---\n\nText.\n"
)
TEMPLATE = '{% extends "base.html" %}{% block main %}<h1>{{ post.title }}</h1>{{ content }}{% endblock %}'


def check(root, *words):
    """Return the exit code of `sitegen check`, and the ids of errors and warnings with file, line and message."""
    result = CliRunner().invoke(main, ["-C", str(root), "check", "--json", *map(str, words)], catch_exceptions=False)
    problems = json.loads(result.stdout)["problems"]
    found = [(one["id"], one["path"], one["line"], one["message"]) for one in problems if one["severity"] != "advice"]
    return result.exit_code, found


@pytest.fixture
def root(tmp_path):
    files = {"content/posts/2023-05-01-old.md": post("Old", "2023-05-01", "An old letter.")}
    build(root := make_site(tmp_path, files, SITE + '[feeds]\narchive_formats = ["rss", "atom", "json"]\n'))
    return root


def test_a_site_as_it_was_built_has_nothing_missing_and_nothing_foreign(root):
    assert check(root) == check(root, "--no-build") == (0, [])


def test_a_build_repairs_what_a_check_without_it_reports(root):
    page = root / "output/posts/first/index.html"
    page.write_bytes(page.read_bytes().replace(b"<h1", b"<h2").replace(b"</h1", b"</h2"))
    (root / "output/tags/rain/index.html").unlink()
    code, found = check(root, "--no-build")
    identifiers = {identifier for identifier, *_ in found}
    assert code == 1
    assert {"missing-file", "broken-link", "missing-h1"} <= identifiers
    assert ("missing-file", "output/tags/rain/index.html") in {(identifier, path) for identifier, path, *_ in found}
    assert check(root) == (0, [])


def test_a_check_without_a_build_changes_nothing(root):
    before = {path: path.read_bytes() for path in (root / "output").rglob("*") if path.is_file()}
    (root / "content/posts/new.md").write_text(post("New", "2024-03-01"))
    code, found = check(root, "--no-build")
    assert code == 1
    assert [(identifier, path) for identifier, path, *_ in found if identifier == "missing-page"] == [
        ("missing-page", "content/posts/new.md")
    ]
    assert {path: path.read_bytes() for path in (root / "output").rglob("*") if path.is_file()} == before


def test_a_folder_that_another_program_wrote_is_checked(root, tmp_path):
    target = tmp_path / "dist"
    (root / "output").rename(target)
    assert check(root, "--no-build", "--output", target) == (0, [])
    (target / "posts/first/index.html").write_text("<h1>minified")
    code, found = check(root, "--no-build", "--output", target)
    assert code == 1
    assert ("missing-doctype", "content/posts/2024-01-01-first.md") in {
        (identifier, path) for identifier, path, *_ in found
    }
    assert not (root / "output").exists()


def test_a_folder_needs_no_build(root, tmp_path):
    result = CliRunner().invoke(main, ["-C", str(root), "check", "--output", str(tmp_path)])
    assert result.exit_code == 2
    assert "--output needs --no-build" in result.output


def test_files_that_no_build_wrote_are_reported_a_folder_once(root):
    output = root / "output"
    for name in ("old.html", "posts/first/notes.txt", "backup/a.html", "backup/b.html", ".git/HEAD", "feed.xml.gz"):
        (output / name).parent.mkdir(exist_ok=True)
        (output / name).write_text("<!doctype html>")
    code, found = check(root)
    assert code == 0
    assert [(identifier, path) for identifier, path, *_ in found] == [
        ("foreign-file", "output/backup/a.html"),
        ("foreign-file", "output/old.html"),
        ("foreign-file", "output/posts/first/notes.txt"),
    ]
    assert found[0][3] == "backup/ is in the output folder (2 files), and no build wrote it"
    assert check(root, "--strict")[0] == 1


def without_item(data, slug):
    """Return a feed without the item of a post."""
    location = f"/posts/{slug}/"
    if data.startswith(b"{"):
        feed = json.loads(data)
        return json.dumps(feed | {"items": [item for item in feed["items"] if location not in item["url"]]}).encode()
    name = b"item" if b"<rss" in data else b"entry"
    start = data.rindex(b"<" + name, 0, data.index(location.encode()))
    end = data.index(b"</" + name + b">", start)
    return data[:start] + data[end + len(name) + 3 :]


@pytest.mark.parametrize(
    ("feed", "slug"), [("feeds/2023.xml", "old"), ("feeds/2024.atom.xml", "second"), ("feeds/2023.json", "old")]
)
def test_a_post_that_its_archive_document_lacks_is_reported(root, feed, slug):
    path = root / "output" / feed
    path.write_bytes(without_item(path.read_bytes(), slug))
    code, found = check(root, "--no-build")
    (missing,) = [row for row in found if row[0] == "post-not-in-archive"]
    assert code == 1
    assert missing[1].endswith(f"{slug}.md")
    assert feed in missing[3]


def test_a_json_feed_that_does_not_lead_to_its_archive_is_reported(root):
    path = root / "output/feed.json"
    feed = json.loads(path.read_bytes())
    del feed["next_url"]
    path.write_text(json.dumps(feed))
    found = check(root, "--no-build")[1]
    assert [(identifier, path, message.partition(",")[0]) for identifier, path, _, message in found] == [
        ("bad-feed", "output/feed.json", "the feed has no next_url")
    ]


def test_only_feeds_with_archive_documents_must_lead_to_them(tmp_path):
    files = {"content/posts/2023-05-01-old.md": post("Old", "2023-05-01", "An old letter.")}
    for formats in ('["rss", "atom", "json"]', '["json", "atom"]'):
        build(root := make_site(tmp_path / formats, files, SITE + f"[feeds]\nformats = {formats}\n"))
        assert check(root) == (0, [])
        archives = {path.name.partition(".")[2] for path in (root / "output/feeds").glob("202*")}
        assert archives == ({"xml"} if "rss" in formats else {"json"})


def test_a_json_feed_without_archive_documents_needs_no_next_url(tmp_path):
    build(root := make_site(tmp_path, config=SITE + '[feeds]\nformats = ["json"]\n'))
    assert not list((root / "output/feeds").glob("202*"))
    assert check(root) == (0, [])


def test_a_search_without_its_index_is_reported(root):
    (root / "output/search/index.json").unlink()
    code, found = check(root, "--no-build")
    assert code == 1
    assert [(identifier, path) for identifier, path, *_ in found] == [
        ("missing-search-index", "output/search/index.html"),
        ("missing-file", "output/search/index.json"),
    ]


def test_a_syndicated_post_that_does_not_link_to_its_original_is_reported(tmp_path):
    files = {"content/posts/reprint.md": SYNDICATED}
    root = make_site(tmp_path, files, SITE)
    assert [identifier for identifier, *_ in check(root)[1]] == ["source-without-entry"]
    (root / "templates").mkdir()
    (root / "templates/post.html").write_text('{% set robots = "noindex" %}' + TEMPLATE)
    found = check(root)[1]
    assert [(path, message) for identifier, path, _, message in found if identifier == "policy-not-kept"] == [
        (
            "content/posts/reprint.md",
            'the source\'s policy is "syndicated", but the page does not link to https://wire.example/reprint',
        )
    ]


def test_an_unknown_source_of_many_posts_is_one_warning(tmp_path):
    row = "source: Wire\nsource_url: https://wire.example/{0}\n---"
    files = {
        f"content/posts/{n}.md": post(f"A {n}", "2024-02-01").replace("---\n\n", row.format(n) + "\n\n")
        for n in range(9)
    }
    found = check(make_site(tmp_path, files, SITE))[1]
    assert [(identifier, path, line) for identifier, path, line, _ in found] == [
        ("source-without-entry", "content/posts/0.md", 5)
    ]
    assert found[0][3] == "the source `Wire` is not in sources.toml, which says its indexing policy (in 9 posts)"


def test_a_home_page_without_a_description_asks_for_the_one_of_the_config(tmp_path):
    root = make_site(tmp_path)
    result = CliRunner().invoke(main, ["-C", str(root), "check"])
    assert "write `description` in the config" in result.output


def test_the_home_page_of_a_language_asks_for_the_description_of_the_language(tmp_path):
    files = {"content/posts/2024-01-01-first.de.md": post("Erster", "2024-01-01")}
    root = make_site(tmp_path, files, config=f"{SITE}[languages.de]\n")
    result = CliRunner().invoke(main, ["-C", str(root), "check"])
    assert "write `description` in `[languages.de]` of the config" in result.output


def test_rules_that_keep_search_engines_from_posts_are_reported(root):
    robots = "User-agent: *\nDisallow: /posts/\nAllow: /posts/first/\nDisallow: /drafts/\n"
    (root / "output/robots.txt").write_text(robots)
    found = check(root, "--no-build")[1]
    assert [(identifier, path, line) for identifier, path, line, _ in found] == [
        ("blocked-post", "output/robots.txt", 2)
    ]
    assert found[0][3] == "`Disallow: /posts/` keeps search engines from posts/old/index.html and 2 more"


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("User-agent: *\nDisallow: /posts/", "/posts/a/", 2),
        ("User-agent: *\nDisallow: /posts/\nAllow: /posts/a/", "/posts/a/", 3),
        ("User-agent: *\nAllow: /posts/\nDisallow: /posts/", "/posts/a/", 2),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", 2),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", 0),
        ("User-agent: *\nDisallow: /p*s/*a", "/posts/ba/", 2),
        ("User-agent: *\nDisallow: /a$", "/a", 2),
        ("User-agent: *\nDisallow: /a$", "/ab", 0),
        ("User-agent: *\nDisallow:", "/posts/", 0),
        ("User-agent: bad\nDisallow: /", "/posts/", 0),
        ("User-agent: bad\nUser-agent: *\nDisallow: /x # comment\nDisallow: /p", "/posts/", 4),
        ("User-agent: *\nDisallow: /x\nUser-agent: bad\nDisallow: /p", "/posts/", 0),
        ("Disallow: /p", "/posts/", 0),
        ("User-agent: *\nDisallow: " + "/*a" * 5000 + "$", "/" + "a" * 5000, 0),
    ],
)
def test_the_longest_rule_for_all_robots_decides(text, path, line):
    rule = match_rule(read_rules(text), path)
    assert (rule.line if rule else 0) == line
