"""Where URLs of pages lead, as a browser and a static host resolve them."""

import pytest

from sitegen.check.links.redirects import read_redirects
from sitegen.check.links.resolve import (
    BAD,
    CASE,
    EXTERNAL,
    FILE,
    MISSING,
    OTHER,
    OUTSIDE,
    REDIRECT,
    SLASH,
    SUFFIX,
    host_files,
    locate,
)

RULES, _ = read_redirects("/repo/About /repo/a/ 301\n/repo/moved/ /repo/a/ 302\n/repo/gone/ /repo/ 410\n")
FILES = ("index.html", "a/index.html", "about/index.html", "b.html", "a/dot.png", "Ä/index.html")
HOSTING = host_files("https://news.example.org/repo/", FILES, RULES)


@pytest.mark.parametrize(
    "url",
    [
        "/repo/a/",
        "a/",
        "./a/",
        "b/../a/",
        "/repo/./a/.",
        "a/?q=1",
        " a/\n",
        "https://NEWS.example.org:443/repo/a/",
        "//news.example.org/repo/a/#x",
        "http://news.example.org/repo/a/",
        "/repo/%61/",
    ],
)
def test_a_url_leads_where_browsers_take_it(url):
    address = locate(HOSTING, "index.html", url)
    assert (address.how, address.path) == (FILE, "a/index.html")


@pytest.mark.parametrize(
    ("url", "how", "path"),
    [
        ("dot.png", FILE, "a/dot.png"),
        ("../b.html", FILE, "b.html"),
        ("../../../b.html", OUTSIDE, "/b.html"),
        ("", FILE, "a/index.html"),
        ("#x", FILE, "a/index.html"),
        ("/repo", SLASH, "index.html"),
        ("/repo/a", SLASH, "a/index.html"),
        ("/repo/b", SUFFIX, "b.html"),
        ("/repo/A/", CASE, "a/index.html"),
        ("/repo/ABOUT/", CASE, "about/index.html"),
        ("/repo/a\u0308/", CASE, "Ä/index.html"),
        ("/repo/missing/", MISSING, "missing/"),
        ("/other/", OUTSIDE, "/other/"),
        ("https://other.example/repo/a/", EXTERNAL, "https://other.example/repo/a/"),
        ("mailto:a@b.example", OTHER, "mailto:a@b.example"),
        ("https:", BAD, "https:"),
        ("/repo/a/?q=%zz", BAD, "/repo/a/?q=%zz"),
        ("/repo/%ff/", BAD, "/repo/%ff/"),
    ],
)
def test_a_url_leads_to_its_target_in_one_of_several_ways(url, how, path):
    address = locate(HOSTING, "a/index.html", url)
    assert (address.how, address.path) == (how, path)


@pytest.mark.parametrize(
    ("url", "how", "path"),
    [
        ("/repo/moved/", REDIRECT, "/repo/a/"),
        ("/repo/About", REDIRECT, "/repo/a/"),  # and not the wrong case of `about/`
        ("/repo/gone/", MISSING, "gone/"),
    ],
)
def test_redirects_are_followed_if_they_lead_somewhere(url, how, path):
    address = locate(HOSTING, "index.html", url)
    assert (address.how, address.path) == (how, path)
