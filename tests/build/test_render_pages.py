"""How pages are shared out among processes, and that it does not matter to what comes out."""

from sitegen.build.render_pages import MIN_BODIES, _first_of_each, _shares, _units
from sitegen.errors import Problem
from sitegen.feeds.plan import plan_feeds
from sitegen.site.pages.asset import Asset
from sitegen.site.pages.post import BATCH_POSTS, PostPage
from sitegen.system.processes import MIN_PARALLEL_ITEMS
from tests.support.feed_samples import CONFIG, make_post
from tests.support.feed_samples import make_site as plan_site
from tests.support.sites import CONFIG as SITE
from tests.support.sites import build, make_site, post, tree


def test_several_processes_render_the_same_feeds_as_one(tmp_path):
    texts = {
        f"content/posts/2024-01-{1 + n % 28:02}-letter-{n}.md": post(
            f"Letter {n}",
            f"2024-01-{1 + n % 28:02}",
            f"Text *{n}* with <b>raw</i> HTML.",
            f"news, rain, tide, wind, snow, hail, fog, sun, ice, sea, sky, dew, t{n % 3}",
        )
        for n in range(70)
    }
    trees = []
    for jobs in (1, 2):
        root = make_site(tmp_path / str(jobs), dict(texts), SITE + "[feeds]\nposts = 100\ngroup_posts = 100\n")
        build(root, jobs=jobs)
        trees.append(tree(root / "output"))
        assert not list((root / "output").rglob(".items-*")), "nothing of what waited stays"
    assert trees[0] == trees[1]
    assert trees[0]["feed.xml"].count(b"<item>") == 73
    shown = sum(
        data.count(b"<item>") + data.count(b"<entry") + data.count(b'"content_html"') for data in trees[0].values()
    )
    assert shown > MIN_BODIES, "there is enough to do for several processes"


def test_the_formats_of_a_feed_are_rendered_together_and_the_shares_are_balanced():
    posts = [make_post(number) for number in range(300)]
    feeds = plan_feeds(CONFIG, plan_site(posts)) * 10
    shares = _shares(feeds, range(len(feeds)))
    assert len(shares) == MIN_PARALLEL_ITEMS
    assert sorted(number for share in shares for number in share) == list(range(len(feeds)))
    groups = {}
    for index, share in enumerate(shares):
        for number in share:
            feed = feeds[number]
            groups.setdefault((feed.subject, feed.name, feed.archive), set()).add(index)
    assert {len(indexes) for indexes in groups.values()} == {1}


def test_a_few_feeds_are_one_share():
    feeds = plan_feeds(CONFIG, plan_site([make_post(number) for number in range(9)]))
    assert list(map(list, _shares(feeds, range(len(feeds))))) == [list(range(len(feeds)))]


def test_pages_of_a_batch_are_rendered_together_up_to_a_limit():
    page = PostPage("a/index.html", "/a/", "post.html", "post", make_post(1), "body")
    file = Asset("a.txt", "/a.txt", "content/a.txt", "digest")
    assert _units([], range(0)) == []
    assert _units([page, page, file, page], range(4)) == [[0], [1], [2], [3]], "each process gets some"
    many = [page] * (2 * MIN_PARALLEL_ITEMS * 3)
    units = _units(many, range(len(many)))
    assert [len(unit) for unit in units] == [3] * (2 * MIN_PARALLEL_ITEMS)
    assert [number for unit in units for number in unit] == list(range(len(many)))
    huge = [page] * (2 * MIN_PARALLEL_ITEMS * (BATCH_POSTS + 1))
    assert max(len(unit) for unit in _units(huge, range(len(huge)))) == BATCH_POSTS
    mixed = [*many, file, file, *many[:2]]
    assert _units(mixed, range(len(mixed)))[-3:] == [[384], [385], [386, 387]]


def test_one_problem_is_reported_for_each_location():
    problems = [
        Problem("a.html", 1, "first", excerpt="x"),
        Problem("a.html", 1, "second", excerpt="x"),
        Problem("a.html", 1, "third", excerpt="y"),
        Problem("a.html", 2, "fourth", excerpt="x"),
        Problem("b.html", 1, "fifth", excerpt="x"),
    ]
    assert [problem.message for problem in _first_of_each(problems)] == ["first", "third", "fourth", "fifth"]
