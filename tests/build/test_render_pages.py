"""How pages are shared out among processes, and that it does not matter to what comes out."""

from sitegen.build.render_pages import MIN_BODIES, _shares
from sitegen.feeds.plan import plan_feeds
from sitegen.system.processes import ENOUGH
from tests.support.feed_samples import CONFIG, make_post
from tests.support.feed_samples import make_site as plan_site
from tests.support.sites import CONFIG as SITE
from tests.support.sites import build, make_site, post, tree


def test_feeds_drawn_by_several_processes_are_those_that_one_draws(tmp_path):
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
        root = make_site(tmp_path / str(jobs), dict(texts), SITE + "[feeds]\nposts = 100\n")
        build(root, jobs=jobs)
        trees.append(tree(root / "output"))
        assert not list((root / "output").rglob(".items-*")), "nothing of what waited stays"
    assert trees[0] == trees[1]
    assert trees[0]["feed.xml"].count(b"<item>") == 73
    shown = sum(
        data.count(b"<item>") + data.count(b"<entry") + data.count(b'"content_html"') for data in trees[0].values()
    )
    assert shown > MIN_BODIES, "there is enough to do for several processes"


def test_the_formats_of_a_feed_are_drawn_together_and_the_shares_weigh_alike():
    posts = [make_post(number) for number in range(300)]
    feeds = plan_feeds(CONFIG, plan_site(posts)) * 10
    shares = _shares(feeds, range(len(feeds)))
    assert len(shares) == ENOUGH
    assert sorted(number for share in shares for number in share) == list(range(len(feeds)))
    groups = {}
    for place, share in enumerate(shares):
        for number in share:
            feed = feeds[number]
            groups.setdefault((feed.subject, feed.name, feed.year), set()).add(place)
    assert {len(places) for places in groups.values()} == {1}


def test_a_few_feeds_are_one_share():
    feeds = plan_feeds(CONFIG, plan_site([make_post(number) for number in range(9)]))
    assert list(map(list, _shares(feeds, range(len(feeds))))) == [list(range(len(feeds)))]
