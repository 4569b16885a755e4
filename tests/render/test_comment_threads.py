"""The HTML of threads: everything that readers wrote is escaped, and replies name what they answer."""

from sitegen.comments.discussion import ThreadComment
from sitegen.config.i18n import make_finder
from sitegen.render.comment_threads import write_threads

WORDS = make_finder("en", {})("")


class Page:
    def comments_url(self, number):
        return f"/a&b/comments/{number}/"


def write(*comments):
    return write_threads(comments, WORDS, Page())


def test_what_readers_wrote_is_escaped():
    html = write(ThreadComment("a", 'A & "<b>"', "", "<p>x</p>\n", "<i>", "https://e.org/?a='b'&c"))
    assert f'<b dir="auto">A &amp; &#34;&lt;b&gt;&#34;</b> <a href="#theme:comment-a">{WORDS.permalink}</a>' in html
    assert '<span><a href="https://e.org/?a=&#39;b&#39;&amp;c" rel="ugc nofollow">on &lt;i&gt;</a></span>' in html


def test_a_comment_has_its_date_and_links_to_itself():
    html = write(ThreadComment("a", "", "2024-05-01T23:30:00-05:00", "<p>x</p>\n"))
    assert html == (
        '<li class="comment" id="theme:comment-a">\n<p class="meta"><b dir="auto">Anonymous</b> '
        '<a href="#theme:comment-a"><time datetime="2024-05-01T23:30:00-05:00">May 1, 2024</time></a></p>\n'
        '<div class="comment-text" dir="auto"><p>x</p>\n</div>\n</li>'
    )


def test_a_comment_shows_how_many_readers_liked_it():
    html = write(ThreadComment("a", "A", "", "", "Ghost", likes=1200), ThreadComment("b", "B", "", "", likes=1))
    assert "<span>on Ghost</span> <span>1,200 likes</span></p>" in html
    assert "</a> <span>1 like</span></p>" in html


def test_replies_are_lists_within_items():
    html = write(
        ThreadComment("a", "A", "", "", has_replies=True),
        ThreadComment("b", "B", "", "", level=1, has_replies=True),
        ThreadComment("c", "C", "", "", level=2, ends=2),
    )
    assert html.count("<ol>") == 2
    assert html.endswith("</div>\n</li></ol></li></ol></li>")


def test_a_reply_whose_indent_does_not_show_what_it_answers_names_it():
    here = ThreadComment("b", "B", "", "", is_reply=True, answers="A & C", answers_id="a")
    elsewhere = ThreadComment("b", "B", "", "", is_reply=True, answers="A", answers_id="a", answers_page=2)
    missing = ThreadComment("b", "B", "", "", is_reply=True)
    assert '<a href="#theme:comment-a">In reply to A &amp; C</a>' in write(here)
    assert '<a href="/a&amp;b/comments/2/#theme:comment-a">In reply to A</a>' in write(elsewhere)
    assert WORDS.in_reply_to_missing in write(missing)


def test_links_from_other_sites_are_not_in_threads():
    assert write(ThreadComment("a", "A", "", "", type="pingback")) == ""
