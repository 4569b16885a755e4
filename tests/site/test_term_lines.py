"""The search index of a site after edits, beside the index of a clean build."""

import random
import subprocess
import sys
import time
from contextlib import closing

import pytest

from sitegen.build.builder import Builder, Request
from sitegen.cache.store import Store
from sitegen.config.load import read_config
from sitegen.site.term_lines import read_terms
from tests.support.sites import CACHE, CONFIG, build, make_site, tree

WITHOUT_FEEDS = CONFIG + "[feeds]\nformats = []\n"
BUILD_WITH_TWO_PROCESSES = """
import os
from pathlib import Path
from sitegen.site import term_lines
from tests.support.sites import build
from tests.support.waiting import wait_until

root = Path({root!r})
folder, started = root.with_name("processes"), root.with_name("started")
folder.mkdir()
started.mkdir()
compute = term_lines.TermLines._compute

def note(terms, year, *given):
    (started / str(os.getpid())).touch()
    wait_until(lambda: len([*started.iterdir()]) > 1)  # or one process may be done before the other one has started
    (folder / f"{{year}} {{os.getpid()}}").touch()
    return compute(terms, year, *given)

term_lines.TermLines._compute = note
term_lines.MIN_POSTS_FOR_WORKERS = 30
build(root, jobs=2)
print(*(path.name for path in folder.iterdir()), sep="\\n")
"""
"""The program writes the years of the search index, each with the process that computed it."""

WORDS = [f"{first}{second}{third}" for first in "bdfk" for second in "aeio" for third in ("lum", "ran", "sto")]


def write_post(root, number, chance):
    """Write a post of one of three years with some of the words, in Latin and in Han."""
    year = chance.choice((2022, 2023, 2024))
    words = " ".join(chance.choices([*WORDS, "東京", "京都"], k=8))
    (root / f"content/posts/post-{number}.md").write_text(
        f"---\ntitle: {chance.choice(WORDS).title()}\ndate: {year}-01-{number % 28 + 1:02}\n---\n\n{words}\n", "utf-8"
    )


def clean_index(root, tmp_path):
    """Return the search files of a clean build of the same posts."""
    return tree(build_copy(root, tmp_path) / "output/search")


def build_copy(root, tmp_path):
    copy = tmp_path / "copy"
    if not copy.exists():
        make_site(copy, config=WITHOUT_FEEDS)
    for path in (copy / "content/posts").iterdir():
        path.unlink()
    for path in (root / "content/posts").iterdir():
        (copy / "content/posts" / path.name).write_bytes(path.read_bytes())
    build(copy, fresh=True)
    return copy


@pytest.mark.parametrize("cached", [False, True], ids=["new process", "same process"])
def test_the_index_after_any_edits_is_that_of_a_clean_build(tmp_path, cached):
    chance = random.Random(3)
    root = make_site(tmp_path / "site", config=WITHOUT_FEEDS)
    config = read_config(root).config
    builder = Builder(root, time.time_ns, cache=CACHE)
    for number in range(30):
        write_post(root, number, chance)
    shards = set()
    # Each step edits, adds or removes posts; the number of shards changes at 32 posts, from 4 to 8.
    for step in range(8):
        for number in chance.sample(range(42 if step % 2 else 20), 14 if step % 2 else 2):
            path = root / f"content/posts/post-{number}.md"
            if path.exists() and chance.random() < 0.3:
                path.unlink()
            else:
                write_post(root, number, chance)
        if not cached:
            builder.close()
            builder = Builder(root, time.time_ns, cache=CACHE)
        builder.build(config, Request())
        found = tree(root / "output/search")
        assert found == clean_index(root, tmp_path)
        shards |= {path.partition("-of-")[2] for path in found if "-of-" in path}
    builder.close()
    assert len(shards) > 1


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_two_processes_compute_the_same_lines_of_many_posts(tmp_path):
    root = make_site(tmp_path / "site")
    chance = random.Random(1)
    for number in range(30):
        write_post(root, number, chance)
    # Only a process without other threads can fork, and one that runs tests has some.
    code = BUILD_WITH_TWO_PROCESSES.format(root=str(root))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    computed = [line.split() for line in done.stdout.splitlines()]
    assert sorted(year for year, _ in computed) == ["1970", "2022", "2023", "2024"]
    assert len({process for _, process in computed}) == 2
    index = tree(root / "output/search")
    build(root, fresh=True)
    assert tree(root / "output/search") == index


def test_the_lines_of_years_without_posts_leave_the_build_cache(tmp_path):
    root = make_site(tmp_path / "site")
    write_post(root, 1, random.Random(1))
    path = root / "content/posts/post-1.md"
    path.write_text(path.read_text("utf-8").replace("date: 20", "date: 19"), "utf-8")
    build(root)
    path.unlink()
    build(root)
    with closing(Store(root / ".sitegen/store.db")) as store:
        rows = dict(store.all("terms", read_terms))
    assert {name.partition("/")[0] for name in rows} == {"1970", "2024"}, "pages without a date are in 1970"
    assert rows.keys() == {"1970", "1970/0", "2024", "2024/0"}


def test_lines_that_are_missing_from_the_build_cache_are_computed_again(tmp_path):
    root = make_site(tmp_path / "site")
    build(root)
    expected = tree(root / "output/search")
    with closing(Store(root / ".sitegen/store.db")) as store:
        store.remove("terms", ["2024/0"])
    for path in (root / "output/search").glob("*-of-*.txt"):
        path.unlink()
    report = build(root)
    assert tree(root / "output/search") == expected
    assert "a new one was created" in report.warnings[0].message
