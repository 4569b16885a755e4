from urllib.parse import parse_qs, quote, urlsplit

import pytest

from sitegen.config.theme_schema import SHARING
from sitegen.render.share_links import share_links

TITLE, URL = "Q&A: 50% off? «نامه»", "https://box.example/a%20b/?x=1&y=2"


@pytest.mark.parametrize("service", SHARING)
def test_every_service_gets_the_url_unchanged(service):
    [(name, link)] = share_links(TITLE, URL, [service])
    values = [value for found in parse_qs(urlsplit(link).query).values() for value in found]
    assert any(value == URL or value.endswith(f" {URL}") for value in values)
    assert bool(name) == (service != "email")


def test_services_are_in_the_order_of_the_config():
    assert [name for name, _ in share_links(TITLE, URL, ["reddit", "bluesky"])] == ["Reddit", "Bluesky"]


@pytest.mark.parametrize("text", ["", "Plain words", TITLE, URL, "100 % – a/b: it’s, ok? %20 ~._-", "«\n\t\"'+#é東"])
def test_special_characters_of_a_title_are_quoted(text):
    [(_, link)] = share_links(text, "u", ["reddit"])
    assert link == f"https://www.reddit.com/submit?url=u&title={quote(text, safe='')}"
