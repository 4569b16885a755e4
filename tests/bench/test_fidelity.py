"""The comparison of imported archives with cmark-gfm finds lost and unchanged content."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("cmarkgfm", reason="cmarkgfm is not installed: it has no wheel for this version of Python")

from bench import fidelity

POST = """---
title: Letter
date: 2020-01-02
---
# One

Intro, see [two](https://b.example/c) and https://a.example:
- *first*
  - second ![i](pic%20one.png)

{% comment %}not shown{% endcomment %}

```js
let x = 1
```
"""


def test_an_archive_that_is_imported_whole_is_faithful(tmp_path):
    posts = tmp_path / "old/_posts"
    posts.mkdir(parents=True)
    (posts / "2020-01-02-letter.md").write_text(POST)
    generator, tally = fidelity.compare(tmp_path / "old")
    assert (generator, tally.posts, tally.lost, tally.is_faithful) == ("jekyll", 1, [], True)
    assert tally.wanted == Counter(words=13, links=2, images=1, headings=1, items=2, code=1)
    assert not tally.missing.total()


def test_a_post_that_is_not_imported_is_lost(tmp_path):
    posts = tmp_path / "old/_posts"
    posts.mkdir(parents=True)
    (posts / "2020-01-02-letter.md").write_text(POST)
    (posts / "2020-01-03-broken.md").write_text("---\ntitle: [\n---\nWords.\n")
    _, tally = fidelity.compare(tmp_path / "old")
    assert tally.lost == ["_posts/2020-01-03-broken.md"]
    assert not tally.is_faithful


@pytest.mark.parametrize(
    ("generator", "wanted", "found"),
    [
        ("words", "<p>a b b c", "<p>a <b>b</b>"),
        (
            "links",
            '<a href="https://a.example/">a</a><a href="https://b.example">b',
            '<a href="https://a.example">x</a>',
        ),
        ("links", '<a href="b.md">b</a>', "b"),
        ("images", '<img src="/a/b.png"><img src="c.png">', '<img src="b.png">'),
        ("headings", "<h2>A <i>b</i></h2>", "<h3>A</h3>"),
        ("items", "<ul><li>a<li>b</ul>", "<ul><li>a b</ul>"),
        ("code", "<pre>a b</pre>", "<p>a b"),
    ],
)
def test_what_is_missing_is_counted(generator, wanted, found):
    tally = fidelity.Tally()
    tally.add("a.md", fidelity.read_shown(wanted), fidelity.read_shown(found))
    assert tally.preserved(generator) < 1
    assert tally.examples[generator]


def test_a_link_to_an_imported_post_is_known_by_its_text():
    wanted = fidelity.read_shown('<a href="https://old.example/b/">b c</a> <a href="https://old.example/d/">b c</a>')
    found = fidelity.read_shown('<a href="b.md">b <i>c</i></a> <a href="https://old.example/d">x</a>')
    assert fidelity.missing_links(wanted.links, found.links) == Counter()


def test_the_script_prints_a_table(tmp_path):
    posts = tmp_path / "old/_posts"
    posts.mkdir(parents=True)
    (posts / "2020-01-02-letter.md").write_text(POST)
    script = Path(fidelity.__file__)
    done = subprocess.run([sys.executable, script, tmp_path / "old"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split() == ["all", "1", "0", *["100.00%"] * 6]
