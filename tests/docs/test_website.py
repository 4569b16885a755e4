"""The manual as a website: it is built without a problem, and its pages are accessible, valid HTML."""

import html
import importlib.util
import json
import re
import subprocess

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.scaffold.manual import read_contents, read_entries
from tests.support.manual import DOCS
from tests.support.programs import open_browser, require_node_file, require_program
from tests.support.search_client import serve
from tests.support.sites import build

PAGES = (
    "",
    "guides/github-pages/",
    "reference/front-matter/",
    "getting-started/install/",
    "messages/config-missing/",
    "checks/broken-link/",
)


def load_script():
    """Return the module of the script that makes the site."""
    spec = importlib.util.spec_from_file_location("manual_website", DOCS / "website" / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of the site and its URL, which is that of a server."""
    root = tmp_path_factory.mktemp("manual")
    (root / "output").mkdir()
    with serve(root / "output") as url:
        load_script().make_site(root, url)
        build(root)
        yield root, url


def test_a_check_of_the_site_reports_no_error_and_no_warning(tmp_path):
    load_script().make_site(tmp_path)
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "check", "--strict", "--json"], catch_exceptions=False)
    problems = json.loads(result.stdout)["problems"]
    assert [problem for problem in problems if problem["severity"] != "advice"] == []
    assert [problem for problem in problems if problem.get("id") == "duplicate-description"] == []
    assert result.exit_code == 0


def test_every_page_of_the_manual_is_in_its_section(site):
    root, _ = site
    for page in read_contents(DOCS):
        path = page.path.relative_to(DOCS).with_suffix("")
        text = (root / "output" / path / "index.html").read_text("utf-8")
        assert re.findall(r"<h1[^>]*>([^<]*)</h1>", text) == [page.title.replace("&", "&amp;")]
        breadcrumbs = re.search(r'<nav class="breadcrumbs".*?</nav>', text, re.DOTALL)[0]
        assert re.findall(r'href="([^"]*)"', breadcrumbs) == ["/", f"/{path.parent}/"]


def test_each_message_and_each_check_has_a_page_that_its_id_leads_to(site):
    root, _ = site
    entries = read_entries(read_contents(DOCS))
    assert len(entries) > 200
    for entry in entries:
        folder, topic = {"messages": ("messages", "messages"), "checking": ("checks", "checking")}[entry.topic]
        page = (root / "output" / folder / entry.ids[0] / "index.html").read_text("utf-8")
        words = re.findall(r"\w+", html.unescape(re.sub(r"<[^>]*>", "", page)))
        for name, value in entry.cells[1:]:
            wanted = [name.capitalize(), *re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "", value))]
            assert any(words[n : n + len(wanted)] == wanted for n in range(len(words))), (entry.ids, name)
        table = (root / "output/reference" / topic / "index.html").read_text("utf-8")
        assert f'<a href="/{folder}/{entry.ids[0]}/"><code>{entry.ids[0]}</code></a>' in table


def test_the_pages_are_read_in_the_order_of_the_contents(site):
    root, _ = site
    url, order = "/", []
    while url:
        text = (root / "output" / url[1:] / "index.html").read_text("utf-8")
        found = re.search(r'href="([^"]*)" rel="next"', text)
        url = found[1] if found else ""
        order.append(url)
    wanted = [f"/{page.path.relative_to(DOCS).with_suffix('')}/" for page in read_contents(DOCS)]
    assert [url for url in order if url in wanted] == wanted


def test_pages_of_the_site_are_accessible_and_quiet(site):
    _, url = site
    axe = require_node_file("axe-core", "axe.min.js").read_text("utf-8")
    with open_browser() as browser:
        for path in PAGES:
            for width, scheme in ((375, "light"), (1280, "dark")):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page, messages = context.new_page(), []
                page.on("console", lambda message, found=messages: found.append(message.text))
                page.goto(url + path)
                page.evaluate(axe)
                found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
                assert {item["id"]: [node["target"] for node in item["nodes"]] for item in found} == {}, path
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
                rows = page.evaluate("[...document.querySelectorAll('.breadcrumbs li')].map(li => li.offsetHeight)")
                assert all(height <= 48 for height in rows), (path, rows)
                assert messages == []
                context.close()


def test_the_search_of_the_site_finds_a_page(site):
    _, url = site
    with open_browser() as browser:
        page = browser.new_page()
        page.goto(f"{url}search/?q=cname")
        page.locator("[data-search=title]", has_text="GitHub Pages").wait_for()
        assert page.locator(".search-results time").count() == 0


def test_the_pages_of_the_site_are_valid_html(site):
    root, _ = site
    checker = require_node_file("vnu-jar", "build", "dist", "vnu.jar")
    command = [require_program("java"), "-jar", checker, "--format", "json", "--skip-non-html", root / "output"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    errors = [item for item in json.loads(done.stderr)["messages"] if item["type"] == "error"]
    assert [(item["url"], item["lastLine"], item["message"]) for item in errors] == []
