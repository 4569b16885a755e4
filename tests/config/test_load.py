import pytest

from sitegen.config.load import find_root, location_of, read_config
from sitegen.config.schema import Config
from sitegen.errors import SiteError
from tests.support.sites import write


def test_an_empty_config_is_all_defaults(tmp_path):
    assert read_config(write(tmp_path, {"sitegen.toml": ""})).config == Config()


def test_the_table_of_pyproject_is_a_config_too(tmp_path):
    text = '[project]\nname = "x"\n\n[tool.sitegen]\ntitle = "T"\n[tool.sitegen.lists]\nhome = 3\n'
    settings = read_config(write(tmp_path, {"pyproject.toml": text}))
    assert (settings.config.title, settings.config.lists.home) == ("T", 3)
    assert settings.origins["lists.home"] == "pyproject.toml:7"


def test_all_problems_are_reported_at_once(tmp_path):
    text = 'titel = "T"\nlanguage = 3\ntimezone = "Nowhere/Land"\n[lists]\npage = 0\n'
    with pytest.raises(SiteError) as caught:
        read_config(write(tmp_path, {"sitegen.toml": text}))
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3, 5]


def test_settings_of_feeds_that_cannot_be_used_are_reported(tmp_path):
    text = (
        '[feeds]\nposts = 0\ngroup_posts = -1\nformats = ["rss"]\ngroup_formats = ["atm"]\narchive_formats = ["xml"]\n'
    )
    with pytest.raises(SiteError) as caught:
        read_config(write(tmp_path, {"sitegen.toml": text}))
    assert [(problem.line, problem.message) for problem in caught.value.problems] == [
        (2, '"feeds.posts" must be at least 1'),
        (3, '"feeds.group_posts" must be at least 1'),
        (5, "`atm` is not a format of feeds"),
        (6, "`xml` is not a format of feeds"),
    ]


def test_a_problem_in_a_later_table_of_a_list_is_reported_at_that_table(tmp_path):
    good = '[[publish]]\nname = "web"\nkind = "folder"\npath = "/srv"\n'
    bad = '[[publish]]\nname = "web"\nkind = "carrier"\n\n[[publish]]\nname = "git"\nkind = "git"\ncolour = 1\n'
    links = '[[theme.links]]\ntitle = "A"\nurl = "https://a.example/"\n[[theme.links]]\ntitle = "B"\n'
    with pytest.raises(SiteError) as caught:
        read_config(write(tmp_path, {"sitegen.toml": good + bad + links}))
    assert [(problem.line, problem.message) for problem in caught.value.problems] == [
        (6, 'two targets have the name "web"'),
        (7, 'the target "web" has an unknown `kind`: "carrier"'),
        (9, 'the target "git" of the kind "git" has no `remote`'),
        (12, 'unknown setting "publish.colour"'),
        (16, "a link has no title or no url"),
    ]


def test_what_the_command_line_says_wins(tmp_path):
    write(tmp_path, {"sitegen.toml": 'base_url = "https://a.example.org/"\n'})
    settings = read_config(tmp_path, {"base_url": "https://b.example.org/"})
    assert settings.config.base_url == "https://b.example.org/"
    assert settings.origins["base_url"] == "command line"


def test_options_of_the_command_line_are_validated(tmp_path):
    with pytest.raises(SiteError, match="cannot be used: it does not begin with https://"):
        read_config(write(tmp_path, {"sitegen.toml": ""}), {"base_url": "nonsense"})


def test_the_root_is_the_nearest_folder_with_a_config(tmp_path):
    write(tmp_path, {"sitegen.toml": "", "content/posts/a.md": ""})
    assert find_root(tmp_path / "content/posts") == tmp_path
    assert find_root(tmp_path / "content") == tmp_path


def test_a_pyproject_without_our_table_is_not_a_config(tmp_path):
    write(tmp_path, {"sitegen.toml": "", "inner/pyproject.toml": "[project]\n"})
    assert find_root(tmp_path / "inner") == tmp_path


def test_the_origin_of_a_setting_is_its_file_and_line(tmp_path):
    write(tmp_path, {"sitegen.toml": '[markdown]\nengine = "commonmark"\n'})
    assert location_of(tmp_path, ("markdown", "engine")) == ("sitegen.toml", 2)


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
        ("[urls]\nhome = 3\n", 'you are inside [urls], and "home" belongs in [lists]'),
        ('engine = "commonmark"\n', 'this line is outside of all tables, and "engine" belongs in [markdown]'),
        (
            'enginee = "commonmark"\n',
            'did you mean "engine"? this line is outside of all tables, and "engine" belongs in',
        ),
        ('[subscribe]\naction = "https://a.example/"\n', '"subscribe" is the table [theme.subscribe]'),
        ('[theme.subscribe]\nlogo_dark = "x"\n', 'you are inside [theme.subscribe], and "logo_dark" belongs in'),
        (
            '[[publish]]\nname = "w"\ntitle = "x"\n',
            'you are inside [[publish]], and "title" is a setting of the whole site',
        ),
        ("[[theme.links]]\nsquash = true\n", 'you are inside [[theme.links]], and "squash" belongs in [[publish]]'),
        ('[lists]\nimage = "x"\n', '"image" belongs in [feeds.podcast] or [theme]'),
        ("[feed]\nposts = 3\n", 'did you mean "feeds"?'),
        ("[langages.de]\n", 'did you mean "languages"?'),
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
        'did you mean "title"? you are inside [tool.sitegen.urls], and "title" belongs in [tool.sitegen]',
        'you are inside [tool.sitegen.urls], and "engine" belongs in [tool.sitegen.markdown]',
    ]


@pytest.mark.parametrize(
    ("config", "line", "said"),
    [
        ("[markdown]\nseconds = nan\n", 2, "is not a time limit"),
        ("[markdown]\nseconds = inf\n", 2, "is not a time limit"),
        ("[markdown]\nseconds = 1e300\n", 2, "is not a time limit"),
        ("[markdown]\nseconds = 0\n", 2, "is not a time limit"),
        ("[markdown]\nseconds = -1\n", 2, "is not a time limit"),
        ('[urls]\npost = "//evil.example/{slug}/"\n', 2, "is the URL of a site"),
        ('[urls]\npost = "/{slug}//"\n', 2, "has an empty part"),
        ('[urls]\npost = "/.git/{slug}/"\n', 2, "hidden part"),
        ('[urls]\npost = "/.{slug}/"\n', 2, "hidden part"),
        ('[urls]\nfeed = "/.sitegen-stage/feed.xml"\n', 2, "hidden part"),
        ('[urls]\npage = "/a/../{slug}/"\n', 2, "leads to another folder"),
        ('[urls]\npage = "/%2e%2e/{slug}/"\n', 2, "leads to another folder"),
        ('[urls]\narchive = "/con/"\n', 2, "keeps for a device"),
        ('[[theme.links]]\ntitle = "x"\nurl = "javascript:alert(1)"\n', 3, "cannot be a link"),
        ('[[theme.links]]\ntitle = "x"\nurl = "\\u0001Java\\tScript:alert(1)"\n', 3, "cannot be a link"),
        ('[[theme.links]]\ntitle = "x"\nurl = "data:text/html,x"\n', 3, "cannot be a link"),
        ('[theme.subscribe]\naction = "javascript:alert(1)"\n', 2, "is not a URL that takes a form"),
        ('[theme.subscribe]\naction = "https://a.example;script-src *"\n', 2, "is not a URL that takes a form"),
        ('[theme.subscribe]\naction = "//evil.example/"\n', 2, "is not a URL that takes a form"),
        ('[theme]\nlogo = "javascript:alert(1)"\n', 2, "is not the path or URL of an image"),
        ('[theme]\nimage = "data:image/png;base64,AA"\n', 2, "is not the path or URL of an image"),
        ('[feeds]\nhubs = ["javascript:alert(1)"]\n', 2, "is not the URL of a hub"),
        ('templates = "content"\n', 1, "overlap"),
        ('templates = "content/templates"\n', 1, "overlap"),
        ('content = "templates/content"\n', 1, "overlap"),
        ('content = ".git"\n', 1, "is hidden"),
        ('templates = "x/.hidden"\n', 1, "is hidden"),
        ('output = ".git"\n', 1, "is hidden"),
        ('output = ".sitegen"\n', 1, "is hidden"),
        ('output = "../.git/x"\n', 1, "is hidden"),
        ('output = "/srv/site/.git/x"\n', 1, "is hidden"),
        ('author = "\\u200b"\n', 1, "has no visible character"),
        ('[deploy]\ncsp = "default-src *\\rX-Evil: 1"\n', 2, "line break or control character"),
    ],
)
def test_a_value_that_would_lead_out_of_the_site_or_stop_it_is_a_problem(tmp_path, config, line, said):
    (tmp_path / "sitegen.toml").write_text(config)
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path)
    problems = [problem for problem in caught.value.problems if said in problem.message]
    assert problems, caught.value
    assert all(problem.line in (line, 0) for problem in problems) or "overlap" in said


@pytest.mark.parametrize(
    "config",
    [
        '[urls]\npost = "/{year}/{month}/{day}/{slug}.html"\nfeed = "/.well-known/feed.xml"\ntag = ""\narchive = "/"\n',
        '[[theme.links]]\ntitle = "x"\nurl = "mailto:ann@example.com"\n',
        '[[theme.links]]\ntitle = "x"\nurl = "/about/"\n[[theme.links]]\ntitle = "y"\nurl = "https://a.example/"\n',
        '[theme]\nlogo = "/logo.png"\nimage = "https://a.example/a"\n[theme.subscribe]\naction = "/subscribe?x=1"\n',
        '[markdown]\nseconds = 0.5\n[feeds]\nhubs = ["https://hub.example/"]\n',
        'output = "../public"\ncontent = "texts"\ntemplates = "my.templates"\n',
        'output = "/home/ann/.local/www"\n',
    ],
)
def test_values_that_sites_have_are_accepted(tmp_path, config):
    (tmp_path / "sitegen.toml").write_text(config)
    read_config(tmp_path)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("news.example.com", "news.example.com"),
        ("News.Example.COM", "news.example.com"),
        ("brüche.example", "xn--brche-lva.example"),
    ],
)
def test_the_domain_of_the_site_is_read_in_ascii(tmp_path, written, published):
    root = write(tmp_path, {"sitegen.toml": f'base_url = "https://x.example/"\n[deploy]\ncname = "{written}"\n'})
    assert read_config(root).config.deploy.cname == published


@pytest.mark.parametrize(
    "written", ["https://x.example", "localhost", "a.example:80", "a b.example", "straße.example", "[::1]", "a..b"]
)
def test_a_domain_that_no_host_has_is_a_problem(tmp_path, written):
    root = write(tmp_path, {"sitegen.toml": f'base_url = "https://x.example/"\n[deploy]\ncname = "{written}"\n'})
    with pytest.raises(SiteError, match=r"is not a domain: "):
        read_config(root)


def test_a_wrong_value_of_the_command_line_is_reported_without_the_file(tmp_path):
    (tmp_path / "sitegen.toml").write_text('base_url = "https://a.example/"\n')
    with pytest.raises(SiteError) as caught:
        read_config(tmp_path, {"base_url": "foo"})
    (problem,) = caught.value.problems
    assert (problem.path, problem.excerpt, '"foo"' in problem.message) == ("", "", True)


@pytest.mark.parametrize("name", ["Sitegen.toml", "sitegen.yaml", "sitegen.toml.txt"])
def test_a_config_with_another_name_is_named(tmp_path, name):
    (tmp_path / name).write_text("")
    if (tmp_path / "sitegen.toml").exists():
        pytest.skip("this file system does not tell upper from lower case")
    with pytest.raises(SiteError, match=f"not from {name}"):
        read_config(tmp_path)
