import pytest

from sitegen.config.load import read_config
from sitegen.scaffold.cms.site_content import read_site_content
from tests.support.sites import CONFIG, make_site

RECIPES = """
[taxonomies.people]
[types.recipes]
required = ["yield"]
[types.recipes.fields]
yield = "number"
"""


def read(root, files=None, config=CONFIG):
    make_site(root, files, config)
    return read_site_content(root, read_config(root).config)


def front(*rows):
    return "\n".join(("---", "title: T", "date: 2024-02-01", *rows, "---", "", "Words.", ""))


def test_posts_types_and_each_folder_of_pages_are_collections(tmp_path):
    files = {
        "content/recipes/leek.md": front("yield: 4"),
        "content/pages/guides/wix.md": "---\ntitle: Wix\n---\n",
        "content/pages/guides/more/hugo.md": "---\ntitle: Hugo\n---\n",
    }
    found = {item.name: item for item in read(tmp_path, files, CONFIG + RECIPES).collections}
    assert {name: [document.path for document in item.documents] for name, item in found.items()} == {
        "posts": ["2024-01-01-first.md", "2024-01-02-second.md", "2024-01-03-third.md"],
        "recipes": ["leek.md"],
        "pages": ["about.md"],
        "pages-guides": ["wix.md"],
        "pages-guides-more": ["hugo.md"],
    }
    assert found["recipes"].required == ("title", "date", "yield")
    assert {"yield", "people", "tags"} <= {field.name for field in found["recipes"].fields}
    assert "menu" in {field.name for field in found["pages"].fields}
    assert "menu" not in {field.name for field in found["posts"].fields}


def test_values_in_use_come_most_used_first_and_with_described_sources(tmp_path):
    files = {
        "content/sources.toml": '[Wire]\nurl = "https://wire.example/"\n',
        "content/posts/a.md": front("tags: news, rain", "authors: [Bo, {name: Ada}]", "source: {name: Gazette}"),
        "content/posts/b.md": front("tags: [rain]", "author: Bo", "people: Cy", "language: de"),
    }
    in_use = read(tmp_path, files, CONFIG + RECIPES).in_use
    assert in_use["tags"] == ("rain", "news")
    assert in_use["author"] == in_use["authors"] == ("Bo", "Ada")
    assert in_use["source"] == ("Gazette", "Wire")
    assert in_use["people"] == ("Cy",)
    assert set(in_use["language"]) == {"en", "de"}


@pytest.mark.parametrize("value", ["1.10", "007", "1e3", "0x1F", "12345678901234567890", "[1.50, a]", "{count: 1.0}"])
def test_a_value_that_an_editor_would_write_otherwise_is_reported_with_its_line(tmp_path, value):
    (problem,) = read(tmp_path, {"content/posts/a.md": front("draft: false", f"issue: {value}")}).warnings
    assert (problem.path, problem.line, problem.excerpt) == ("content/posts/a.md", 5, f"issue: {value}")


@pytest.mark.parametrize("value", ["7", "-2", "1.5", '"1.10"', "2024-05-01", "yes", "null", "", "[1, two]", "1.2K"])
def test_a_value_that_editors_keep_is_not_reported(tmp_path, value):
    assert read(tmp_path, {"content/posts/a.md": front(f"issue: {value}")}).warnings == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("toml.md", "+++\ntitle = 'T'\ndate = 2024-01-02\n+++\nWords.\n"),
        ("json.md", '{"title": "T", "date": "2024-01-02"}\nWords.\n'),
        ("headers.md", "Title: T\nDate: 2024-01-02\n\nWords.\n"),
        ("blank.md", "--- \ntitle: T\ndate: 2024-01-02\n---\nWords.\n"),
        ("dots.md", "---\ntitle: T\ndate: 2024-01-02\n...\nWords.\n"),
        ("long.markdown", front()),
    ],
)
def test_a_file_that_editors_cannot_open_is_reported(tmp_path, name, text):
    (problem,) = read(tmp_path, {f"content/posts/{name}": text}).warnings
    assert problem.path == f"content/posts/{name}"


def test_line_endings_of_windows_are_not_reported(tmp_path):
    assert read(tmp_path, {"content/posts/a.md": front().replace("\n", "\r\n")}).warnings == ()


def test_a_post_that_cannot_be_read_is_skipped(tmp_path):
    files = {"content/posts/a.md": "---\ntitle: [\n---\n", "content/posts/b.md": b"\xff\xfe"}
    assert len(read(tmp_path, files).collections[0].documents) == 3


def test_settings_and_data_are_edited_as_text(tmp_path):
    files = {"content/sources.toml": "", "content/data/a.json": "[]", "content/posts/2024/note.txt": "x"}
    assert read(tmp_path, files).text_files == ("sitegen.toml", "content/data/a.json", "content/sources.toml")
