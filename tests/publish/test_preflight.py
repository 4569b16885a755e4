"""Which problems stop a publish."""

import time

from sitegen.build.builder import Builder, Request
from sitegen.check.options import CheckOptions
from sitegen.config.load import read_config
from sitegen.content.ledger.file import Ledger, LedgerEntry, write_ledger
from sitegen.publish.preflight import run_preflight
from tests.support.sites import CACHE, make_site, post


def preflight(root):
    config = read_config(root).config
    builder = Builder(root, time.time_ns, cache=CACHE)
    builder.build(config, Request())
    posts = [one for one in builder.posts() if one.output in builder.outputs]
    result = run_preflight(root, config, root / "output", builder.outputs, posts, CheckOptions())
    builder.close()
    return result


def test_a_good_site_has_a_new_ledger_and_no_problems(tmp_path):
    result = preflight(make_site(tmp_path))
    assert (result.errors, result.url_problems) == ((), ())
    urls = [f"https://letter.example.org/posts/{name}/" for name in ("first", "second", "third")]
    assert sorted(entry.guid for entry in result.ledger.records) == urls


def test_errors_of_pages_stop_a_publish_and_warnings_do_not(tmp_path):
    text = '<img src="/gone.png">\n\n<img src="/cat.svg" alt="image">'
    broken = post("First", text=text).replace("tags:", "broken_links: warning\ntags:")
    svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"
    result = preflight(make_site(tmp_path, {"content/posts/2024-01-01-first.md": broken, "content/cat.svg": svg}))
    assert {problem.severity for problem in result.errors} == {"error"}
    found = [problem for problem in result.errors if "gone.png" in str(problem)]
    assert found
    assert {problem.path for problem in found} == {"content/posts/2024-01-01-first.md"}
    assert found[0].line > 1, "the line of the post's own file is named"


def test_a_published_url_that_would_be_lost_is_a_problem(tmp_path):
    url = "https://letter.example.org/posts/zeroth/"
    root = make_site(tmp_path)
    (root / "published.json").write_bytes(write_ledger(Ledger((LedgerEntry("content/posts/zeroth.md", url, (url,)),))))
    result = preflight(root)
    assert result.errors == ()
    assert [url in str(problem) or "zeroth" in str(problem) for problem in result.url_problems] == [True]
