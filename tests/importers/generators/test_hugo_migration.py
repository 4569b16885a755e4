"""A Hugo site with sections, a taxonomy of its own, series, shortcodes and two languages keeps its URLs.

`tests/importers/hugo_migration/urls.txt` lists the URLs of the site as Hugo builds it and as sitegen builds its import:
what each URL is here, or why it is missing. `python -m tests.importers.generators.test_hugo_migration` records it with
the installed Hugo.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from datetime import UTC
from pathlib import Path

import pytest

from sitegen.config.load import read_config
from sitegen.importers.base import Options
from sitegen.importers.run import run_import
from sitegen.scaffold.skeleton import write_site
from tests.support.importing import import_path
from tests.support.programs import require_program
from tests.support.sites import build, write

FOLDER = Path(__file__).parents[1] / "hugo_migration"
TABLE = FOLDER / "urls.txt"
SHORTCODES = {
    "templates/shortcodes/aside.html": "{% macro aside(content, title) %}"
    "<aside><h2>{{ title }}</h2>{{ content }}</aside>{% endmacro %}",
    "templates/shortcodes/waves.html": "{% macro waves(height) %}<p>Waves of {{ height }} metres</p>{% endmacro %}",
}
REASONS = {
    r"/de/categories/": "no post in this language has a category",
    r"(/de)?/(letters|tags|categories|series|people)/index.xml": "lists of terms and the archive have no feeds",
    r"/(en|de)/sitemap.xml": "one sitemap has all languages",
    r"/en/": "a redirect to the home page for a prefix that the main language does not use",
}


def migrate(root):
    """Import the site as the guide says: with the settings that a dry run suggests, and macros for its shortcodes."""
    write(root, {"sitegen.toml": "", **SHORTCODES})

    def run(**options):
        config = read_config(root).config
        return run_import([FOLDER / "input"], root, "content/posts", Options(UTC), config=config, **options)

    first = run(dry_run=True)
    write(root, {"sitegen.toml": first.settings})
    report = run()
    built = build(root)
    return first, report, built


def test_suggested_settings_are_valid_where_the_report_says_to_paste_them(tmp_path):
    write_site(tmp_path, "Mine", "https://mine.example/")
    file, options = tmp_path / "sitegen.toml", Options(UTC)

    def suggest() -> str:
        config = read_config(tmp_path).config
        run = run_import([FOLDER / "input"], tmp_path, "content/posts", options, config=config, dry_run=True)
        return run.settings

    settings, rows = suggest(), file.read_text().splitlines()
    first = next(n for n, row in enumerate(rows) if row.startswith("["))
    names = {row.partition(" = ")[0] for row in settings.partition("\n[")[0].splitlines() if row}
    assert names == {"timezone"}, "a setting outside of all tables"
    above = [row for row in rows[:first] if row.partition(" = ")[0] not in names]
    file.write_text("\n".join([*above, settings, *rows[first:]]))
    assert suggest() == ""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    root = tmp_path_factory.mktemp("migrated")
    return root, *migrate(root)


def urls(folder):
    """Return the URLs of the pages and XML files of a built site."""
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in (".html", ".xml")]
    return {f"/{file}".removesuffix("index.html") for file in files}


def describe(output, url):
    """Return what a URL is on the new site, or why it does not exist."""
    path = output / (f"{url[1:]}index.html" if url.endswith("/") else url[1:])
    if not path.is_file():
        return next((reason for pattern, reason in REASONS.items() if re.fullmatch(pattern, url)), "MISSING")
    if path.suffix == ".xml":
        return "a feed" if b"<rss" in path.read_bytes() else "an XML file"
    refresh = re.search(r'http-equiv="refresh" content="0; ?url=([^"]*)"', path.read_text("utf-8"))
    return f"redirects to {refresh[1].removeprefix('https://tides.example')}" if refresh else "a page"


def compare(hugo, output):
    """Return the table of all URLs."""
    own = urls(output) - hugo
    lines = [f"{url}: {describe(output, url)}" for url in sorted(hugo)]
    return "\n".join([*lines, "", "Only here:", *sorted(own), ""])


def recorded():
    """Return the URLs that Hugo gave the site."""
    text = TABLE.read_text("utf-8").partition("\n\n")[0]
    return {line.split(": ")[0] for line in text.splitlines()}


def build_with_hugo(program, folder):
    command = [program, "--source", FOLDER / "input", "--destination", folder / "public", "--noBuildLock"]
    subprocess.run([*command, "--cacheDir", folder / "cache"], check=True, capture_output=True)
    return urls(folder / "public")


def test_each_url_of_the_old_site_exists_or_is_missing_for_a_reason(migrated):
    table = compare(recorded(), migrated[0] / "output")
    assert table == TABLE.read_text("utf-8")
    assert "MISSING" not in table


def test_hugo_still_gives_the_site_the_recorded_urls(tmp_path):
    assert build_with_hugo(require_program("hugo", str(Path(sys.executable).parent)), tmp_path) == recorded()


def test_the_migrated_site_has_no_warnings_and_no_broken_links(migrated):
    _, first, report, built = migrated
    assert not built.warnings
    assert (first.posts, report.posts) == (9, 9)
    assert not report.broken


def test_posts_of_a_section_become_posts_of_its_type(migrated):
    root = migrated[0]
    for file in ("recipes/2024-03-01-leek-soup.md", "notes/2024-03-10-first-swallow.md", "posts/2024-02-02-storm.md"):
        assert (root / "content" / file).is_file()
    listing = (root / "output/recipes/index.html").read_text("utf-8")
    assert "<h1>From the galley</h1>" in re.sub(r"<h1[^>]*>", "<h1>", listing)
    assert "/recipes/rye-bread/" in listing


def test_series_and_people_are_taxonomies(migrated):
    output = migrated[0] / "output"
    storm = (output / "2024/02/storm/index.html").read_text("utf-8")
    assert "Part 2 of 2" in storm
    assert 'href="/people/bo-li/"' in storm
    assert 'href="/de/series/' in (output / "de/2024/02/sturm/index.html").read_text("utf-8")


def test_shortcodes_show_what_the_macros_of_their_names_return(migrated):
    output = migrated[0] / "output"
    assert "<p>Waves of 9 metres</p>" in (output / "2024/02/storm/index.html").read_text("utf-8")
    lamp = (output / "2024/01/the-lamp/index.html").read_text("utf-8")
    assert re.search(r"<aside><h2[^>]*>A word</h2><p>A <strong>lamp</strong> needs oil.</p>\s*</aside>", lamp)


def test_menus_become_the_navigation_of_each_language(migrated):
    settings = tomllib.loads(migrated[1].settings)
    assert settings["theme"]["nav"] == [
        {"section": "archive", "title": "Letters"},
        {"section": "recipes", "title": "Recipes"},
        {"page": "about", "title": "About"},
        {"url": "https://tables.example/", "title": "Tide tables"},
    ]
    assert settings["languages"]["de"]["nav"] == [{"page": "about-de", "title": "Über uns"}]


def test_a_second_import_suggests_and_writes_nothing(migrated):
    root = migrated[0]
    report = run_import(
        [FOLDER / "input"], root, "content/posts", Options(UTC), config=read_config(root).config, dry_run=True
    )
    assert (report.settings, report.written, report.unchanged) == ("", 0, 9)


def test_a_post_stays_in_its_folder_when_the_config_gets_a_type(tmp_path):
    write(tmp_path, {"sitegen.toml": ""})
    for config in ("", "[types.recipes]\n"):
        write(tmp_path, {"sitegen.toml": config})
        report = run_import(
            [FOLDER / "input"], tmp_path, "content/posts", Options(UTC), config=read_config(tmp_path).config
        )
    assert report.unchanged == 9
    assert not (tmp_path / "content/recipes").exists()


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("", {"types": {"my_notes": {"url": "/my-notes/{slug}/", "listing": "/my-notes/", "feed": True}}}),
        ('[permalinks]\nletters = "/:sections/:year/:title"\n', {"urls": {"post": "/letters/{year}/{slug}/"}}),
        ('[permalinks]\nletters = "/:year/:slug.html"\n', {"urls": {"post": "/{year}/{slug}.html"}}),
        ('[permalinks]\nletters = "/:sections[1:]/:title/"\n', {"urls": {"post": "/letters/{slug}/"}}),
        (
            '[permalinks.page]\nmy-notes = "/n/:slug/"\n',
            {"types": {"my_notes": {"url": "/n/{slug}/", "listing": "/my-notes/", "feed": True}}},
        ),
        (
            '[params]\nmainSections = ["my-notes"]\n',
            {"urls": {"archive": "/my-notes/"}, "types": {"letters": {"feed": True}}},
        ),
        ('[taxonomies]\ntag = "tags"\nplace = "places"\n', {"taxonomies": {"places": {"feed": True}}}),
        ('[taxonomies]\ntag = "tags"\nauthor = "authors"\nyear = "year"\n', {"taxonomies": None}),
        ('[[menu.main]]\nname = "Home"\nurl = "/"\n', {"theme": {"nav": [{"section": "home", "title": "Home"}]}}),
        ('[[menu.main]]\nname = "Menu"\nidentifier = "x"\n', {"theme": None}),
    ],
)
def test_settings_are_suggested_for(config, expected, tmp_path):
    files = {
        "in/hugo.toml": f'baseURL = "https://x.example/"\n{config}',
        "in/content/letters/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\n",
        "in/content/letters/b.md": "---\ntitle: B\ndate: 2020-01-02\n---\n",
        "in/content/my-notes/c.md": "---\ntitle: C\ndate: 2020-01-03\n---\n",
    }
    write(tmp_path, files)
    settings = tomllib.loads(import_path(tmp_path / "in", tmp_path / "site", "hugo").settings)
    for name, values in expected.items():
        if values is None:
            assert name not in settings
        else:
            assert settings[name] | values == settings[name]
    write(tmp_path / "site", {"sitegen.toml": import_path(tmp_path / "in", tmp_path / "other", "hugo").settings})
    assert read_config(tmp_path / "site").config.base_url == "https://x.example/"


def test_menu_entries_of_pages_that_were_not_imported_are_reported_and_not_suggested(tmp_path):
    entries = {"Home": "/", "Letter": "/letters/a/", "About": "/about/", "Shop": "/shop/", "Feed": "/index.xml"}
    menu = "".join(f'[[menu.main]]\nname = "{name}"\nurl = "{url}"\n' for name, url in entries.items())
    files = {
        "in/hugo.toml": f'baseURL = "https://x.example/"\n{menu}',
        "in/content/letters/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\n",
        "in/content/about.md": "---\ntitle: About\n---\nText.\n",
        "in/content/shop/_index.md": "---\ntitle: Shop\n---\nText.\n",
    }
    write(tmp_path, files)
    report = import_path(tmp_path / "in", tmp_path / "site", "hugo")
    assert tomllib.loads(report.settings)["theme"]["nav"] == [
        {"section": "home", "title": "Home"},
        {"url": "/letters/a/", "title": "Letter"},
        {"page": "about", "title": "About"},
        {"url": "/index.xml", "title": "Feed"},
    ]
    assert [note.message for note in report.notes if "menu" in note.message] == [
        '"Shop" of the menu leads to /shop/, which was not imported'
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        migrate(Path(temporary) / "site")
        found = build_with_hugo("hugo", Path(temporary))
        TABLE.write_text(compare(found, Path(temporary) / "site" / "output"), "utf-8")
