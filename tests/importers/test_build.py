"""Imported sites build without changes: aliases, drafts without a date, links between posts."""

from contextlib import closing

import pytest

from sitegen.build.builder import Builder, Request
from sitegen.config.load import read_config
from tests.support.importing import SAMPLES, import_path, import_sample
from tests.support.sites import CACHE

NOW = 1_800_000_000_000_000_000


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_builds_with_its_drafts(sample, tmp_path):
    report = import_sample(sample, tmp_path)
    (tmp_path / "sitegen.toml").write_text('title = "Archive"\nbase_url = "https://archive.example/"\n')
    with closing(Builder(tmp_path, lambda: NOW, cache=CACHE)) as builder:
        built = builder.build(read_config(tmp_path).config, Request(drafts=True))
    imported = sum(path.startswith("content/posts/") for path in report.created)
    pages = {path.parent for path in (tmp_path / "output" / "posts").rglob("index.html")}
    posts = {path for path in built.rendered if path.startswith("posts/") and path.endswith("index.html")}
    assert len(pages) == len(posts) >= imported
    missing = {image.url for image in report.missing}
    assert [w.message for w in built.warnings if not any(url in w.message for url in missing)] == []


POSSIBLE_LINKS = (
    '{% set x %}\n<a href="gone.md">t</a>\n{% endset %}',
    "[w](a  gone.md)",
    "[w]( <a gone.md> )",
    "<blockquote cite=gone.MD>q</blockquote>",
    "x\n: <a\n href = 'gone.markdown'>y</a>",
)
NO_LINKS = (
    "`[w](a  gone.md)` and gone.md and open('gone.md')",
    "```\n<link href='gone.md'>\n```",
    "x <link href='gone.md'> y",
)


@pytest.mark.parametrize("links", ["plain", "jekyll", "eleventy"])
def test_posts_with_any_links_to_markdown_files_build(links, tmp_path):
    folder = tmp_path / "in/_posts"
    folder.mkdir(parents=True)
    texts = (*POSSIBLE_LINKS, *NO_LINKS)
    for number, text in enumerate(texts):
        (folder / f"2020-01-01-p{number}.md").write_text(f"---\ntitle: A\n---\n{text}\n")
    report = import_path(tmp_path / "in", tmp_path, links)
    listed = {broken.path.removeprefix("content/posts/2020-01-01-p") for broken in report.broken}
    assert listed == {f"{number}.md" for number in range(len(POSSIBLE_LINKS))}
    (tmp_path / "sitegen.toml").write_text('title = "Archive"\nbase_url = "https://archive.example/"\n')
    with closing(Builder(tmp_path, lambda: NOW, cache=CACHE)) as builder:
        built = builder.build(read_config(tmp_path).config, Request())
    assert {f"posts/p{number}/index.html" for number in range(len(texts))} <= set(built.rendered)
