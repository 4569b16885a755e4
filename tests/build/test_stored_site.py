"""A build by a new process after an edit of a body loads a part of the last build's site, or plans all of it."""

import shutil
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from sitegen.build import stored_site
from sitegen.build.build_site import Report
from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.cache.store import Store
from sitegen.config.load import read_config
from sitegen.content.ledger import LEDGER_FILE
from sitegen.content.ledger.file import Ledger, LedgerEntry, read_ledger, write_ledger
from sitegen.content.ledger.record import update_ledger
from sitegen.content.loader import Loader
from sitegen.errors import Problem, SiteError
from sitegen.media import stored_image_sets
from sitegen.site.page_codec import TABLE, read_page_row
from tests.support.card_fonts import make_ttf
from tests.support.photographs import encode, make_photograph
from tests.support.sites import CACHE, CONFIG, build, make_site, post, tree, write

FIRST = "content/posts/2024-01-01-first.md"
LONG_POSTS = {
    f"content/posts/2023-02-{n:02}-long-{n}.md": post(f"Long {n}", f"2023-02-{n:02}", "Start.\n\n" + "Word. " * 99)
    for n in range(1, 13)
}
"""Posts of another year, and more words than others: the statistics list the ten longest."""


def edit(
    root: Path, text: str, name: str = FIRST, title: str = "First", date: str = "2024-01-01", **wishes: object
) -> bool:
    """Change a post, build with a new builder, and return whether it planned the whole site; compare a clean build.

    The summary of the post, its first paragraph, stays the same.
    """
    write(root, {name: post(title, date, f"Start.\n\n{text}")})
    return rebuild(root, **wishes)


def rebuild(root: Path, **wishes: object) -> bool:
    """Build with a new builder, and return whether it planned the whole site; compare a clean build."""
    with closing(Builder(root, time.time_ns, cache=CACHE)) as builder:
        report = builder.build(read_config(root).config, Request(**wishes))  # type: ignore[arg-type]
        is_planned = builder.snapshot.site is not None
    assert report.rendered
    clean = root.parent / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    ignored = shutil.ignore_patterns("output", ".sitegen")
    shutil.copytree(root, clean, ignore=ignored)
    if (images := root / ".sitegen/images").is_dir():
        shutil.copytree(images, clean / ".sitegen/images")  # encoding them again would take most of the time
    build(clean)
    assert tree(root / "output") == tree(clean / "output")
    return is_planned


@pytest.fixture
def site(tmp_path):
    first = {FIRST: post("First", "2024-01-01", "Start.\n\nThe first letter.")}
    root = make_site(tmp_path / "site", LONG_POSTS | first, CONFIG + "[lists]\nrelated = 2\n")
    build(root)
    return root


def test_an_edit_of_a_body_loads_only_the_pages_that_depend_on_it(site):
    assert not edit(site, "Other words about lighthouses.")
    assert not edit(site, "And once more, about ferries.")
    assert not edit(site, "In explained builds too.", explain=True)
    assert b"ferries" not in (site / "output/feed.xml").read_bytes()


def test_the_loaded_pages_show_what_other_posts_are_since_an_edit_of_a_title(site):
    assert edit(site, "The second letter.", "content/posts/2024-01-02-second.md", "Renamed", "2024-01-02")
    assert not edit(site, "Other words.")
    assert b"Renamed" in (site / "output/posts/first/index.html").read_bytes()


def test_a_strict_build_fails_with_the_warnings_of_the_last_build(site):
    write(site, {"content/posts/2024-01-01-first.odt": "---\ntitle: A post\n---\n"})
    build(site)
    with pytest.raises(SiteError, match="not a post"):
        edit(site, "Other words.", strict=True)


PHOTO, OTHER_PHOTO = [encode(make_photograph(seed, 64, 48), "JPEG", quality=90) for seed in (5, 6)]
COMMENT = "- id: c1\n  author: Ann\n  date: 2024-02-03\n  text: A zeppelin.\n"
IMAGES = "\n![A pier](pier.jpg) and [the next letter](2024-01-02-second.md).\n"
FEATURES: dict[str, tuple[str, dict[str, str | bytes]]] = {
    "images": (
        "[images]\nwidths = [16, 32]\n",
        {
            "content/posts/pier.jpg": PHOTO,
            "content/posts/pier-32.jpg": OTHER_PHOTO,
            "content/cover.jpg": OTHER_PHOTO,
            FIRST: post("First", "2024-01-01", f"Start.\n{IMAGES}\n![Another](pier-32.jpg)\n\nThe end."),
            "content/posts/2024-01-02-second.md": "---\ntitle: Two\ndate: 2024-01-02\nimage: /cover.jpg\n---\n\nTwo.\n",
        },
    ),
    "comments": (
        "[search]\ncomments = true\n[feeds]\npost_comments = true\n",
        {f"content/posts/2024-01-0{n}.comments.yaml": COMMENT for n in ("1-first", "2-second")},
    ),
    "cards": (
        '[cards]\nenabled = true\nsystem_fonts = false\nfonts = ["fonts/a.ttf"]\n',
        {"fonts/a.ttf": make_ttf(widths=510)},
    ),
    "languages": (
        '[languages.de]\ntitle = "Der Brief"\nuntranslated = "list"\n[languages.fr]\ntitle = "La lettre"\n',
        {
            "content/posts/2024-01-01-first.de.md": post("Erster", "2024-01-01", "Anfang.\n\nEin Brief."),
            "content/posts/2024-01-05-fuenfter.de.md": post("Fünfter", "2024-01-05", "Anfang.\n\nNoch ein Brief."),
            "content/pages/about.fr.md": "---\ntitle: À propos\n---\n\nQui nous sommes.\n",
        },
    ),
    "issues": (
        '[types.issues]\ngather = "number"\n',
        {
            FIRST: "---\ntitle: First\ndate: 2024-01-01\nissue: 7\n---\n\nStart.\n\nThe first letter.\n",
            "content/issues/2024-01-06-all.md": "---\ntitle: All\ndate: 2024-01-06\nissue: 7\n---\n\nStart.\n\nAll.\n",
        },
    ),
}
"""Settings and files of sites of which pages show more than posts."""


def make_featured_site(root: Path, names: Iterable[str]) -> Path:
    files: dict[str, str | bytes] = {FIRST: post("First", "2024-01-01", "Start.\n\nThe first letter.")}
    settings = CONFIG
    for name in names:
        more, added = FEATURES[name]
        settings += more
        files |= added
    make_site(root, LONG_POSTS | files, settings)
    build(root)
    return root


def build_later(root: Path) -> Report:
    """Build at a time when all files have long been quiet, so that none is compared with its previous version."""
    with closing(Builder(root, lambda: 4_102_444_800_000_000_000, cache=CACHE)) as builder:
        return builder.build(read_config(root).config, Request())


def append(root: Path, text: str, name: str = FIRST) -> bool:
    """Add Markdown to the end of a file, and do the same as `edit`."""
    path = root / name
    with path.open("a") as file:
        file.write(text)
    return rebuild(root)


@pytest.mark.parametrize(
    "names",
    [*[(name,) for name in FEATURES], ("images", "comments", "cards", "languages")],
    ids=" and ".join,
)
def test_sites_with_more_than_posts_are_loaded_in_part(tmp_path, names):
    root = make_featured_site(tmp_path / "site", names)
    changed = [FIRST, *[name for feature in names for name in FEATURES[feature][1] if name.endswith(".md")]]
    for name in dict.fromkeys(changed):
        assert not append(root, "\nWords about lighthouses.\n", name), name
        assert not append(root, "\nWords about ferries.\n", name), name


@pytest.mark.parametrize("names", [("images", "comments", "cards", "languages")], ids=["all"])
def test_a_partial_build_loads_few_posts_and_renders_few_pages(tmp_path, names, monkeypatch):
    old = {
        f"content/posts/2019-03-{n:02}-old-{n}.md": post(f"Old {n}", f"2019-03-{n:02}", "Old.", "old")
        for n in range(1, 31)
    }
    write(tmp_path / "site", old)
    root = make_featured_site(tmp_path / "site", names)
    build_later(root)
    pages = len([path for path in (root / "output").rglob("*") if path.is_file()])
    loaded, rows, encoded = [], [], []
    read_entries, read_row, read_facts = Loader.stored, stored_site.unpack_page, stored_image_sets.make_set

    def record_entries(self, *arguments):
        found = read_entries(self, *arguments)
        loaded.extend(found)
        return found

    monkeypatch.setattr(Loader, "stored", record_entries)
    monkeypatch.setattr(stored_site, "unpack_page", lambda *values: rows.append(values[0]) or read_row(*values))
    monkeypatch.setattr(stored_image_sets, "make_set", lambda *values: encoded.append(values[0]) or read_facts(*values))
    with (root / FIRST).open("a") as file:
        file.write("\nWords about lighthouses.\n")
    report = build_later(root)
    assert "posts/first/index.html" in report.rendered
    assert len(report.rendered) < pages / 10
    assert len(rows) < pages / 5
    assert {*loaded} >= {"content/posts/2023-02-12-long-12.md"}
    assert len(old.keys() & {*loaded}) <= 6, "the feed has twenty posts"
    assert {*encoded} == {"posts/pier.jpg", "posts/pier-32.jpg", "cover.jpg"}


def test_an_edit_is_compared_with_the_statistics_of_its_own_language(tmp_path):
    german = {"content/posts/2024-01-05-fuenfter.de.md": post("Fünfter", "2024-01-05", "Anfang.\n\nEin Brief.")}
    config = CONFIG + '[languages.de]\ntitle = "Der Brief"\n'
    root = make_site(tmp_path / "site", LONG_POSTS | german, config)
    build(root)
    assert (root / "output/de/figures/index.html").exists()
    assert not append(root, "\nWords about lighthouses.\n", "content/posts/2024-01-03-third.md")
    assert append(root, "\nWorte.\n", next(iter(german))), "it is one of the ten longest"


def test_a_line_before_an_image_plans_no_site(tmp_path):
    root = make_featured_site(tmp_path / "site", ["images"])
    text = (root / FIRST).read_text()
    write(root, {FIRST: text.replace("Start.\n", "Start.\n\nA line before the image.\n")})
    assert not rebuild(root)


def test_a_line_before_a_link_with_a_warning_plans_the_site(tmp_path):
    root = make_featured_site(tmp_path / "site", ["images"])
    append(root, "\n[A file](missing.pdf).\n")
    line = (root / FIRST).read_text().splitlines().index("[A file](missing.pdf).") + 1
    assert [(warning.path, warning.line) for warning in build(root).warnings] == [(FIRST, line)]
    write(root, {FIRST: (root / FIRST).read_text().replace("Start.\n", "Start.\n\nA line.\n")})
    assert rebuild(root)
    assert [(warning.path, warning.line) for warning in build(root).warnings] == [(FIRST, line + 2)]


@pytest.mark.parametrize(
    "text",
    ["![Another](shore.jpg)", "[The third](2024-01-03-third.md)", "![The cover of another post](../cover.jpg)"],
    ids=["image", "link", "known image"],
)
def test_an_added_image_or_link_plans_the_site(tmp_path, text):
    root = make_featured_site(tmp_path / "site", ["images", "cards"])
    write(root, {"content/posts/shore.jpg": encode(make_photograph(7, 64, 48), "JPEG", quality=90)})
    build(root)
    assert append(root, f"\n{text}\n")
    assert not append(root, "\nMore words.\n")
    write(root, {FIRST: (root / FIRST).read_text().replace(text, "")})
    assert rebuild(root)


def test_a_template_that_shows_an_image_by_the_length_of_a_post_gets_its_variants(tmp_path):
    text = """{% extends "theme/post.html" %}{% block main %}{{ super() }}
{% if body.words > 50 %}{{ "/cover.jpg" | image }}{{ "/cover.jpg" | share_image }}{% endif %}{% endblock %}"""
    root = make_featured_site(tmp_path / "site", ["images"])
    write(root, {"templates/post.html": text})
    build(root)
    assert not append(root, "\n" + "Word. " * 60 + "\n")
    assert b'srcset="/assets/images/cover-16' in (root / "output/posts/first/index.html").read_bytes()


def test_lost_facts_of_images_plan_the_site(tmp_path):
    root = make_featured_site(tmp_path / "site", ["images"])
    with closing(sqlite3.connect(root / ".sitegen/store.db")) as database, database:
        database.execute("DELETE FROM fact WHERE name = 'images'")
    assert append(root, "\nOther words.\n")
    assert not append(root, "\nOther words.\n")


def test_a_build_without_images_does_not_plan_with_those_of_the_last(tmp_path):
    root = make_featured_site(tmp_path / "site", ["images", "cards"])
    build(root, images="skip")
    assert not list((root / "output").rglob("*.avif"))
    (root / FIRST).write_text((root / FIRST).read_text() + "\nMore.\n")
    build(root, images="skip")
    build(root)
    assert not append(root, "\nOther words.\n")


def test_a_deleted_post_has_no_row(site):
    (site / "content/posts/2024-01-02-second.md").unlink()
    build(site)
    with closing(Store(site / ".sitegen/store.db")) as store:
        names = store.names(TABLE)
    assert "output:posts/first/index.html" in names
    assert "output:posts/second/index.html" not in names


def test_a_change_of_the_statistics_plans_the_site(site):
    assert edit(site, "Many words. " * 500)


def test_a_template_that_reads_all_posts_plans_the_site(site):
    text = '{% extends "theme/post.html" %}{% block main %}{{ super() }}{{ site.posts | length }}{% endblock %}'
    write(site, {"templates/post.html": text})
    build(site)
    assert edit(site, "Other words.")


@pytest.mark.parametrize("statement", ["DELETE FROM page", "DELETE FROM fact WHERE name LIKE 'site of %'"])
def test_missing_rows_plan_the_site(site, statement):
    with closing(sqlite3.connect(site / ".sitegen/store.db")) as database, database:
        database.execute(statement)
    assert edit(site, "Other words.")


def test_a_row_of_an_earlier_version_of_a_page_plans_the_site(site):
    store = Store(site / ".sitegen/store.db")
    name = "output:posts/first/index.html"
    before = store.get(TABLE, name, read_page_row)
    store.close()
    assert edit(site, "The second letter.", "content/posts/2024-01-02-second.md", "Renamed", "2024-01-02")
    store = Store(site / ".sitegen/store.db")
    assert store.get(TABLE, name, read_page_row) == before, "it names the same posts"
    page_type, posts, *others = before
    store.put(TABLE, [(name, (page_type, posts[::-1], *others))])
    store.close()
    assert edit(site, "Other words.")


@pytest.mark.parametrize(
    "files",
    [
        {
            "sitegen.toml": f'{CONFIG}[languages.de]\ntitle = "Brief"\n',
            "content/posts/2024-01-02-second.de.md": post("Zwei"),
        },
        {"content/posts/2024-01-01-first.comments.yaml": "- id: c1\n  author: Ann\n  date: 2024-02-03\n  text: Yes.\n"},
        {"views.csv": "post,platform,from,to,exported,count\n/posts/first/,Ghost,2024-02-01,2024-02-01,2024-02-01,7\n"},
        {"hooks.py": "def finish(path, data):\n    return data + b' '\n"},
        {"content/posts/2024-01-04-draft.md": "---\ntitle: D\ndate: 2024-01-04\ndraft: true\n---\n\nD.\n"},
        {"content/term.md": "A file that is published as it is.\n"},
    ],
    ids=["languages", "comments", "views", "hooks", "draft", "file"],
)
def test_other_sites_are_built_as_by_a_clean_build(tmp_path, files):
    root = make_site(tmp_path / "site", files)
    build(root)
    for text in ("Other words.", "Again."):
        edit(root, text)


def record(root: Path) -> None:
    """Write the ledger as a publish of the last build does."""
    with closing(Builder(root, time.time_ns, cache=CACHE)) as builder:
        config = read_config(root).config
        builder.build(config, Request())
        update_ledger(root, builder.reconcile(config, builder.published_posts()).data)


def move(root: Path, slug: str) -> None:
    """Give the first post another URL."""
    file = root / FIRST
    file.write_text(file.read_text().replace("---\n", f"---\nslug: {slug}\n", 1))


def test_a_ledger_that_changes_nothing_plans_no_site(site):
    record(site)
    assert edit(site, "Other words.") is False
    assert edit(site, "Again.") is False
    move(site, "moved")
    assert rebuild(site) is True
    assert (site / "output/posts/first/index.html").exists(), "the former URL redirects"
    record(site)
    with (site / FIRST).open("a") as file:
        file.write("\nMore words.\n")
    assert rebuild(site) is False
    assert "moved" in (site / "output/posts/first/index.html").read_text()
    assert build(site).rendered == ()


def test_a_ledger_that_changes_the_site_plans_it(site):
    url = "https://letter.example.org/posts/first/"
    gone = LedgerEntry("content/posts/gone.md", f"{url}#old", (url,), withdrawn=True)
    old = LedgerEntry("content/posts/old.md", url, (f"{url}old/",), withdrawn=True)
    update_ledger(site, write_ledger(Ledger((gone, old))))
    edit(site, "Other words.")
    assert any("was published for another post before" in str(warning) for warning in warnings_of(site))
    record(site)
    assert edit(site, "Again.") is True
    assert not any("was published for another post before" in str(warning) for warning in warnings_of(site))


def test_a_ledger_that_others_wrote_plans_the_site(site):
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        config = read_config(site).config
        builder.build(config, Request())
        update = builder.reconcile(config, builder.published_posts())
    update_ledger(site, update.data)
    ledger = read_ledger(site / LEDGER_FILE)
    url = "https://letter.example.org/posts/before/"
    first = next(entry for entry in ledger.records if entry.path == FIRST)
    changed = replace(first, urls=(url, *first.urls))
    update_ledger(site, write_ledger(Ledger(tuple(changed if entry is first else entry for entry in ledger.records))))
    assert edit(site, "Other words.") is True
    assert (site / "output/posts/before/index.html").exists()
    update_ledger(site, update.data)
    assert edit(site, "Again.") is True
    assert not (site / "output/posts/before/index.html").exists()


def test_a_ledger_that_was_changed_after_the_build_is_read_again(site):
    url = "https://letter.example.org/posts/before/"
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        config = read_config(site).config
        builder.build(config, Request())
        update_ledger(site, write_ledger(Ledger((LedgerEntry(FIRST, url, (url,)),))))
        update_ledger(site, builder.reconcile(config, builder.published_posts()).data)
    assert edit(site, "Other words.") is True
    assert (site / "output/posts/before/index.html").exists()


def warnings_of(root: Path) -> tuple[Problem, ...]:
    with closing(Builder(root, time.time_ns, cache=CACHE)) as builder:
        return builder.build(read_config(root).config, Request()).warnings


@pytest.mark.parametrize("seed", range(2))
def test_builds_by_new_processes_after_random_edits_equal_clean_builds(site, seed):
    random = Random(seed)
    planned = []
    for step in range(6):
        if random.random() < 0.3:
            record(site)
        if random.random() < 0.6:
            planned.append(edit(site, f"Step {step}."))
        else:
            n = random.randrange(1, 13)
            name = f"content/posts/2023-02-{n:02}-long-{n}.md"
            planned.append(edit(site, "Word. " * random.choice((1, 90)), name, f"Title {step}", f"2023-02-{n:02}"))
    assert {*planned} == {True, False}
