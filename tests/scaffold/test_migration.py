"""`sitegen update`: each form that an earlier version wrote is found, and changed where that needs no decision."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.config.load import read_config
from sitegen.importers.output.import_state import parse_record
from sitegen.publish.state import PublishState, write_record
from sitegen.render.theme import find_theme
from sitegen.scaffold import migration, theme_files
from sitegen.scaffold.ci_workflows import MARK, apply_host, plan_host
from sitegen.scaffold.diagnosis import Machine, diagnose
from sitegen.scaffold.migration import GONE_TEMPLATES, apply_steps, find_steps
from sitegen.scaffold.requirements import Requirement
from sitegen.scaffold.theme_files import copy_original
from tests.support.sites import CONFIG, make_site, tree, write

LINE = Requirement("sitegen-newsletter[images,publish]==1")
RECORD = json.dumps(
    {
        "version": 1,
        "posts": {"https://old.example/1": {"file": "one.md", "slug": "one", "digest": "0", "offered": ""}},
        "pictures": {},
    }
)
FORMER = Path(__file__).parent / "host_files"


def find(root, requirement=LINE):
    return find_steps(root, read_config(root), requirement)


def apply(root):
    """Apply all steps, and return those that are still due."""
    apply_steps(root, find(root))
    return find(root)


def ids(steps):
    return [(step.id, step.path) for step in steps]


def test_a_new_site_needs_nothing(tmp_path):
    assert find(make_site(tmp_path)) == ()


def test_a_record_of_an_import_moves_out_of_the_build_cache(tmp_path):
    make_site(tmp_path, {".sitegen/imports/wix-posts.json": RECORD, ".sitegen/imports/report.json": "{}"})
    (step,) = find(tmp_path)
    assert (step.id, step.path, step.version) == ("import-record", ".sitegen/imports/wix-posts.json", "0.1.0")
    assert apply(tmp_path) == ()
    assert (
        parse_record((tmp_path / "imports/wix-posts.json").read_bytes(), "").posts["https://old.example/1"].slug
        == "one"
    )
    assert not (tmp_path / ".sitegen/imports/wix-posts.json").exists()
    assert (tmp_path / ".sitegen/imports/report.json").exists()


def test_a_newer_record_of_an_import_is_not_replaced_by_the_old_one(tmp_path):
    newer = RECORD.replace('"one"', '"two"')
    make_site(tmp_path, {".sitegen/imports/wix-posts.json": RECORD, "imports/wix-posts.json": newer})
    assert apply(tmp_path) == ()
    assert (tmp_path / "imports/wix-posts.json").read_text() == newer
    assert not (tmp_path / ".sitegen").exists() or not (tmp_path / ".sitegen/imports/wix-posts.json").exists()


@pytest.mark.parametrize(
    ("path", "setting"),
    [
        ("tags/news/atom.xml", 'group_formats = ["rss", "atom"]'),
        ("sources/x/feed.json", 'group_formats = ["rss", "json"]'),
        ("feeds/2024.atom.xml", 'archive_formats = ["rss", "atom"]'),
        ("feeds/2024.json", 'archive_formats = ["rss", "json"]'),
        ("feeds/2024-12.json", 'archive_formats = ["rss", "json"]'),
    ],
)
@pytest.mark.parametrize("published", [False, True])
def test_feeds_that_are_no_longer_written_by_default_are_named_with_their_setting(tmp_path, path, setting, published):
    make_site(tmp_path, {} if published else {f"output/{path}": "<feed/>"})
    if published:
        write_record(tmp_path / ".sitegen/publish/web.json", PublishState({path: ("0", "0")}))
    (step,) = find(tmp_path)
    assert (step.id, step.changes) == ("feed-formats", {})
    assert f"add `{setting}` to the table `[feeds]`" in step.hint
    write(tmp_path, {"sitegen.toml": f"{CONFIG}[feeds]\n{setting}\n"})
    assert find(tmp_path) == ()


def test_the_setting_is_named_as_the_config_in_pyproject_has_it(tmp_path):
    config = "\n".join(("[tool.sitegen]", CONFIG))
    make_site(tmp_path, {"output/feeds/2024.json": "{}", "pyproject.toml": config})
    (tmp_path / "sitegen.toml").unlink()
    (step,) = find(tmp_path)
    assert (step.path, "the table `[tool.sitegen.feeds]`" in step.hint) == ("pyproject.toml", True)


def test_feeds_of_the_site_and_of_languages_do_not_count_as_those_of_groups(tmp_path):
    paths = ("atom.xml", "feed.json", "de/atom.xml", "tags/news/feed.xml", "feeds/2024.xml", "tags/a/b/atom.xml")
    make_site(tmp_path, {f"output/{path}": "<feed/>" for path in paths})
    assert find(tmp_path) == ()


def test_a_host_gets_the_files_of_this_version(tmp_path):
    config = f'{CONFIG}[[publish]]\nname = "netlify"\nkind = "folder"\npath = ".sitegen/public"\n'
    make_site(
        tmp_path,
        {
            "netlify.toml": (FORMER / "netlify-f8f781d2e74a3829-netlify.toml").read_bytes(),
            "netlify/image-cache/index.js": (
                FORMER / "netlify-aaaac81903336960-netlify-image-cache-index.js"
            ).read_bytes(),
            "requirements.txt": f"{MARK}\n./vendor/sitegen-0.1.0-py3-none-any.whl[publish]\n",
            "vendor/sitegen-0.1.0-py3-none-any.whl": b"old",
        },
        config,
    )
    (step,) = find(tmp_path)
    assert step.id == "host"
    assert apply(tmp_path) == ()
    assert "requirements.txt" in step.changes
    assert not (tmp_path / "netlify/image-cache").exists()
    assert not (tmp_path / "vendor").exists()
    assert (tmp_path / "requirements.txt").read_text() == f"{MARK}\n{LINE.line}\n"


def test_a_workflow_at_a_former_path_moves(tmp_path):
    config = f'{CONFIG}[[publish]]\nname = "cloudflare"\nkind = "folder"\npath = ".sitegen/public"\n'
    text = (FORMER / "cloudflare-4647aabbbe4f4bb3-github-workflows-publish.yml").read_bytes()
    make_site(tmp_path, {".github/workflows/publish.yml": text}, config)
    assert apply(tmp_path) == ()
    assert [path.name for path in (tmp_path / ".github/workflows").iterdir()] == ["publish-cloudflare.yml"]


def test_a_workflow_keeps_pip_or_the_action_and_one_with_changes_needs_a_decision(tmp_path):
    commit = "0a" * 20
    from_github = Requirement(f"sitegen-newsletter[images,publish] @ git+https://github.com/ann/sitegen@{commit}")
    for use_action in (True, False):
        root = make_site(tmp_path / str(use_action))
        apply_host(root, plan_host(root, "github", from_github, use_action=use_action))
        assert find(root, from_github) == ()
    workflow = root / ".github/workflows/publish.yml"
    workflow.write_text(workflow.read_text() + "# mine\n")
    before = tree(root)
    (step,) = find(root, from_github)
    assert (step.id, step.path, step.changes) == ("host-file", ".github/workflows/publish.yml", {})
    apply_steps(root, find(root, from_github))
    assert tree(root) == before


@pytest.mark.parametrize("row", ["sitegen==0.1.0", "sitegen[publish]", "sitegen", "sitegen @ https://a.example/x.whl"])
def test_requirements_of_the_user_that_install_the_other_project_are_named(tmp_path, row):
    root = make_site(tmp_path)
    apply_host(root, plan_host(root, "gitlab", LINE))
    (root / "requirements.txt").write_text(f"{row}\n")
    (step,) = find(root)
    assert step.id == "requirement"
    assert "another project on PyPI" in step.message
    assert step.hint.endswith(LINE.line)


@pytest.fixture
def newer_theme(tmp_path, monkeypatch):
    """Return a function by which a copy of the theme, of a newer version, takes its place."""
    theme = tmp_path / "theme"
    shutil.copytree(find_theme(), theme)

    def use():
        for module in (theme_files, migration):
            monkeypatch.setattr(module, "find_theme", lambda: theme)
        return theme

    return use


def test_a_copy_of_a_file_that_has_changed_is_copied_again_only_if_it_is_as_it_was(tmp_path, newer_theme):
    root = make_site(tmp_path / "site")
    names = ("partials/footer.html", "partials/head.html", "partials/pager.html")
    for name in names:
        copy_original(root / "templates", name)
    (root / "templates/partials/head.html").write_text("mine")
    theme = newer_theme()
    for name in names[:2]:
        (theme / name).write_text("newer")
    (theme / names[2]).unlink()
    found = {step.path: step for step in find(root)}
    assert {path: bool(step.changes) for path, step in found.items()} == {
        "templates/partials/footer.html": True,
        "templates/partials/head.html": False,
        "templates/partials/pager.html": False,
    }
    rest = apply(root)
    assert (root / "templates/partials/footer.html").read_text() == "newer"
    assert (root / "templates/partials/head.html").read_text() == "mine"
    assert len(rest) == 2
    # As the hint says, the original is copied after the user has changed the copy.
    shutil.copyfile(theme / names[1], root / "templates/.originals" / names[1])
    assert len(find(root)) == 1


@pytest.mark.parametrize(
    ("name", "text", "lost"),
    [
        ("post.html", '{% extends "theme/post.html" %}{% block gone %}x{% endblock %}', ["gone"]),
        ("post.html", '{% extends "theme/post.html" %}{% block after_post %}x{% endblock %}', []),
        (
            "post.html",
            '{% extends "base.html" %}{% block lead %}x{% endblock %}{% block b %}{% endblock %}',
            ["b", "lead"],
        ),
        ("post.html", '{% extends "base.html" %}{% block main %}{% block gone %}x{% endblock %}{% endblock %}', []),
        ("post.html", '{% extends "own.html" %}{% block mine %}x{% endblock %}{% block main %}{% endblock %}', []),
        ("post.html", '{% extends "own.html" %}{% block yours %}x{% endblock %}', ["yours"]),
        ("post.html", "{% extends name %}{% block gone %}x{% endblock %}", []),
        ("post.html", '{% extends "none.html" %}{% block gone %}x{% endblock %}', []),
        ("post.html", '{% extends "post.html" %}{% block gone %}x{% endblock %}', []),
        ("post.html", "{% block gone %}", []),
        ("shortcodes/a.html", "{% macro a() %}x{% endmacro %}", []),
    ],
)
def test_blocks_that_no_template_shows_are_named(tmp_path, name, text, lost):
    own = '{% extends "base.html" %}{% block main %}{% block mine %}{% endblock %}{% endblock %}'
    make_site(tmp_path, {f"templates/{name}": text, "templates/own.html": own})
    steps = find(tmp_path)
    assert [step.message.partition("no block `")[2].partition("`")[0] for step in steps] == lost
    assert {(step.id, step.path) for step in steps} <= {("template-block", f"templates/{name}")}


@pytest.mark.parametrize("name", GONE_TEMPLATES)
def test_a_file_that_replaced_one_which_the_theme_no_longer_has_is_named_unless_it_is_used(tmp_path, name):
    make_site(tmp_path, {f"templates/{name}": "x"})
    assert ids(find(tmp_path)) == [("template-file", f"templates/{name}")]
    write(tmp_path, {"templates/page.html": f'{{% include "{name}" %}}'})
    assert find(tmp_path) == ()


def test_no_file_of_the_theme_is_among_those_that_it_had_once():
    assert not [name for name in GONE_TEMPLATES if (find_theme() / name).exists()]


def test_the_command_shows_steps_and_changes_nothing_without_apply(tmp_path):
    make_site(tmp_path, {".sitegen/imports/wix-posts.json": RECORD, "output/feeds/2024.json": "{}"})
    before = tree(tmp_path)
    shown = CliRunner().invoke(main, ["-C", str(tmp_path), "update"])
    assert shown.exit_code == 0
    assert shown.output.splitlines()[-1] == "2 steps to do, of which `sitegen update --apply` does 1"
    data = json.loads(CliRunner().invoke(main, ["-C", str(tmp_path), "update", "--json"]).stdout)
    assert [(step["id"], step["applied"], len(step["changes"])) for step in data["steps"]] == [
        ("import-record", False, 2),
        ("feed-formats", False, 0),
    ]
    assert tree(tmp_path) == before
    applied = CliRunner().invoke(main, ["-C", str(tmp_path), "update", "--apply"])
    assert "Wrote imports/wix-posts.json" in applied.output
    assert "Removed .sitegen/imports/wix-posts.json" in applied.output
    assert applied.output.splitlines()[-1] == "Applied 1 step; 1 for you to decide"
    (tmp_path / "output/feeds/2024.json").unlink()
    nothing = CliRunner().invoke(main, ["-C", str(tmp_path), "update"])
    assert nothing.output == "The site needs no changes for this version\n"


def test_doctor_names_the_changes_that_are_due(tmp_path):
    make_site(tmp_path, {".sitegen/imports/wix-posts.json": RECORD})
    machine = Machine("3.12.0", "Linux x86_64", {}, lambda _: None)
    (found,) = [result for result in diagnose(tmp_path, machine) if "due for this version" in result.text]
    assert (found.state, found.text, found.hint) == (
        "warning",
        "1 change is due for this version of sitegen",
        "run `sitegen update`",
    )
