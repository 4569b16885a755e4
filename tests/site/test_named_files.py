import pytest

from sitegen.errors import Problem, SiteError
from tests.support.sites import build, write

CONFIG = 'title = "Letters"\nbase_url = "https://letters.example.com/sub/"\n'


def warnings_of(folder, keys, files=None):
    post = f"---\ntitle: Hello\ndate: 2024-05-01\n{keys}\n---\n\nWords.\n"
    write(folder, {"sitegen.toml": CONFIG, "content/posts/a.md": post, **(files or {})})
    return build(folder).warnings


@pytest.mark.parametrize(
    ("keys", "key", "path"),
    [
        ("image: gone.jpg", "image", "posts/gone.jpg"),
        ("image: /gone.jpg", "image", "gone.jpg"),
        ("image: ../a b.jpg", "image", "a b.jpg"),
        ("enclosure: talk.mp3", "enclosure", "posts/talk.mp3"),
        ("enclosure: {url: /talk.mp3, length: 3}", "enclosure", "talk.mp3"),
        ("enclosure: [{url: 'https://cdn.example.com/x.mp3'}, {url: talk.mp3}]", "enclosure", "posts/talk.mp3"),
    ],
)
def test_a_missing_file_in_front_matter_is_a_warning(tmp_path, keys, key, path):
    message = f'there is no file "content/{path}", which `{key}` names'
    assert warnings_of(tmp_path, keys) == (
        Problem("content/posts/a.md", 4, message, f"correct `{key}`, or add the file"),
    )


def test_the_warning_names_the_file_that_is_meant(tmp_path):
    (warning,) = warnings_of(tmp_path, "image: ferry.svg", {"content/images/ferry.svg": "<svg/>"})
    assert warning.hint == 'did you mean "content/images/ferry.svg"?'


def test_no_warning_names_a_file_of_the_site_or_of_another_host(tmp_path):
    keys = "image: /made/chart.svg\nenclosure: [talk.mp3, 'https://cdn.example.com/x.mp3', '//cdn.example.com/y.mp3']"
    files = {
        "content/posts/talk.mp3": "words",
        "templates/made.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "hooks.py": "from sitegen.pages import TemplatePage\n\n\n"
        "def pages(site):\n"
        "    return [TemplatePage('made/chart.svg', '/sub/made/chart.svg', 'made.svg', 'chart', 'Chart')]\n",
    }
    assert warnings_of(tmp_path, keys, files) == ()


@pytest.mark.parametrize(
    ("table", "name"),
    [("[theme]", "image"), ('[feeds.podcast]\ncategory = "Arts"\nemail = "a@example.org"', "image")],
    ids=["theme", "podcast"],
)
def test_a_missing_file_in_a_setting_is_reported_at_its_line(tmp_path, table, name):
    config = f'{CONFIG}{table}\n{name} = "/gone.png"\n'
    write(tmp_path, {"sitegen.toml": config, "content/images/gone.png": "an image"})
    with pytest.raises(SiteError) as error:
        build(tmp_path)
    line, excerpt = len(config.splitlines()), f'{name} = "/gone.png"'
    message = f"`{excerpt}` names a file that does not exist: content/gone.png"
    assert error.value.problems == (Problem("sitegen.toml", line, message, 'did you mean "images/gone.png"?', excerpt),)
    for value in ("/images/gone.png", "/made.png", "https://cdn.example.com/gone.png"):
        write(
            tmp_path,
            {
                "sitegen.toml": config.replace("/gone.png", value),
                "templates/made.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
                "hooks.py": "from sitegen.pages import TemplatePage\n\n\n"
                "def pages(site):\n"
                "    return [TemplatePage('made.png', '/sub/made.png', 'made.svg', 'chart', 'Chart')]\n",
            },
        )
        assert build(tmp_path).rendered


def test_the_warning_comes_and_goes_with_the_file(tmp_path):
    assert warnings_of(tmp_path, "image: ferry.svg", {"content/posts/ferry.svg": "<svg/>"}) == ()
    (tmp_path / "content/posts/ferry.svg").unlink()
    assert len(build(tmp_path).warnings) == 1
    assert len(build(tmp_path).warnings) == 1
    write(tmp_path, {"content/posts/ferry.svg": "<svg/>"})
    assert build(tmp_path).warnings == ()
