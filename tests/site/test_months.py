from datetime import UTC, datetime

from sitegen.model import Post
from sitegen.site.months import count_months, group_by_month


def make(day):
    return Post(day, day, day, "", "", datetime.fromisoformat(day).replace(tzinfo=UTC))


POSTS = [make(day) for day in ("2024-02-03", "2024-02-01", "2024-01-31", "2023-02-01")]


def test_months_come_in_the_order_of_the_posts():
    months = group_by_month(POSTS)
    assert [(month.id, len(month.posts)) for month in months] == [("2024-02", 2), ("2024-01", 1), ("2023-02", 1)]
    assert months[0].posts == tuple(POSTS[:2])


def test_every_year_has_twelve_counts():
    assert count_months(POSTS) == (1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def test_no_posts_have_no_months():
    assert group_by_month([]) == ()
    assert count_months([]) == (0,) * 12
