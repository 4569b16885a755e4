"""Files of the content folder at the paths of generated ones."""

import json
import time

import pytest
from click.testing import CliRunner

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.cli import main
from sitegen.config.load import read_config
from tests.support.sites import CACHE, build, make_site, post, tree

PAGE = '<!doctype html><html lang="en"><title>Own</title><main><h1>Own</h1></main></html>'
OWN = {
    "robots.txt": "User-agent: *\nDisallow: /private/\n",
    "404.html": PAGE,
    "index.html": PAGE,
    "tags/index.html": PAGE,
    "feed.xml": "<rss/>",
    "feeds/opml.xml": "<opml/>",
    "sitemap.xml": "<urlset/>",
    "_headers": "/*\n  X-Own: 1\n",
    "_redirects": "/x /y 301\n",
}


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_file_of_the_site_replaces_the_generated_one(tmp_path, name):
    aliased = post("Aliased").replace("tags:", "aliases: [/old/]\ntags:")
    make_site(tmp_path, {"content/posts/aliased.md": aliased})
    build(tmp_path)
    generated = tree(tmp_path / "output")
    (tmp_path / "content" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "content" / name).write_text(OWN[name])
    assert build(tmp_path).warnings == ()
    output = tree(tmp_path / "output")
    assert output[name] == OWN[name].encode()
    assert output.keys() == generated.keys()
    (tmp_path / "content" / name).unlink()
    build(tmp_path)
    assert tree(tmp_path / "output") == generated


def test_own_files_stay_when_only_a_body_changes(tmp_path):
    make_site(tmp_path, {f"content/{name}": text for name, text in OWN.items()})
    builder = Builder(tmp_path, time.time_ns, cache=CACHE)
    for text in ("One.", "Two."):
        path = "content/posts/2024-01-01-first.md"
        (tmp_path / path).write_text(post("First", "2024-01-01", text))
        builder.build(read_config(tmp_path).config, Request(changed_paths=frozenset([path])))
        output = tree(tmp_path / "output")
        for name, own in OWN.items():
            assert output[name] == own.encode()
    build(tmp_path, fresh=True, output="clean")
    assert output == tree(tmp_path / "clean")
    builder.close()


def test_a_page_of_a_hook_still_collides(tmp_path):
    hook = (
        "from sitegen.pages import TemplatePage\n\n"
        "def pages(site):\n    return [TemplatePage('own.html', '/own.html', '404.html', 'own', 'Own')]\n"
    )
    make_site(tmp_path, {"hooks.py": hook, "content/own.html": PAGE})
    with pytest.raises(Exception, match="both become the same file"):
        build(tmp_path)


def test_check_accepts_an_own_robots_txt(tmp_path):
    make_site(tmp_path, {"content/robots.txt": OWN["robots.txt"]})
    report = json.loads(CliRunner().invoke(main, ["-C", str(tmp_path), "check", "links", "--json"]).stdout)
    assert [item for item in report["problems"] if item["path"].endswith("robots.txt")] == []
