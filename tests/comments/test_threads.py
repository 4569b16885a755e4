"""Threads: each comment once, replies after what they answer, for any links between comments."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sitegen.comments.comment import Comment
from sitegen.comments.discussion import PAGE_COMMENTS
from sitegen.comments.threads import MAX_LEVELS, paginate_comments

START = datetime(2024, 1, 1, tzinfo=UTC)


def comment(number, reply_to="", **more):
    return Comment(f"c{number}", f"Text {number}", f"A{number}", START + timedelta(minutes=number), reply_to, **more)


def shown(comments):
    return [(item.id, item.level) for page in paginate_comments(comments) for item in page]


def test_replies_follow_what_they_answer_in_the_order_of_their_dates():
    found = shown([comment(1), comment(2), comment(3, "c1"), comment(4, "c1"), comment(5, "c3")])
    assert found == [("c1", 0), ("c3", 1), ("c5", 2), ("c4", 1), ("c2", 0)]


def test_a_reply_to_a_missing_comment_begins_a_thread_and_says_so():
    ((reply,),) = paginate_comments([comment(1, "gone")])
    assert (reply.level, reply.is_reply, reply.answers_id) == (0, True, "")


def test_comments_that_answer_each_other_in_a_circle_are_all_shown():
    found = shown([comment(1, "c3"), comment(2, "c1"), comment(3, "c2"), comment(4, "c4")])
    assert sorted(found) == [("c1", 0), ("c2", 1), ("c3", 2), ("c4", 0)]


def test_a_thousand_levels_are_shown_at_the_deepest_indent_with_what_they_answer():
    (page, second, third) = paginate_comments(
        [comment(n, f"c{n - 1}" if n else "") for n in range(PAGE_COMMENTS * 2 + 1)]
    )
    assert max(item.level for item in page) == MAX_LEVELS - 1
    assert (page[7].is_reply, page[7].answers, page[7].answers_id, page[7].answers_page) == (True, "A6", "c6", 0)
    assert not page[3].is_reply
    assert (second[0].answers_id, second[0].answers_page) == (f"c{PAGE_COMMENTS - 1}", 1)
    assert len(third) == 1


def test_a_new_comment_changes_only_the_last_page():
    comments = [comment(n, f"c{n // 2}" if n % 3 == 0 else "") for n in range(PAGE_COMMENTS + 5)]
    before, after = paginate_comments(comments[:-1]), paginate_comments(comments)
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_links_from_other_sites_come_last_and_are_not_in_threads():
    found = paginate_comments([comment(1, type="pingback"), comment(2), comment(3, "c1")])
    assert [[item.id for item in page] for page in found] == [["c2", "c3", "c1"]]


def test_links_from_other_sites_are_distributed_over_pages_that_new_comments_leave_unchanged():
    mentions = [comment(n, type="pingback") for n in range(PAGE_COMMENTS + 1)]
    written = [comment(PAGE_COMMENTS + 1 + n) for n in range(PAGE_COMMENTS + 1)]
    before, after = paginate_comments([*mentions, *written[:-1]]), paginate_comments([*mentions, *written])
    assert [len(page) for page in before] == [2 * PAGE_COMMENTS, 1]
    assert [len(page) for page in after] == [2 * PAGE_COMMENTS, 2]
    assert before[0] == after[0]
    assert [len(page) for page in paginate_comments(mentions)] == [PAGE_COMMENTS, 1]


@given(st.lists(st.integers(0, 30), max_size=30))
def test_each_comment_is_shown_once_and_lists_are_closed(parents):
    comments = [comment(n, f"c{parent}") for n, parent in enumerate(parents)]
    items = [item for page in paginate_comments(comments) for item in page]
    assert sorted(item.id for item in items) == sorted(item.id for item in comments)
    depth = 0
    for item in items:
        assert item.level == depth
        depth += item.has_replies - item.ends
    assert depth == 0
