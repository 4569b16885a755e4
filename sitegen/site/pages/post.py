"""The pages of posts, and those of the pages in `content/pages/`."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from sitegen.comments.discussion import Discussion
from sitegen.config.post_types import POST_TEMPLATE, PostType, find_types
from sitegen.feeds.types import COMMENT_FEEDS, MEDIA_TYPES, Feed
from sitegen.formats.site_urls import comments_url
from sitegen.formats.urls import origin_of
from sitegen.model import INDEXED, Entry, FeedLink, FieldValue, Post, Section, Series, Site
from sitegen.site.pages.page_type import CardContent, PageType, Phase, PlanInputs, Rendering, digests
from sitegen.site.related import RelatedPosts

BATCH_POSTS = 16
"""The number of posts whose bodies a process fetches from the build cache together."""


class PostPage(Struct, frozen=True):
    """A post, or a page of `content/pages/`; `kind` is "post" or "page".

    `body` is the fingerprint of its body in the build cache; `links` are the URLs of the files that the body links to,
    by the paths in the links; `newer` and `older` are the neighbors by date, `relations` finds the related posts.
    `section` is a page's position in its section, None for posts and for pages that are in none. `discussion` has
    the comments, None if there are none to show; `feeds` are the feeds of comments, for a page that shows some.
    `series` are those that the post is in, `fields` the values of the own keys of its type, `gathered` the posts
    that an issue shows.
    `thread` is the site path by which the comment system of another host knows the post, "" if readers cannot write
    comments there.
    """

    path: str
    url: str
    template: str
    kind: str
    post: Post
    body: str
    links: tuple[tuple[str, str], ...] = ()
    newer: Post | None = None
    older: Post | None = None
    relations: RelatedPosts | None = None
    section: Section | None = None
    discussion: Discussion | None = None
    feeds: tuple[FeedLink, ...] = ()
    series: tuple[Series, ...] = ()
    fields: tuple[FieldValue, ...] = ()
    gathered: tuple[Post, ...] = ()
    thread: str = ""

    def __repr__(self) -> str:
        """Contain all fields: a struct's own repr calls those of all posts, and every page's key needs it."""
        location = f"{self.path!r}, {self.url!r}, {self.template!r}, {self.kind!r}"
        newer, older = self.newer and self.newer.digest, self.older and self.older.digest
        others = f"{self.links!r}, {newer}, {older}, {digests(self.related)}, {self.section!r}"
        if (discussion := self.discussion) is not None:
            # Of other pages of the discussion, this one shows only how many there are.
            shown = f"{discussion.count}, {len(discussion.pages)}, {discussion.pages[0]}"
            others = f"{others}, {shown}"
        if self.feeds:
            others = f"{others}, {self.feeds!r}"
        if self.thread:
            others = f"{others}, {self.thread!r}"
        if self.series:
            others = f"{others}, {self.series!r}"
        if self.fields or self.gathered:
            others = f"{others}, {self.fields!r}, {digests(self.gathered)}"
        return f"PostPage({location}, {self.post.digest}, {self.body!r}, {others})"

    @property
    def related(self) -> tuple[Post, ...]:
        """The posts that share the rarer tags of the post, and its source; best first, `newer` and `older` last."""
        if self.relations is None:
            return ()
        return self.relations.find(self.post, [post for post in (self.newer, self.older) if post is not None])

    @property
    def title(self) -> str:
        """The post's title."""
        return self.post.title

    @property
    def description(self) -> str:
        """The post's summary."""
        return self.post.summary

    def comments_url(self, number: int) -> str:
        """Return the URL of a page of the post's comments."""
        return comments_url(self.url, number)


def plan_posts(inputs: PlanInputs) -> Iterator[PostPage]:
    """Yield the page of each post, then those of `content/pages/`."""
    types = find_types(inputs.config.types)
    templates = {item.name: item.template for item in types}
    feeds = find_comment_feeds(inputs.feeds) if inputs.discussions else {}
    of_site = feeds.get("", ())
    has_system = bool(inputs.config.theme.comments.system)
    for post, newer, older in _with_neighbors(inputs, types):
        discussion = inputs.discussions.get(post.path)
        yield PostPage(
            post.output,
            post.url,
            post.template or templates.get(post.type, POST_TEMPLATE),
            "post",
            post,
            inputs.entries[post.path].body,
            inputs.links.get(post.path, ()),
            newer,
            older,
            inputs.related,
            discussion=discussion,
            feeds=(*of_site, *feeds.get(post.url, ())) if discussion else (),
            series=inputs.series.get(post.path, ()),
            fields=inputs.fields.get(post.path, ()),
            gathered=inputs.gathered.get(post.path, ()),
            thread=find_thread(inputs, post) if has_system and not post.hides_comments else "",
        )
    for page in inputs.site.pages:
        body, links = inputs.entries[page.path].body, inputs.links.get(page.path, ())
        section, discussion = inputs.sections.get(page.path), inputs.discussions.get(page.path)
        yield PostPage(
            page.output,
            page.url,
            page.template or "page.html",
            "page",
            page,
            body,
            links,
            section=section,
            discussion=discussion,
            feeds=(*of_site, *feeds.get(page.url, ())) if discussion else (),
        )


def _with_neighbors(inputs: PlanInputs, types: Iterable[PostType]) -> Iterator[tuple[Post, Post | None, Post | None]]:
    """Yield each post with the newer and the older one: of the archive, or of its type if that is not in it."""
    rows = [inputs.posts]
    documents = inputs.site.documents
    rows += [tuple(post for post in documents if post.type == item.name) for item in types if not item.is_main]
    for posts in rows:
        for index, post in enumerate(posts):
            newer = posts[index - 1] if index else None
            yield post, newer, posts[index + 1] if index + 1 < len(posts) else None


def find_thread(inputs: PlanInputs, post: Post) -> str:
    """Return the path at which a post was first published on this site, so that its comments stay when it moves."""
    guid, origin = inputs.guids.get(post.path, ""), origin_of(inputs.config.base_url)
    return guid.removeprefix(origin) if guid.startswith(f"{origin}/") else post.url


def find_comment_feeds(feeds: Iterable[Feed]) -> dict[str, tuple[FeedLink, ...]]:
    """Return the links to the feeds of comments, by the URL of the post; that of the site's comments is at ""."""
    return {
        "" if feed.subject == "comments" else feed.home: (FeedLink(feed.title, MEDIA_TYPES[feed.kind], feed.url),)
        for feed in feeds
        if feed.subject in COMMENT_FEEDS
    }


def render_post(page: PostPage, rendering: Rendering) -> bytes:
    """Return the HTML of a post's page; its feed item is rendered too, if a feed needs it."""
    post = page.post
    body, html = rendering.body(post), rendering.html(post)
    content = Markup(rendering.page_html(post, html))  # noqa: S704 - a post's own HTML is trusted
    comments = rendering.comments(page.discussion, 1) if page.discussion else ()
    data = rendering.render_template(page, post.language, post=post, body=body, content=content, comments=comments)
    rendering.keep_item(post, html)
    return data


def _with_body(page: PostPage, _: Site, entries: Mapping[str, Entry], __: Collection[str]) -> PostPage:
    return replace(page, body=entries[page.post.path].body)


def _last_change(page: PostPage) -> str | None:
    post = page.post
    if post.policy not in INDEXED:
        return None
    return (post.updated or post.date).date().isoformat() if page.kind == "post" else ""


POST = PageType(
    page=PostPage,
    phase=Phase.PAGE,
    plan=plan_posts,
    template=lambda page: page.template,
    render=render_post,
    bodies=lambda page: (page.post,),
    comments=lambda page: (page.discussion, 1) if page.discussion else None,
    with_bodies=_with_body,
    describe=lambda page: page.post.path,
    batch=lambda _: "posts",
    batch_limit=BATCH_POSTS,
    by_language=True,
    last_change=_last_change,
    post=lambda page: page.post,
    card=lambda page: CardContent(page.kind, page.title, page.post),
    breadcrumbs=lambda page: page.section.breadcrumbs if page.section else (),
)
