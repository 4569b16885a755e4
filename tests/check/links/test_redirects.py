"""The rules of `_redirects`, and the problems that rules and files have with each other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.check.links.redirects import check_redirects, match_redirect, read_redirects

PAGES = {"/": "index.html", "/a/": "a/index.html"}


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='/:*# .!310[]"a\n', max_size=60))
def test_no_text_makes_the_reading_of_redirects_fail(text):
    rules, _ = read_redirects(text)
    assert all(rule.status for rule in rules)


def find(text):
    rules, problems = read_redirects(text)
    assert problems == []
    return [problem.id for problem in check_redirects(rules, PAGES)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/old/ /a/ 301", []),
        ("/old/ /a/", []),
        ("/old/ https://other.example/ 301", []),
        ("/a/ / 301", ["redirect-collision"]),
        ("/a/ / 301!", []),  # forced: the host does not serve the file
        ("/a/ / 200", []),
        ("/old/ /a/\n/old/ /", ["redirect-collision"]),
        ("/one/ /two/\n/two/ /a/", ["redirect-chain"]),
        ("/one/ /two/\n/two/ /one/", ["redirect-loop", "redirect-loop"]),
        ("/one/ /two/\n/two/ / 410", []),
        ("/one/ /nowhere/", []),  # a broken link, which another check reports
        ("/blog/* /:splat", []),
    ],
)
def test_conflicts_chains_and_loops_are_found(text, found):
    assert find(text) == found


@pytest.mark.parametrize(
    ("path", "target"), [("/blog/x/y", "/x/y"), ("/2024/frost", "/posts/frost"), ("/old", "/a/"), ("/other/", None)]
)
def test_placeholders_are_filled_in(path, target):
    rules, _ = read_redirects("/blog/* /:splat 301\n/:year/frost /posts/frost 301\n/old/ /a/ 301")
    rule = match_redirect(rules, path)
    assert (rule and rule.target) == target
