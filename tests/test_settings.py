import pytest

from sitegen.config import Config
from sitegen.errors import SiteError
from sitegen.settings import find_root, place_of, read_config

from .building import write


def test_an_empty_config_is_all_defaults(tmp_path):
    assert read_config(write(tmp_path, {"sitegen.toml": ""})).config == Config()


def test_the_table_of_pyproject_is_a_config_too(tmp_path):
    text = '[project]\nname = "x"\n\n[tool.sitegen]\ntitle = "T"\n[tool.sitegen.lists]\nhome = 3\n'
    settings = read_config(write(tmp_path, {"pyproject.toml": text}))
    assert (settings.config.title, settings.config.lists.home) == ("T", 3)
    assert settings.origins["lists.home"] == "pyproject.toml:7"


def test_all_faults_are_told_at_once(tmp_path):
    text = 'titel = "T"\nlanguage = 3\ntimezone = "Nowhere/Land"\n[lists]\npage = 0\n'
    with pytest.raises(SiteError) as caught:
        read_config(write(tmp_path, {"sitegen.toml": text}))
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3, 5]


def test_a_fault_in_a_later_table_of_a_list_is_told_at_that_table(tmp_path):
    good = '[[publish]]\nname = "web"\nkind = "folder"\npath = "/srv"\n'
    bad = '[[publish]]\nname = "web"\nkind = "carrier"\n\n[[publish]]\nname = "git"\nkind = "git"\ncolour = 1\n'
    links = '[[theme.links]]\ntitle = "A"\nurl = "https://a.example/"\n[[theme.links]]\ntitle = "B"\n'
    with pytest.raises(SiteError) as caught:
        read_config(write(tmp_path, {"sitegen.toml": good + bad + links}))
    assert [(problem.line, problem.message) for problem in caught.value.problems] == [
        (6, 'two targets have the name "web"'),
        (7, 'the target "web" has an unknown kind: "carrier"'),
        (9, 'the target "git" of kind git has no "remote"'),
        (12, 'unknown setting "publish.colour"'),
        (16, "a link has no title or no url"),
    ]


def test_what_the_command_line_says_wins(tmp_path):
    write(tmp_path, {"sitegen.toml": 'base_url = "https://a.example.org/"\n'})
    settings = read_config(tmp_path, {"base_url": "https://b.example.org/"})
    assert settings.config.base_url == "https://b.example.org/"
    assert settings.origins["base_url"] == "command line"


def test_what_the_command_line_says_is_judged_too(tmp_path):
    with pytest.raises(SiteError, match="cannot be used: it does not begin with https://"):
        read_config(write(tmp_path, {"sitegen.toml": ""}), {"base_url": "nonsense"})


def test_the_root_is_the_nearest_folder_with_a_config(tmp_path):
    write(tmp_path, {"sitegen.toml": "", "content/posts/a.md": ""})
    assert find_root(tmp_path / "content/posts") == tmp_path
    assert find_root(tmp_path / "content") == tmp_path


def test_a_pyproject_without_our_table_is_no_config(tmp_path):
    write(tmp_path, {"sitegen.toml": "", "inner/pyproject.toml": "[project]\n"})
    assert find_root(tmp_path / "inner") == tmp_path


def test_the_place_of_a_setting_is_its_file_and_line(tmp_path):
    write(tmp_path, {"sitegen.toml": '[markdown]\nengine = "commonmark"\n'})
    assert place_of(tmp_path, ("markdown", "engine")) == ("sitegen.toml", 2)
