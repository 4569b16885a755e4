"""Links of imported posts: those to other sites are left alone, as a full search would leave them."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.importers.base import ImportedPost, Location, MarkdownBody
from sitegen.importers.markdown_source.links import find_targets
from sitegen.importers.output.broken_links import LinkTargets
from sitegen.importers.output.final_links import LinkResolver
from sitegen.importers.output.import_state import PostRecord
from sitegen.importers.output.pending_posts import PendingPost, PendingPosts
from sitegen.importers.output.post_links import PostLinks

OLD_URLS = {
    "own": "https://www.old.example/a/",
    "substack": "https://letters.substack.com/p/a",
    "medium": "https://medium.com/p/0123456789ab",
    "mailchimp": "https://us1.campaign-archive.com/?u=1&id=ab12",
}
URLS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "//", "https:/", ""]),
    st.sampled_from(
        ["old.example", "WWW.old.example", "www.", "new.example", "a.example", "localhost", "127.0.0.1", "LOCALHOST",
         "open.substack.com", "letters.substack.com", "medium.com", "x.medium.com", "us1.campaign-archive.com",
         "me@old.example", "old.example:80", "a.example.", "[::1]", ""]
    ),
    st.sampled_from(
        ["", "/", "/a", "/a/", "/a#b", "#b", "?id=ab12", "/?u=1&id=ab12", "/x-0123456789ab", "/pub/letters/p/a", "/p/a"]
    ),
)  # fmt: skip


def resolve(platform, urls, *, fully):
    links = PostLinks()
    body = MarkdownBody("x")
    post = ImportedPost(Location("a"), "A", body, datetime(2020, 1, 2, tzinfo=UTC), urls=(OLD_URLS[platform],))
    links.add("a", post, "a.md")
    pages = SimpleNamespace(find=lambda path: "", has=lambda path: path == "/a/")
    site = LinkTargets({"a.md": False, "b.md": False}, pages, lambda file: False, "new.example")
    text = "\n".join(f"[x](<{url}>)" for url in urls)
    with PendingPosts() as pending:
        resolver = LinkResolver(links, site, pending)
        if fully:
            resolver._is_other = lambda host: False
        pending_post = PendingPost("b", PostRecord("b.md", "b", ""), Location("b"), {}, text, find_targets(text))
        return resolver.resolve(pending_post)


@pytest.mark.parametrize("platform", OLD_URLS)
@given(urls=st.lists(URLS, min_size=1, max_size=4))
@example(urls=["https://old.example/a", "http://www.new.example/x", "https://new.example/x"])
@example(urls=["https://x.medium.com/x-0123456789ab", "https://mailchi.mp/x?id=ab12"])
def test_links_to_other_sites_are_what_a_full_search_makes_of_them(platform, urls):
    assert resolve(platform, urls, fully=False) == resolve(platform, urls, fully=True)


def test_links_to_old_urls_of_posts_are_found():
    assert resolve("own", ["http://old.example/a"], fully=False).text == "[x](a.md)"
    assert resolve("medium", ["https://x.medium.com/x-0123456789ab"], fully=False).text == "[x](a.md)"
