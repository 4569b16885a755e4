"""Every regular expression of the package takes linear time."""

import math
import re

import pytest

from sitegen.check.documents import links
from sitegen.check.links import redirects
from sitegen.config.schema import Config
from sitegen.content.front_matter import readers
from sitegen.feeds import content
from sitegen.feeds.plan import compile_archive_paths
from sitegen.formats import dates
from sitegen.importers.archive import members
from sitegen.importers.platforms.wix import counts
from sitegen.markdown import bare_urls
from tests.support.regexes import LENGTHS, Expression, attacks, collect, find_growth, measure

TIMED = ("sitegen/markdown/", "sitegen/feeds/content.py", "sitegen/feeds/embeds.py")
"""What runs within `markdown.seconds` of processor time, and ends in a problem that names the post."""

BOUNDED = {
    **{re.compile(one.pattern): 1000 for one in (readers._LINK, readers._EMPHASIS, readers._HEADING_ID)},
    **dict.fromkeys(dates._forms(), dates._MAX_DATE_CHARACTERS),
    **dict.fromkeys((counts._PART, counts._TRAILING_NUMBER), counts.MAX_LINE_CHARACTERS),
}
"""Expressions that may take quadratic time, because the code applies them to strings of this length at most."""

LOCAL = {
    "sitegen/check/documents/links.py:feed_targets": [re.compile(r"https://h\.example" + links._URL_CHARACTERS)],
    "sitegen/check/links/redirects.py:_pattern": [
        redirects._pattern(source) for source in ("/a/*", "/a/:b/:c", "/:a-:b/*")
    ],
    "sitegen/comments/file.py:_read_any.describe": [re.compile(r"(?: *- +| +)[\"']?date\b")],
    "sitegen/comments/file.py:split_items": [re.compile(r"\n  -(?=[ \n]|\Z)")],
    # It compiles what the calls of `lazy_regex.compile` have, which are collected where they are.
    "sitegen/formats/lazy_regex.py:LazyPattern.__getattr__": [],
    "sitegen/feeds/plan.py:compile_archive_paths": [compile_archive_paths(Config(base_url="https://a.example/"))],
    "sitegen/formats/dates.py:_forms": list(dates._forms()),
    "sitegen/content/front_matter/split.py:FrontMatter.line_of": [
        re.compile(r"""^([ \t]*)(?:[\[{]+[ \t]*)?["']?date["']?[ \t]*[\]:=.]""", re.MULTILINE | re.IGNORECASE),
        re.compile(r"""["'\s,{]date["']?[ \t]*[:=]"""),
    ],
    "sitegen/content/front_matter/split.py:FrontMatter.line_of_value": [re.compile(r"(?<![\w/.-])/old/a/(?![\w/.-])")],
    "sitegen/importers/archive/members.py:_compile": [members._compile(["*.csv", "*b*m*s*.csv", "a?[0-9]*"])],
    "sitegen/importers/generators/jekyll.py:_old_path": [re.compile(":(slugified_categories|categories|title|year)")],
    "sitegen/importers/generators/content_files.py:find_content_folder": [re.compile(r"\A(?:|.*?/)content/")],
    "sitegen/importers/markdown_source/mdx.py:_Prose._code": [re.compile(r"(?<!`)```(?!`)")],
    "sitegen/importers/markdown_source/template_tags.py:_scan": [re.compile(r"\{\{<|\{\{%|<!--")],
    "sitegen/markdown/bare_urls.py:compile_bare_url": [bare_urls.compile_bare_url(r"\\[*_]")],
    "sitegen/markdown/engines/fences.py:_read_code": [re.compile(r"(?: {0,3}> ?){3}")],
    "sitegen/markdown/engines/interruptions.py:use_ascii_digits": [re.compile(r"[ ]{0,3}[0-9]{1,9}[.)][ ]+(.*)")],
    "sitegen/markdown/engines/fast/pattern_index.py:_find_any": [re.compile(r"[*_`]")],
    "sitegen/scaffold/cms/pages_cms.py:_find_control": [re.compile(r"content/images/.+")],
    "sitegen/system/code_modules.py:read_modules": [
        re.compile(rb"from (sitegen[\w.]*) import (\([^)]*+(?:\)|\Z)|[^\n]*)"),
        re.compile(rb"import (sitegen[\w.]*)"),
    ],
    "sitegen/publish/inbound_links.py:find_mentions": [
        re.compile(
            r"(?<![\w/.~%-])(?:https://h\.example)?(?P<url>/posts/a|/b)/?(?=[\s\"'<>()\[\]#?,;]|[.:!](?:\s|\Z)|\Z)"
        )
    ],
}
"""Examples of the expressions that functions make from their arguments."""

EXPRESSIONS, UNKNOWN = collect(LOCAL)
MEASURED = [
    one
    for one in EXPRESSIONS
    if not all(location.startswith(TIMED) for location in one.locations) and one.pattern not in BOUNDED
]


def test_every_expression_of_the_package_is_known():
    assert UNKNOWN == []
    assert len(MEASURED) > 500
    assert {one.pattern for one in EXPRESSIONS} >= set(BOUNDED)


@pytest.mark.parametrize(
    ("pattern", "method", "power"),
    [
        (r"\s+$", "search", 2),
        (r"\s*([^\s,]\S*[^\s,])(\s+[\d.]+[wxh])?\s*(?:,|$)", "findall", 2),
        (r"<(iframe)>(.*?)</\1>", "sub", 2),
        (r"<!--.*?-->", "search", 2),
        (r"<[^>]*>", "sub", 2),
        (r"[ \t]*[ \t]*x", "match", 2),
        (r"([a-z]+)=", "search", 2),
        (r" *[a ]* *b", "fullmatch", 3),
        (r"(?:a+)+b", "match", math.inf),
        (r"(?:a|a)*b", "match", math.inf),
        (r"(?:x+y?)+z", "search", math.inf),
        (rb"\s*\S*\s*=", "match", 2),
    ],
)
def test_an_expression_that_takes_more_than_linear_time_is_found(pattern, method, power):
    found = find_growth(Expression((), re.compile(pattern, re.DOTALL), frozenset({method})))
    assert found is not None
    assert found[1] >= power - 0.6


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s++$", "match"),
        (r"(?<!\s)\s++$", "search"),
        (r"<!--.*?(?:-->|\Z)", "sub"),
        (r"<[^<>]*>", "sub"),
        (r"[ \t]*+x", "match"),
        (r"(?:[^<]++|<(?!b))*+b", "match"),
    ],
)
def test_an_expression_of_linear_time_passes(pattern, method):
    assert find_growth(Expression((), re.compile(pattern, re.DOTALL), frozenset({method}))) is None


def test_every_expression_takes_linear_time():
    slow = [(one.locations, *found) for one in MEASURED if (found := find_growth(one)) is not None]
    assert slow == []


@pytest.mark.parametrize("pattern", BOUNDED, ids=lambda pattern: pattern.pattern[:24])
def test_the_exceptions_are_fast_up_to_their_length(pattern):
    (one,) = [one for one in EXPRESSIONS if one.pattern == pattern]
    assert max(measure(one, case) for case in attacks(pattern, BOUNDED[pattern])) < 0.1


def test_a_heading_longer_than_the_exceptions_allow_is_not_a_title():
    assert readers.find_heading("# " + "a" * 1000) == "a" * 1000
    assert readers.find_heading("# " + "a" * 1001) == ""
    assert max(LENGTHS) > 1001
    assert content.EXCERPT_CHARACTERS * 10 == 3000


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("# A #", "A"),
        ("# A  ## \t", "A"),
        ("# A#", "A#"),
        ("#\tA # b", "A # b"),
        ("#  #", "#"),
        ("   # A [b](c) {#d}", "A b"),
        ("#A", ""),
        ("#", ""),
    ],
)
def test_headings_are_read_as_before(text, heading):
    assert readers.find_heading(text) == heading
