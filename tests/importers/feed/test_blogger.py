"""Backups of Blogger: drafts stay drafts, and only posts and pages are imported."""

import pytest

from sitegen.config.load import read_config
from sitegen.importers.comments.run import import_comments
from tests.support.importing import import_path
from tests.support.sites import write

HEAD = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://purl.org/atom/app#"'
    ' xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:blogger="http://schemas.google.com/blogger/2018">'
    "<title>Ada</title><generator>Blogger</generator>"
)
TYPES = "http://schemas.google.com/blogger/2008/kind#"


def entry(name, inside, title="Title"):
    date = "<published>2012-03-04T10:00:00Z</published><updated>2012-03-04T10:00:00Z</updated>"
    text = f'<title>{title}</title><content type="html">&lt;p&gt;Text&lt;/p&gt;</content>'
    key = f"<id>tag:blogger.com,1999:blog-1.{name}</id>"
    return f"<entry>{key}{date}{text}{inside}<author><name>Ada</name></author></entry>"


def old(entry_type, more=""):
    return f'<category scheme="http://schemas.google.com/g/2005#kind" term="{TYPES}{entry_type}"/>{more}'


def new(entry_type, status="LIVE", more=""):
    return f"<blogger:type>{entry_type}</blogger:type><blogger:status>{status}</blogger:status>{more}"


LINK = '<link rel="alternate" type="text/html" href="http://ada.blogspot.com/2012/03/first.html"/>'
NEWS = '<category scheme="http://www.blogger.com/atom/ns#" term="news"/>'
BACKUPS = {
    "before 2023": [
        entry("layout", old("template"), "Template"),
        entry("settings.BLOG_NAME", old("settings"), "Name"),
        entry("post-1", old("post", LINK + NEWS), "First"),
        entry("post-2", old("post", "<app:control><app:draft>yes</app:draft></app:control>"), "Unfinished"),
        entry("page-3", old("page"), "About"),
        entry("post-4", old("comment", '<thr:in-reply-to ref="tag:blogger.com,1999:blog-1.post-1"/>'), "Nice"),
    ],
    "after 2023": [
        entry("post-1", new("POST", more=f"<blogger:filename>/2012/03/first.html</blogger:filename>{NEWS}"), "First"),
        entry("post-2", new("POST", "DRAFT"), "Unfinished"),
        entry("page-3", new("PAGE"), "About"),
        entry("post-4", new("COMMENT", more="<blogger:parent>tag:blogger.com,1999:blog-1.post-1</blogger:parent>")),
    ],
}


@pytest.mark.parametrize("form", BACKUPS)
def test_a_backup_of_blogger_becomes_posts_pages_drafts_and_comments(form, tmp_path):
    site = write(tmp_path / "site", {"sitegen.toml": 'title = "T"\n'})
    backup = write(tmp_path / "backup", {"blog.xml": f"{HEAD}{''.join(BACKUPS[form])}</feed>"}) / "blog.xml"
    report = import_path(backup, site)
    content = site / "content"
    written = {path.relative_to(content).as_posix(): path.read_text("utf-8") for path in content.rglob("*.md")}
    first = written.pop("posts/2012-03-04-first.md")
    assert "title: First\n" in first
    assert "tags: [news]\n" in first
    assert "  - /2012/03/first.html\n" in first
    assert "draft" not in first
    assert "title: About\n" in written.pop("pages/about.md")
    (unfinished,) = written.values()
    assert "title: Unfinished\n" in unfinished
    assert "draft: true\n" in unfinished
    assert {item.reason for item in report.skipped} >= {
        "a comment: after this import, import comments with `sitegen comments import`"
    }
    assert (report.written, len(report.skipped)) == (3, len(BACKUPS[form]) - 3)
    assert import_comments([backup], site, read_config(site).config).counts.added == 1


def test_a_draft_of_another_feed_stays_a_draft(tmp_path):
    draft = entry("x", "<app:control><app:draft>yes</app:draft></app:control>")
    live = entry("y", "<app:control><app:draft>no</app:draft></app:control>")
    (tmp_path / "feed.xml").write_text(f"{HEAD.replace('Blogger', 'Other')}{draft}{live}</feed>")
    report = import_path(tmp_path / "feed.xml", tmp_path / "site")
    assert (report.written, [item.reason for item in report.drafts]) == (2, ["it is a draft in the feed"])
