"""Checks of `hreflang`: the versions of a page in several languages name each other by their canonical URLs."""

import pytest

from sitegen.check.documents.sitemap import read_sitemap
from sitegen.check.links.resolve import host_files
from sitegen.check.options import CheckLimits, CheckOptions
from sitegen.check.pages.page_facts import read_page
from sitegen.check.pages.versions import check_versions
from sitegen.check.run import check_site
from tests.support.sites import build, make_site

BASE = "https://h.example/"
LANGUAGES = ("en", "de", "pt-BR")


def link(language, url=""):
    return f'<link rel="alternate" hreflang="{language}" href="{url or f"{BASE}{language}/"}">'


def page(language, links=None, more=""):
    """Return a page that names all versions, or that has other links."""
    links = [*map(link, LANGUAGES), link("x-default", f"{BASE}en/")] if links is None else links
    canonical = f'<link rel="canonical" href="{BASE}{language}/">'
    return f'<!doctype html>\n<html lang="{language}"><head>{canonical}{more}\n{"".join(links)}</head></html>'


def problems_of(**changed):
    """Return type, page and line of the problems of three versions, some of them changed."""
    texts = {f"{language}/index.html": page(language) for language in LANGUAGES}
    texts |= {f"{name.replace('_', '-')}/index.html": text for name, text in changed.items()}
    hosting = host_files(BASE, texts, [])
    pages = {path: read_page(path, text.encode(), hosting, CheckLimits()) for path, text in texts.items()}
    return [(problem.id, problem.page, problem.line) for problem in check_versions(hosting, pages)]


def test_versions_that_name_each_other_have_no_problem():
    assert problems_of() == []


ALL = [link("en"), link("de"), link("pt-BR")]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([*ALL], [("missing-x-default", "de/index.html", 3)]),
        ([link("en"), link("pt-BR"), link("x-default", f"{BASE}en/")], [("bad-hreflang", "de/index.html", 3)]),
        (
            [*ALL, link("x-default", f"{BASE}en/"), link("pt-BR", f"{BASE}en/")],
            [("bad-hreflang", "de/index.html", 3)],
        ),
        ([*ALL[:2], link("pt-BR", "/pt-BR/"), link("x-default", f"{BASE}en/")], [("bad-hreflang", "de/index.html", 3)]),
        (
            [link("en"), link("fr", f"{BASE}de/"), link("pt-BR"), link("x-default", f"{BASE}en/")],
            [("bad-hreflang", "de/index.html", 3)],
        ),
    ],
    ids=["no default", "not itself", "a language twice", "not complete", "another language"],
)
def test_a_page_names_itself_and_each_language_once_by_complete_urls(links, expected):
    assert [problem for problem in problems_of(de=page("de", links)) if problem[1] == "de/index.html"] == expected


def test_a_version_that_does_not_name_the_page_in_return_is_a_problem_of_the_page():
    found = problems_of(de=page("de", [link("de"), link("x-default", f"{BASE}de/")]))
    assert found == [("hreflang-not-returned", f"{name}/index.html", 3) for name in ("en", "pt-BR")]


def test_a_version_with_another_canonical_url_is_a_problem():
    other = page("de").replace(f'canonical" href="{BASE}de/"', f'canonical" href="{BASE}en/"')
    assert {(name, path) for name, path, _ in problems_of(de=other)} == {
        ("bad-hreflang", "en/index.html"),
        ("bad-hreflang", "pt-BR/index.html"),
    }


def test_a_page_that_is_not_to_be_indexed_has_no_versions():
    found = problems_of(de=page("de", more='<meta name="robots" content="noindex">'))
    assert found == [("bad-hreflang", "de/index.html", 3)]


def test_a_form_of_a_language_agrees_with_it():
    austrian = page("de").replace('lang="de">', 'lang="de-AT">', 1)
    assert problems_of(de=austrian) == []


def test_the_language_of_the_text_counts_if_the_theme_has_no_words_in_it():
    swiss = page("de").replace('lang="de">', 'lang="en">', 1) + '<body><main><article lang="de"></article></main>'
    assert problems_of(de=swiss) == []


def test_versions_on_other_hosts_are_not_followed():
    elsewhere = [*ALL[:2], link("pt-BR", "https://other.example/"), link("x-default", f"{BASE}en/")]
    found = problems_of(de=page("de", elsewhere), en=page("en", elsewhere))
    assert [problem for problem in found if not problem[1].startswith("pt-BR")] == []


@pytest.mark.parametrize(("url", "count"), [(f"{BASE}de/", 0), (f"{BASE}fr/", 1), ("https://other.example/", 0)])
def test_a_version_of_the_sitemap_that_is_missing_is_a_problem(url, count):
    text = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        f'<url><loc>{BASE}en/</loc><xhtml:link rel="alternate" hreflang="x" href="{url}"/></url></urlset>'
    )
    hosting = host_files(BASE, ["en/index.html", "de/index.html"], [])
    assert len(read_sitemap(hosting, "sitemap.xml", text.encode())[1]) == count


def test_a_site_in_several_languages_has_no_problem_of_its_versions(tmp_path):
    config = (
        'title = "L"\nbase_url = "https://h.example/"\n[languages.de]\ntitle = "B"\n[languages.fa]\n[languages.nl]\n'
    )
    files = {
        "content/posts/2024-01-01-first.de.md": "---\ntitle: Erster\n---\nEins.\n",
        "content/posts/2024-01-01-first.fa.md": "---\ntitle: یک\n---\nیک.\n",
        "content/posts/2024-01-02-second.nl.md": "---\ntitle: Tweede\ntags: [news]\n---\nTwee.\n",
        "content/pages/about.de.md": "---\ntitle: Wir\nslug: wir\n---\nWir.\n",
    }
    root = make_site(tmp_path, files, config)
    build(root)
    output = root / "output"
    paths = sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())
    options = CheckOptions()
    problems = check_site(output, paths, BASE, {}, lambda *_: None, options)
    assert [
        item for item in problems if "hreflang" in item.id or item.id in ("missing-x-default", "broken-alternate")
    ] == []
