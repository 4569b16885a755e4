import pytest

from sitegen.config.load import read_config
from sitegen.content.front_matter.custom_fields import OWN_FIELDS
from sitegen.content.front_matter.fields import FIELDS
from sitegen.scaffold.cms.form_fields import find_form_fields
from sitegen.scaffold.cms.site_content import read_site_content
from tests.scaffold.cms.test_site_content import front
from tests.support.sites import CONFIG, make_site

CONTROLS = {
    "title": "line", "date": "date", "updated": "date", "slug": "line", "id": "line", "author": "line",
    "authors": "list", "source": "line", "source_url": "url", "tags": "list", "summary": "paragraph",
    "image": "image", "image_alt": "line", "image_caption": "line", "image_credit": "line",
    "image_layout": "choice", "issue": "line", "language": "line", "translation_of": "line",
    "translation_key": "line", "markdown": "choice", "draft": "boolean", "broken_links": "choice",
    "aliases": "list", "template": "line",
}  # fmt: skip
PAGE_CONTROLS = {"menu": "choice", "order": "number", "parent": "line"}


def form(root, files=None, config=CONFIG, collection=0):
    make_site(root, files, config)
    content = read_site_content(root, read_config(root).config)
    fields, warnings = find_form_fields(content.collections[collection], content.in_use)
    return {field.name: field for field in fields}, warnings


def test_the_form_has_each_key_of_front_matter_but_counts_and_parameters(tmp_path):
    fields, warnings = form(tmp_path)
    found = {name: field.control for name, field in fields.items()}
    assert found == CONTROLS, "add each new field to CONTROLS, with the control that fits it"
    pages, _ = form(tmp_path, collection=1)
    assert {name: field.control for name, field in pages.items()} == CONTROLS | PAGE_CONTROLS
    assert {field.name for field in FIELDS} - pages.keys() == {"views", "comments", "likes", "params"}
    assert warnings == ()


def test_every_field_of_the_form_has_a_hint_without_the_syntax_of_a_file(tmp_path):
    for field in form(tmp_path, collection=1)[0].values():
        assert field.hint
        assert f"`{field.name}:" not in field.hint


@pytest.mark.parametrize(
    ("own", "control"),
    [("text", "line"), ("number", "number"), ("date", "date"), ("list", "list"), ("url", "url"), ("posts", "list")],
)
def test_fields_of_types_have_a_fitting_control(tmp_path, own, control):
    assert own in OWN_FIELDS
    fields, _ = form(tmp_path, config=f'{CONFIG}[types.notes.fields]\nextra = "{own}"\n', collection=1)
    assert fields["extra"].control == control


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("source: {name: Wire, url: https://wire.example/}", "source"),
        ("authors: [{name: Bo}]", "authors"),
        ("tags: rain, news", "tags"),
        ("draft: 'true'", "draft"),
        ("issue: [1]", "issue"),
        ("image_layout: huge", "image_layout"),
    ],
)
def test_a_key_with_a_value_that_the_form_would_change_is_omitted(tmp_path, row, name):
    fields, (warning,) = form(tmp_path, {"content/posts/a.md": front(row)})
    assert name not in fields
    assert warning.path == "content/posts/a.md"
    assert f"`{name}`" in warning.message


def test_a_list_that_all_posts_write_as_a_string_is_a_line_of_text(tmp_path):
    fields, warnings = form(tmp_path, {"content/posts/a.md": front("authors: Ada, Bo")})
    assert fields["authors"].control == "line"
    assert warnings == ()


def test_a_date_has_a_time_if_one_of_the_posts_has(tmp_path):
    fields, _ = form(tmp_path, {"content/posts/a.md": "---\ntitle: T\ndate: 2024-01-02 10:00\n---\n"})
    assert (fields["date"].control, fields["updated"].control) == ("time", "date")


def test_a_key_is_required_unless_a_post_lacks_it(tmp_path):
    fields, _ = form(tmp_path)
    assert [name for name, field in fields.items() if field.required] == ["title", "date"]
    fields, _ = form(tmp_path, {"content/posts/2024-03-01-a.md": "---\ntitle: T\n---\n"})
    assert [name for name, field in fields.items() if field.required] == ["title"]


def test_languages_are_those_of_the_site_and_of_its_posts(tmp_path):
    config = f"{CONFIG}[languages.de]\n"
    fields, _ = form(tmp_path, {"content/posts/a.md": front("language: fa")}, config)
    assert fields["language"].choices == ("de", "en", "fa")


def test_the_hint_of_a_list_names_the_values_in_use(tmp_path):
    fields, _ = form(tmp_path)
    assert fields["tags"].hint == "The topics of the post. In use: news, rain"
    assert fields["tags"].suggestions == ("news", "rain")
