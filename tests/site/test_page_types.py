"""Page types: one that is added is planned, keyed, rendered, updated and removed like all others."""

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from sitegen.errors import SiteError
from sitegen.site.pages.page_type import PageType, Phase
from sitegen.site.pages.registry import PAGE_TYPES
from tests.support.sites import build, make_site, post, tree

REPOSITORY = Path(__file__).parents[2]
SECOND = "content/posts/2024-01-02-second.md"


def read_example():
    """Return the code blocks of the section about page types, dedented."""
    section = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8").partition("\n## Add a page type\n")[2]
    section = section.partition("\n## ")[0]
    blocks = re.findall(r"^ *```(\w+)\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    return {language: textwrap.dedent(code) for language, code in blocks}


def test_the_worked_example_adds_a_page_type_in_one_file_and_two_lines(tmp_path):
    code = tmp_path / "code"
    for name in ("sitegen", "templates"):
        shutil.copytree(REPOSITORY / name, code / name, ignore=shutil.ignore_patterns("__pycache__"))
    example = read_example()
    (code / "sitegen/site/pages/yearbook.py").write_text(example["python"], "utf-8")
    (code / "templates/yearbook.html").write_text(example["jinja"], "utf-8")
    registry = code / "sitegen/site/pages/registry.py"
    text = registry.read_text("utf-8")
    text = text.replace("    LISTING,\n", "    LISTING,\n    YEARBOOK,\n", 1)
    registry.write_text(text.replace("\n# In", "from sitegen.site.pages.yearbook import YEARBOOK\n\n# In", 1), "utf-8")
    root = make_site(
        tmp_path / "site", {"content/posts/2023-05-05-old.md": post("Old", "2023-05-05", "The old letter.")}
    )
    environment = {**os.environ, "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-m", "sitegen", "build"], cwd=root, env=environment, check=True)
    page = (root / "output/yearbook/2024/index.html").read_text("utf-8")
    assert [page.count(f"The {name} letter.") for name in ("first", "second", "third", "old")] == [1, 1, 1, 0]
    assert "https://letter.example.org/yearbook/2023/" in (root / "output/sitemap.xml").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Digest:
    """A text file with the bodies of the posts of one tag."""

    path: str
    url: str
    posts: tuple
    declared: tuple


def plan_digests(inputs):
    for tag in inputs.site.tags:
        yield Digest(f"digest/{tag.slug}.txt", f"{inputs.base}/digest/{tag.slug}.txt", tag.posts, tag.posts)


def render_digest(page, rendering):
    head = rendering.render_template(page).decode()
    return "\n".join([head, *[rendering.html(post) for post in page.posts]]).encode()


DIGEST = PageType(
    page=Digest,
    phase=Phase.LISTING,
    plan=plan_digests,
    replaceable=True,
    template=lambda _: "digest.txt",
    render=render_digest,
    bodies=lambda page: page.declared,
)


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Return a site of which every build has digests."""
    monkeypatch.setitem(PAGE_TYPES, Digest, DIGEST)
    files = {"templates/digest.txt": "{{ site.title }}", "content/posts/dot.txt": "dot"}
    return make_site(tmp_path / "site", files)


def edit(root, name, old, new):
    path = root / name
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def rebuild(root):
    """Return the digests that a build renders; the output must be that of a clean build."""
    rendered = build(root).rendered
    output = tree(root / "output")
    build(root, fresh=True)
    assert tree(root / "output") == output
    return {path for path in rendered if path.startswith("digest/")}


def test_an_added_type_is_planned_and_rendered(site):
    assert rebuild(site) == {"digest/news.txt", "digest/rain.txt"}
    text = (site / "output/digest/rain.txt").read_text("utf-8")
    assert text.startswith("The Test Letter\n")
    assert "The second letter." in text
    assert "The third letter." in text
    assert build(site).rendered == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "rendered"),
    [
        ("content/posts/2024-01-01-first.md", "The first letter.", "Edited.", {"digest/news.txt"}),
        (SECOND, "The second letter.", "[Dot](dot.txt)", {"digest/news.txt", "digest/rain.txt"}),
        (SECOND, "title: Second", "title: Other", {"digest/news.txt", "digest/rain.txt"}),
        ("content/pages/about.md", "Who we are.", "Edited.", set()),
        ("templates/digest.txt", "site.title", "site.language", {"digest/news.txt", "digest/rain.txt"}),
        ("sitegen.toml", "The Test Letter", "Another", {"digest/news.txt", "digest/rain.txt"}),
    ],
    ids=["body", "link", "title", "page", "template", "config"],
)
def test_a_page_of_an_added_type_is_rendered_if_an_input_changes(site, name, old, new, rendered):
    build(site)
    edit(site, name, old, new)
    assert rebuild(site) == rendered


def test_a_page_of_an_added_type_is_rendered_if_the_target_of_a_link_moves(site):
    edit(site, SECOND, "The second letter.", "[First](2024-01-01-first.md)")
    build(site)
    edit(site, "content/posts/2024-01-01-first.md", "title: First", "title: First\nslug: moved")
    assert "digest/rain.txt" in rebuild(site)
    assert "/moved/" in (site / "output/digest/rain.txt").read_text("utf-8")


def test_a_page_of_an_added_type_is_removed_with_its_tag(site):
    build(site)
    for name in (SECOND, "content/posts/2024-01-03-third.md"):
        edit(site, name, "rain", "news")
    assert rebuild(site) == {"digest/news.txt"}
    assert not (site / "output/digest/rain.txt").exists()


def test_a_file_of_the_content_folder_replaces_a_page_of_an_added_type(site):
    (site / "content/digest").mkdir()
    (site / "content/digest/rain.txt").write_text("mine")
    assert rebuild(site) == {"digest/news.txt", "digest/rain.txt"}
    assert (site / "output/digest/rain.txt").read_text("utf-8") == "mine"


def test_a_page_cannot_show_a_body_that_its_type_does_not_declare(site, monkeypatch):
    undeclared = PageType(
        page=Digest, phase=Phase.LISTING, plan=plan_digests, render=render_digest, template=DIGEST.template
    )
    monkeypatch.setitem(PAGE_TYPES, Digest, undeclared)
    with pytest.raises(LookupError, match="does not return in `bodies`"):
        build(site)


def test_two_pages_of_an_added_type_collide_as_others_do(site, monkeypatch):
    def plan(inputs):
        yield Digest("index.html", "/", (), ())

    fixed = PageType(page=Digest, phase=Phase.LISTING, plan=plan, render=render_digest, describe=lambda _: "the digest")
    monkeypatch.setitem(PAGE_TYPES, Digest, fixed)
    with pytest.raises(SiteError, match="the digest"):
        build(site)


def find_switches(path):
    """Yield the lines that compare the type of something with the class of a page type."""
    classes = {page.__name__ for page in PAGE_TYPES}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        tested = []
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("isinstance", "issubclass")
        ):
            tested = [item for item in ast.walk(node.args[1]) if isinstance(item, ast.Name)]
        elif isinstance(node, ast.MatchClass):
            tested = [item for item in ast.walk(node.cls) if isinstance(item, ast.Name)]
        elif isinstance(node, ast.Compare) and "type(" in ast.unparse(node.left):
            tested = [item for other in node.comparators for item in ast.walk(other) if isinstance(item, ast.Name)]
        yield from (f"{path.name}:{node.lineno}" for item in tested if item.id in classes)


def test_no_module_switches_on_the_type_of_a_page():
    modules = sorted((REPOSITORY / "sitegen").rglob("*.py"))
    # `template.py` checks what the hook `pages` returns.
    found = [line for path in modules for line in find_switches(path) if path.name != "template.py"]
    assert found == []


def test_a_switch_is_found(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        "if isinstance(page, PostPage | Asset): pass\n"
        "if type(page) is Feed: pass\n"
        "match page:\n    case Redirect(): pass\n"
    )
    assert list(find_switches(module)) == ["module.py:1", "module.py:1", "module.py:2", "module.py:4"]
