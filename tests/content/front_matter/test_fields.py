"""The table of front matter fields: one more row is enough for parsing, the schema and the importers' writer."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator

from sitegen.config.schema import Config
from sitegen.content.front_matter.field import Field, Imported, plain
from sitegen.content.front_matter.fields import FIELDS, fields_by_name
from sitegen.content.front_matter.json_schema import post_schema
from sitegen.content.front_matter.post import read_post, read_post_with
from sitegen.content.front_matter.readers import read_truth
from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.importers.base import ImportedPost, Location, MarkdownBody
from sitegen.importers.output.post_file import read_fields
from sitegen.model import Post

PATH = "content/posts/2024-05-01-a.md"


def read_mood(value):
    if value not in ("calm", "angry"):
        raise ValueError(f"`{value}` is not a mood")
    return value


@dataclass(frozen=True, slots=True, repr=False)
class MoodyPost(Post):
    mood: str = ""


class MoodyImport(ImportedPost, frozen=True):
    mood: str = ""


MOOD = Field(
    "mood", {"enum": ["calm", "angry"]}, "write calm or angry", plain(read_mood), imported=Imported(read_mood, "mood")
)
TABLE = (*FIELDS, MOOD)


def read(row, fields=TABLE, document_type="post", post_type=MoodyPost):
    front = split(f"---\ntitle: A\n{row}\n---\n".encode(), PATH)
    return read_post_with(front, PATH, Config(), {}, "", document_type, fields, post_type)


def test_a_field_with_a_row_is_parsed_and_one_without_goes_into_params():
    post, warnings = read("mood: calm")
    assert (post.mood, dict(post.params), warnings) == ("calm", {}, ())
    post, _ = read("mood: calm", FIELDS, post_type=Post)
    assert dict(post.params) == {"mood": "calm"}


def test_a_field_that_is_not_given_has_the_default_of_its_attribute():
    assert read("issue: 7")[0].mood == ""
    assert read("mood:")[0].mood == ""


def test_the_value_of_a_field_is_part_of_the_fingerprint_of_the_post():
    assert len({read(row)[0].digest for row in ("", "mood: calm", "mood: angry")}) == 3


def test_a_wrong_value_is_reported_with_the_hint_of_its_row():
    with pytest.raises(SiteError) as error:
        read("mood: sad")
    (problem,) = error.value.problems
    assert (problem.line, problem.message, problem.hint) == (3, "`sad` is not a mood", "write calm or angry")


def test_a_misspelt_key_is_compared_with_the_names_in_the_table():
    assert [warning.hint for warning in read("moood: calm")[1]] == ['did you mean "mood"?']


def test_the_schema_describes_a_field_by_its_row():
    schema = post_schema(TABLE)
    assert schema["properties"]["mood"] == {"description": "Write calm or angry.", "enum": ["calm", "angry"]}
    assert Draft202012Validator(schema).is_valid({"mood": "calm"})
    assert not Draft202012Validator(schema).is_valid({"mood": "sad"})


def test_importers_write_a_field_as_its_row_says():
    def fields_of(mood):
        post = MoodyImport(Location("x"), "A", MarkdownBody("T"), datetime(2024, 5, 1, tzinfo=UTC), mood=mood)
        return read_fields(post, "a", UTC, warnings, TABLE)

    warnings = []
    assert list(fields_of("calm").items())[-1] == ("mood", "calm")
    assert "mood" not in fields_of("")
    assert warnings == []
    assert "mood" not in fields_of("sad")
    assert warnings == ["the mood was dropped: `sad` is not a mood"]


def test_a_field_of_pages_alone_is_a_parameter_of_posts():
    pages_only = Field("mood", MOOD.schema, MOOD.hint, MOOD.read, types=frozenset(["page"]))
    table = (*FIELDS, pages_only)
    assert read("mood: calm", table, "page")[0].mood == "calm"
    post, warnings = read("mood: calm", table, "post")
    assert (post.mood, dict(post.params), warnings) == ("", {"mood": "calm"}, ())
    assert post_schema(table)["properties"]["mood"]["description"] == "Write calm or angry. Only for pages."


def test_a_field_that_keeps_no_strings_reads_values():
    table = (*FIELDS, Field("mood", {"type": "boolean"}, "write true or false", plain(read_truth), text=False))
    assert read("mood: true", table)[0].mood is True


def test_each_field_fills_an_attribute_of_a_post_or_says_that_it_does_not():
    attributes = {item.name for item in fields(Post)}
    assert {field.name for field in FIELDS if field.fills} <= attributes
    assert {field.name for field in FIELDS if not field.fills} == {"author", "markdown"}


def test_the_order_of_the_keys_does_not_change_the_post():
    rows = ["views: 5", "tags: [b, a]", "draft: true", "source: {name: Wire, url: https://wire.example/}"]
    first, second = ("\n".join(["title: A", *order]) for order in (rows, rows[::-1]))
    posts = [read_post(split(f"---\n{text}\n---\n".encode(), PATH), PATH, Config(), {})[0] for text in (first, second)]
    assert posts[0].digest == posts[1].digest


def test_fields_by_name_keeps_the_order_of_the_table():
    assert list(fields_by_name(TABLE)) == [field.name for field in TABLE]
