"""The plan of a publish: its order, and that doing it makes the two sides equal."""

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
