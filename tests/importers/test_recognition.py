"""The format of an export is recognised by its specific files, then by most documents, but not by a single file."""

import gzip
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.errors import SiteError
from sitegen.importers.archive.evidence import holds_template_tags, is_document, is_evidence
from sitegen.importers.registry import FORMATS, LABELS, guess_format, recognise_format
from tests.support.importing import import_path

POST = "---\ntitle: A\ndate: 2020-01-02\n---\n\nText.\n"
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><title>x</title></item></channel></rss>'
FEED_TEMPLATE = '---\n---\n<?xml version="1.0"?><rss><channel><title>{{ site.title }}</title></channel></rss>'
PAGE = "<!DOCTYPE html><html><head><title>P</title></head><body><p>Words of a page.</p></body></html>"
PAGE_TEMPLATE = "<!DOCTYPE html><html><head><title>{{ page.title }}</title></head><body>{% block x %}</body></html>"
MESSAGE = "From: Owl <owl@post.example>\nSubject: Hoot\nDate: Mon, 2 Jan 2023 10:00:00 +0000\n\nText.\n"
MBOX = "From owl at post.example  Mon Jan  2 10:00:00 2023\n" + MESSAGE
WIX = "top of page\n• Writer's pictureWGON\nJan 2, 2023 · 1 min read\nT\n\nText.\n\n1 view0 comments\nbottom of page\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"<x:xmpmeta><rdf:RDF xmlns:rdf='x'></rdf:RDF></x:xmpmeta>"
SVG = "<svg xmlns='x'><metadata><rdf:RDF/></metadata></svg>"
TEXTS = {f"{number}.md": POST for number in range(3)}


def write(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"_config.yml": "title: x", "_posts/2020-01-02-a.md": POST, "_layouts/feed.xml": FEED}, "jekyll"),
        ({"_config.yml": "title: x", "_posts/2020-01-02-a.md": POST, "feed.xml": FEED_TEMPLATE}, "jekyll"),
        ({"_posts/2020-1-2-a.html": "---\ntitle: A\n---\n<p>x</p>"}, "jekyll"),
        ({**TEXTS, "a.png": PNG}, "plain"),
        ({**TEXTS, "a": PNG}, "plain"),
        ({**TEXTS, "a.svg": SVG}, "plain"),
        ({**TEXTS, "template.html": PAGE_TEMPLATE}, "plain"),
        ({**TEXTS, "page.html": PAGE}, "plain"),
        ({**TEXTS, "feed.xml": FEED}, "plain"),
        ({**TEXTS, "one.eml": MESSAGE}, "plain"),
        ({**TEXTS, "stray.txt": WIX}, "plain"),
        ({**TEXTS, "stray.md": "Title: x\nDate: 2020-01-02\n\nText.\n"}, "plain"),
        ({**TEXTS, "node_modules/x/astro.config.mjs": "", "node_modules/x/_posts/2020-01-02-a.md": POST}, "plain"),
        ({"content/a.md": POST, "hugo.toml": "", "themes/t/config.toml": 'base_url = "x"'}, "hugo"),
        ({"content/a.md": POST, "config.toml": "base_url = 'x'", "themes/t/hugo.toml": ""}, "zola"),
        ({"feed.xml": FEED, "README.md": "# Read me", "LICENSE": "x", "logo.png": PNG}, "feed"),
        ({"feed.json": '{"version": "https://jsonfeed.org/version/1.1", "items": []}', "package.json": "{}"}, "feed"),
        ({"page.html": PAGE, "page_files/a.js": "x", "page_files/b.css": "y"}, "page"),
        ({"themes/a.html": PAGE}, "page"),
        ({"2010-May.txt": MBOX, "2010-June.txt": MBOX}, "mail"),
        ({"2010-May.txt.gz": gzip.compress(MBOX.encode())}, "mail"),
        ({"cur/1:2,S": MESSAGE, "new/2": MESSAGE, "dovecot.index": "x"}, "mail"),
        ({"a.txt": WIX, "b.txt": WIX, "readme.txt": "x"}, "wix"),
    ],
)
def test_a_format_is_recognised_by_signs_and_by_most_documents(files, expected, tmp_path):
    write(tmp_path, files)
    assert recognise_format([tmp_path]) == expected


def test_templates_of_feeds_and_pages_are_skipped(tmp_path):
    write(tmp_path / "in", {"feed.xml": FEED_TEMPLATE, "page.html": PAGE_TEMPLATE})
    for format_name in ("feed", "page"):
        report = import_path(tmp_path / "in", tmp_path / format_name, format_name)
        assert (report.posts, report.succeeded) == (0, False)
        assert any("a template of a" in item.reason for item in report.skipped)


@pytest.mark.parametrize(
    ("head", "template"),
    [
        (b"<title>{{ page.title }}</title>", True),
        (b"{% extends 'base.html' %}", True),
        (b"<?php get_header(); ?>", True),
        (b"<title>A</title><script>if(a){{b}}</script><body>", False),
        (b"<title>A</title><body>How to write {{ this }}</body>", False),
        (b"<rss><channel><title>A</title><item><title>{{ x }}</title>", False),
        (b"<rss><channel><title>{{ site.title }}</title>{% for p in posts %}<item>", True),
        (b"<?xml version='1.0'?><?xml-stylesheet href='x'?><rss>", False),
    ],
)
def test_template_tags_are_recognised_only_before_the_content(head, template):
    assert holds_template_tags(head) is template


@pytest.mark.parametrize(
    ("name", "evidence", "document"),
    [
        ("_posts/2020-01-02-a.md", True, True),
        ("a.HTML", True, True),
        ("cur/1672653600.host", True, False),
        ("inbox", True, True),
        ("LICENSE-MIT", True, False),
        ("readme.md", True, False),
        ("_config.yml", True, False),
        ("a.PNG", False, False),
        ("x/Layouts/post.html", False, False),
        ("layouts.md", True, True),
    ],
)
def test_evidence_and_documents_are_selected_by_name(name, evidence, document):
    assert (is_evidence(name), is_document(name)) == (evidence, document)


def test_the_error_about_other_documents_has_a_hint(tmp_path):
    write(tmp_path, {"a.rst": "A\n=\n", "b.rst": "B\n=\n"})
    with pytest.raises(SiteError, match="pandoc"):
        recognise_format([tmp_path])


@pytest.mark.parametrize(
    ("files", "tried", "guess"),
    [
        ({"_config.yml": "", "_posts/2020-01-02-a.md": POST}, "feed", "jekyll"),
        ({"hugo.toml": "", "content/a.md": POST}, "page", "hugo"),
        ({"page.html": PAGE}, "plain", "page"),
        ({"in.mbox": MBOX}, "page", "mail"),
        ({"x.bin": b"\0\1"}, "plain", ""),
    ],
)
def test_an_import_without_posts_suggests_a_format(files, tried, guess, tmp_path):
    write(tmp_path / "in", files)
    assert guess_format([tmp_path / "in"], tried) == guess
    report = import_path(tmp_path / "in", tmp_path / "site", tried)
    assert (report.posts, report.looks_like, report.succeeded) == (0, guess, False)


def test_an_import_that_skips_most_documents_suggests_a_format(tmp_path):
    files = {f"{number}.html": PAGE for number in range(20)}
    write(tmp_path / "in", {**files, "a.md": POST})
    report = import_path(tmp_path / "in", tmp_path / "site", "plain")
    assert (report.posts, report.looks_like) == (1, "page")
    write(tmp_path / "in", {"b.md": POST})
    assert import_path(tmp_path / "in", tmp_path / "site", "plain").looks_like == ""


def test_an_import_that_ignores_most_documents_suggests_a_format(tmp_path):
    files = {f"_posts/2020-01-{number:02}-a.md": POST for number in range(1, 23)}
    write(tmp_path / "in", {**files, "_config.yml": "", "page.html": PAGE})
    report = import_path(tmp_path / "in", tmp_path / "site", "wix")
    assert (report.succeeded, report.looks_like) == (False, "jekyll")
    assert len([name for name in report.unused_files if name.startswith("_posts/")]) == 22


def test_images_and_theme_files_do_not_affect_the_suggestion(tmp_path):
    files = {f"static/{number}.png": PNG for number in range(30)} | {f"layouts/{n}.html": PAGE for n in range(30)}
    write(tmp_path / "in", {**files, "hugo.toml": "", "content/a.md": POST})
    assert import_path(tmp_path / "in", tmp_path / "site").succeeded


def test_the_command_exits_with_1_and_suggests_the_format(tmp_path):
    write(tmp_path / "in", {"_posts/2020-01-02-a.md": POST})
    (tmp_path / "sitegen.toml").write_text('title = "T"\nbase_url = "https://ex.example/"\n')
    arguments = ["-C", str(tmp_path), "import", str(tmp_path / "in"), "--from", "feed"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "Nothing was imported. The export looks like Jekyll: try `--from jekyll`." in result.output
    shown = json.loads(CliRunner().invoke(main, [*arguments, "--json"]).stdout)
    assert (shown["ok"], shown["looks_like"]) == (False, "jekyll")
    assert CliRunner().invoke(main, arguments[:-2]).exit_code == 0
    # A second import finds everything unchanged, which is a success.
    assert CliRunner().invoke(main, arguments[:-2]).exit_code == 0


def test_each_format_has_a_label():
    assert set(LABELS) == set(FORMATS)


def test_recognition_does_not_import_converters():
    code = "import sys, sitegen.importers.registry as r; r.load_recognisers(); print(*sys.modules)"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = process.stdout.split()
    assert "sitegen.importers.platforms.recognise" in loaded
    packages = ("sitegen.importers.convert", "sitegen.importers.markdown_source", "sitegen.importers.output", "lxml")
    assert [name for name in loaded if name.startswith(packages)] == []


def test_an_import_without_downloads_does_not_import_http():
    code = "import sys, sitegen.importers.run; print(*sys.modules)"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"ssl", "http.client", "sitegen.system.safe_http"}.isdisjoint(process.stdout.split())
