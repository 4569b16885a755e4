"""Taking a post down: all that showed it goes in one build, and its guid never comes back."""

import json
import time
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from sitegen.build.builder import Builder, Request
from sitegen.check.links.redirects import read_redirects
from sitegen.cli import main
from sitegen.config.load import read_config
from sitegen.config.schema import Config, Deploy
from sitegen.content.ledger.file import Ledger, LedgerEntry, read_ledger
from sitegen.errors import Problem, SiteError
from sitegen.publish.takedown import Takedown, find_post, plan_takedown, take_down
from tests.support.feed_samples import make_post
from tests.support.publishing import write
from tests.support.sites import CACHE

BASE = "https://news.example.com/"
POST = """---
title: {title}
date: 2024-01-0{day}
tags: [harbour]
image: {image}
aliases: [/old-{name}/]
---

{text} ![a chart](chart.svg)
"""
IMAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>'


def post(day, name, text="Quokkawords here.", image="cover.svg"):
    return POST.format(title=name.title(), day=day, name=name, text=text, image=image)


@pytest.fixture
def site(tmp_path):
    write(
        tmp_path,
        {
            "sitegen.toml": f'title = "News"\nbase_url = "{BASE}"\n',
            "content/posts/first/index.md": post(1, "first"),
            "content/posts/first/chart.svg": IMAGE,
            "content/posts/first/cover.svg": IMAGE,
            "content/posts/first/unused.svg": IMAGE,
            "content/posts/second.md": post(2, "second", "![shared](first/cover.svg)", "first/cover.svg"),
            "content/posts/chart.svg": IMAGE,
            "content/posts/third.md": post(3, "third", "Wombatwords.", ""),
        },
    )
    return tmp_path


def run(site, *arguments):
    result = CliRunner().invoke(main, ["-C", str(site), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def published(site):
    return {
        path.relative_to(site / "output").as_posix(): path for path in (site / "output").rglob("*") if path.is_file()
    }


def test_page_images_feeds_search_lists_and_sitemap_are_updated_in_one_build(site):
    run(site, "build")
    url = next(path for path in published(site) if "first" in path and path.endswith("index.html"))
    assert run(site, "takedown", "first", "--yes").exit_code == 0
    left = published(site)
    assert url not in left
    assert "posts/first/unused.svg" not in left
    assert "posts/first/chart.svg" not in left
    shown = [name for name, path in left.items() if b"Quokkawords" in path.read_bytes()]
    assert shown == []
    named = [name for name, path in left.items() if b"/posts/first/" in path.read_bytes() and name != "_redirects"]
    assert all(b"/posts/first/cover.svg" in left[name].read_bytes() for name in named)
    assert not any(b'/posts/first/"' in left[name].read_bytes() for name in named)


def test_images_that_another_post_uses_stay(site):
    run(site, "takedown", "content/posts/first/index.md", "--yes")
    assert [path.name for path in (site / "content/posts/first").iterdir()] == ["cover.svg"]
    run(site, "takedown", "/posts/third/", "--yes")
    assert (site / "content/posts/chart.svg").exists()


def test_the_host_answers_410_at_each_former_url_of_the_post(site):
    run(site, "takedown", "first", "--yes")
    rows = (site / "output/_redirects").read_text().splitlines()
    assert [row for row in rows if "410" in row] == ["/old-first/ /404.html 410!", "/posts/first/ /404.html 410!"]
    _, problems = read_redirects((site / "output/_redirects").read_text())
    assert problems == []


def test_a_tombstone_replaces_the_page_if_the_config_has_a_message(site):
    write(site, {"sitegen.toml": f'base_url = "{BASE}"\n[deploy]\ntombstone = "Taken down on request."\n'})
    run(site, "takedown", "first", "--yes")
    page = (site / "output/posts/first/index.html").read_text()
    assert "Taken down on request." in page
    assert "noindex" in page
    assert "Quokkawords" not in page
    assert "/posts/first/ /posts/first/ 410!" in (site / "output/_redirects").read_text()
    assert "posts/first" not in (site / "output/sitemap.xml").read_text()


def test_its_guid_and_url_are_never_used_again(site):
    run(site, "takedown", "first", "--yes")
    (record,) = read_ledger(site / "published.json").records
    assert (record.guid, record.withdrawn) == (f"{BASE}posts/first/", True)
    assert record.urls == (f"{BASE}posts/first/", f"{BASE}old-first/")
    write(site, {"content/posts/first.md": post(4, "first").replace("(chart", "(chart")})
    builder = Builder(site, time.time_ns, cache=CACHE)
    report = builder.build(Config(base_url=BASE), Request())
    assert any("was published for another post before" in problem.message for problem in report.warnings)
    write(site, {"content/posts/first.md": post(4, "other").replace("tags", f"id: {record.guid}\ntags")})
    report = builder.build(Config(base_url=BASE), Request())
    assert any("is that of a post that was taken down" in problem.message for problem in report.warnings)
    builder.close()


def test_a_post_that_others_link_to_is_refused_with_file_and_line(site):
    write(site, {"content/posts/third.md": post(3, "third", "See\n[that](first/index.md).", "")})
    result = run(site, "takedown", "first", "--yes")
    assert result.exit_code == 1
    assert "content/posts/third.md:10: the post links to content/posts/first/index.md" in result.output
    assert (site / "content/posts/first/index.md").exists()
    assert not (site / "published.json").exists()


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("content/posts/third.md", post(3, "third", "See\n[that](/posts/first/).", ""), 10),
        ("content/posts/third.md", post(3, "third", f"See <{BASE}posts/first>, and more.", ""), 9),
        ("content/posts/third.md", post(3, "third", "[that](/old-first/#x)", ""), 9),
        ("content/data/list.toml", 'link = "/posts/first/"\n', 1),
        ("templates/extra.html", '<a href="/posts/first/">x</a>\n', 1),
    ],
)
def test_a_post_that_others_link_to_by_url_is_refused_with_file_and_line(site, name, text, line):
    write(site, {name: text})
    result = run(site, "takedown", "first", "--yes")
    assert result.exit_code == 1
    assert f"{name}:{line}: it links to /" in result.output
    assert (site / "content/posts/first/index.md").exists()


@pytest.mark.parametrize("text", ["/posts/first/chart.svg", "/posts/first-of-all/", "https://e.example/posts/first/"])
def test_a_url_with_a_common_prefix_or_suffix_is_not_the_same(site, text):
    write(site, {"content/posts/third.md": post(3, "third", f"See <{text}>.", "")})
    assert run(site, "takedown", "first", "--dry-run").exit_code == 0


@pytest.mark.parametrize(
    "use",
    [
        "![x](/posts/first/unused.svg)",
        '<img src="/posts/first/unused.svg" alt="x">',
        f'<img src="{BASE}posts/first/unused.svg" alt="x">',
    ],
)
def test_files_that_others_use_by_their_url_stay(site, use):
    write(site, {"content/posts/third.md": post(3, "third", use, "")})
    assert run(site, "takedown", "first", "--yes").exit_code == 0
    assert (site / "content/posts/first/unused.svg").exists()
    assert not (site / "content/posts/first/chart.svg").exists()


USES = {
    "Markdown from the root": "![](/p.png)",
    "Markdown by reference": "![plan][p]\n\n[p]: /p.png",
    "Markdown, relative": "![](../../p.png)",
    "img": '<img src="/p.png" alt="">',
    "img without quotes": "<img src=/p.png alt=plan>",
    "img, relative": '<img src="../../p.png" alt="">',
    "srcset": '<img src="https://e.example/q.png" srcset="/p.png 1x, https://e.example/q.png 2x" alt="">',
    "a source": '<picture><source srcset="../../p.png"><img src="https://e.example/q.png" alt=""></picture>',
    "a link": "[the plan](/p.png)",
    "a reference link": "[the plan][p]\n\n[p]: ../../p.png",
    "the full URL": f"![]({BASE}p.png)",
    "a poster": '<video poster="/p.png"></video>',
}
FIELDS = {
    "image from the root": "image: /p.png",
    "image, relative": "image: ../../p.png",
    "enclosure": "enclosure: {url: /p.png, length: 3}",
    "enclosure by path": "enclosure: /p.png",
    "enclosures": "enclosure: [{url: /p.png, length: 3}, {url: https://e.example/x.mp3, length: 3}]",
    "params": "params: {gallery: [/p.png, more]}",
    "params, relative": "params: {deep: {gallery: [../../p.png]}}",
    "an own key": "hero: ../../p.png",
}


def use(site, name, slot):
    """Write a post into a folder of its own that uses `content/p.png`."""
    fields, text = ("", USES[name]) if name in USES else (FIELDS[name] + "\n", "Words.")
    day = slot + 10
    front = f"title: Post {slot}\ndate: 2024-03-{day:02}\n{fields}"
    write(site, {f"content/posts/p{slot}/index.md": f"---\n{front}---\n\n{text}\n", "content/p.png": "png"})


@pytest.mark.parametrize("name", [*USES, *FIELDS])
def test_a_file_is_deleted_with_the_last_post_that_uses_it(site, name):
    config = read_config(site).config
    for slot in (0, 1):
        use(site, name, slot)
    for slot, goes in ((0, False), (1, True)):
        with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
            entries = tuple(builder.plan(config, Request()).entries.values())
        meant = find_post((entry.post for entry in entries), f"content/posts/p{slot}/index.md", config)
        files = [path.relative_to(site).as_posix() for path in (site / "content").rglob("*") if path.is_file()]
        texts = {name: (site / name).read_text() for name in files if name.endswith(".md")}
        plan = plan_takedown(entries, meant, files, texts, config, Ledger())
        assert ("content/p.png" in plan.files) == goes
        assert set(plan.files) <= {meant.path, "content/p.png"}
        (site / meant.path).unlink()


def test_an_image_with_a_url_from_the_root_is_removed_from_the_output(site):
    write(site, {"content/p.png": "png", "content/posts/v.md": post(4, "v", "![](/p.png)", "")})
    assert run(site, "build").exit_code == 0
    assert (site / "output/p.png").exists()
    assert run(site, "takedown", "v", "--yes").exit_code == 0
    assert not (site / "output/p.png").exists()
    assert not (site / "content/p.png").exists()


def test_nothing_is_deleted_without_confirmation(site):
    assert run(site, "takedown", "first").exit_code == 1
    printed = json.loads(run(site, "takedown", "first", "--dry-run", "--json").stdout)
    names = ["index.md", "chart.svg", "unused.svg"]
    assert printed["files"] == [f"content/posts/first/{name}" for name in names]
    assert (site / "content/posts/first/index.md").exists()


def test_a_takedown_that_was_interrupted_before_the_files_were_deleted_can_be_run_again(site):
    original = (site / "content/posts/first/index.md").read_text()
    run(site, "takedown", "first", "--yes")
    before = (site / "published.json").read_bytes()
    write(site, {"content/posts/first/index.md": original, "content/posts/first/chart.svg": IMAGE})
    run(site, "takedown", "first", "--yes")
    assert not (site / "content/posts/first/index.md").exists()
    guids = {record.guid for record in read_ledger(site / "published.json").records if record.withdrawn}
    assert f"{BASE}posts/first/" in guids
    assert before


def test_a_post_is_found_by_file_url_and_slug_with_a_suggestion_for_typos(site):
    builder = Builder(site, time.time_ns, cache=CACHE)
    config = Config(base_url=BASE, deploy=Deploy())
    builder.build(config, Request())
    posts = list(builder.posts())
    builder.close()
    for name in ("first", "content/posts/first/index.md", "/posts/first/", f"{BASE}posts/first/", "posts/first"):
        assert find_post(posts, name, config).path == "content/posts/first/index.md"
    with pytest.raises(SiteError, match=r'there is no post "frist"\n    did you mean "first"\?'):
        find_post(posts, "frist", config)


POSTS = [
    replace(make_post(1), path="content/posts/a b.md", slug="a-b", url="/repo/posts/%C3%A4/"),
    replace(make_post(2), path="content/posts/x/one.md", slug="one", url="/repo/x/one/"),
    replace(make_post(3), path="content/posts/one.md", slug="one", url="/repo/y/one/"),
]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("content/posts/a b.md", "content/posts/a b.md"),
        ("./content/posts/a b.md", "content/posts/a b.md"),
        ("a-b", "content/posts/a b.md"),
        ("/repo/posts/ä/", "content/posts/a b.md"),
        ("/repo/posts/%C3%A4", "content/posts/a b.md"),
        ("posts/ä", "content/posts/a b.md"),
        ("https://h.example/repo/posts/%C3%A4/?x#y", "content/posts/a b.md"),
        ("/y/one/", "content/posts/one.md"),
        ("/repo/x/one", "content/posts/x/one.md"),
        ("content/posts/one.md", "content/posts/one.md"),
    ],
)
def test_a_post_is_found_by_each_of_its_names(name, path):
    assert find_post(POSTS, name, Config(base_url="https://h.example/repo/")).path == path


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("one", '2 posts have the slug "one"', "name its file: content/posts/one.md or content/posts/x/one.md"),
        ("a-bb", 'there is no post "a-bb"', 'did you mean "a-b"?'),
        ("content/posts/ab.md", 'there is no post "content/posts/ab.md"', 'did you mean "content/posts/a b.md"?'),
        ("zzz", 'there is no post "zzz"', "name its file, URL or slug"),
    ],
)
def test_a_name_of_none_or_several_posts_is_a_problem(name, message, hint):
    with pytest.raises(SiteError) as error:
        find_post(POSTS, name, Config(base_url="https://h.example/repo/"))
    assert error.value.problems == (Problem("", 0, message, hint),)


def test_each_link_to_the_post_is_a_problem_with_what_to_do(site):
    write(
        site,
        {
            "content/posts/third.md": post(3, "third", "[a](first/index.md)\n\n[b](/posts/first/)", ""),
            "templates/x.html": "\n/old-first",
        },
    )
    config = read_config(site).config
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        entries = tuple(builder.plan(config, Request()).entries.values())
    meant = find_post((entry.post for entry in entries), "first", config)
    texts = {name: (site / name).read_text() for name in ("content/posts/third.md", "templates/x.html", meant.path)}
    with pytest.raises(SiteError) as error:
        plan_takedown(entries, meant, (), texts, config, Ledger())
    hint = "remove the link first"
    third = "content/posts/third.md"
    expected = {
        Problem(third, 9, f"the post links to {meant.path}", hint),
        Problem(third, 11, "it links to /posts/first, the URL of the post", hint),
        Problem("templates/x.html", 2, "it links to /old-first, the URL of the post", hint),
    }
    assert expected <= set(error.value.problems)
    assert {problem.hint for problem in error.value.problems} == {hint}


def test_files_and_the_folders_that_are_then_empty_are_removed(tmp_path):
    write(
        tmp_path,
        {
            "content/posts/a/index.md": "x",
            "content/posts/a/b.svg": "x",
            "content/posts/c.md": "x",
            "content/posts/d/index.md": "x",
            "content/posts/d/kept.svg": "x",
        },
    )
    url = "https://h.example/a/"
    ledger = Ledger((LedgerEntry("content/posts/a/index.md", url, (url,), withdrawn=True),))
    for files in (
        ("content/posts/a/index.md", "content/posts/a/b.svg", "content/posts/a/gone.svg"),
        ("content/posts/d/index.md",),
        ("content/posts/c.md",),
    ):
        take_down(tmp_path, Takedown(POSTS[0], files, ledger))
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {"content", "content/posts", "content/posts/d", "content/posts/d/kept.svg", "published.json"}
    assert read_ledger(tmp_path / "published.json") == ledger


def test_a_page_is_recorded_as_taken_down_with_its_file_and_urls(site):
    write(site, {"content/pages/about.md": "---\ntitle: About\naliases: [/us/]\n---\n\nWho we are.\n"})
    config = read_config(site).config
    with closing(Builder(site, time.time_ns, cache=CACHE)) as builder:
        entries = tuple(builder.plan(config, Request()).entries.values())
    page = find_post((entry.post for entry in entries), "about", config)
    takedown = plan_takedown(entries, page, (), {}, config, Ledger())
    urls = (f"{BASE}about/", f"{BASE}us/")
    assert takedown == Takedown(page, (page.path,), Ledger((LedgerEntry(page.path, urls[0], urls, withdrawn=True),)))
