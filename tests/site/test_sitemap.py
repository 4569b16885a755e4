"""Sitemaps as XML: URLs escaped, days of the last change where they are known."""

from xml.etree import ElementTree

import pytest

from sitegen.pages import Sitemap
from sitegen.site.pages.sitemap import NAMESPACE, render_sitemap

URLS = ("https://h.example/a&b/", "https://h.example/a&amp;b/", "https://h.example/'q'/", "https://h.example/%3C/")


def read(sitemap, element):
    root = ElementTree.fromstring(render_sitemap(sitemap))
    return root.tag.partition("}")[2], [item.text for item in root.iter(f"{{{NAMESPACE}}}{element}")]


def test_a_sitemap_has_each_url_as_it_is():
    sitemap = Sitemap("sitemap.xml", "/sitemap.xml", tuple((url, "") for url in URLS))
    assert read(sitemap, "loc") == ("urlset", list(URLS))
    assert "a&amp;b" in render_sitemap(sitemap)
    assert "a&amp;amp;b" in render_sitemap(sitemap)


def test_an_index_has_the_url_of_each_sitemap_as_it_is():
    assert read(Sitemap("sitemap.xml", "/sitemap.xml", parts=URLS), "loc") == ("sitemapindex", list(URLS))


@pytest.mark.parametrize(("day", "days"), [("2024-05-01", ["2024-05-01"]), ("", [])])
def test_a_row_has_the_day_of_the_last_change_if_it_is_known(day, days):
    assert read(Sitemap("sitemap.xml", "/sitemap.xml", ((URLS[0], day),)), "lastmod") == ("urlset", days)
