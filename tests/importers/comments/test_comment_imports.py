"""Exports of comment systems: each published comment arrives at its post, and nothing private does."""

import gzip
import json
import re
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import pytest
from click.testing import Result

from sitegen.comments.comment import Comment
from sitegen.comments.file import MAX_COMMENT_CHARACTERS, parse_comments
from sitegen.config.load import read_config
from sitegen.errors import SiteError
from sitegen.importers.base import ImportedComment, Location, MarkdownBody, Options
from sitegen.importers.comments.run import CommentReport, import_comments
from sitegen.importers.output.comment_files import clean_name, convert_comment, remove_addresses
from sitegen.importers.run import run_import
from tests.cli.test_commands import run
from tests.importers.comments.samples import POST_EXPORTS, PRIVATE, SAMPLES, URL, Sample, disqus, ghost, wordpress
from tests.support.sites import build, make_site, post, tree, write

FILE = "content/posts/2024-01-02-second.comments.yaml"
POST = "content/posts/2024-01-02-second.md"


def make(tmp_path, name="disqus.xml"):
    ids = post("Second", "2024-01-02").replace("tags:", "id: em_2\ntags:")
    root = make_site(tmp_path / "site", {POST: ids})
    export = tmp_path / "export"
    made = SAMPLES[name].make() if name in SAMPLES else b""
    for file, data in made.items() if isinstance(made, dict) else [(name, made)]:
        (export / file).parent.mkdir(parents=True, exist_ok=True)
        (export / file).write_bytes(data)
    return root, export if "/" in name or isinstance(made, dict) else export / name


def import_into(root, path, **options):
    return import_comments([path], root, read_config(root).config, **options)


def read(root):
    return parse_comments((root / FILE).read_bytes(), FILE).comments


@dataclass(frozen=True)
class Journey:
    """An export that was imported into a site twice; then the site was built and checked."""

    root: Path
    sample: Sample
    report: CommentReport
    comments: tuple[Comment, ...]
    second: CommentReport
    changed: tuple[Path, ...]
    check: Result


@pytest.fixture(scope="module", params=SAMPLES)
def journey(request, tmp_path_factory):
    root, path = make(tmp_path_factory.mktemp("journey"), request.param)
    report = import_into(root, path)
    before = {file: file.stat().st_mtime_ns for file in root.rglob("*") if file.is_file()}
    second = import_into(root, path)
    changed = tuple(file for file in before if file.stat().st_mtime_ns != before[file])
    build(root)
    check = run("check", "--json", root=root)
    return Journey(root, SAMPLES[request.param], report, read(root), second, changed, check)


def test_each_published_comment_arrives_at_its_post_with_its_thread(journey):
    report, sample = journey.report, journey.sample
    assert (report.counts.problems, report.unknown) == ([], [])
    comments = [item for item in journey.comments if item.type == "comment"]
    links = [item for item in journey.comments if item.type != "comment"]
    assert (len(comments), len(links)) == (sample.imported, sample.links)
    assert all(item.text.replace("*", "").startswith("Text") for item in comments)
    assert all(item.author.lower().startswith("ada") for item in comments)
    assert all(item.url.startswith("https://") and item.author in ("A page", "Ada") for item in links)
    assert all(item.date and item.date.year == 2024 for item in comments)
    assert [item.reply_to for item in comments if item.reply_to] == [comments[0].id] * (sample.imported - 1)


def test_likes_of_comments_are_imported_and_shown(journey):
    likes = journey.sample.likes
    assert {item.likes for item in journey.comments if item.type == "comment"} == {likes}
    page = (journey.root / "output/posts/second/index.html").read_text()
    shown = journey.sample.imported if likes else 0
    assert (page.count(f"<span>{likes} likes</span>"), page.count('"upvoteCount":3')) == (shown, shown)


def test_every_comment_of_an_export_is_accounted_for(journey):
    report, sample = journey.report, journey.sample
    assert report.dropped == sample.dropped
    assert sum(report.unmatched.values()) == sample.unmatched
    assert report.counts.added == sample.imported + sample.links
    assert sample.imported + sample.links + sum(sample.dropped.values()) + sample.unmatched == sample.total


GUIDE = Path(__file__).parents[3] / "docs/guides/comments.md"
NAMES = {"GitHub": "giscus", "Webmention": "Webmention.io", "Data files": "Hugo"}


def test_each_system_is_in_the_table_of_the_guide(journey):
    table = GUIDE.read_text().partition("| system |")[2].partition("\n\n")[0]
    systems = {name for row in table.splitlines() for name in row.split("|")[1:2] for name in name.strip().split(", ")}
    (platform,) = journey.report.platforms
    assert NAMES.get(platform, platform) in systems


def test_the_manual_accounts_for_the_comments_of_each_sample():
    text = (Path(__file__).parents[3] / "docs/contributing/reliability.md").read_text()
    for name, sample in SAMPLES.items():
        counts = (sample.total, sample.imported, sample.links, sum(sample.dropped.values()), sample.unmatched)
        assert f"| `{name}` | {' | '.join(map(str, counts))} | {'yes' if sample.likes else 'no'} |\n" in text


def test_importing_again_writes_nothing(journey):
    counts = journey.second.counts
    assert (counts.added, counts.unchanged) == (0, journey.sample.imported + journey.sample.links)
    assert journey.changed == ()


def test_a_site_with_imported_comments_has_no_errors(journey):
    found = json.loads(journey.check.output)
    assert [problem for problem in found["problems"] if problem["severity"] == "error"] == []
    page = (journey.root / "output/posts/second/index.html").read_text()
    assert page.count('id="theme:comment-') == journey.sample.imported + journey.sample.links


def test_nothing_private_is_in_the_site_or_its_output(journey):
    assert_nothing_private(journey.root)


def assert_nothing_private(root):
    for file, data in tree(root).items():
        for value in PRIVATE:
            assert value.encode() not in data, (file, value)


@pytest.mark.parametrize("name", POST_EXPORTS)
def test_nothing_private_of_exports_with_posts_is_in_the_site_or_its_output(tmp_path, name):
    root, path = make(tmp_path, name)
    path.write_bytes(POST_EXPORTS[name]())
    report = run_import([path], root, "content/posts", Options(UTC, replies_as_comments=name.endswith(".mbox")))
    assert report.comments.added == 2
    build(root)
    assert len(list((root / "content").rglob("*.comments.yaml"))) == 1
    assert_nothing_private(root)
    (comments,) = (path.read_text() for path in (root / "content").rglob("*.comments.yaml"))
    assert comments.count("\n  likes: 3\n") == (0 if name.endswith(".mbox") else 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to ada@x.example.", "write to …."),
        ("<ada@x.example>", "…"),
        ("[Ada](mailto:ada@x.example?subject=x)", "Ada"),
        ("ada\\_b@x.example, mailto:b@x.example", "…, …"),
        ("@ada@social.example", "@ada@social.example"),
        ("https://medium.example/@ada@b.example", "https://medium.example/@ada@b.example"),
        ("git@host.example:ada/project", "git@host.example:ada/project"),
        ("a @ b. c", "a @ b. c"),
        ("[x](https://x.example/u?m=ada%40x.example)", "[x](https://x.example/u?…)"),
        ("a 40%40 b", "a 40%40 b"),
    ],
)
def test_email_addresses_are_removed_from_texts(text, expected):
    assert remove_addresses(text) == expected


@pytest.mark.parametrize(
    ("url", "is_stored"),
    [
        ("https://x.example/p#comment-1", True),
        ("https://social.example/@ada@other.example/1", True),
        ("https://x.example/u?email=ada@x.example", False),
        ("https://x.example/u?email=ada%40x.example", False),
        ("https://ada@x.example/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_url_with_an_email_address_is_not_stored(url, is_stored):
    found = ImportedComment(Location("x"), "1", MarkdownBody("Text"), "Ada", url=url)
    assert convert_comment(found, "Mastodon").url == (url if is_stored else "")


def test_comments_that_were_edited_or_deleted_stay_so(tmp_path):
    root, path = make(tmp_path)
    import_into(root, path)
    first, _, _ = (root / FILE).read_text().partition("- id: disqus-2")
    write(root, {FILE: "# Ours\n" + first.replace("Text **1**", "Edited")})
    report = import_into(root, path)
    assert (report.counts.edited, report.counts.added) == (2, 0)
    assert (root / FILE).read_text() == "# Ours\n" + first.replace("Text **1**", "Edited")


@pytest.mark.parametrize("keeps_file", [True, False])
def test_comments_of_a_renamed_post_stay_edited_deleted_and_taken_down(tmp_path, keeps_file):
    root, path = make(tmp_path, "ghost.json")
    rows = json.loads(ghost())["comments"]
    path.write_text(json.dumps({"comments": [{**rows[0], "id": f"b{n}", "replies": []} for n in range(4)]}))
    import_into(root, path)
    assert run("takedown", "--comment", "ghost-b1", "--yes", root=root).exit_code == 0
    items = (root / FILE).read_text().split("- id: ")
    text = "- id: ".join(["", items[1], items[3].replace("Text", "Edited")])
    for file in (POST, FILE):
        (root / file).rename(root / file.replace("2024-01-02-second", "second"))
    renamed = FILE.replace("2024-01-02-second", "second")
    write(root, {renamed: text})
    if not keeps_file:
        (root / renamed).unlink()
    counts = import_into(root, path).counts
    assert (counts.added, counts.removed, counts.total) == (0, 1, 4)
    assert (counts.unchanged, counts.edited) == ((1, 2) if keeps_file else (0, 3))
    assert not keeps_file or (root / renamed).read_text() == text
    ledger = json.loads((root / "comments.json").read_text())
    assert ledger["imported"].keys() == {renamed}
    assert ledger["removed"] == {renamed: ["ghost-b1"]}


def test_a_comment_stays_down_if_the_comment_file_was_not_renamed_with_its_post(tmp_path):
    root, path = make(tmp_path, "ghost.json")
    import_into(root, path)
    assert run("takedown", "--comment", "ghost-a1", "--yes", root=root).exit_code == 0
    (root / POST).rename(root / POST.replace("2024-01-02-second", "second"))
    counts = import_into(root, path).counts
    assert (counts.added, counts.removed) == (1, 1)
    assert import_into(root, path).counts.removed == 1


def test_an_equal_id_on_another_post_is_another_comment(tmp_path):
    root, path = make(tmp_path, "ghost.json")
    other = "content/posts/2023-01-01-gone.comments.yaml"
    imported = {"version": 1, "imported": {other: {"ghost-a1": "00000000"}}, "removed": {other: ["ghost-a1"]}}
    write(root, {"comments.json": json.dumps(imported)})
    assert import_into(root, path).counts.added == 2
    write(root, {other.replace(".comments.yaml", ".md"): post("Gone", "2023-01-01")})
    assert import_into(root, path).counts.unchanged == 2
    assert other in json.loads((root / "comments.json").read_text())["imported"]


def test_a_comment_that_changed_on_the_platform_is_updated(tmp_path):
    root, path = make(tmp_path)
    import_into(root, path)
    path.write_bytes(disqus().replace(b"Text <b>1</b>", b"Better"))
    assert import_into(root, path).counts.changed == 1
    assert read(root)[0].text.startswith("Better\n")


def test_new_likes_replace_fewer_ones(tmp_path):
    root, path = make(tmp_path, "ghost.json")
    import_into(root, path)
    path.write_bytes(ghost().replace(b'"likes": 3', b'"likes": 5'))
    assert import_into(root, path).counts.changed == 2
    assert {item.likes for item in read(root)} == {5}


@pytest.mark.parametrize("fewer", [b'"likes": 2', b'"loves": 3'])
def test_an_export_with_fewer_likes_or_none_changes_nothing(tmp_path, fewer):
    root, path = make(tmp_path, "ghost.json")
    import_into(root, path)
    before = tree(root)
    path.write_bytes(ghost().replace(b'"likes": 3', fewer))
    assert import_into(root, path).counts.unchanged == 2
    assert tree(root) == before


def test_likes_are_added_to_comments_of_an_earlier_import(tmp_path):
    root, path = make(tmp_path, "ghost.json")
    path.write_bytes(ghost().replace(b'"likes": 3', b'"loves": 3'))
    import_into(root, path)
    path.write_bytes(ghost())
    assert import_into(root, path).counts.changed == 2
    assert {item.likes for item in read(root)} == {3}


def test_a_new_comment_changes_no_other_line(tmp_path):
    root, path = make(tmp_path)
    own = "# Ours\n- id: own\n  date: 2024-02-01T12:00:00Z\n  text: 'Between'   # quoted\n"
    write(root, {FILE: own})
    import_into(root, path)
    text = (root / FILE).read_text()
    assert text.startswith("# Ours\n- id: disqus-1\n")
    assert "- id: own\n  date: 2024-02-01T12:00:00Z\n  text: 'Between'   # quoted\n- id: disqus-2\n" in text


def test_comments_on_other_posts_are_reported(tmp_path):
    root, path = make(tmp_path)
    assert import_into(root, path).unmatched == {"https://old.example.org/gone/": 1}


@pytest.mark.parametrize(
    "change",
    [
        {POST: post("Second", "2024-01-02").replace("tags:", "slug: other\naliases: [/posts/second/]\ntags:")},
        {POST: post("Second", "2024-01-02").replace("tags:", f"slug: other\nsource_url: {URL}\ntags:")},
        {POST: post("Second", "2024-01-02").replace("tags:", "slug: other\nid: x1\ntags:")},
        {
            POST: post("Second", "2024-01-02").replace("tags:", "slug: other\ntags:"),
            "published.json": json.dumps({"version": 1, "posts": [{"path": POST, "guid": "g", "urls": [URL]}]}),
        },
    ],
    ids=["alias", "source", "id", "ledger"],
)
def test_a_post_is_found_by_every_name_that_it_has_or_had(tmp_path, change):
    root, path = make(tmp_path)
    write(root, change)
    assert import_into(root, path).counts.added == 2


def test_comments_from_before_a_move_below_a_base_path_are_matched_by_url(tmp_path):
    root, path = make(tmp_path)
    config = (root / "sitegen.toml").read_text()
    write(root, {"sitegen.toml": re.sub(r'base_url = ".*?"', 'base_url = "https://new.example/letters/"', config)})
    write(
        root,
        {
            "content/posts/2024-01-03-other.md": post("Other", "2024-01-03", "x").replace(
                "tags:", "aliases: [/x/second/]\ntags:"
            )
        },
    )
    assert import_into(root, path).counts.added == 2


def test_a_dry_run_writes_nothing(tmp_path):
    root, path = make(tmp_path)
    before = tree(root)
    assert import_into(root, path, dry_run=True).counts.added == 2
    assert tree(root) == before


def test_a_file_of_an_unknown_format_is_refused(tmp_path):
    root, path = make(tmp_path)
    path.write_text("hello")
    with pytest.raises(SiteError, match="the format of this export of comments is not recognised"):
        import_into(root, path)


def test_a_damaged_file_among_others_is_a_problem_and_the_others_are_imported(tmp_path):
    root, path = make(tmp_path)
    write(
        path.parent, {"cut.json": '{"comments": [', "comments/second/1.yml": "_id: a\nmessage: [x\n", "notes.txt": "x"}
    )
    report = import_into(root, path.parent)
    assert report.counts.added == 2
    cause = "line 2: not valid YAML: did not find expected ',' or ']'"
    assert [(name, text.partition(";")[0]) for name, text in report.damaged] == [
        ("comments/second/1.yml", f"it is neither YAML nor TOML nor JSON: {cause}"),
        ("cut.json", "the JSON is damaged or incomplete on line 1"),
    ]
    assert [name for name, _ in report.unknown] == ["notes.txt"]
    assert run("comments", "import", path.parent, root=root).exit_code == 1


def test_an_invalid_comment_file_is_reported_and_not_changed(tmp_path):
    root, path = make(tmp_path)
    write(root, {FILE: "- text: a\n"})
    counts = import_into(root, path).counts
    assert (counts.failed, counts.total) == (2, 2)
    message = "the comment has no `id`; nothing is imported into a file that is not valid"
    assert counts.problems == [(f"{FILE}:1", message)]
    assert (root / FILE).read_text() == "- text: a\n"


def test_a_comment_that_no_file_can_have_is_reported_and_the_others_are_imported(tmp_path):
    root, path = make(tmp_path)
    text = "Many words. " * (MAX_COMMENT_CHARACTERS // 10)
    path.write_bytes(disqus().replace(b"<p>Text <b>1</b></p>", f"<p>{text}</p>".encode()))
    counts = import_into(root, path).counts
    assert (counts.added, counts.failed) == (1, 1)
    (problem,) = counts.problems
    message = "the comment `disqus-1` cannot be stored: the text is longer than 200,000 characters"
    assert problem[0].startswith(f"{path.name}:")
    assert problem[1] == message
    assert [item.id for item in read(root)] == ["disqus-2"]
    build(root)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("\u202eevil\u202c", "evil"),
        ("\u2067Ada\u2069 Smith", "Ada Smith"),
        ("\u200b", ""),
        ("\u3164 \u2060", ""),
        ("\u0645\u06cc\u200c\u06af\u0644", "\u0645\u06cc\u200c\u06af\u0644"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ],
)
def test_a_name_shows_something_and_does_not_turn_the_text_around_it(name, stored):
    assert clean_name(name) == stored


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("cut.json", b'{"comments": [{"id": 1,\n', "cut.json: the JSON is damaged or incomplete on line 2"),
        ("empty.json", b"", "empty.json: the format of this export of comments is not recognised"),
        ("cut.xml.gz", gzip.compress(disqus())[:-30], "cut.xml.gz: it cannot be unpacked"),
        ("", b"", "there are no files to import"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path, name, data, message):
    root, _ = make(tmp_path)
    folder = tmp_path / "other"
    folder.mkdir()
    if name:
        (folder / name).write_bytes(data)
    with pytest.raises(SiteError) as raised:
        import_into(root, folder / name if name else folder)
    assert message in str(raised.value.problems[0])


@pytest.mark.parametrize(
    "own", ["\ufeff- id: own\n  text: x\n", "- id: own\r\n  text: x\r\n", "# none\n", "- id: own\n  text: x"]
)
def test_comments_are_added_to_a_file_of_any_editor(tmp_path, own):
    root, path = make(tmp_path)
    write(root, {FILE: own})
    assert import_into(root, path).counts.added == 2
    assert {item.id for item in read(root)} >= {"disqus-1", "disqus-2"}
    assert import_into(root, path).counts.unchanged == 2


def test_a_comment_file_in_another_encoding_is_reported_and_not_changed(tmp_path):
    root, path = make(tmp_path)
    write(root, {FILE: b"- id: own\n  text: \xff\n"})
    counts = import_into(root, path).counts
    assert (counts.failed, len(counts.problems)) == (2, 1)
    assert (root / FILE).read_bytes() == b"- id: own\n  text: \xff\n"


def test_the_command_reports_what_it_did(tmp_path):
    root, path = make(tmp_path)
    result = run("comments", "import", path, root=root)
    assert result.exit_code == 0
    assert "Disqus: comments on 1 post: 2 new" in result.output
    assert "https://old.example.org/gone/: 1" in result.output
    assert "spam comment: 1" in result.output


def test_comments_of_wordpress_are_imported_with_the_posts(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(wordpress())
    root = make_site(tmp_path / "site", {POST: ""})
    (root / POST).unlink()
    report = run_import([path], root, "content/posts", Options(UTC))
    assert report.comments.added == 2
    assert {
        "pending comment": 1,
        "spam comment": 1,
        'comment of the type "order_note"': 1,
    }.items() <= report.dropped.items()
    first, second = read(root)
    text = "Text **1**\n\nWrite to … or …"
    assert (first.id, first.text, first.url) == ("wordpress-1", text, f"{URL}#comment-1")
    assert report.comments.cleaned == 2
    assert second.reply_to == "wordpress-1"
    again = run_import([path], root, "content/posts", Options(UTC))
    assert (again.comments.added, again.comments.unchanged) == (0, 2)
