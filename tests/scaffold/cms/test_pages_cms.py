import json

import pytest
import yaml

from sitegen.content.front_matter.fields import FIELDS
from tests.scaffold.cms.test_browser_editors import cms
from tests.scaffold.cms.test_site_content import RECIPES, front
from tests.support.sites import CONFIG, make_site


def settings(root, files=None, config=CONFIG):
    cms(make_site(root, files, config), "pages")
    return yaml.safe_load((root / ".pages.yml").read_text("utf-8"))


def entries(values):
    return {item["name"]: item for item in values["content"]}


def fields(values, name="posts"):
    return {field["name"]: field for field in entries(values)[name]["fields"]}


def test_collections_and_text_files_are_listed(tmp_path):
    files = {"content/pages/guides/wix.md": "---\ntitle: Wix\n---\n", "content/data/towns.csv": "name\nHull\n"}
    values = settings(tmp_path, files, CONFIG + RECIPES)
    assert list(entries(values)) == ["posts", "recipes", "pages", "sitegen-toml", "content-data-towns-csv"]
    assert entries(values)["pages"]["subfolders"] is True
    assert entries(values)["sitegen-toml"]["format"] == "code"


def test_the_editor_merges_keys_that_the_form_lacks_such_as_authors(tmp_path):
    values = settings(tmp_path)
    assert values["settings"] == {"content": {"merge": True}}
    omitted = {field.name for field in FIELDS} - {*fields(values), *fields(values, "pages")}
    assert omitted == {"authors", "views", "comments", "likes", "params"}


def test_tags_are_a_list_that_accepts_new_ones(tmp_path):
    assert fields(settings(tmp_path))["tags"]["options"] == {
        "multiple": True, "creatable": True, "values": ["news", "rain"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((), {"type": "date", "options": {"format": "yyyy-MM-dd"}}),
        (("2024-05-01 10:00",) * 3, {"type": "date", "options": {"time": True, "format": "yyyy-MM-dd HH:mm"}}),
        (("2024-05-01 10:00",), {"type": "string"}),
        (("May 1, 2024",), {"type": "string"}),
        (("2024-05-01T10:00:00Z",), {"type": "string"}),
    ],
)
def test_a_date_in_another_form_than_the_editor_writes_is_text_because_the_editor_would_empty_it(
    tmp_path, dates, expected
):
    names = ("2024-01-01-first", "2024-01-02-second", "2024-01-03-third")
    files = {
        f"content/posts/{name}.md": f"---\ntitle: T\ndate: {date}\n---\n"
        for name, date in zip(names, dates, strict=False)
    }
    field = fields(settings(tmp_path, files))["date"]
    assert {key: field[key] for key in ("type", "options") if key in field} == expected


@pytest.mark.parametrize(
    ("image", "expected"), [("/images/a.jpg", "image"), ("a.jpg", "string"), ("https://a.example/b.jpg", "string")]
)
def test_an_image_outside_of_the_media_folder_is_text_because_the_editor_would_reject_it(tmp_path, image, expected):
    values = settings(tmp_path, {"content/posts/a.md": front(f"image: {image}")})
    assert values["media"] == {"input": "content/images", "output": "/images"}
    assert fields(values)["image"]["type"] == expected


def test_images_are_below_the_path_of_the_base_url(tmp_path):
    values = settings(tmp_path, config='base_url = "https://example.org/letters/"\n')
    assert values["media"]["output"] == "/letters/images"


def test_front_matter_cms_gets_its_fields_folders_and_suggestions(tmp_path):
    files = {"content/posts/a.md": front("people: [Bo]", "updated: 2024-03-03 10:00")}
    cms(make_site(tmp_path, files, CONFIG + RECIPES), "frontmatter")
    values = json.loads((tmp_path / "frontmatter.json").read_text("utf-8"))
    assert [folder["path"] for folder in values["frontMatter.content.pageFolders"]] == [
        "[[workspace]]/content/posts", "[[workspace]]/content/recipes", "[[workspace]]/content/pages",
    ]  # fmt: skip
    assert values["frontMatter.taxonomy.tags"] == ["news", "rain"]
    assert {"id": "people", "options": ["Bo"]} in values["frontMatter.taxonomy.customTaxonomy"]
    posts = {field["name"]: field for field in values["frontMatter.taxonomy.contentTypes"][0]["fields"]}
    assert (posts["tags"]["type"], posts["draft"]["type"]) == ("tags", "draft")
    assert (posts["people"]["type"], posts["people"]["taxonomyId"]) == ("taxonomy", "people")
    assert (posts["date"]["dateFormat"], posts["date"]["isPublishDate"]) == ("yyyy-MM-dd", True)
    assert posts["updated"]["dateFormat"] == "yyyy-MM-dd HH:mm xxx"
    assert posts["image_layout"]["choices"] == ["wide", "full"]


@pytest.mark.parametrize(("name", "path"), [("pages", ".pages.yml"), ("frontmatter", "frontmatter.json")])
def test_the_file_is_written_again_unless_it_was_edited(tmp_path, name, path):
    make_site(tmp_path)
    cms(tmp_path, name)
    (tmp_path / "content/posts/a.md").write_text(front("tags: [fog]"))
    assert f"Wrote {path}" in cms(tmp_path, name).output
    (tmp_path / path).write_text((tmp_path / path).read_text().replace("Title", "Headline"))
    assert "has changes of yours" in cms(tmp_path, name, code=1).output
