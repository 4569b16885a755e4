from dataclasses import fields

import pytest
from msgspec import Struct

from sitegen.config.i18n import Words, make_finder
from sitegen.config.schema import Config, Images
from sitegen.media.html import ImageWriter
from sitegen.model import Body, Count, Group, Heading, Post, Site, Source, Term
from sitegen.pages import ListPage, PostPage, Redirect, TemplatePage
from sitegen.render.jinja.filters import make_filters
from tests.support.demo import ROOT

TEXT = (ROOT / "docs" / "reference" / "templates.md").read_text("utf-8")


@pytest.mark.parametrize(
    "data_type", [PostPage, ListPage, TemplatePage, Redirect, Post, Body, Heading, Site, Group, Source, Term, Count]
)
def test_every_field_that_a_template_can_see_is_documented(data_type):
    names = data_type.__struct_fields__ if issubclass(data_type, Struct) else [item.name for item in fields(data_type)]
    assert [name for name in names if f"`{name}`" not in TEXT] == []


IMAGES = ImageWriter(Images(), 660, lambda url: None)


def find_card(page, image=""):
    return None


def test_every_filter_is_documented_and_no_other():
    filters = make_filters(Config(), {}, str, make_finder("en", {}), lambda url: None, IMAGES, find_card)
    filters = filters.keys() | {"shared"}
    documented = {
        line.split("`")[1].partition("\\|")[2].partition("(")[0] for line in TEXT.splitlines() if "\\|" in line
    }
    assert filters - documented == set()
    assert documented - filters == set()


def test_every_method_of_words_is_documented():
    for name, value in vars(Words).items():
        if callable(value) and not name.startswith("_"):
            assert f"words.{name}(" in TEXT, name


def test_every_template_of_a_page_is_documented():
    for path in (ROOT / "templates").glob("*.html"):
        assert path.name in ("base.html", "group.html") or f"`{path.name}`" in TEXT, path.name
