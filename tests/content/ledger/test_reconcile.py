from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from sitegen.content.ledger.file import Ledger, LedgerEntry
from sitegen.content.ledger.reconcile import MovedUrl, reconcile
from sitegen.errors import Problem
from sitegen.formats.slugs import check_path
from sitegen.formats.urls import base_path_of
from sitegen.model import Post

BASE = "https://h.example/repo/"


def post(name: str, slug: str = "", id_: str = "") -> Post:
    slug = slug or name
    return Post(
        path=f"content/posts/{name}.md",
        title=name,
        slug=slug,
        url=f"/repo/posts/{slug}/",
        output=f"posts/{slug}/index.html",
        date=datetime(2023, 5, 6, tzinfo=UTC),
        id=id_,
    )


def published(*posts: Post) -> Ledger:
    return reconcile(Ledger(), posts, BASE).ledger


def test_a_guid_is_the_id_else_the_first_url():
    reconciled = reconcile(Ledger(), [post("a"), post("b", id_="urn:x:7")], BASE)
    assert reconciled.guids == {
        "content/posts/a.md": "https://h.example/repo/posts/a/",
        "content/posts/b.md": "urn:x:7",
    }
    assert reconciled.problems == ()
    assert reconciled.redirects == ()


def test_a_changed_slug_keeps_the_guid_and_leaves_a_redirect():
    ledger = published(post("a"))
    reconciled = reconcile(ledger, [post("a", "new")], BASE)
    assert reconciled.guids["content/posts/a.md"] == "https://h.example/repo/posts/a/"
    assert reconciled.redirects == (MovedUrl("/repo/posts/a/", "/repo/posts/new/"),)
    assert reconciled.problems == ()
    again = reconcile(reconciled.ledger, [post("a", "newer")], BASE)
    assert again.guids == reconciled.guids
    assert [moved.url for moved in again.redirects] == ["/repo/posts/a/", "/repo/posts/new/"]
    assert {moved.target for moved in again.redirects} == {"/repo/posts/newer/"}


def test_a_slug_that_is_changed_back_needs_no_redirect_to_itself():
    moved = reconcile(published(post("a")), [post("a", "new")], BASE).ledger
    back = reconcile(moved, [post("a")], BASE)
    assert back.redirects == (MovedUrl("/repo/posts/new/", "/repo/posts/a/"),)


def test_a_renamed_file_is_known_by_its_url_or_its_id():
    by_url = reconcile(published(post("a")), [post("renamed", "a")], BASE)
    assert by_url.guids == {"content/posts/renamed.md": "https://h.example/repo/posts/a/"}
    assert (by_url.redirects, by_url.problems) == ((), ())
    assert [record.path for record in by_url.ledger.records] == ["content/posts/renamed.md"]
    by_id = reconcile(published(post("a", id_="urn:1")), [post("renamed", "other", "urn:1")], BASE)
    assert by_id.redirects == (MovedUrl("/repo/posts/a/", "/repo/posts/other/"),)
    assert by_id.problems == ()


def test_a_deleted_post_is_a_problem_until_it_is_withdrawn_or_its_url_leads_on():
    ledger = published(post("a"), post("b"))
    lost = reconcile(ledger, [post("b")], BASE)
    assert [str(problem).splitlines()[0] for problem in lost.problems] == [
        "content/posts/a.md: https://h.example/repo/posts/a/ was published, but no longer exists"
    ]
    assert reconcile(ledger, [post("b")], BASE, taken=["/repo/posts/a/"]).problems == ()
    withdrawn = Ledger(tuple(structs.replace(record, withdrawn="/a" in record.guid) for record in ledger.records))
    assert reconcile(withdrawn, [post("b")], BASE).problems == ()
    assert lost.ledger == ledger, "a post that is gone is remembered"


def test_a_renamed_file_with_a_new_slug_and_no_id_is_a_lost_url():
    reconciled = reconcile(published(post("a")), [post("b")], BASE)
    assert "but no longer exists" in reconciled.problems[0].message


def test_a_changed_id_is_a_problem_because_readers_get_the_post_again():
    ledger = published(post("a"))
    reconciled = reconcile(ledger, [post("a", id_="urn:other")], BASE)
    assert reconciled.guids == {"content/posts/a.md": "urn:other"}
    assert reconciled.problems[0].path == "content/posts/a.md"
    assert reconciled.problems[0].hint.startswith('write "id: https://h.example/repo/posts/a/"')


def test_an_id_that_is_removed_again_stays_the_guid():
    reconciled = reconcile(published(post("a", id_="urn:1")), [post("a")], BASE)
    assert reconciled.guids == {"content/posts/a.md": "urn:1"}


def test_a_post_at_the_old_url_of_another_gets_a_guid_of_its_own():
    ledger = published(post("a"))
    reconciled = reconcile(ledger, [post("a", "new"), post("b", "a")], BASE)
    assert reconciled.guids == {
        "content/posts/a.md": "https://h.example/repo/posts/a/",
        "content/posts/b.md": "https://h.example/repo/posts/a/#2023-05-06",
    }
    assert reconciled.redirects == ()
    assert "was published for another post" in reconciled.problems[0].message
    assert reconcile(reconciled.ledger, [post("a", "new"), post("b", "a")], BASE).guids == reconciled.guids


def test_two_posts_with_one_id_are_a_problem():
    reconciled = reconcile(Ledger(), [post("a", id_="urn:1"), post("b", id_="urn:1")], BASE)
    assert 'the same id as content/posts/a.md: "urn:1"' in reconciled.problems[0].message


def test_an_alias_at_the_url_of_a_renamed_post_keeps_its_guid():
    ledger = published(post("a"), post("b"))
    for alias in ("/posts/a/", "/posts/a"):
        renamed = replace(post("new"), aliases=(alias,))
        reconciled = reconcile(ledger, [renamed, post("b")], BASE, taken=[f"/repo{alias}"])
        assert reconciled.guids["content/posts/new.md"] == "https://h.example/repo/posts/a/"
        assert (reconciled.redirects, reconciled.problems) == ((), ())
        later = reconcile(reconciled.ledger, [post("new"), post("b")], BASE)
        assert later.redirects == (MovedUrl("/repo/posts/a/", "/repo/posts/new/"),)


OTHER_BASES = ("https://new.example/", "https://new.example/repo/", "https://h.example.new/deep/er/")


@pytest.mark.parametrize("others", [(), ("b",)])
@pytest.mark.parametrize("base_url", OTHER_BASES)
@pytest.mark.parametrize("slug", ["a", "other"])
def test_a_file_that_is_renamed_while_the_site_moves_to_another_domain_keeps_its_guid(base_url, slug, others):
    ledger = published(post("a"), *map(post, others))
    moved = replace(at_base(post("new", slug), base_url), aliases=() if slug == "a" else ("/posts/a",))
    site = [moved, *(at_base(post(name), base_url) for name in others)]
    reconciled = reconcile(ledger, site, base_url)
    assert reconciled.guids[moved.path] == "https://h.example/repo/posts/a/"
    assert reconcile(reconciled.ledger, site, base_url).guids == reconciled.guids


@pytest.mark.parametrize("aliases", [("/a/",), ("/",), ("/posts/ba/",), ("/osts/a/",), ("/posts/b/",)])
def test_a_post_with_another_path_on_another_domain_gets_a_guid_of_its_own(aliases):
    base_url = OTHER_BASES[0]
    new = replace(at_base(post("new"), base_url), aliases=aliases)
    site = [new, at_base(post("b"), base_url)]
    assert reconcile(published(post("a"), post("b")), site, base_url).guids[new.path] == f"{base_url}posts/new/"


def at_base(value: Post, base_url: str) -> Post:
    """Return a post at its path below another base URL."""
    return replace(value, url=value.url.replace("/repo/", base_path_of(base_url) + "/", 1))


def test_an_alias_at_the_url_of_another_post_leaves_both_guids():
    ledger = published(post("a"), post("b"))
    reconciled = reconcile(ledger, [replace(post("b"), aliases=("/posts/a/",))], BASE, taken=["/repo/posts/a/"])
    assert reconciled.guids == {"content/posts/b.md": "https://h.example/repo/posts/b/"}
    assert reconciled.problems == ()


def test_the_url_of_a_renamed_post_is_shown_as_its_front_matter_takes_it():
    ledger = published(replace(post("a"), url="/repo/posts/%D8%A3%20b/"))
    hint = reconcile(ledger, [post("b")], BASE).problems[0].hint
    assert hint.startswith('add "/posts/أ b/" to the `aliases` of the post that replaces it')
    assert check_path("/posts/أ b/") == "/posts/أ b/"


@pytest.mark.parametrize("old", ["https://old.example/repo/", "https://me.example/", "https://me.example/a/b/"])
def test_former_urls_redirect_after_the_site_has_moved(old):
    def at(name, slug, base):
        return replace(post(name, slug), url=f"{base_path_of(base)}/posts/{slug}/")

    first = reconcile(Ledger(), [at("a", "a", old), at("b", "b", old), at("c", "c", old)], old).ledger
    renamed = reconcile(first, [at("a", "new", old), at("b", "b", old), at("c", "c", old)], old).ledger
    moved = reconcile(renamed, [post("a", "new"), post("b")], BASE)
    assert moved.guids["content/posts/a.md"] == f"{old}posts/a/"
    assert moved.redirects == (MovedUrl("/repo/posts/a/", "/repo/posts/new/"),)
    assert [problem.message for problem in moved.problems] == [f"{old}posts/c/ was published, but no longer exists"]
    assert moved.problems[0].hint.startswith('add "/posts/c/" to')
    assert moved.ledger.records[0].urls[-1] == "https://h.example/repo/posts/new/"


def test_a_url_of_another_host_where_no_post_had_its_present_path_has_no_effect():
    entry = LedgerEntry("content/posts/a.md", "urn:a", ("https://old.example/2020/a.html",))
    reconciled = reconcile(Ledger((entry,)), [post("a")], BASE)
    assert (reconciled.redirects, reconciled.problems) == ((), ())
    assert reconciled.ledger.records[0].urls == (*entry.urls, "https://h.example/repo/posts/a/")


def test_the_base_url_of_most_posts_is_the_former_one_of_a_host():
    urls = [
        ("a", "https://old.example/posts/a/"),
        ("b", "https://old.example/posts/b/"),
        ("c", "https://old.example/x/posts/c/"),
    ]
    entries = [LedgerEntry(f"content/posts/{name}.md", f"urn:{name}", (url,)) for name, url in urls]
    gone = LedgerEntry("content/posts/d.md", "urn:d", ("https://old.example/posts/d/",), withdrawn=True)
    reconciled = reconcile(Ledger((*entries, gone)), [post("a"), post("b"), post("c")], BASE)
    assert reconciled.withdrawn == ("/repo/posts/d/",)
    assert reconciled.redirects == (MovedUrl("/repo/x/posts/c/", "/repo/posts/c/"),)


def test_a_lost_url_of_several_base_urls_is_one_problem():
    urls = ("https://old.example/repo/posts/a/", "https://h.example/repo/posts/a/")
    both = LedgerEntry("content/posts/b.md", "urn:b", tuple(url.replace("/a/", "/b/") for url in urls))
    reconciled = reconcile(Ledger((LedgerEntry("content/posts/a.md", "urn:a", urls), both)), [post("b")], BASE)
    assert [problem.message for problem in reconciled.problems] == [f"{urls[1]} was published, but no longer exists"]


def test_each_of_several_posts_of_one_day_with_a_reused_url_gets_its_own_guid():
    ledger, moved = Ledger(), []
    for name in "abcd":
        ledger = reconcile(ledger, [*moved, post(name, "a")], BASE).ledger
        moved.append(post(name, f"moved-{name}"))
    url = "https://h.example/repo/posts/a/"
    assert [entry.guid for entry in ledger.records] == [
        url,
        f"{url}#2023-05-06",
        f"{url}#2023-05-06-2",
        f"{url}#2023-05-06-3",
    ]


def test_a_file_name_that_several_posts_had_gives_the_same_guids_again():
    ledger = published(post("a", id_="urn:1"), post("b"), post("d", "c"))
    ledger = reconcile(ledger, [post("a"), post("d", "b", "urn:1")], BASE).ledger
    site = [post("a", "b"), post("d", "a"), post("b", "c", "urn:1")]
    reconciled = reconcile(ledger, site, BASE)
    assert reconcile(reconciled.ledger, site, BASE).guids == reconciled.guids
    assert reconciled.guids["content/posts/d.md"] == "https://h.example/repo/posts/c/"


names = st.sampled_from("abcd")


def all_apart(posts: list[Post]) -> bool:
    """Two posts with one URL or one id are refused before anything is written."""
    ids = [post.id for post in posts if post.id]
    return len({post.url for post in posts}) == len(posts) and len(set(ids)) == len(ids)


posts = (
    st.dictionaries(names, st.tuples(names, st.sampled_from(["", "", "", "urn:1", "urn:2"])), max_size=4)
    .map(lambda table: [post(name, slug, id_) for name, (slug, id_) in table.items()])
    .filter(all_apart)
)


@example(histories=[[post("b", "a")], [post("b", "c"), post("c", "a")], [post("a"), post("c", "b")]])
@given(st.lists(posts, min_size=1, max_size=4))
def test_recording_what_was_published_changes_nothing_in_the_output(histories):
    ledger = Ledger()
    for site in histories:
        reconciled = reconcile(ledger, site, BASE)
        recorded = reconcile(reconciled.ledger, site, BASE)
        assert recorded.guids == reconciled.guids
        assert recorded.redirects == reconciled.redirects
        assert recorded.ledger == reconciled.ledger
        without_id = [reconciled.guids[post.path] for post in site if not post.id]
        assert len(set(without_id)) == len(without_id)
        assert reconcile(ledger, site[::-1], BASE).guids == reconciled.guids
        ledger = reconciled.ledger


@given(posts, posts)
def test_a_url_that_was_published_is_live_redirected_or_reported(before, after):
    ledger = reconcile(Ledger(), before, BASE).ledger
    reconciled = reconcile(ledger, after, BASE)
    live = {post.url for post in after} | {moved.url for moved in reconciled.redirects}
    for old in before:
        is_reported = any(old.url in problem.message for problem in reconciled.problems)
        assert old.url in live or is_reported


REUSED_URL = "https://h.example/repo/posts/a/"


@pytest.mark.parametrize(
    ("ledger", "posts", "expected"),
    [
        (
            published(post("a")),
            [post("a", "new"), post("b", "a")],
            Problem(
                "content/posts/b.md",
                0,
                f"the URL {REUSED_URL} was published for another post before",
                f"give the post another slug, or an id of its own; its guid now has its date ({REUSED_URL}#...)",
            ),
        ),
        (
            Ledger((LedgerEntry("content/posts/a.md", "urn:a", (REUSED_URL,), withdrawn=True),)),
            [post("b", id_="urn:a")],
            Problem(
                "content/posts/b.md",
                0,
                'the id "urn:a" is that of a post that was taken down',
                "give the post another id: feed readers would treat it as the same post",
            ),
        ),
        (
            published(post("a", id_="urn:a")),
            [post("a", id_="urn:b")],
            Problem(
                "content/posts/a.md",
                0,
                'the id was "urn:a" when the post was published, and is "urn:b" now: readers get it again',
                'write "id: urn:a", or remove the id',
            ),
        ),
        (
            published(post("a")),
            [],
            Problem(
                "content/posts/a.md",
                0,
                f"{REUSED_URL} was published, but no longer exists",
                'add "/posts/a/" to the `aliases` of the post that replaces it, or '
                '"withdrawn": true to its line in published.json',
            ),
        ),
        (
            Ledger(),
            [post("a", id_="urn:a"), post("b", id_="urn:a")],
            Problem(
                "content/posts/b.md",
                0,
                'the post has the same id as content/posts/a.md: "urn:a"',
                "feed readers would show only one of them; change one id",
            ),
        ),
    ],
    ids=["reused URL", "id of a withdrawn post", "changed id", "lost URL", "id of another post"],
)
def test_a_problem_says_what_readers_notice_and_what_to_do(ledger, posts, expected):
    assert reconcile(ledger, posts, BASE).problems == (expected,)


def test_the_urls_of_withdrawn_posts_are_sorted_and_named_once():
    urls = ("https://h.example/repo/posts/z/", "https://h.example/repo/posts/c/", "https://old.example/posts/c/")
    first = LedgerEntry("content/posts/c.md", "urn:c", urls, withdrawn=True)
    second = LedgerEntry("content/posts/d.md", "urn:d", urls[1:2], withdrawn=True)
    reconciled = reconcile(Ledger((first, second)), [post("a")], BASE)
    assert reconciled.withdrawn == ("/repo/posts/c/", "/repo/posts/z/")
    assert reconcile(Ledger((first, second)), [post("a", "c")], BASE).withdrawn == ("/repo/posts/z/",)


def test_a_site_without_a_base_path_has_guids_and_redirects_too():
    site = [replace(post("a"), url="/posts/a/")]
    assert reconcile(Ledger(), site, "https://h.example").guids == {"content/posts/a.md": "https://h.example/posts/a/"}
    ledger = reconcile(Ledger(), site, "https://h.example").ledger
    moved = reconcile(
        ledger, [replace(post("a", "b"), url="/posts/b/", output="posts/b/index.html")], "https://h.example"
    )
    assert moved.redirects == (MovedUrl("/posts/a/", "/posts/b/"),)


def test_of_two_posts_with_one_id_the_ledger_keeps_the_first_by_file():
    reconciled = reconcile(Ledger(), [post("b", id_="urn:1"), post("a", id_="urn:1")], BASE)
    assert [(record.path, record.guid) for record in reconciled.ledger.records] == [("content/posts/a.md", "urn:1")]


def test_of_two_posts_that_left_one_url_the_first_by_file_gets_its_redirect():
    url = "https://h.example/repo/posts/old/"
    records = tuple(LedgerEntry(f"content/posts/{name}.md", f"urn:{name}", (url,)) for name in "ab")
    reconciled = reconcile(Ledger(records), [post("b"), post("a")], BASE)
    assert reconciled.redirects == (MovedUrl("/repo/posts/old/", "/repo/posts/a/"),)


def test_a_withdrawn_record_is_not_matched_by_id_file_or_url():
    url = "https://h.example/repo/posts/a/"
    ledger = Ledger((LedgerEntry("content/posts/a.md", "urn:a", (url,), withdrawn=True),))
    for site in ([post("a")], [post("b", "a")]):
        reconciled = reconcile(ledger, site, BASE)
        assert reconciled.guids == {site[0].path: url}
        assert len(reconciled.ledger.records) == 2


def test_an_id_matches_before_a_file_and_a_file_before_a_url():
    records = (
        LedgerEntry("content/posts/a.md", "urn:a", ("https://h.example/repo/posts/b/",)),
        LedgerEntry("content/posts/b.md", "urn:b", ("https://h.example/repo/posts/a/",)),
    )
    by_id = reconcile(Ledger(records), [post("a", "c", "urn:b"), post("b", "d")], BASE)
    assert by_id.guids == {"content/posts/a.md": "urn:b", "content/posts/b.md": "https://h.example/repo/posts/d/"}
    by_file = reconcile(Ledger(records), [post("a"), post("b")], BASE)
    assert by_file.guids == {"content/posts/a.md": "urn:a", "content/posts/b.md": "urn:b"}


def test_another_id_of_a_post_replaces_its_record():
    reconciled = reconcile(published(post("a", id_="urn:a")), [post("a", id_="urn:b")], BASE)
    assert [(record.path, record.guid) for record in reconciled.ledger.records] == [("content/posts/a.md", "urn:b")]


def test_a_post_whose_url_is_the_id_of_another_post_gets_a_guid_of_its_own():
    url = "https://h.example/repo/posts/b/"
    reconciled = reconcile(Ledger(), [post("a", id_=url), post("b")], BASE)
    assert reconciled.guids == {"content/posts/a.md": url, "content/posts/b.md": f"{url}#2023-05-06"}
    assert [problem.path for problem in reconciled.problems] == ["content/posts/b.md"]


@pytest.mark.parametrize("base", ["/X", "/repo", "", "/a/X"])
@pytest.mark.parametrize("end", ["", "/", "//"])
def test_the_end_of_the_base_url_makes_no_difference(base, end):
    def at(name, slug):
        return replace(post(name, slug), url=f"{base}/posts/{slug}/")

    ledger = reconcile(Ledger(), [at("a", "a"), at("b", "b")], f"https://h.example{base}{end}").ledger
    assert [record.guid for record in ledger.records] == [f"https://h.example{base}/posts/{name}/" for name in "ab"]
    reconciled = reconcile(ledger, [at("a", "new")], f"https://h.example{base}{end}")
    assert reconciled.redirects == (MovedUrl(f"{base}/posts/a/", f"{base}/posts/new/"),)
    assert [problem.path for problem in reconciled.problems] == ["content/posts/b.md"]
    taken = [f"{base}/posts/b"]
    assert reconcile(ledger, [at("a", "a")], f"https://h.example{base}{end}", taken).problems == ()


def test_without_a_base_url_guids_are_site_paths():
    reconciled = reconcile(published(), [replace(post("a"), url="/posts/a/")], "")
    assert reconciled.guids == {"content/posts/a.md": "/posts/a/"}


def test_records_are_sorted_by_file_then_by_guid():
    records = tuple(
        LedgerEntry(f"content/posts/{name}.md", guid, (f"https://h.example/repo/posts/{guid[-1]}/",), withdrawn=True)
        for name, guid in (("b", "a:1"), ("a", "z:2"))
    )
    ledger = reconcile(Ledger(records), [post("a", "new")], BASE).ledger
    assert [(record.path[-4:], record.guid) for record in ledger.records] == [
        ("a.md", "https://h.example/repo/posts/new/"),
        ("a.md", "z:2"),
        ("b.md", "a:1"),
    ]
