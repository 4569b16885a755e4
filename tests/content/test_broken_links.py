"""`broken_links`: how links to missing posts and files are reported by build and check."""

import json

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from tests.support.sites import CONFIG, make_site, write

A = "content/posts/a.md"
OTHERS = "[heading](#gone) [preview](http://localhost:1313/x)"
"""What `check` alone reports."""

TEXT = f"[draft](b.md) [gone](gone.md)\n\n![chart](gone.png) [paper](/gone.pdf)\n\n{OTHERS}"
BROKEN_POST = (
    f"---\ntitle: A\ndate: 2024-05-01\ntags: [news]\nimage: cover.jpg\nimage_alt: A cover\n{{key}}---\n{TEXT}\n"
)


def run(root, *arguments):
    result = CliRunner().invoke(main, ["--root", str(root), *arguments])
    assert not isinstance(result.exception, (TypeError, KeyError, AttributeError)), result.exception
    return result


def broken_site(root, key="", config=""):
    draft = "---\ntitle: B\ndate: 2024-05-01\ndraft: true\n---\n"
    make_site(root, {A: BROKEN_POST.format(key=key), "content/posts/b.md": draft}, CONFIG + config)
    return root


def check(root):
    report = json.loads(run(root, "check", "--json").stdout)
    found = [item for item in report["problems"] if "broken" in item["id"] or item["id"] == "development-link"]
    assert {"broken-fragment", "development-link"} <= {item["id"] for item in found}
    return {(item["severity"], item["path"]) for item in found}, report["ok"]


@pytest.mark.parametrize(
    ("key", "config"),
    [("broken_links: warning\n", ""), ("", 'broken_links = "warning"\n')],
    ids=["by the post", "by the site"],
)
def test_broken_links_can_be_warnings(tmp_path, key, config):
    broken_site(tmp_path, key, config)
    result = run(tmp_path, "build")
    assert result.exit_code == 0, result.output
    line = 9 if key else 8
    for row in (f"{A}:{line}: ", f"{A}:{line + 2}: "):
        assert row in result.stderr
    found, ok = check(tmp_path)
    # The cover is shown on lists and in feeds too: it is a warning there as well.
    assert {severity for severity, _ in found} == {"warning"}
    assert len(found) > 1
    assert ok
    assert run(tmp_path, "build", "--strict").exit_code == 1
    assert run(tmp_path, "check", "--strict").exit_code == 1


def test_broken_links_stop_a_build_unless_configured(tmp_path):
    assert run(broken_site(tmp_path), "build").exit_code == 1
    write(tmp_path, {A: BROKEN_POST.format(key="").replace("[draft](b.md) [gone](gone.md)", "")})
    assert run(tmp_path, "build").exit_code == 0
    found, ok = check(tmp_path)
    assert ("error", A) in found
    assert not ok


def test_a_post_can_be_stricter_than_its_site(tmp_path):
    broken_site(tmp_path, "broken_links: error\n", 'broken_links = "warning"\n')
    assert run(tmp_path, "build").exit_code == 1


def test_changing_the_setting_takes_effect_in_the_next_build(tmp_path):
    broken_site(tmp_path, "", 'broken_links = "warning"\n')
    assert run(tmp_path, "build").exit_code == 0
    (tmp_path / "sitegen.toml").write_text(CONFIG)
    assert run(tmp_path, "build").exit_code == 1


@pytest.mark.parametrize(
    ("key", "config", "message"),
    [
        ("broken_links: maybe\n", "", f'{A}:7: "maybe" is not a severity'),
        ("", 'broken_links = "maybe"\n', 'sitegen.toml:4: `broken_links = "maybe"` is not a severity'),
    ],
)
def test_another_severity_is_a_problem(tmp_path, key, config, message):
    result = run(broken_site(tmp_path, key, config), "build")
    assert result.exit_code == 1
    assert message in result.stderr
