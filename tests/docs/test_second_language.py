"""The guide to a second language: its files become the pages that it names, in both languages."""

import re

import pytest

from tests.docs.test_samples import sections_with_files
from tests.support.manual import PAGES
from tests.support.sites import build, write

BASE = 'title = "A"\nbase_url = "https://a.example/"\nlanguage = "en"\n'
ROWS = re.findall(r"^\| [\w, ]+ \| (`/.*`) \| (`/.*`) \|$", PAGES["second-language"], re.MULTILINE)
"""The URLs of the table, in English and in German."""


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    root = tmp_path_factory.mktemp("letters")
    files = dict(sections_with_files("second-language")["Write in two languages"])
    write(root, {**files, "sitegen.toml": BASE + files["sitegen.toml"]})
    assert build(root).warnings == ()
    return root / "output"


def page(output, url):
    return (output / url[1:] / "index.html").read_text("utf-8")


@pytest.mark.parametrize(("english", "german"), ROWS)
def test_each_url_of_the_table_exists_and_the_versions_of_a_page_link_to_each_other(output, english, german):
    pairs = list(zip(re.findall("`(.*?)`", english), re.findall("`(.*?)`", german), strict=True))
    for one, other in pairs:
        if one.endswith(".xml"):
            assert (output / one[1:]).is_file()
            assert (output / other[1:]).is_file()
            continue
        for url, version, language in ((one, other, "de"), (other, one, "en")):
            assert f'<li><a href="{version}" hreflang="{language}"' in page(output, url)


def test_a_link_leads_to_the_page_in_the_language_of_the_post(output):
    assert '<a href="/team/">Who we are</a>' in page(output, "/posts/the-lamp/")
    assert '<a href="/de/team/">Wer wir sind</a>' in page(output, "/de/posts/die-lampe/")


def test_each_language_lists_its_own_posts(output):
    assert "Ebbe" not in page(output, "/")
    assert "Ebbe" in page(output, "/de/")


def test_the_table_has_all_rows():
    assert len(ROWS) == 5
