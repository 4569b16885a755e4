from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from sitegen.config.schema import Config, Markdown, Urls
from sitegen.content.front_matter.fields import FIELDS, fields_by_name
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.model import NO_DATE, Count, Source, Term

PATH = "content/posts/2024-05-01-a-week.md"
NYPOST = Source("NYPost", "nypost", "/sources/nypost/", "https://nypost.com/", "", "syndicated")


def read(text, path=PATH, config=None, sources=None, summary="", document_type="post"):
    front = split(text.encode(), path)
    return read_post(front, path, config or Config(), sources or {}, summary, document_type)


def post_of(yaml, **options):
    return read(f"---\n{yaml}\n---\n", **options)[0]


WHOLE = """\
title: A week  of frost
date: 2024-04-30 10:00:00 +0200
updated: 2024-05-02
slug: frost
id: urn:issue:7
author: Ada Smith
authors: [Bo Li, {name: Ada Smith}]
source: NYPost
source_url: https://nypost.com/2024/04/30/frost/
views: {count: 1.2K, on: Wix, at: 2024-06-01}
comments: 2
likes: {count: 3, on: Wix}
tags: [History, C++, History]
summary: It was cold.
image: frost.jpg
image_alt: A white field
image_caption: The field in January
image_credit: Ada
image_layout: wide
issue: 7
draft: true
aliases: [/old/frost.html, p/7/]
translation_of: a.md
translation_key: frost
language: pt_BR
markdown: commonmark
broken_links: warning
params: {colour: red}
layout: wide
template: letter.html
"""


def test_every_key_of_a_post_is_read():
    post, warnings = read(f"---\n{WHOLE}---\n", sources={"NYPost": NYPOST})
    assert warnings == ()
    assert post.path == PATH
    assert post.title == "A week of frost"
    assert post.date == datetime(2024, 4, 30, 10, tzinfo=timezone(timedelta(hours=2)))
    assert post.updated == datetime(2024, 5, 2, tzinfo=UTC)
    assert (post.slug, post.url, post.output) == ("frost", "/posts/frost/", "posts/frost/index.html")
    assert post.id == "urn:issue:7"
    assert post.authors == (
        Term("Ada Smith", "ada-smith", "/authors/ada-smith/"),
        Term("Bo Li", "bo-li", "/authors/bo-li/"),
    )
    assert post.source is NYPOST
    assert post.source_url == "https://nypost.com/2024/04/30/frost/"
    assert post.views == Count(1200, "Wix", date(2024, 6, 1))
    assert post.comments == Count(2)
    assert post.likes == Count(3, "Wix")
    assert post.tags == (Term("History", "history", "/tags/history/"), Term("C++", "cplusplus", "/tags/cplusplus/"))
    assert (post.summary, post.image_alt, post.issue) == ("It was cold.", "A white field", "7")
    assert post.image == "/posts/frost.jpg"
    assert post.draft is True
    assert post.aliases == ("/old/frost.html", "/p/7/")
    assert post.language == "pt-BR"
    assert post.broken_links == "warning"
    assert post.params == {"layout": "wide", "colour": "red"}


@pytest.mark.parametrize("key", sorted(fields_by_name(FIELDS, "post").keys() - {"markdown"}))
def test_each_key_changes_the_post_and_its_digest(key):
    lines = {line.partition(":")[0]: line for line in WHOLE.splitlines()}
    with_it = post_of(WHOLE, sources={"NYPost": NYPOST})
    assert key in lines, f"add an example of `{key}` to WHOLE"
    del lines[key]
    if key == "title":
        lines["title"] = "title: Another"
    without = post_of("\n".join(lines.values()), sources={"NYPost": NYPOST})
    assert with_it.digest != without.digest


def _of_pages(page):
    return page.order, page.parent, page.menu


@pytest.mark.parametrize("row", ["order: 2", "order: 2.5", "parent: guides", "parent: /", "menu: header"])
def test_each_key_of_pages_changes_the_page_and_its_digest(row):
    rows = ["", row]
    pages = [
        read_post(
            split(f"---\ntitle: A\n{row}\n---\n".encode(), "content/pages/a.md"),
            "content/pages/a.md",
            Config(),
            {},
            "",
            "page",
        )[0]
        for row in rows
    ]
    assert pages[0].digest != pages[1].digest
    assert _of_pages(pages[1]) != _of_pages(pages[0]) == (None, "", "")


def test_a_digest_is_the_same_for_the_same_post():
    assert post_of(WHOLE).digest == post_of(WHOLE).digest


def test_forms_of_front_matter_come_to_the_same_post():
    yaml = read("---\ntitle: A\ndate: 2024-05-01\ntags: [a, b]\nviews: 5\ndraft: true\n---\n")[0]
    toml = read('+++\ntitle = "A"\ndate = 2024-05-01\ntags = ["a", "b"]\nviews = 5\ndraft = true\n+++\n')[0]
    json = read('{"title": "A", "date": "2024-05-01", "tags": ["a", "b"], "views": 5, "draft": true}\n')[0]
    header = read("Title: A\nDate: 2024-05-01\nTags: a, b\nViews: 5\nDraft: true\n\n")[0]
    assert yaml.digest == toml.digest == json.digest == header.digest


def test_missing_values_are_read_from_the_file_name_and_the_text():
    post, _ = read("# A [week](x.md) of **frost** {#top}\n\nText", summary="Text")
    assert (post.title, post.date, post.slug, post.summary) == (
        "A week of frost",
        datetime(2024, 5, 1, tzinfo=UTC),
        "a-week",
        "Text",
    )
    assert read("Frost\n=====\n\nText")[0].title == "Frost"
    with pytest.raises(SiteError, match="the post has no title"):
        read("# " + "[ " * 1000 + "\n")


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("content/posts/2024-05-01-naïve name.md", "naïve-name"),
        ("content/posts/2024-05-01-a.b.md", "a-b"),
        ("content/posts/2024-05-01.md", "the-title"),
        ("content/posts/2024-05-01-!.md", "the-title"),
        ("content/posts/2024-05-01-bundle/index.md", "bundle"),
    ],
)
def test_a_slug_comes_from_the_name_and_else_from_the_title(path, slug):
    assert post_of("title: The title", path=path).slug == slug


def test_dates_without_a_zone_are_in_the_site_s():
    config = Config(timezone="Asia/Tokyo")
    assert post_of("title: A\ndate: 2024-05-01 10:00", config=config).date.tzinfo == ZoneInfo("Asia/Tokyo")
    assert post_of("title: A", config=config).date == datetime(2024, 5, 1, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_urls_follow_the_config_and_the_base_url():
    urls = Urls(post="/{year}/{month}/{day}/{slug}.html", tag="/t/{slug}/", author="")
    config = Config(base_url="https://name.github.io/repo/", urls=urls)
    post = post_of("title: A\nslug: café\ndate: 2024-05-01\ntags: été\nauthor: Bo", config=config)
    assert post.url == "/repo/2024/05/01/caf%C3%A9.html"
    assert post.output == "2024/05/01/café.html"
    assert post.tags == (Term("été", "été", "/repo/t/%C3%A9t%C3%A9/"),)
    assert post.authors == (Term("Bo", "bo", ""),)


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("content/pages/about.md", "/about/"),
        ("content/pages/About Us/The Team.md", "/about-us/the-team/"),
        ("content/pages/about/index.md", "/about/"),
    ],
)
def test_a_page_needs_no_date_and_keeps_its_folders(path, url):
    page = post_of("title: A", path=path, document_type="page")
    assert (page.url, page.date) == (url, NO_DATE)


def test_a_source_may_have_a_url_or_no_description():
    assert post_of("title: A\nsource: Wire").source == Source("Wire", "wire", "/sources/wire/")
    source = post_of("title: A\nsource: {name: Wire, url: https://wire.example/}").source
    assert source == Source("Wire", "wire", "/sources/wire/", "https://wire.example/")
    known = {"NYPost": NYPOST}
    assert post_of("title: A\nsource: {name: NYPost, url: https://nypost.com/}", sources=known).source is NYPOST
    other = post_of("title: A\nsource: {name: NYPost, url: https://www.nypost.com/}", sources=known).source
    assert (other.home, other.policy) == ("https://www.nypost.com/", "syndicated")


@pytest.mark.parametrize(
    ("front", "byline"),
    [
        ("title: A", ["Ada Smith"]),
        ("title: A\nauthor:", ["Ada Smith"]),
        ("title: A\nauthors: []", []),
        ("title: A\nauthor: Bo", ["Bo"]),
        ("title: A\nauthors: [Bo, Cy]", ["Bo", "Cy"]),
        ("title: A\nsource: The Post", []),
        ("title: A\nsource_url: https://post.example/a", []),
        ("title: A\nsource: The Post\nauthor: Bo", ["Bo"]),
    ],
)
def test_the_author_of_the_config_is_the_byline_of_posts_without_author_and_source(front, byline):
    config = Config(author=" Ada  Smith ")
    assert [term.name for term in post_of(front, config=config).authors] == byline
    page = post_of(front, path="content/pages/about.md", config=config, document_type="page")
    assert page.authors == post_of(front, config=Config()).authors


def test_authors_and_tags_may_be_one_text():
    assert [term.name for term in post_of("title: A\nauthors: Ada Smith, Bo Li").authors] == ["Ada Smith", "Bo Li"]
    assert [term.name for term in post_of("title: A\nauthors: Smith, Ada; Li, Bo").authors] == ["Smith, Ada", "Li, Bo"]
    assert [term.name for term in post_of("title: A\nauthor: Smith, Ada").authors] == ["Smith, Ada"]
    assert [term.name for term in post_of("title: A\ntags: a, b c,, d").tags] == ["a", "b c", "d"]


def test_params_are_frozen():
    params = post_of("title: A\nparams: {a: [1, {b: 2}]}\nwhen: 2024-05-01").params
    assert params == {"when": "2024-05-01", "a": (1, {"b": 2})}
    with pytest.raises(TypeError):
        params["a"] = 1


def test_empty_values_count_as_not_given():
    post = post_of("title: A\nviews:\nsource:\ntags:\nauthors: []\nsummary: ''\nslug:", summary="Text")
    assert (post.views, post.source, post.tags, post.authors, post.summary) == (None, None, (), (), "Text")


@pytest.mark.parametrize(
    ("yaml", "warning"),
    [
        (
            "title: A\ntag: b",
            f'{PATH}:3: the key "tag" is not known, and goes into params\n    tag: b\n    did you mean "tags"?',
        ),
        (
            "title: A\nLanguage: en",
            f'{PATH}:3: the key "Language" is not known, and goes into params\n'
            '    Language: en\n    did you mean "language"?',
        ),
        (
            "title: A\nsource: NYPots",
            f'{PATH}:3: the source "NYPots" is not in sources.toml\n    source: NYPots\n    did you mean "NYPost"?',
        ),
    ],
)
def test_a_likely_slip_is_a_warning(yaml, warning):
    _, warnings = read(f"---\n{yaml}\n---\n", sources={"NYPost": NYPOST})
    assert [str(item) for item in warnings] == [warning]


@pytest.mark.parametrize("key", ["subtitle", "layout", "categories", "permalink", "description"])
def test_keys_of_other_generators_give_no_warning(key):
    assert read(f"---\ntitle: A\n{key}: b\n---\n")[1] == ()


COUNT_HINT = 'write a whole number, "1,234" or "1.2K", or {count: 5, on: Wix, at: 2023-01-02}'
DATE_HINT = "write it as year-month-day, for example 2024-05-01"
SOURCE_HINT = "write a name, or a name and a url: `source: {name: NYPost, url: https://nypost.com/}`"
AUTHORS_HINT = "write a list of names, for example `authors: [Ada Smith, Bo Li]`"
TAGS_HINT = "write a list, for example `tags: [letters, history]`, or words with commas between them"
SLUG_HINT = "use letters, digits and hyphens, for example `slug: a-week-of-frost`"
ALIASES_HINT = "write paths on this site, for example `aliases: [/old/url/]`"
LANGUAGE_HINT = "write a language tag, for example en, fa or pt-BR"
LONG_SLUG = "a" * 101


@pytest.mark.parametrize(
    ("row", "message", "hint"),
    [
        ("title: [a, b]", "a list is not text", "write the title as text, for example `title: A week of frost`"),
        ("title: ''", "the post has no title", "add `title: …`, or begin the text with a heading: # …"),
        (
            "title: Null",
            "the post has no title",
            'add `title: …`, or begin the text with a heading; if "Null" is the title, write it in quotes',
        ),
        (
            "tags: [a, Null]",
            "an item is empty: without quotes, null means empty",
            "write a list, for example `tags: [letters, history]`, or words with commas between them",
        ),
        ("date: yesterday", '"yesterday" is not a date', DATE_HINT),
        ("date: 2024-02-30", "there is no 30 February 2024", DATE_HINT),
        ("date: 01-02-2022", 'the date "01-02-2022" can mean 2 January or 1 February 2022', DATE_HINT),
        ("updated: soon", '"soon" is not a date', DATE_HINT),
        ("slug: ..", 'the slug holds "..", which leads to another folder', SLUG_HINT),
        ("slug: a/b", 'the slug "a/b" has a slash, but it is one part of a URL', SLUG_HINT),
        ("slug: con", 'the slug "con" is a name that Windows keeps for a device', SLUG_HINT),
        (f"slug: {LONG_SLUG}", f'the slug "{"a" * 40}…" is longer than 100 bytes', SLUG_HINT),
        ("slug: [a]", "a list is not text", SLUG_HINT),
        ("id: {a: b}", "a mapping is not text", "write the feed's permanent id as text, for example `id: urn:issue:7`"),
        ("author: {nick: b}", "an author has no name", "write one name, for example `author: Ada Smith`"),
        ("author: [a, b]", "a list is not text", "write one name, for example `author: Ada Smith`"),
        ("authors: [{nick: b}]", "an author has no name", AUTHORS_HINT),
        ("authors: [\u2060]", 'the name "\u2060" has no visible character for its URL', AUTHORS_HINT),
        ("authors: [a, '']", "an author's name is empty", AUTHORS_HINT),
        ("source: [a]", "a list is not text", SOURCE_HINT),
        ("source: {url: https://a.example/}", "the source has no name", SOURCE_HINT),
        ("source: {name: a, link: b}", 'a source has no key "link"', SOURCE_HINT),
        ("source: {name: a, url: b}", '"b" is not an http or https URL', SOURCE_HINT),
        ("source: \u2060\u00ad", 'the name "\u2060\u00ad" has no visible character for its URL', SOURCE_HINT),
        (
            "source_url: javascript:alert(1)",
            '"javascript:alert(1)" is not an http or https URL',
            "write the full URL of the original, beginning with https://",
        ),
        (
            "source_url: example.com/x",
            '"example.com/x" is not an http or https URL',
            "write the full URL of the original, beginning with https://",
        ),
        ("views: many", '"many" is not a whole number', COUNT_HINT),
        ("views: -5", "-5 is not between 0 and 1,000,000,000,000", COUNT_HINT),
        ("views: 1.5", "1.5 is not a whole number", COUNT_HINT),
        ("views: true", "True is not a whole number", COUNT_HINT),
        ("comments: {on: Wix}", "the count itself is missing", COUNT_HINT),
        ("comments: {count: 5, of: Wix}", 'a count has no key "of"', COUNT_HINT),
        ("tags: {a: b}", "a mapping is not text", TAGS_HINT),
        ("tags: [[a]]", "a list is not text", TAGS_HINT),
        ("tags: [a, \ufe0f]", 'the name "\ufe0f" has no visible character for its URL', TAGS_HINT),
        ("summary: [a]", "a list is not text", "write the summary as text"),
        (
            "image: data:image/png;base64,xx",
            '"data:image/png;base64,xx" is not the path or URL of an image',
            "write a path, or a URL that begins with https://",
        ),
        ("issue: [7]", "a list is not text", "write the issue's number, for example `issue: 7`"),
        ("draft: maybe", '"maybe" is neither true nor false', "write true or false"),
        ("draft: yes", '"yes" is neither true nor false', "write true or false"),
        (
            "aliases: [https://a.example/]",
            '"https://a.example/" is the URL of a site, not a path on this one',
            ALIASES_HINT,
        ),
        ("aliases: [/a/../b]", 'the path holds "..", which leads to another folder', ALIASES_HINT),
        ("aliases: {a: b}", "a mapping is not text", ALIASES_HINT),
        ("language: Persian language", '"Persian language" is not a language', LANGUAGE_HINT),
        ("markdown: gfm", '"gfm" is not a Markdown engine', "write python-markdown or commonmark"),
        (
            "params: red",
            '"red" is not a mapping',
            "write keys and values below it, for example `params: {colour: red}`",
        ),
    ],
)
def test_a_problem_has_a_line_an_excerpt_and_a_hint(row, message, hint):
    given = row.partition(":")[0]
    text = f"---\n{row}\n---\n" if given == "title" else f"---\ntitle: A\n{row}\n---\n"
    with pytest.raises(SiteError) as error:
        read(text)
    line = 2 if given == "title" else 3
    assert str(error.value) == f"{PATH}:{line}: {message}\n    {row}\n    {hint}"


def test_a_post_without_date_and_title_reports_both():
    with pytest.raises(SiteError) as error:
        read("Only text", path="content/posts/a.md")
    assert str(error.value) == (
        "content/posts/a.md:1: the post has no date\n"
        "    add `date: 2024-05-01`, or begin the file's name with such a date\n"
        "content/posts/a.md:1: the post has no title\n"
        "    add `title: …`, or begin the text with a heading: # …"
    )


def test_a_key_in_params_and_beside_it_is_a_problem():
    with pytest.raises(SiteError) as error:
        read("---\ntitle: A\nparams: {colour: red}\ncolour: blue\n---\n")
    assert str(error.value) == (
        f'{PATH}:4: the key "colour" is given both in params and beside it\n    colour: blue\n    keep one of the two'
    )


def test_a_url_that_is_too_long_is_a_problem():
    config = Config(urls=Urls(post=f"/{'x/' * 90}{{slug}}/"))
    with pytest.raises(SiteError, match="is longer than 240 bytes"):
        post_of(f"title: A\nslug: {'b' * 90}", config=config)


def test_a_post_without_a_letter_for_its_slug_is_a_problem():
    with pytest.raises(SiteError) as error:
        read("---\ntitle: 🎉\n---\n", path="content/posts/2024-05-01.md")
    assert error.value.problems[0].message == "neither the file's name nor the title has a letter for the slug"


def test_all_problems_are_reported_at_once():
    with pytest.raises(SiteError) as error:
        read("---\ndate: x\nviews: y\ntags: {}\nslug: ..\n---\n")
    assert [problem.line for problem in error.value.problems] == [1, 2, 3, 4, 5]


def test_the_engines_of_the_config_are_those_of_a_post():
    assert post_of(f"title: A\nmarkdown: {Markdown().engine}").title == "A"


@pytest.mark.parametrize("name", [field.name for field in FIELDS if field.name not in ("title", "date")])
def test_an_empty_string_counts_as_not_given(name):
    config, document_type = Config(author="Ann"), "page" if name in ("menu", "order", "parent") else "post"
    expected = post_of(f"title: A\ndate: 2024-01-02\n{name}:", config=config, document_type=document_type)
    for empty in ("''", "'  '"):
        assert (
            post_of(f"title: A\ndate: 2024-01-02\n{name}: {empty}", config=config, document_type=document_type)
            == expected
        )
