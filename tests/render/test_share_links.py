from urllib.parse import parse_qs, quote, urlsplit

import pytest

from sitegen.config.schema import SHARING
from sitegen.render.share_links import share_links

TITLE, URL = "Q&A: 50% off? «نامه»", "https://box.example/a%20b/?x=1&y=2"


@pytest.mark.parametrize("place", SHARING)
def test_every_place_gets_the_address_as_it_is(place):
    [(name, link)] = share_links(TITLE, URL, [place])
    values = [value for found in parse_qs(urlsplit(link).query).values() for value in found]
    assert any(value == URL or value.endswith(f" {URL}") for value in values)
    assert bool(name) == (place != "email")


def test_places_are_in_the_order_in_which_they_were_named():
    assert [name for name, _ in share_links(TITLE, URL, ["reddit", "bluesky"])] == ["Reddit", "Bluesky"]


@pytest.mark.parametrize("text", ["", "Plain words", TITLE, URL, "100 % – a/b: it’s, ok? %20 ~._-", "«\n\t\"'+#é東"])
def test_whatever_is_in_a_title_is_quoted(text):
    [(_, link)] = share_links(text, "u", ["reddit"])
    assert link == f"https://www.reddit.com/submit?url=u&title={quote(text, safe='')}"
