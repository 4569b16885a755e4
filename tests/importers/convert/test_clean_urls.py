"""Links of imported posts lead directly to their targets, without trackers."""

import base64
import json
from collections import Counter
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers.convert.clean_urls import COMPLETE_URL, clean_url

REAL = "https://real.example/a?b=c&d=%20e#f"
ENCODED = base64.urlsafe_b64encode(json.dumps({"e": REAL}).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?q=https%3A%2F%2Freal.example%2Fa%3Fb%3Dc%26d%3D%2520e%23f&sa=D",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Freal.example%2Fa%3Fb%3Dc%26d%3D%2520e%23f&h=AT0",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Freal.example%2Fa%3Fb%3Dc%26d%3D%2520e%23f&data=x",
        f"https://substack.com/redirect/2/{ENCODED}?utm_source=x",
        "https://urldefense.com/v3/__https://real.example/a?b=c&d=%20e#f__;!!abc!def$",
    ],
)
def test_click_trackers_are_unwrapped(url):
    dropped = Counter()
    assert clean_url(url, "", dropped) == REAL
    assert dropped["click tracker unwrapped"] == 1


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://a.example/?utm_source=x&id=7&UTM_Medium=y&fbclid=z#part", "https://a.example/?id=7#part"),
        ("https://a.example/?utm_source=x", "https://a.example/"),
        ("https://a.example/?q=utm_source&a=%20b+c", "https://a.example/?q=utm_source&a=%20b+c"),
        ("/p/other?mc_cid=1", "https://base.example/p/other"),
        ("other.html", "https://base.example/dir/other.html"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("#part", "#part"),
        ("  https://a.example/\n x", "https://a.example/ x"),
    ],
)
def test_only_tracking_parameters_are_dropped(url, clean):
    assert clean_url(url, "https://base.example/dir/post") == clean


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:x", "java\nscript:x", "vbscript:x", "file:///etc", "http://[bad/"]
)
def test_unsafe_and_invalid_urls_are_dropped(url):
    assert clean_url(url) == ""


PARTS = (
    "http://",
    "https://",
    "HTTP://",
    "a.com",
    "b",
    ":80",
    "/",
    "//",
    ".",
    "..",
    "?",
    "#",
    ";",
    "x=1",
    "&",
    "é",
    " ",
    "@",
    "[",
)


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join), st.sampled_from(("https://a.com/x/y", "http://b?q")))
def test_complete_urls_are_those_that_joining_does_not_change(url, base):
    if COMPLETE_URL.fullmatch(url):
        try:
            assert urljoin(base, url) == url
        except ValueError:
            assert clean_url(url, base) == ""


@pytest.mark.parametrize(
    "url",
    ["https://a.com", "http://a.com/b/../c?d=e&f#g", "https://a.com:80/b#", "https://a.com/?", "https://a.com/b;"],
)
def test_most_urls_of_other_sites_are_complete(url):
    assert bool(COMPLETE_URL.fullmatch(url)) == (url[-1] not in "?#;")
