import pytest
from jsonschema import Draft202012Validator
from msgspec import Struct, structs

from sitegen.config.schema import Config
from sitegen.content.front_matter.fields import FIELDS
from sitegen.content.front_matter.json_schema import config_schema, post_schema
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError

PATH = "content/posts/2024-05-01-a.md"


def plain(value):
    if isinstance(value, Struct):
        return {name: plain(item) for name, item in structs.asdict(value).items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return dict(value) if isinstance(value, dict) else value


def test_both_schemas_are_valid_schemas():
    Draft202012Validator.check_schema(post_schema())
    Draft202012Validator.check_schema(config_schema())


def test_every_key_of_front_matter_is_in_the_schema():
    assert list(post_schema()["properties"]) == [field.name for field in FIELDS]


def test_the_default_config_fits_its_schema():
    Draft202012Validator(config_schema()).validate(plain(Config()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"titel": "x"},
        {"lists": {"home": "ten"}},
        {"urls": {"posts": "/x/"}},
        {"markdown": {"engine": "gfm"}},
        {"title": 5},
    ],
)
def test_a_wrong_config_does_not_fit(wrong):
    assert not Draft202012Validator(config_schema()).is_valid(wrong)


@pytest.mark.parametrize(
    "row",
    [
        "title: A",
        "date: 2024-05-01",
        "updated: Jan 2, 2023",
        "author: Ada",
        "author: {name: Ada}",
        "authors: [Ada, {name: Bo}]",
        "source: Wire",
        "source: {name: Wire, url: https://wire.example/}",
        "source_url: https://a.example/x",
        "views: 5",
        "views: 1,234",
        "comments: {count: 1.2K, on: Wix, at: 2023-01-02}",
        "tags: a, b",
        "tags: [a, 5]",
        "issue: 7",
        "draft: true",
        "aliases: [/a/]",
        "language: pt-BR",
        "markdown: commonmark",
        "params: {a: 1}",
        "other: [1]",
    ],
)
def test_what_a_post_may_say_fits_the_schema(row):
    front = split(f"---\n{row if row.startswith('title') else 'title: A' + chr(10) + row}\n---\n".encode(), PATH)
    read_post(front, PATH, Config(), {})
    Draft202012Validator(post_schema()).validate(front.values)


@pytest.mark.parametrize(
    "row",
    [
        "title: [a]",
        "author: {nick: a}",
        "source: {name: a, link: b}",
        "source_url: a.example",
        "views: -1",
        "views: [1]",
        "comments: {on: Wix}",
        "tags: {a: b}",
        "draft: maybe",
        "language: Persian language",
        "markdown: gfm",
        "params: red",
    ],
)
def test_what_a_post_may_not_say_fits_neither(row):
    front = split(f"---\n{'' if row.startswith('title') else 'title: A' + chr(10)}{row}\n---\n".encode(), PATH)
    with pytest.raises(SiteError):
        read_post(front, PATH, Config(), {})
    assert not Draft202012Validator(post_schema()).is_valid(front.values)
