"""The plan of a publish: its order, and that doing it makes the two sides equal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.publish.plan import batches, describe_plan, plan_publish

FILES = st.dictionaries(st.text("ab/.hxml", min_size=1, max_size=8), st.sampled_from("123"), max_size=12)


def plan(local, remote, listings=()):
    return plan_publish(local, remote, dict.fromkeys(local, 10), frozenset(listings))


def test_assets_go_first_then_new_pages_changed_pages_listings_feeds_rules():
    old = {"p/old/index.html": "1", "index.html": "1", "feed.xml": "1", "gone.html": "1", "gone.css": "1"}
    new = {
        "_redirects": "1",
        "feed.xml": "2",
        "index.html": "2",
        "p/old/index.html": "2",
        "p/new/index.html": "1",
        "tags/index.html": "1",
        "site.css": "1",
    }
    made = plan(new, old, ["tags/index.html"])
    assert made.uploads == (
        "site.css",
        "p/new/index.html",
        "p/old/index.html",
        "index.html",
        "tags/index.html",
        "feed.xml",
        "_redirects",
    )
    assert made.removed == ("gone.html", "gone.css")
    assert made.bytes == 70
    assert list(describe_plan(made))[-1] == "4 added, 3 changed, 2 removed, 70 bytes to send"


def test_new_pages_are_sent_before_changed_ones_which_may_link_to_them():
    made = plan({"a/index.html": "2", "z/index.html": "1", "m.html": "1"}, {"a/index.html": "1"})
    assert made.uploads == ("m.html", "z/index.html", "a/index.html")
    assert list(batches(made, frozenset())) == [("m.html", "z/index.html"), ("a/index.html",)]


def test_equal_files_need_nothing():
    made = plan({"a": "1"}, {"a": "1"})
    assert not made
    assert list(describe_plan(made)) == ["nothing to publish"]


@given(FILES, FILES)
def test_doing_the_plan_makes_the_remote_equal_to_the_local_files(local, remote):
    made = plan(local, remote)
    result = dict(remote)
    for path in made.uploads:
        result[path] = local[path]
    for path in made.removed:
        del result[path]
    assert result == local
    assert set(made.uploads) == {*made.added, *made.changed}
    assert not set(made.added) & set(remote)


@pytest.mark.parametrize(
    ("path", "stage"),
    [
        ("style.css", 0),
        ("a/b.png", 0),
        ("search.js.gz", 0),
        ("a/new.html", 1),
        ("a/new.htm", 1),
        ("a/new.html.br", 1),
        ("a/old.html", 2),
        ("index.html", 3),
        ("index.html.gz", 3),
        ("tags/index.html", 3),
        ("tags/index.html.br", 3),
        ("feed.xml", 4),
        ("feed.rss", 4),
        ("feed.atom", 4),
        ("feed.json", 4),
        ("robots.txt", 4),
        ("all.opml.gz", 4),
        ("_redirects", 5),
        ("_headers", 5),
        ("CNAME", 5),
        (".nojekyll", 5),
    ],
)
def test_files_are_sent_by_stages(path, stage):
    order = ["style.css", "a/new.html", "a/old.html", "index.html", "feed.xml", "CNAME"]
    local = dict.fromkeys([*order, path], "2")
    made = plan(local, {"a/old.html": "1"}, ["tags/index.html"])
    groups = list(batches(made, frozenset({"tags/index.html"})))
    assert len(groups) == 6
    assert path in groups[stage]
    assert [order[number] in group for number, group in enumerate(groups)] == [True] * 6


def test_files_of_a_stage_are_in_the_order_of_their_paths():
    made = plan(
        dict.fromkeys(["b.css", "a.css", "c.css"], "1"), {"c.css": "0", "e.css": "1", "d.css": "1", "f.html": "1"}
    )
    assert (made.added, made.changed) == (("a.css", "b.css"), ("c.css",))
    assert made.uploads == ("a.css", "b.css", "c.css")
    assert made.removed == ("f.html", "d.css", "e.css"), "pages go before what they use"


def test_a_plan_is_shown_file_by_file():
    local = dict.fromkeys(map(str, range(1_001)), "1") | {"b": "2"}
    rows = list(describe_plan(plan(local, {"b": "1", "c": "1"})))
    assert rows[:2] == ["+ 0", "+ 1"]
    assert rows[-3:] == ["~ b", "- c", "1,001 added, 1 changed, 1 removed, 10,020 bytes to send"]
    assert list(describe_plan(plan({}, {"c": "1"}))) == ["- c", "0 added, 0 changed, 1 removed, 0 bytes to send"]
