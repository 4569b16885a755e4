"""The rows of posts follow from the attributes of a post: a new attribute needs no change of the codec."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from msgspec import ValidationError
from msgspec.msgpack import Encoder

from sitegen.cache.codec import Unpacker, forms_of, pack_entry, source_reader
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import Count, Entry, Post, Source, Term

FULL = {
    "path": "content/posts/a.md",
    "title": "A",
    "slug": "a",
    "url": "/a/",
    "output": "a/index.html",
    "date": datetime(2024, 5, 1, 10, tzinfo=timezone(timedelta(hours=2))),
    "updated": datetime(2024, 5, 2, tzinfo=UTC),
    "authors": (Term("Ada", "ada", "/authors/ada/"),),
    "source": Source("Wire", "wire", "/sources/wire/", "https://wire.example/"),
    "views": Count(5, "Wix", date(2024, 6, 1)),
    "comments": Count(2),
    "tags": (Term("b", "b", "/tags/b/"), Term("c", "c", "/tags/c/")),
    "public_from": datetime(2024, 5, 1, tzinfo=UTC),
    "aliases": ("/old/",),
    "params": FrozenDict({"big": 2**70, "day": date(2024, 5, 1), "list": (1, FrozenDict({"a": None}))}),
    "draft": True,
    "digest": "d",
}
LEAST = {name: FULL[name] for name in ("path", "title", "slug", "url", "output", "date")}


@dataclass(frozen=True, slots=True, repr=False)
class LargerPost(Post):
    order: int = 0
    parent: str = ""
    seen: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class UnkeepablePost(Post):
    weights: frozenset[int] = frozenset()


def keep(post, post_type):
    forms = forms_of(post_type)
    data = Encoder().encode(("file", "parsed", pack_entry(Entry(post, "body"), post_type)))
    return Unpacker(post_type).entry(source_reader(forms)(data)[2]).post


@pytest.mark.parametrize("values", [FULL, LEAST])
def test_each_attribute_of_a_post_is_stored(values):
    post = Post(**values)
    stored = keep(post, Post)
    assert {item.name: getattr(stored, item.name) for item in fields(Post)} == {
        item.name: getattr(post, item.name) for item in fields(Post)
    }
    assert type(stored.params) is FrozenDict


def test_an_attribute_that_is_added_to_a_post_is_stored():
    stored = keep(LargerPost(**FULL, order=3, parent="guides", seen=datetime(2024, 1, 1, tzinfo=UTC)), LargerPost)
    assert (type(stored), stored.order, stored.parent, stored.seen) == (
        LargerPost,
        3,
        "guides",
        datetime(2024, 1, 1, tzinfo=UTC),
    )


def test_a_row_with_a_value_of_another_type_is_rejected():
    data = Encoder().encode(("file", "parsed", pack_entry(Entry(LargerPost(**LEAST, order="3"), "b"), LargerPost)))
    with pytest.raises(ValidationError):
        source_reader(forms_of(LargerPost))(data)


def test_an_attribute_that_cannot_be_stored_is_named():
    with pytest.raises(TypeError, match="`weights: frozenset"):
        forms_of(UnkeepablePost)


def test_equal_terms_and_sources_become_one_object():
    row = pack_entry(Entry(Post(**FULL), ""))
    unpacker = Unpacker()
    first, second = unpacker.entry(row).post, unpacker.entry(row).post
    assert first.tags[0] is second.tags[0]
    assert first.source is second.source
