import base64
import hashlib
import json
import re
import shutil

import pytest
import yaml
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.scaffold.cms.browser_editors import DECAP, SVELTIA
from tests.scaffold.cms.test_site_content import RECIPES, front
from tests.support.manual import REPOSITORY
from tests.support.programs import require_node_file
from tests.support.sites import CONFIG, build, make_site, tree

EDITORS = {"sveltia": SVELTIA, "decap": DECAP}
SITES = REPOSITORY / "tests" / "sites"
REMOTE = ("--repository", "ada/letters")


def cms(root, *arguments, code=0):
    result = CliRunner().invoke(main, ["-C", str(root), "cms", *arguments])
    assert result.exit_code == code, result.output
    return result


def settings(root):
    return yaml.safe_load((root / "content/admin/config.yml").read_text("utf-8"))


def collections(root):
    return {item["name"]: item for item in settings(root)["collections"]}


def fields(collection):
    return {field["name"]: field for field in collection["fields"]}


@pytest.fixture
def site(tmp_path):
    files = {
        "content/posts/2024/2024-03-01-b.md": front("tags: [rain]", "source: Wire", "author: Bo"),
        "content/posts/2024/2024-03-02-c/index.md": front("updated: 2024-03-03 10:00"),
        "content/recipes/leek.md": front("yield: 4"),
        "content/pages/guides/wix.md": "---\ntitle: Wix\n---\n",
        "content/data/towns.csv": "name\nHull\n",
    }
    return make_site(tmp_path, files, CONFIG + RECIPES)


@pytest.mark.parametrize("name", EDITORS)
def test_the_page_loads_a_pinned_script_with_its_check_sum(site, name):
    cms(site, name, *REMOTE)
    page = (site / "content/admin/index.html").read_text()
    (script,) = re.findall("<script [^>]*>", page)
    assert f'src="{EDITORS[name].url}"' in script
    assert re.search(r"@\d+\.\d+\.\d+/", script)
    assert re.search(r'integrity="sha384-[\w+/]{64}"', script)


@pytest.mark.parametrize("name", EDITORS)
def test_the_check_sum_is_that_of_the_script_on_npm(name):
    package, version, path = re.fullmatch(r"https://unpkg\.com/(.+)@([\d.]+)/(.+)", EDITORS[name].url).groups()
    script = require_node_file(*package.split("/"), *path.split("/")).read_bytes()
    if json.loads(require_node_file(*package.split("/"), "package.json").read_text())["version"] != version:
        pytest.skip(f"another version of {package} is installed")
    assert EDITORS[name].integrity == f"sha384-{base64.b64encode(hashlib.sha384(script).digest()).decode()}"


@pytest.mark.parametrize("name", EDITORS)
def test_a_copy_of_the_script_in_the_site_is_preferred(site, name):
    (site / "content/admin").mkdir()
    (site / "content/admin" / EDITORS[name].script).write_text("")
    cms(site, name, *REMOTE)
    page = (site / "content/admin/index.html").read_text()
    assert re.findall("<script [^>]*>", page) == [f'<script src="{EDITORS[name].script}">']


@pytest.mark.parametrize("name", EDITORS)
def test_new_posts_and_their_images_get_a_folder_of_their_own(site, name):
    cms(site, name, *REMOTE)
    posts, recipes, pages = (collections(site)[key] for key in ("posts", "recipes", "pages"))
    assert (posts["folder"], posts["path"]) == ("content/posts", "{{year}}/{{slug}}/index")
    assert (recipes["folder"], recipes["path"]) == ("content/recipes", "{{slug}}/index")
    assert (pages["folder"], pages["path"]) == ("content/pages", "{{slug}}")
    assert all(item["media_folder"] == item["public_folder"] == "" for item in (posts, recipes, pages))


def test_sveltia_lists_posts_at_every_depth(site):
    cms(site, "sveltia", *REMOTE)
    found = collections(site)
    assert list(found) == [
        "posts", "posts-1", "posts-2", "recipes", "recipes-1", "pages", "pages-guides", "settings",
    ]  # fmt: skip
    assert [found[f"posts-{number}"]["path"] for number in (1, 2)] == ["{{slug}}", "{{year}}/{{slug}}"]


@pytest.mark.parametrize("name", EDITORS)
def test_settings_and_data_files_are_edited_as_text(site, name):
    cms(site, name, *REMOTE)
    found = collections(site)["settings"]
    assert [file["file"] for file in found["files"]] == ["sitegen.toml", "content/data/towns.csv"]
    assert found["format"] == "raw"
    page = (site / "content/admin/index.html").read_text()
    assert ('registerCustomFormat("raw"' in page) == (name == "decap")


def test_decap_warns_of_posts_in_too_many_folders(site):
    (site / "content/posts/a/b/c").mkdir(parents=True)
    (site / "content/posts/a/b/c/deep.md").write_text(front())
    result = cms(site, "decap", *REMOTE)
    assert "warning: content/posts/a/b/c/deep.md: Decap CMS does not list this file" in result.output
    assert list(collections(site)) == ["posts", "recipes", "pages", "pages-guides", "settings"]


@pytest.mark.parametrize("name", EDITORS)
def test_fields_have_types_hints_and_what_the_site_has(site, name):
    cms(site, name, *REMOTE)
    posts = fields(collections(site)["posts"])
    assert list(posts)[:5] == ["title", "date", "draft", "body", "summary"]
    assert posts["title"]["required"]
    assert posts["date"]["default"] == "{{now}}"
    assert posts["date"]["format"] == "YYYY-MM-DD"
    assert posts["updated"]["format"] == "YYYY-MM-DD HH:mm Z"
    assert posts["source"]["options"] == ["Wire"]
    assert posts["tags"]["hint"].endswith("In use: rain, news")
    assert posts["image_layout"]["options"] == ["wide", "full"]
    assert posts["body"]["modes"] == (["raw", "rich_text"] if name == "sveltia" else ["raw"])
    recipes = fields(collections(site)["recipes"])
    assert (recipes["yield"]["widget"], recipes["yield"]["required"]) == ("number", True)


@pytest.mark.parametrize("name", EDITORS)
def test_a_site_without_posts_gets_a_form(tmp_path, name):
    (tmp_path / "content").mkdir()
    (tmp_path / "sitegen.toml").write_text("")
    cms(tmp_path, name, *REMOTE)
    assert list(collections(tmp_path))[:2] == ["posts", "pages"]
    assert "options" not in fields(collections(tmp_path)["posts"])["source"]


def test_titles_of_the_config_are_escaped_in_the_page(tmp_path):
    make_site(tmp_path, config='title = "A <b> & \\"c\\""\n')
    cms(tmp_path, "decap", *REMOTE)
    assert (
        "<title>A &lt;b&gt; &amp; &quot;c&quot;: editor</title>" in (tmp_path / "content/admin/index.html").read_text()
    )


def test_writing_again_changes_nothing(site):
    cms(site, "sveltia", *REMOTE)
    before = tree(site)
    assert "is unchanged" in cms(site, "sveltia", *REMOTE).output
    assert tree(site) == before


def test_an_edited_file_is_not_overwritten(site):
    cms(site, "sveltia", *REMOTE)
    config = site / "content/admin/config.yml"
    config.write_text(config.read_text() + "# mine\n")
    before = tree(site)
    result = cms(site, "decap", *REMOTE, code=1)
    assert "content/admin/config.yml: the file has changes of yours" in result.output
    assert tree(site) == before


def test_a_dry_run_lists_the_files_and_writes_none(site):
    before = tree(site)
    report = json.loads(cms(site, "sveltia", "--dry-run", "--json", *REMOTE).output)
    assert report["written"] == ["content/admin/index.html", "content/admin/config.yml"]
    assert tree(site) == before


def test_an_unknown_repository_is_reported(site):
    assert 'the file says "OWNER/REPOSITORY"' in cms(site, "sveltia").output
    assert settings(site)["backend"]["repo"] == "OWNER/REPOSITORY"
    cms(site, "sveltia", "--repository", "ada/letters", "--branch", "drafts")
    assert settings(site)["backend"] == {"name": "github", "repo": "ada/letters", "branch": "drafts"}
    cms(site, "sveltia", "--repository", "letters", code=2)


def test_netlify_needs_a_setting_because_of_the_content_security_policy(tmp_path):
    target = '[[publish]]\nname = "netlify"\nkind = "folder"\npath = ".sitegen/public"\n'
    make_site(tmp_path, config=CONFIG + target)
    assert "Netlify applies the site's Content-Security-Policy" in cms(tmp_path, "sveltia", *REMOTE).output
    make_site(tmp_path, config=f"{CONFIG}{target}[deploy]\nheaders = false\n")
    assert "Netlify" not in cms(tmp_path, "sveltia", *REMOTE).output


def test_the_editor_is_published_and_is_not_checked_as_a_page_of_the_theme(site):
    cms(site, "sveltia", *REMOTE)
    build(site)
    assert (site / "output/admin/config.yml").read_bytes() == (site / "content/admin/config.yml").read_bytes()
    assert "admin" not in (site / "output/sitemap.xml").read_text()
    assert "/admin/*\n  ! Content-Security-Policy\n" in (site / "output/_headers").read_text()
    result = CliRunner().invoke(main, ["-C", str(site), "check"])
    assert "admin" not in result.output


def find_errors(root):
    """Write the configuration of Sveltia, and yield what its own schema finds wrong."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(require_node_file("@sveltia", "cms", "schema", "sveltia-cms.json").read_text("utf-8"))
    cms(root, "sveltia", *REMOTE)
    for error in jsonschema.Draft7Validator(schema).iter_errors(settings(root)):
        yield error.message


def test_the_configuration_is_valid_by_the_schema_that_sveltia_publishes(site):
    assert list(find_errors(site)) == []


@pytest.mark.parametrize("name", ["demo", *sorted(path.name for path in SITES.iterdir())])
def test_the_configuration_of_each_sample_site_is_valid(tmp_path, name):
    copy_site(REPOSITORY if name == "demo" else SITES / name, tmp_path)
    assert list(find_errors(tmp_path)) == []
    for editor in ("decap", "pages", "frontmatter"):
        cms(tmp_path, editor, *REMOTE)


def copy_site(root, target):
    shutil.copytree(root / "content", target / "content")
    for path in (root / "pyproject.toml", root / "sitegen.toml"):
        if path.is_file():
            shutil.copy(path, target)
