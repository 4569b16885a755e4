import pytest

from sitegen.formats.visibility import PUBLIC, Date, read_visibility

PRIVATE = [
    ({"draft": True}, "draft: true"),
    ({"Draft": True}, "Draft: true"),
    ({"DRAFT": "yes"}, "DRAFT: yes"),
    ({"draft": "True"}, "draft: True"),
    ({"published": False}, "published: false"),
    ({"Published": "no"}, "Published: no"),
    ({"publish": "false"}, "publish: false"),
    ({"status": "draft"}, "status: draft"),
    ({"status": "Private"}, "status: Private"),
    ({"Status": "pending"}, "Status: pending"),
    ({"status": ["evergreen", "draft"]}, "status: evergreen, draft"),
    ({"visibility": "private"}, "visibility: private"),
    ({"private": True}, "private: true"),
    ({"headless": True}, "headless: true"),
    ({"build": {"render": "never"}}, "build.render: never"),
    ({"_build": {"render": False}}, "_build.render: false"),
    ({"build": {"Render": "link"}}, "build.Render: link"),
    ({"render": False}, "render: false"),
    ({"permalink": False}, "permalink: false"),
]


@pytest.mark.parametrize(("values", "reason"), PRIVATE, ids=[reason for _, reason in PRIVATE])
def test_a_key_of_any_generator_makes_a_post_private(values, reason):
    found = read_visibility({"title": "A", **values})
    assert (found.key, found.reason) == (next(iter(values)), reason)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"draft": False},
        {"draft": None},
        {"draft": "no"},
        {"published": True},
        {"published": None},
        {"publish": "2020-01-01"},
        {"status": "published"},
        {"status": "evergreen"},
        {"status": None},
        {"private": "by Ada"},
        {"headless": False},
        {"build": {"render": "always", "list": "never"}},
        {"build": "2024"},
        {"render": "markdown"},
        {"permalink": "/x/"},
        {"drafting": True},
    ],
    ids=str,
)
def test_other_values_leave_a_post_public(values):
    assert read_visibility(values).reason == ""


def test_dates_are_returned_with_their_keys():
    found = read_visibility({"publish_date": "2090-01-01", "pubDate": "x", "published": "2091", "ExpiryDate": "2092"})
    assert found.starts == (
        Date("publish_date", "2090-01-01", strict=True),
        Date("pubDate", "x", strict=False),
        Date("published", "2091", strict=False),
    )
    assert found.ends == (Date("ExpiryDate", "2092", strict=True),)
    assert read_visibility({"published": True, "title": "A"}) == PUBLIC
