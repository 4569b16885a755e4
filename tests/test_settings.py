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


@pytest.mark.parametrize(
    ("config", "hint"),
    [
        (
            '[urls]\ntittle = "x"\n',
            'did you mean "title"? you are inside [urls], and "title" is a setting of the whole site',
        ),
        (
            '[urls]\nbase_url = "https://a.example/"\n',
            'you are inside [urls], and "base_url" is a setting of the whole',
        ),
        ('[urls]\npots = "/{slug}/"\n', 'did you mean "post"?'),
        ("[urls]\nhome = 3\n", 'you are inside [urls], and "home" belongs into [lists]'),
        ('engine = "commonmark"\n', 'this line is outside of all tables, and "engine" belongs into [markdown]'),
        (
            'enginee = "commonmark"\n',
            'did you mean "engine"? this line is outside of all tables, and "engine" belongs into',
        ),
        ('[subscribe]\naction = "https://a.example/"\n', '"subscribe" is the table [theme.subscribe]'),
        ('[theme.subscribe]\nlogo = "x.png"\n', 'you are inside [theme.subscribe], and "logo" belongs into [theme]'),
        (
            '[[publish]]\nname = "w"\ntitle = "x"\n',
            'you are inside [[publish]], and "title" is a setting of the whole site',
        ),
        ("[[theme.links]]\nsquash = true\n", 'you are inside [[theme.links]], and "squash" belongs into [[publish]]'),
        ('[lists]\nimage = "x"\n', '"image" belongs into [feeds.podcast] or belongs into [theme]'),
        ("zzzzzz = 1\n", "known are: title, description, base_url"),
    ],
)
def test_an_unknown_setting_says_in_which_table_it_is_and_where_it_belongs(tmp_path, config, hint):
    (tmp_path / "sitegen.toml").write_text(config)
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    assert any(hint in problem.hint for problem in caught.value.problems), caught.value


def test_in_pyproject_tables_are_named_as_they_are_written_there(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.sitegen.urls]\ntittle = "x"\nengine = "commonmark"\n')
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    assert [problem.hint for problem in caught.value.problems] == [
        'did you mean "title"? you are inside [tool.sitegen.urls], and "title" belongs into [tool.sitegen]',
        'you are inside [tool.sitegen.urls], and "engine" belongs into [tool.sitegen.markdown]',
    ]
