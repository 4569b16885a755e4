"""Real archives for other generators are imported completely and build."""

import json
import re
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest

from sitegen.build.builder import Builder, Request
from sitegen.config.load import read_config
from sitegen.content.front_matter.split import split
from tests.support.importing import import_path
from tests.support.sites import CACHE

NOW = 1_800_000_000_000_000_000

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"
FOLDERS = {
    "jekyll-lwkd": ("jekyll", 386, 0),
    "jekyll-mehdix-persian": ("jekyll", 91, 0),
    "jekyll-swiftweekly": ("jekyll", 202, 0),
    "hugo-ipfs": ("hugo", 283, 1),
    "hugo-redox": ("hugo", 152, 0),
    "zola-rust-osdev": ("zola", 78, 0),
    "pelican-nixos-weekly": ("pelican", 31, 1),
}
SCRIPT = re.compile(r"^<script.*?</script>", re.DOTALL | re.MULTILINE)
"""Elements that an import removes."""

EXPECTED_REASONS = {
    "jekyll-lwkd": {
        "_posts/2022-02-27-update.md:4: there is no 29 February 2022",
        '_posts/2024-04-14-update.md:4: "2024-04-17 14:4g5:00 -0000" is not a date',
    },
    "pelican-nixos-weekly": {'content/2022/01.md:2: "2021-(TODO: MM-DD)" is not a date'},
}


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the real archives are not beside the checkout")
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_accounted_for(folder, tmp_path):
    format_name, posts, drafts = FOLDERS[folder]
    report = import_path(CORPORA / folder, tmp_path)
    assert (report.format, report.written, len(report.drafts)) == (format_name, posts, drafts)
    files = sum(1 for path in (CORPORA / folder).rglob("*") if path.is_file())
    assert report.read == files == report.written + len(report.skipped)
    noted = {f"{note.where}: {note.message}" for note in report.notes}
    assert noted >= EXPECTED_REASONS.get(folder, set())
    again = import_path(CORPORA / folder, tmp_path)
    assert (again.written, again.unchanged) == (0, posts)


@pytest.mark.slow
@pytest.mark.skipif(not CORPORA.is_dir(), reason="the real archives are not beside the checkout")
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_imported_post_builds(folder, tmp_path):
    report = import_path(CORPORA / folder, tmp_path)
    (tmp_path / "sitegen.toml").write_text('title = "Archive"\nbase_url = "https://archive.example/"\n')
    with closing(Builder(tmp_path, lambda: NOW, cache=CACHE)) as builder:
        built = builder.build(read_config(tmp_path).config, Request())
    posts = sum(1 for path in built.rendered if path.startswith("posts/"))
    pages = [Path(path).stem for path in report.created if path.startswith("content/pages/")]
    assert posts == report.written - len(report.drafts) - len(pages)
    assert {f"{page}/index.html" for page in pages} <= set(built.rendered)
    assert len(built.skipped) == len(report.drafts)


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the real archives are not beside the checkout")
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_line_without_tags_or_links_is_imported(folder, tmp_path):
    import_path(CORPORA / folder, tmp_path)
    files = {
        key: tmp_path / "content" / ledger.stem.rpartition("-")[2] / record["file"]
        for ledger in (tmp_path / "imports").glob("*.json")
        for key, record in json.loads(ledger.read_text("utf-8"))["posts"].items()
    }
    sources = {path.as_posix(): path for path in (CORPORA / folder).rglob("*") if path.is_file()}
    for key, file in files.items():
        source = next(path for name, path in sources.items() if name.endswith(f"/{key}"))
        lines = SCRIPT.sub("", split(source.read_bytes(), key).text).split("\n")
        text = split(file.read_bytes(), key).text
        # A character that would begin a heading within HTML is written as an entity.
        written = {unescape(line) for line in text.split("\n")}
        plain = [
            line
            for line in lines
            if line.strip() and not any(mark in line for mark in ("{", "](", "]:", "<", "href=", "src=", "poster="))
        ]
        assert [line for line in plain if unescape(line) not in written] == []
