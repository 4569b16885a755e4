"""Which problems stop a publish."""

import time

from sitegen.build.builder import Builder, Request
from sitegen.check.options import CheckOptions
from sitegen.config.load import read_config
from sitegen.publish.preflight import run_preflight
from tests.support.sites import CACHE, make_site, post


def preflight(root):
    config = read_config(root).config
    builder = Builder(root, time.time_ns, cache=CACHE)
    builder.build(config, Request())
    posts = [one for one in builder.posts() if one.output in builder.outputs]
    builder.close()
    return run_preflight(root, config, root / "output", builder.outputs, posts, CheckOptions())


def test_a_good_site_has_no_problems(tmp_path):
    assert preflight(make_site(tmp_path)) == ()


def test_errors_of_pages_stop_a_publish_and_warnings_do_not(tmp_path):
    text = '<img src="/gone.png">\n\n<img src="/cat.svg" alt="image">'
    broken = post("First", text=text).replace("tags:", "broken_links: warning\ntags:")
    svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"
    errors = preflight(make_site(tmp_path, {"content/posts/2024-01-01-first.md": broken, "content/cat.svg": svg}))
    assert {problem.severity for problem in errors} == {"error"}
    found = [problem for problem in errors if "gone.png" in str(problem)]
    assert found
    assert {problem.path for problem in found} == {"content/posts/2024-01-01-first.md"}
    assert found[0].line > 1, "the line of the post's own file is named"
