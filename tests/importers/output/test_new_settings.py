"""A first import sets what the export states of its site in the config of a new site, and later ones set nothing."""

import json
import tomllib
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from sitegen.config.load import read_config
from sitegen.importers.base import Options
from sitegen.importers.run import run_import
from sitegen.scaffold.skeleton import read_initial_settings, write_site
from tests.support.sites import write

STATED = {"title": "Boote", "description": "On boats", "language": "de", "timezone": "Europe/Berlin"}
PUBLISHED_AT = "2022-01-01T23:30:00.000Z"


def ghost(settings=STATED, slug="a", **post):
    names = {"language": "locale"}
    rows = [{"key": names.get(key, key), "value": value} for key, value in settings.items()]
    values = {
        "id": slug,
        "title": "A",
        "slug": slug,
        "html": "<p>A</p>",
        "status": "published",
        "published_at": PUBLISHED_AT,
    }
    return json.dumps({"db": [{"meta": {"version": "5.0"}, "data": {"posts": [{**values, **post}], "settings": rows}}]})


def feed(head):
    item = "<item><title>A</title><guid>x</guid><pubDate>Mon, 03 Jan 2022 10:00:00 GMT</pubDate></item>"
    return f'<rss version="2.0"><channel>{head}{item}</channel></rss>'


def start(root):
    write_site(root, read_initial_settings()["title"], "https://letters.example/")
    return root


def import_files(root, files, name="in", **options):
    write(root.parent / name, files)
    config = read_config(root).config
    zone = UTC if config.timezone == "UTC" else ZoneInfo(config.timezone)
    initial = read_initial_settings()
    return run_import(
        [root.parent / name], root, "content/posts", Options(zone), config=config, initial=initial, **options
    )


def settings_of(root):
    return tomllib.loads((root / "sitegen.toml").read_text("utf-8-sig"))


def test_a_first_import_sets_what_the_export_states_and_keeps_the_rest_of_the_file(tmp_path):
    root = start(tmp_path / "site")
    before = (root / "sitegen.toml").read_text()
    report = import_files(root, {"a.json": ghost()})
    assert report.new_settings == STATED
    assert report.settings == ""
    after = (root / "sitegen.toml").read_text()
    changed = [row for row in after.splitlines() if row not in before.splitlines()]
    assert changed == [
        'title = "Boote"', 'description = "On boats"', 'language = "de"', 'timezone = "Europe/Berlin"'
    ]  # fmt: skip
    assert len(after.splitlines()) == len(before.splitlines())


def test_posts_of_the_first_import_are_in_the_time_zone_that_it_sets(tmp_path):
    root = start(tmp_path / "site")
    assert import_files(root, {"a.json": ghost()}).created == ("content/posts/2022-01-02-a.md",)
    again = import_files(root, {"a.json": ghost()})
    assert (again.written, again.unchanged, again.new_settings) == (0, 1, {})


def test_a_dry_run_says_what_it_would_set_and_reports_what_the_import_does(tmp_path):
    root = start(tmp_path / "site")
    before = (root / "sitegen.toml").read_bytes()
    dry_run = import_files(root, {"a.json": ghost()}, dry_run=True)
    assert (root / "sitegen.toml").read_bytes() == before
    assert import_files(root, {"a.json": ghost()}) == replace(dry_run, dry_run=False)


def test_a_setting_that_was_changed_stays(tmp_path):
    root = start(tmp_path / "site")
    file = root / "sitegen.toml"
    file.write_text(file.read_text().replace('"My newsletter"', '"Mine"').replace('"UTC"', '"Asia/Tokyo"'))
    assert import_files(root, {"a.json": ghost()}).new_settings == {"description": "On boats", "language": "de"}
    assert settings_of(root)["title"] == "Mine"


def test_the_language_of_a_site_with_several_languages_stays(tmp_path):
    root = write(tmp_path / "site", {"sitegen.toml": "[languages.de]\n[languages.fr]\n"})
    assert "language" not in import_files(root, {"a.json": ghost()}).new_settings
    assert read_config(root).config.language == "en"


def test_a_config_without_the_settings_gets_them_above_its_tables(tmp_path):
    root = write(tmp_path / "site", {"sitegen.toml": '[theme]\naccent = "#00566b"\n'})
    assert import_files(root, {"a.json": ghost()}).new_settings == STATED
    assert settings_of(root) == {**STATED, "theme": {"accent": "#00566b"}}


def test_later_imports_set_nothing(tmp_path):
    root = start(tmp_path / "site")
    import_files(root, {"a.json": ghost({})})
    for name, files in (("again", {"a.json": ghost()}), ("other", {"feed.xml": feed("<title>Sea</title>")})):
        assert import_files(root, files, name).new_settings == {}
    assert settings_of(root)["title"] == read_initial_settings()["title"]


@pytest.mark.parametrize("path", ["published.json", ".sitegen/imports/ghost-content-posts.journal"])
def test_a_site_that_was_published_or_whose_import_was_killed_is_not_new(tmp_path, path):
    root = write(start(tmp_path / "site"), {path: ""})
    assert import_files(root, {"a.json": ghost()}).new_settings == {}


def test_an_export_without_posts_sets_nothing(tmp_path):
    root = start(tmp_path / "site")
    before = (root / "sitegen.toml").read_bytes()
    assert import_files(root, {"feed.xml": "<rss version='2.0'><channel><title>A</title></channel></rss>"}).posts == 0
    assert (root / "sitegen.toml").read_bytes() == before
    assert import_files(root, {"feed.xml": feed("<title>Sea</title>")}).new_settings == {"title": "Sea"}


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("sitegen.toml", 'title = """\nMy newsletter"""\n'),
        ("pyproject.toml", '[tool.sitegen]\ntitle = "My newsletter"\n'),
    ],
)
def test_a_config_that_cannot_be_changed_by_the_line_stays_and_the_settings_are_suggested(tmp_path, name, config):
    root = write(tmp_path / "site", {name: config})
    report = import_files(root, {"a.json": ghost()})
    assert (root / name).read_text() == config
    assert report.new_settings == {}
    assert tomllib.loads(report.settings)["language"] == "de"
    assert report.created == ("content/posts/2022-01-01-a.md",)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"title": 'The "Salt" \\ Letter'}, {"title": 'The "Salt" \\ Letter'}),
        ({"title": "Salt\nand\r\n sea\u2028air"}, {"title": "Salt and sea air"}),
        ({"title": "<b>Salt</b> &amp; sea"}, {"title": "Salt & sea"}),
        ({"title": "\U0001f40b Whales"}, {"title": "\U0001f40b Whales"}),
        ({"title": "A\ud800B"}, {"title": "A B"}),
        ({"title": " ", "description": ""}, {}),
        ({"language": "en-us"}, {"language": "en-US"}),
        ({"language": "de_DE.UTF-8"}, {"language": "de-DE"}),
        ({"language": "zh-hant-tw"}, {"language": "zh-Hant-TW"}),
        ({"language": "klingon, mostly"}, {}),
        ({"timezone": "Etc/UTC"}, {}),
        ({"timezone": "+02:00"}, {}),
        ({"timezone": "Europe/Berlinn"}, {}),
        ({"timezone": "Europe/Berlin"}, {"timezone": "Europe/Berlin"}),
    ],
)
def test_settings_are_set_in_the_form_of_the_config(tmp_path, stated, expected):
    root = start(tmp_path / "site")
    assert import_files(root, {"a.json": ghost(stated)}).new_settings == expected
    read_config(root)
    assert {key: settings_of(root)[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("name", "text", "author"),
    [
        ("_config.yml", "author: Ada Pellow\n", "Ada Pellow"),
        ("_config.yml", "author:\n  name: Ada Pellow\n  email: ada@example.org\n", "Ada Pellow"),
        ("_config.yml", "author: ada@example.org\n", None),
        ("_config.yml", "author: [Ada, Bo]\n", None),
    ],
)
def test_the_author_of_the_old_site_is_set_without_an_email_address(tmp_path, name, text, author):
    root = start(tmp_path / "site")
    report = import_files(root, {name: text, "_posts/2020-01-01-a.md": "---\ntitle: A\n---\nText.\n"})
    assert report.new_settings.get("author") == author
    assert "example.org" not in (root / "sitegen.toml").read_text().replace("letters.example", "")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"feed.xml": feed("<title>Sea</title><description>Air</description><language>en-gb</language>")},
            {"title": "Sea", "description": "Air", "language": "en-GB"},
        ),
        ({"feed.xml": feed("<title>Sea</title><managingEditor>ada@x.example (Ada)</managingEditor>")}, {
            "title": "Sea", "author": "Ada"
        }),
        (
            {"feed.json": json.dumps({
                "version": "https://jsonfeed.org/version/1.1", "title": "Sea", "authors": [{"name": "Ada"}],
                "items": [{"id": "x", "title": "A", "date_published": "2022-01-03T10:00:00Z"}],
            })},
            {"title": "Sea", "author": "Ada"},
        ),
    ],
)  # fmt: skip
def test_a_feed_states_its_title_description_language_and_author(tmp_path, files, expected):
    assert import_files(start(tmp_path / "site"), files).new_settings == expected


def test_the_base_url_of_the_old_site_is_never_set(tmp_path):
    root = start(tmp_path / "site")
    hugo = 'baseURL = "https://old.example/"\ntitle = "Boats"\n[params.author]\nname = "Ada"\n'
    post = '+++\ntitle = "A"\ndate = 2020-01-01\n+++\nText.\n'
    report = import_files(root, {"hugo.toml": hugo, "content/posts/a.md": post})
    assert report.new_settings == {"title": "Boats", "author": "Ada"}
    assert settings_of(root)["base_url"] == "https://letters.example/"
