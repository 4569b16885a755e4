"""Pages of an old site, such as its "About", become pages and not undated posts."""

from datetime import UTC

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.importers.base import Options
from sitegen.importers.run import run_import
from tests.support.importing import import_path
from tests.support.sites import write

POST = "---\ntitle: Post\ndate: 2020-01-02\n---\n\nSee [about]({}).\n"
ABOUT = "---\ntitle: About us\n---\n\nSee [post]({}).\n"
SITES = {
    "hugo": ("hugo.toml", "content/posts/p.md", "content/about.md", "../about.md", "posts/p.md", "/about/"),
    "zola": ("config.toml", "content/b/p.md", "content/about/index.md", "@/about/index.md", "@/b/p.md", "/about/"),
    "jekyll": ("_config.yml", "_posts/2020-01-02-p.md", "about.md", "/about.html", "/2020/01/02/p.html", "/about.html"),
    "pelican": ("pelicanconf.py", "content/p.md", "content/pages/about.md", "{filename}/pages/about.md",
                "{filename}/p.md", "/pages/about-us.html"),
    "eleventy": ("eleventy.config.js", "blog/p.md", "about.md", "/about/", "blog/p.md", "/about/"),
}  # fmt: skip
SETTINGS = {"hugo.toml": 'baseURL = "https://x.example/"', "config.toml": 'base_url = "https://x.example"'}


def site(tmp_path, format_name):
    config, post, about, to_about, to_post, address = SITES[format_name]
    files = {config: SETTINGS.get(config, ""), post: POST.format(to_about), about: ABOUT.format(to_post)}
    return write(tmp_path / "in", files), address


@pytest.mark.parametrize("format_name", SITES)
def test_an_about_page_is_imported_with_links_in_both_directions(format_name, tmp_path):
    folder, address = site(tmp_path, format_name)
    report = import_path(folder, tmp_path / "site", format_name)
    page = (tmp_path / "site/content/pages/about.md").read_text("utf-8")
    post = (tmp_path / "site/content/posts/2020-01-02-p.md").read_text("utf-8")
    assert page.startswith("---\ntitle: About us\nslug: about\n")
    assert f"aliases:\n  - {address}\n" in page
    assert page.endswith("\nSee [post](../posts/2020-01-02-p.md).\n")
    assert post.endswith("\nSee [about](../pages/about.md).\n")
    assert (report.written, report.drafts, report.broken) == (2, (), ())
    again = import_path(folder, tmp_path / "site", format_name)
    assert (again.written, again.unchanged) == (0, 2)


def test_imported_pages_build(tmp_path):
    folder, _ = site(tmp_path, "hugo")
    write(tmp_path, {"sitegen.toml": "title = 'T'\nbase_url = 'https://new.example/'\n"})
    run = CliRunner()
    assert run.invoke(main, ["-C", str(tmp_path), "import", str(folder)]).exit_code == 0
    assert run.invoke(main, ["-C", str(tmp_path), "build"]).exit_code == 0
    assert (
        'href="../posts/p/"' in (tmp_path / "output/about/index.html").read_text()
        or "/posts/p/" in (tmp_path / "output/about/index.html").read_text()
    )


@pytest.mark.parametrize(
    ("files", "pages"),
    [
        ({"content/a.md": "# A\n", "content/about.md": "# About\n"}, []),
        ({"content/a.md": POST, "content/b.md": "# B\n", "content/about.md": "# About\n"}, ["about"]),
        ({"content/p/a.md": POST, "content/b.md": "# B\n", "content/p/c.md": "# C\n"}, ["b"]),
        (
            {"content/p/a.md": POST, "content/p/contact.md": "# Contact\n", "content/pages/d.md": "# D\n"},
            ["contact", "d"],
        ),
        ({"content/p/a.md": POST, "content/archive.md": "# Archive\n", "content/search.md": "# Search\n"}, []),
        ({"content/p/a.md": POST, "content/about.md": "---\ntitle: A\ndate: 2020-01-01\n---\n"}, []),
    ],
)
def test_pages_are_distinguished_from_posts(files, pages, tmp_path):
    import_path(write(tmp_path / "in", {"hugo.toml": "", **files}), tmp_path / "site", "hugo")
    assert sorted(path.stem for path in (tmp_path / "site/content/pages").glob("*.md")) == pages


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("index.md", "---\n---\n", "list of posts"),
        ("tags.html", "---\n---\n", "list of posts"),
        ("CODE.md", "No front matter.\n", "no front matter"),
        ("all.md", "---\n---\n{% for post in site.posts %}x{% endfor %}\n", "a template, not a page"),
    ],
)
def test_templates_and_lists_of_jekyll_are_skipped_with_a_reason(name, text, reason, tmp_path):
    files = {"_config.yml": "", "_posts/2020-01-02-p.md": POST, name: text}
    report = import_path(write(tmp_path / "in", files), tmp_path / "site", "jekyll")
    assert reason in next(item.reason for item in report.skipped if item.where.path == name)


@pytest.mark.parametrize(
    ("style", "name", "address"),
    [
        ("pretty", "about.md", "/about/"),
        ("date", "info/about.md", "/info/about.html"),
        ("/:year/:title/", "about.md", "/about/"),
        ("/:title", "about.md", "/about"),
        ("pretty", "about/index.md", "/about/"),
    ],
)
def test_the_alias_of_a_jekyll_page(style, name, address, tmp_path):
    files = {"_config.yml": f"permalink: {style}\n", "_posts/2020-01-02-p.md": POST, name: "---\ntitle: A\n---\n"}
    import_path(write(tmp_path / "in", files), tmp_path / "site", "jekyll")
    assert f"  - {address}\n" in (tmp_path / "site/content/pages/about.md").read_text()


def test_pages_without_dates_are_imported_into_the_folder_of_pages(tmp_path):
    folder, _ = site(tmp_path, "hugo")
    (tmp_path / "site").mkdir()
    options = Options(UTC)
    report = run_import([folder], tmp_path / "site", "content/pages", options, format="hugo")
    assert sorted(report.created) == ["content/pages/2020-01-02-p.md", "content/pages/about.md"]
    assert "date" not in (tmp_path / "site/content/pages/about.md").read_text()
    assert run_import([folder], tmp_path / "site", "content/pages", options, format="hugo").unchanged == 2


def test_a_page_of_the_site_is_not_overwritten(tmp_path):
    folder, _ = site(tmp_path, "hugo")
    write(tmp_path / "site", {"content/pages/about.md": "mine"})
    import_path(folder, tmp_path / "site", "hugo")
    assert (tmp_path / "site/content/pages/about.md").read_text() == "mine"
    assert (tmp_path / "site/content/pages/about-2.md").exists()
