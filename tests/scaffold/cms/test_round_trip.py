"""The editors' own code opens and saves posts, and sitegen reads the same as before.

`SITEGEN_NODE_MODULES` is the folder of the npm packages; `.ci/run` installs them.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.config.load import read_config
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.content.sources import read_sources
from sitegen.scaffold.cms.site_content import read_site_content
from tests.scaffold.cms.test_site_content import front
from tests.support.manual import REPOSITORY
from tests.support.programs import require_node_file, require_program
from tests.support.sites import make_site

SCRIPT = Path(__file__).with_name("save_posts.mjs")
CORPORA = REPOSITORY.parent / "shared" / "corpora"
PACKAGES = {
    "sveltia": ("@sveltia", "cms", "npm", "index.js.map"),
    "decap": ("decap-cms", "dist", "decap-cms.js.map"),
    "pages": ("yaml", "package.json"),
    "frontmatter": ("yaml", "package.json"),
}
ROWS = (
    "date: 2024-05-01 10:00", "date: 2024-05-01 10:00 +0200", "date: 2024-05-01T10:00:00Z", "date: 20240501",
    "date: May 1, 2024", "date: '2024-05-01'", "issue: '007'", "issue: 7", 'issue: "1.10"', "summary: |\n  a\n\n  b",
    "summary: >-\n  a long\n  text", "summary: 'a: b # c'", "summary: ''", "source:", "source: null", "tags: []",
    "tags: [yes, no, on, 'true', '1.0', '~', 'null']", "tags: rain, fog", "authors: [{name: Bo}, Ada]",
    "source: {name: Wire, url: 'https://wire.example/'}", "views: {count: 1.2K, on: Wix, at: 2024-06-01}",
    "draft: true", "comments: false", "params: {a: {b: [1, 2.5]}, when: 2024-05-01, clock: '12:30'}",
    "unknown: [a, {b: c}]", "summary: \"tab\\there and 'quotes'\"", "image: '@a.jpg'", "slug: été-٣",
    f"summary: {'long words ' * 30}", "aliases:\n  - /old/\n  - /older/a.html", "# a comment\nissue: 3  # another",
)  # fmt: skip


def read(root):
    """Return each document of a site with its text, without blank lines at its ends."""
    config = read_config(root).config
    sources = read_sources(root / config.content / "sources.toml", "sources.toml", config)
    found = {}
    for collection in read_site_content(root, config).collections:
        for item in collection.documents:
            data = split((root / item.name).read_bytes(), item.name)
            post, _ = read_post(data, item.name, config, sources, document_type=collection.document_type)
            found[item.name] = (post, data.text.strip("\n"))
    return found


def save_all(root, editor):
    """Save each document that `sitegen cms` does not report, and return the names of the others."""
    modules = require_node_file(*PACKAGES[editor])
    modules = next(parent for parent in modules.parents if parent.name == "node_modules")
    content = read_site_content(root, read_config(root).config)
    reported = {problem.path for problem in content.warnings}
    names = [item.name for collection in content.collections for item in collection.documents]
    paths = "\n".join(str(root / name) for name in names if name not in reported)
    node = require_program("node")
    result = subprocess.run([node, SCRIPT, modules, editor], input=paths, text=True, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr
    return reported


@pytest.mark.parametrize("editor", PACKAGES)
def test_every_form_of_a_value_means_the_same_after_saving(tmp_path, editor):
    files = {f"content/posts/2024-05-01-{number}.md": front_with(row) for number, row in enumerate(ROWS)}
    files["content/posts/crlf.md"] = front("tags: [a, b]").replace("\n", "\r\n")
    files["content/posts/rule.md"] = front() + "\n---\n\nBelow.\n\n    code\n\n"
    before = read(make_site(tmp_path, files))
    assert save_all(tmp_path, editor) == set()
    assert read(tmp_path) == before


def front_with(row):
    """Return a post with a row of front matter that may replace its date."""
    return front(row).replace("date: 2024-02-01\n", "") if row.startswith("date:") else front(row)


@pytest.mark.parametrize("editor", PACKAGES)
def test_the_demo_is_the_same_after_saving_each_post(tmp_path, editor):
    shutil.copytree(REPOSITORY / "content", tmp_path / "content")
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    before = read(tmp_path)
    assert len(before) > 30
    assert save_all(tmp_path, editor) == set()
    assert read(tmp_path) == before


@pytest.mark.slow  # imports three archives, and saves each post with four editors
@pytest.mark.parametrize("name", ["jekyll-nim", "pelican-nixos-weekly", "zola-rust-osdev"])
def test_imported_archives_are_the_same_after_saving_each_post(tmp_path, name):
    if not (CORPORA / name).is_dir():
        pytest.skip("the real archives are not beside the checkout")
    (tmp_path / "sitegen.toml").write_text("")
    run = CliRunner().invoke(main, ["-C", str(tmp_path), "import", str(CORPORA / name)])
    assert run.exit_code == 0, run.output
    before = read(tmp_path)
    assert len(before) > 30
    for editor in PACKAGES:
        assert save_all(tmp_path, editor) == set()
        assert read(tmp_path) == before
