import json

import pytest
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.cli.cms import EDITORS as NAMES
from sitegen.scaffold.cms.editors import EDITORS
from tests.support.sites import make_site, tree


def init(*arguments, code=0):
    result = CliRunner().invoke(main, ["init", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def test_the_command_offers_every_editor():
    assert set(NAMES) == EDITORS.keys()


def test_a_new_site_gets_host_and_editor_at_once(tmp_path):
    output = init(tmp_path / "site", "--host", "github", "--cms", "sveltia").output
    assert {"content/admin/config.yml", ".github/workflows/publish.yml", "sitegen.toml"} <= tree(
        tmp_path / "site"
    ).keys()
    assert "sitegen help write-in-a-browser" in output
    assert "A new site is in" in output


@pytest.mark.parametrize(("name", "path"), [("pages", ".pages.yml"), ("decap", "content/admin/index.html")])
def test_a_site_that_exists_only_gets_the_files_of_the_editor(tmp_path, name, path):
    before = tree(make_site(tmp_path))
    report = json.loads(init(tmp_path, "--cms", name, "--json").output)
    after = tree(tmp_path)
    assert path in report["written"]
    assert {file: data for file, data in after.items() if file in before} == before
    assert after.keys() - before.keys() == set(report["written"])


def test_an_edited_file_of_the_editor_stops_the_command_before_the_host_is_added(tmp_path):
    make_site(tmp_path, {".pages.yml": "media: images\n"})
    before = tree(tmp_path)
    assert (
        ".pages.yml: the file has changes of yours"
        in init(tmp_path, "--host", "gitlab", "--cms", "pages", code=1).output
    )
    assert tree(tmp_path) == before
