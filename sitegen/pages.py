"""The types of pages, for a site's hooks: `from sitegen.pages import TemplatePage`."""

from sitegen.feeds import Feed
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.model import FeedLink, Group, Link, Post, Source, Term
from sitegen.site.pages.asset import Asset
from sitegen.site.pages.listing import ListPage
from sitegen.site.pages.post import PostPage
from sitegen.site.pages.redirect import Redirect
from sitegen.site.pages.search import SearchDescriptions, SearchTerms
from sitegen.site.pages.sitemap import Sitemap
from sitegen.site.pages.template import TemplatePage
from sitegen.site.pages.text_file import TextFile

__all__ = [
    "Asset",
    "Feed",
    "FeedLink",
    "FrozenDict",
    "Group",
    "Link",
    "ListPage",
    "Post",
    "PostPage",
    "Redirect",
    "SearchDescriptions",
    "SearchTerms",
    "Sitemap",
    "Source",
    "TemplatePage",
    "Term",
    "TextFile",
]
