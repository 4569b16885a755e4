"""Pages of the rows of data files."""

import json

import pytest

from sitegen.errors import SiteError
from tests.support.sites import CONFIG, build, make_site, write

TEAM = CONFIG + "[pages.team]\n"
CSV = 'title,role,home\nAda Smith,editor,https://ada.example/\nBo,"pilot, retired",\n'


def make(root, files, config=TEAM):
    make_site(root, files, config=config)
    return build(root)


def read(root, path):
    return (root / "output" / path).read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("team.csv", CSV),
        (
            "team.json",
            json.dumps([{"title": "Ada Smith", "role": "editor"}, {"title": "Bo", "role": "pilot, retired"}]),
        ),
        (
            "team.toml",
            '[[people]]\nname = "Ada Smith"\nrole = "editor"\n[[people]]\nname = "Bo"\nrole = "pilot, retired"\n',
        ),
        ("team.toml", '[ada-smith]\nname = "Ada Smith"\nrole = "editor"\n[Bo]\nrole = "pilot, retired"\n'),
        ("team.yaml", "- title: Ada Smith\n  role: editor\n- title: Bo\n  role: pilot, retired\n"),
    ],
)
def test_each_row_has_a_page(tmp_path, name, text):
    make(tmp_path, {f"content/data/{name}": text})
    page = read(tmp_path, "team/bo/index.html")
    assert '<h1 dir="auto">Bo</h1>' in page
    assert '<dd dir="auto">pilot, retired</dd>' in page
    assert '<h1 dir="auto">Ada Smith</h1>' in read(tmp_path, "team/ada-smith/index.html")
    assert "https://letter.example.org/team/bo/" in read(tmp_path, "sitemap.xml")


def test_the_page_of_a_row_does_not_list_its_slug(tmp_path):
    make(tmp_path, {"content/data/team.csv": "title,slug,role\nAda Smith,ada,editor\n"})
    page = read(tmp_path, "team/ada/index.html")
    assert "<dt>Role</dt>" in page
    assert "<dt>Slug</dt>" not in page


def test_settings_name_file_url_template_and_keys(tmp_path):
    config = CONFIG + (
        '[pages.people]\ndata = "team"\nurl = "/who/{slug}.html"\n'
        'template = "who.html"\ntitle = "role"\nslug = "title"\n'
    )
    files = {
        "content/data/team.csv": "title,role\nbo-li,Pilot\n",
        "templates/who.html": "{{ page.title }} {{ page.kind }} {{ page.params.title }}",
    }
    make(tmp_path, files, config)
    assert read(tmp_path, "who/bo-li.html") == "Pilot people bo-li"


def test_a_changed_row_renders_its_page_only(tmp_path):
    make(tmp_path, {"content/data/team.csv": CSV})
    write(tmp_path, {"content/data/team.csv": CSV.replace("editor", "captain")})
    assert build(tmp_path).rendered == ("team/ada-smith/index.html",)
    write(tmp_path, {"content/data/team.csv": CSV.partition("Bo")[0]})
    assert "team/bo/index.html" in build(tmp_path).removed


@pytest.mark.parametrize(
    ("table", "rows", "line", "message"),
    [
        ("[pages.team]\n", None, 4, 'there is no data file "team"'),
        ('[pages.team]\ntemplate = "x.html"\n', CSV, 5, 'the template "x.html" is missing'),
        ("[pages.tags]\n", CSV, 4, '"tags" has a meaning already'),
        ("[pages.Team]\n", CSV, 4, '"Team" is not the name of a table of pages'),
        ('[pages.team]\nurl = "/team/"\n', CSV, 5, 'the pattern "/team/" must contain {slug}'),
        ("[pages.team]\n", "role\neditor\n", 4, 'row 1 of the data file "team" has no page: there is no `title`'),
        (
            "[pages.team]\n",
            "title,slug\nA,../x\n",
            4,
            'row 1 of the data file "team" has no page: the slug "../x" has a slash',
        ),
    ],
)
def test_what_is_wrong_is_reported_at_its_line(tmp_path, table, rows, line, message):
    with pytest.raises(SiteError) as caught:
        make(tmp_path, {"content/data/team.csv": rows} if rows else {}, CONFIG + table)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("sitegen.toml", line)
    assert problem.message.startswith(message)


def test_data_that_is_not_a_list_of_rows_is_a_problem(tmp_path):
    with pytest.raises(SiteError, match="is not a list of rows"):
        make(tmp_path, {"content/data/team.json": "[1, 2]"})


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("team.csv", 'write its name without the ending: "team"'),
        ("teem", 'did you mean "team"?'),
        ("books.csv", "add the file, such as content/data/books.csv"),
    ],
)
def test_a_data_file_that_is_missing_has_a_hint(tmp_path, name, hint):
    with pytest.raises(SiteError) as caught:
        make(tmp_path, {"content/data/team.csv": CSV}, f'{CONFIG}[pages.people]\ndata = "{name}"\n')
    assert [problem.hint for problem in caught.value.problems] == [hint]


def test_two_rows_with_one_url_are_a_problem_that_names_both(tmp_path):
    with pytest.raises(SiteError, match=r"both become the same file"):
        make(tmp_path, {"content/data/team.csv": "title\nBo\nbo\n"})
