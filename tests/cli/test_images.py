"""`sitegen images fetch`; the guarded client refuses hosts on this machine, so nothing here is fetched."""

import json

import pytest

from tests.cli.test_commands import run
from tests.support.sites import make_site, post, write

URL = "http://127.0.0.1:9/lamp.png"
POST = "content/posts/lamp.md"


@pytest.fixture
def site(tmp_path):
    return make_site(tmp_path, {POST: post("Lamp", text=f"![A lamp]({URL})")})


def test_a_dry_run_lists_the_urls_and_their_number(site):
    assert run("images", "fetch", "--dry-run", root=site).output == f"{URL}\n1 image of other hosts\n"


def test_a_file_that_was_fetched_before_is_used(site):
    write(site, {"content/posts/lamp/lamp.png": "x"})
    write(site, {"images.json": json.dumps({"version": 1, "files": {URL: "content/posts/lamp/lamp.png"}})})
    assert run("images", "fetch", root=site).output == "Fetched 0 images (0.0 MB), changed 1 post\n"
    assert "![A lamp](lamp/lamp.png)" in (site / POST).read_text()


def test_a_missing_image_is_listed_with_its_post_line_and_reason(site):
    result = run("images", "fetch", root=site)
    assert result.exit_code == 0
    assert "Missing: 1 image\n  its host has a private address, and is not requested: 1\n" in result.output
    assert f"    {POST}:7: {URL}\n" in result.output
    data = json.loads(run("images", "fetch", "--json", root=site).stdout)
    assert (data["ok"], data["missing"][0]["url"], data["changed"]) == (True, URL, [])


def test_of_many_missing_images_the_first_are_listed_and_verbose_lists_all(tmp_path):
    text = " ".join(f"![A]({URL}?{number})" for number in range(12))
    site = make_site(tmp_path, {POST: post("Lamp", text=text)})
    assert "    and 2 more (use -v to list them)" in run("images", "fetch", root=site).output
    assert run("images", "fetch", "-v", "--retry", root=site).output.count(f"{POST}:7: ") == 12


def test_only_the_given_posts_are_searched(site):
    assert run("images", "fetch", POST, "--dry-run", root=site).output.startswith(URL)
    name = next(path.name for path in (site / "content/posts").glob("*.md") if path.name != "lamp.md")
    output = run("images", "fetch", f"content/posts/{name}", "--dry-run", root=site).output
    assert output == "0 images of other hosts\n"


@pytest.mark.parametrize("path", ["content/posts/nowhere.md", "/etc/hostname"])
def test_a_post_that_does_not_exist_in_the_site_is_a_problem(site, path):
    result = run("images", "fetch", path, root=site)
    assert result.exit_code == 1
    assert "there is no such post in the site" in result.output


def test_a_wrong_url_of_the_old_site_ends_with_exit_code_2(site):
    assert run("images", "fetch", "--old-url", "nowhere", root=site).exit_code == 2


def test_a_post_that_cannot_be_read_is_reported_and_the_exit_code_is_1(site):
    write(site, {"content/posts/bad.md": "---\ntitle: [\n---\n"})
    result = run("images", "fetch", "--dry-run", root=site)
    assert result.exit_code == 1
    assert "content/posts/bad.md:" in result.output
