from datetime import UTC, datetime

import pytest

from sitegen.config.i18n import make_finder
from sitegen.model import Post, Source, Term
from sitegen.render.citation import cite, write_bibtex

ENGLISH = make_finder("en", {})("en")


def make(**more):
    values = {
        "path": "a.md",
        "title": "Fresh horses",
        "slug": "fresh-horses",
        "url": "/a/",
        "output": "a/index.html",
        "date": datetime(2020, 3, 22, tzinfo=UTC),
    }
    return Post(**(values | more))


def people(*names):
    return tuple(Term(name, name, "") for name in names)


def test_a_citation_has_authors_title_publication_and_date():
    post = make(authors=people("Ines Marlow", "Bo Li"), issue="22", source=Source("The Gazette", "the-gazette", ""))
    line = cite(post, "The Box", "https://box.example/a/", ENGLISH)
    assert line == (
        "Ines Marlow, Bo Li. Fresh horses. The Gazette, The Box, Issue 22, March 22, 2020. https://box.example/a/"
    )


@pytest.mark.parametrize("title", ["How late was the news?", "Hear!", "Wait…"])
def test_a_title_that_ends_a_sentence_gets_no_full_stop(title):
    assert cite(make(title=title), "The Box", "u", ENGLISH) == f"{title} The Box, March 22, 2020. u"


def test_an_entry_has_what_is_known():
    post = make(authors=people("Ines Marlow", "Bo Li"), issue="22", source=Source("The Gazette", "the-gazette", ""))
    assert (
        write_bibtex(post, "The Box", "https://box.example/a/")
        == """\
@online{marlow-2020-fresh-horses,
  author = {{Ines Marlow} and {Bo Li}},
  title = {{Fresh horses}},
  organization = {The Box},
  number = {22},
  note = {First published by The Gazette},
  date = {2020-03-22},
  year = {2020},
  month = mar,
  url = {https://box.example/a/},
}"""
    )


def test_characters_that_mean_something_to_tex_are_escaped():
    entry = write_bibtex(make(title=r"50% of {a_b} & c#d $e ~ ^ \x"), "B", "u")
    title = r"50\% of \{a\_b\} \& c\#d \$e \textasciitilde{} \textasciicircum{} \textbackslash{}x"
    assert f"  title = {{{{{title}}}}}," in entry


@pytest.mark.parametrize(
    ("names", "slug", "key"),
    [
        ((), "fresh-horses", "2020-fresh-horses"),
        (("Zoë Müller",), "über-land", "muller-2020-uber-land"),
        (("南みなみ",), "瓦版", "2020"),
        (("   ",), "a", "2020-a"),
    ],
)
def test_an_entry_has_a_name_that_every_program_reads(names, slug, key):
    assert write_bibtex(make(authors=people(*names), slug=slug), "B", "u").startswith(f"@online{{{key},\n")
