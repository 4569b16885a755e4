"""The pages of a long discussion after the first one, which is on the post's own page."""

from collections.abc import Iterator

from msgspec import Struct

from sitegen.comments.discussion import Discussion
from sitegen.formats.site_urls import comments_url, output_path
from sitegen.model import FeedLink, Post
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs, Rendering
from sitegen.site.pages.post import PostPage


class CommentsPage(Struct, frozen=True):
    """A page of the comments on a post; `number` counts from 2."""

    path: str
    url: str
    post: Post
    discussion: Discussion
    number: int
    feeds: tuple[FeedLink, ...] = ()
    kind: str = "comments"
    description: str = ""

    def __repr__(self) -> str:
        """Contain the fingerprint of this page's comments only, so that a new comment changes no other page.

        So the template must not show anything else of the discussion, such as whether another page follows.
        """
        digest = self.discussion.pages[self.number - 1]
        return f"CommentsPage({self.path!r}, {self.url!r}, {self.post.digest}, {digest}, {self.number}, {self.feeds!r})"

    @property
    def title(self) -> str:
        """The title of the post."""
        return self.post.title

    def comments_url(self, number: int) -> str:
        """Return the URL of a page of the post's comments."""
        return comments_url(self.post.url, number)


def plan_comments(inputs: PlanInputs) -> Iterator[CommentsPage]:
    """Yield the pages of each discussion after the first."""
    for page in inputs.planned_of(PostPage) if inputs.discussions else ():
        discussion = page.discussion
        if discussion is None:
            continue
        for number in range(2, len(discussion.pages) + 1):
            url = comments_url(page.url, number)
            yield CommentsPage(output_path(url, inputs.base), url, page.post, discussion, number, page.feeds)


def render_comments(page: CommentsPage, rendering: Rendering) -> bytes:
    """Return the HTML of a page of comments."""
    comments = rendering.comments(page.discussion, page.number)
    return rendering.render_template(page, page.post.language, post=page.post, comments=comments)


COMMENTS = PageType(
    page=CommentsPage,
    phase=Phase.LISTING,
    by_language=True,
    plan=plan_comments,
    template=lambda _: "comments.html",
    comments=lambda page: (page.discussion, page.number),
    render=render_comments,
    describe=lambda page: page.discussion.file,
    shared_url=lambda page: page.post.url,
)
