"""The `_headers` file: rules that hosts understand, and no header twice for one file."""

import time
from fnmatch import fnmatch

import pytest

from sitegen.build.builder import Builder, Request
from sitegen.config.schema import FORMATS, Config, Deploy, Feeds
from sitegen.config.theme_schema import Subscribe, Theme
from sitegen.site.headers_file import content_policy, is_immutable
from tests.support.publishing import write
from tests.support.sites import CACHE

POST = "---\ntitle: First\ndate: 2024-01-02\ntags: [a]\nauthors: [b]\n---\n\nWords.\n"


@pytest.fixture
def site(tmp_path):
    return write(tmp_path, {"sitegen.toml": "", "content/posts/first.md": POST})


def build(site, config):
    builder = Builder(site, time.time_ns, cache=CACHE)
    builder.build(config, Request())
    builder.close()
    found = {path.relative_to(site / "output").as_posix() for path in (site / "output").rglob("*") if path.is_file()}
    return found, (site / "output/_headers").read_text() if "_headers" in found else ""


def rules(text):
    """Return the headers of each rule by its pattern."""
    found: dict[str, dict[str, str]] = {}
    for row in text.splitlines():
        if row.startswith("/"):
            pattern = found.setdefault(row, {})
        else:
            name, _, value = row.strip().partition(": ")
            pattern[name] = value
    return found


@pytest.mark.parametrize("base", ["https://news.example.com/", "https://example.com/archive/"])
def test_every_file_meets_each_header_once_and_feeds_and_assets_meet_theirs(site, base):
    paths, text = build(site, Config(base_url=base, feeds=Feeds(group_formats=FORMATS)))
    prefix = "/archive" if "archive" in base else ""
    met = {}
    for path in paths:
        names = [
            (name, value)
            for pattern, headers in rules(text).items()
            if fnmatch(f"{prefix}/{path}", pattern)
            for name, value in headers.items()
        ]
        assert len({name for name, _ in names}) == len(names), path
        met[path] = dict(names)
    assert met["feed.xml"]["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert met["tags/a/atom.xml"]["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert met["authors/b/feed.json"]["Content-Type"] == "application/feed+json; charset=utf-8"
    assets = [path for path in paths if path.startswith("assets/")]
    assert assets
    assert all("immutable" in met[path]["Cache-Control"] for path in assets)
    assert all(headers["Content-Security-Policy"].startswith("default-src 'self'") for headers in met.values())
    assert "Cache-Control" not in met["index.html"]


def test_a_file_of_the_content_folder_that_does_not_change_its_name_is_not_cached_permanently(site):
    write(site, {"content/assets/logo.svg": "<svg/>"})
    _, text = build(site, Config(base_url="https://news.example.com/"))
    cached = [pattern for pattern, headers in rules(text).items() if "Cache-Control" in headers]
    assert cached
    assert all(is_immutable(pattern.removeprefix("/")) for pattern in cached)
    assert not is_immutable("assets/logo.svg")


def test_the_form_may_send_to_who_sends_the_newsletter_and_the_policy_can_be_another(site):
    theme = Theme(subscribe=Subscribe(action="https://mail.example.net/subscribe?x=1"))
    assert "form-action 'self' https://mail.example.net;" in content_policy(Config(theme=theme))
    _, text = build(site, Config(base_url="https://news.example.com/", deploy=Deploy(csp="default-src *")))
    assert "Content-Security-Policy: default-src *\n" in text


def test_files_for_hosts_are_there_by_config(site):
    deploy = Deploy(headers=False, cname="news.example.com", indexnow="abcdef123456")
    paths, _ = build(site, Config(base_url="https://news.example.com/", deploy=deploy))
    assert "_headers" not in paths
    assert (site / "output/CNAME").read_text() == "news.example.com\n"
    assert (site / "output/abcdef123456.txt").read_text() == "abcdef123456"
