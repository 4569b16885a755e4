"""The law: a build after any edit, restart or accident leaves what a clean build would have written.

The machine edits a real folder, builds, and compares the output with a clean build, step by step. Every run
takes the same steps. `--hypothesis-profile=explore --hypothesis-seed=N` tries others, and SITEGEN_LAW_RUNS sets the
number of runs of 50 steps.
"""

import math
import os
import shutil
import struct
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import seed as seed_with
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.msgpack import Decoder

from sitegen.cache.store import Store, StoreError
from sitegen.media.cards import render_card
from sitegen.media.cards.card import Card
from sitegen.render.theme import find_theme
from tests.law import edits
from tests.law.faults import FAULTS
from tests.law.site_under_test import CLOCKS, SiteUnderTest, read_tree
from tests.law.variants import PARTIALS

read_any = Decoder(Any).decode

PARALLEL_TESTS = 4
"""The machine is split into this number of tests with different steps, so that several processes can share them."""
RUNS = int(os.environ.get("SITEGEN_LAW_RUNS", "80")) // PARALLEL_TESTS
STEPS = 50
CHECKED_STEPS = RUNS * STEPS * 3 // 4
"""The number of steps of each test whose builds are checked; Hypothesis ends some runs early."""

MIN_BUILT_SHARE = 0.5
"""The share of builds that must succeed; the others are builds of broken sites."""

SLOTS = st.integers(0, 7)
SEEDS = st.integers(0, 10_000)
PARTIAL_NAMES = tuple(PARTIALS)
PAGE_TEMPLATE_NAMES = tuple(sorted(path.name for path in find_theme().glob("*.html") if path.name != "base.html"))


class Law(RuleBasedStateMachine):
    """Edits a site, and compares each build with a clean one."""

    steps = 0
    started = 0
    checked = 0
    built = 0
    restored: ClassVar[Counter[str]] = Counter()
    max_checked_steps: float = math.inf
    """After this many steps builds are no longer checked, unless a check failed: Hypothesis then repeats it."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="law-"))
        self.site = SiteUnderTest(self.home)
        self.batch = 0

    def teardown(self) -> None:
        self.restored.update(self.site.restored)
        self.site.close()
        shutil.rmtree(self.home)

    @invariant()
    def count(self) -> None:
        """Count the steps: Hypothesis calls this after each."""
        type(self).steps += 1

    def finish_step(self) -> None:
        """Build and check, except after edits that belong together with the next."""
        if self.batch:
            self.batch -= 1
            return
        if self.steps >= self.max_checked_steps and self.started == self.checked:
            return
        type(self).started += 1
        type(self).built += self.site.build_and_check()
        type(self).checked += 1

    @initialize(seeds=st.lists(SEEDS, min_size=3, max_size=6))
    def begin(self, seeds: list[int]) -> None:
        for slot, seed in enumerate(seeds):
            edits.write_post(self.site, slot, seed)
        self.finish_step()

    @rule(count=st.integers(1, 3))
    def batch_edits(self, count: int) -> None:
        self.batch = count

    @rule(slot=SLOTS, seed=SEEDS)
    def write_post(self, slot: int, seed: int) -> None:
        edits.write_post(self.site, slot, seed)
        self.finish_step()

    @rule(slot=SLOTS, name=st.sampled_from(["body", *edits.FIELDS]), seed=SEEDS)
    def change_field(self, slot: int, name: str, seed: int) -> None:
        edits.change_field(self.site, slot, name, seed)
        self.finish_step()

    @rule(slot=SLOTS, seed=SEEDS)
    def change_body(self, slot: int, seed: int) -> None:
        edits.change_field(self.site, slot, "body", seed)
        self.finish_step()

    @rule(slot=SLOTS, seed=SEEDS)
    def toggle_field(self, slot: int, seed: int) -> None:
        edits.toggle_field(self.site, slot, seed)
        self.finish_step()

    @rule(slot=SLOTS, other=SLOTS)
    def rename_post(self, slot: int, other: int) -> None:
        edits.rename_post(self.site, slot, other)
        self.finish_step()

    @rule(slot=SLOTS)
    def delete_post(self, slot: int) -> None:
        self.site.write_post(slot, None)
        self.finish_step()

    @rule(seed=SEEDS, value=SEEDS)
    def change_setting(self, seed: int, value: int) -> None:
        edits.change_setting(self.site, seed, value)
        self.finish_step()

    @rule(path=st.sampled_from(edits.FILES), seed=SEEDS)
    def change_file(self, path: str, seed: int) -> None:
        edits.change_file(self.site, path, seed)
        self.finish_step()

    @rule(seed=SEEDS)
    def change_hooks(self, seed: int) -> None:
        edits.change_file(self.site, "hooks.py", seed)
        self.finish_step()

    @rule(seed=SEEDS)
    def change_installed(self, seed: int) -> None:
        edits.change_installed(self.site, seed)
        self.finish_step()

    @rule(name=st.sampled_from(sorted(edits.LINKS)), seed=SEEDS)
    def change_link(self, name: str, seed: int) -> None:
        edits.change_link(self.site, name, seed)
        self.finish_step()

    @rule()
    def build_into_two_folders(self) -> None:
        for _ in range(2):
            edits.change_request(self.site, "preview")
            self.finish_step()

    @rule(name=st.sampled_from(PAGE_TEMPLATE_NAMES), seed=SEEDS)
    def change_template(self, name: str, seed: int) -> None:
        edits.change_template(self.site, name, seed)
        self.finish_step()

    @rule(seed=SEEDS)
    def change_post_template(self, seed: int) -> None:
        edits.change_template(self.site, "post.html", seed)
        self.finish_step()

    @rule(name=st.sampled_from(PARTIAL_NAMES), seed=SEEDS)
    def change_partial(self, name: str, seed: int) -> None:
        edits.change_partial(self.site, name, seed)
        self.finish_step()

    @rule(seed=SEEDS, how=st.sampled_from(["write", "replace", "touch", "old"]))
    def edit_with_equal_stamp(self, seed: int, how: str) -> None:
        edits.edit_with_equal_stamp(self.site, seed, how)
        self.finish_step()

    @rule(seed=SEEDS, how=st.sampled_from(edits.OUTPUT_CHANGES))
    def tamper_with_output(self, seed: int, how: str) -> None:
        edits.tamper_with_output(self.site, seed, how)
        self.finish_step()

    @rule(name=st.sampled_from(edits.FOREIGN))
    def add_foreign(self, name: str) -> None:
        edits.add_foreign(self.site, name)
        self.finish_step()

    @rule(seed=SEEDS, how=st.sampled_from(edits.DAMAGES))
    def damage_cache(self, seed: int, how: str) -> None:
        edits.damage_cache(self.site, seed, how)
        self.finish_step()

    @rule(seed=SEEDS, how=st.sampled_from(["cut", "bit", "delete"]))
    def damage_manifest(self, seed: int, how: str) -> None:
        edits.damage_manifest(self.site, seed, how)
        self.finish_step()

    @rule(seed=SEEDS, how=st.sampled_from(["cut", "bit", "blank", "delete"]))
    def damage_encoded_images(self, seed: int, how: str) -> None:
        edits.damage_encoded_images(self.site, seed, how)
        self.finish_step()

    @rule(how=st.sampled_from(["full", "empty"]))
    def leave_staging_folder(self, how: str) -> None:
        edits.leave_staging_folder(self.site, how)
        self.finish_step()

    @rule(record=st.booleans())
    def delete_records(self, record: bool) -> None:
        self.site.delete_records(record=record)
        self.finish_step()

    @rule(clock=st.sampled_from(sorted(CLOCKS)))
    def set_clock(self, clock: str) -> None:
        self.site.clock = clock
        self.finish_step()

    @rule(crash=st.booleans())
    def restart(self, crash: bool) -> None:
        self.site.restart(crash=crash)
        self.finish_step()

    @rule(slot=SLOTS, seed=SEEDS, restarted=st.booleans())
    def extend_body(self, slot: int, seed: int, restarted: bool) -> None:
        if restarted:
            self.site.restart()
        edits.extend_body(self.site, slot, seed)
        self.finish_step()

    @rule(seed=SEEDS)
    def edit_body_after_restart(self, seed: int) -> None:
        edits.change_features(self.site, seed)
        self.finish_step()
        self.site.restart()
        edits.extend_body(self.site, 1, seed + 1)
        self.finish_step()

    @rule(how=st.sampled_from(["drafts", "future", "explain", "fresh", "preview", "no images", "another name"]))
    def change_request(self, how: str) -> None:
        edits.change_request(self.site, how)
        self.finish_step()

    @rule(jobs=st.sampled_from([1, 1, 1, 1, 2]))
    def set_jobs(self, jobs: int) -> None:
        self.site.jobs = jobs
        self.finish_step()

    @rule(serving=st.booleans(), ending=st.sampled_from(["", "", "close", "crash"]))
    def serve(self, serving: bool, ending: str) -> None:
        self.site.serving, self.site.ending = serving, ending

    @rule()
    def move_site(self) -> None:
        edits.move_site(self.site)
        self.finish_step()


@pytest.fixture(autouse=True)
def quick_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render share cards as the start of a PNG file and what they depend on: the law needs thousands of them."""
    start = struct.pack(">8sI4sIIBBBBB4x", b"\x89PNG\r\n\x1a\n", 13, b"IHDR", 1200, 630, 8, 3, 0, 0, 0)

    def render(card: Card, _book: object, read: Callable[[str], bytes]) -> bytes:
        logo = read(card.logo.name) if card.logo else b""
        return start + repr(card).encode() + logo

    monkeypatch.setattr(render_card, "render_card", render)


SETTINGS = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.slow  # a minute each: 3,000 steps in all, each with three builds
@pytest.mark.parametrize("number", range(PARALLEL_TESTS))
def test_a_build_after_any_steps_is_like_a_clean_one(number: int, pytestconfig: pytest.Config) -> None:
    counts = {"steps": 0, "started": 0, "checked": 0, "built": 0, "restored": Counter()}
    law = type(f"Law{number}", (Law,), {**counts, "max_checked_steps": CHECKED_STEPS})
    first = pytestconfig.getoption("--hypothesis-seed")
    if first is not None or SETTINGS.derandomize:
        # A seed for each test: Hypothesis would give them all the same one, and they would take the same steps.
        law = seed_with(int(first or 0) * PARALLEL_TESTS + number)(law)
    run_state_machine_as_test(law, settings=SETTINGS)  # type: ignore[no-untyped-call] # of hypothesis
    # With 80 runs, this is a quarter of 3,000.
    assert law.steps >= CHECKED_STEPS, f"{law.steps} steps, with {law.checked} builds checked"
    assert law.checked >= CHECKED_STEPS * 0.9
    # A broken site fails in both builds, which proves nothing.
    assert law.built >= law.checked * MIN_BUILT_SHARE, f"{law.built} builds of {law.checked} succeeded"
    assert law.restored["any"], "no build loaded only a part of the site"


def test_an_edit_after_a_restart_loads_a_part_of_a_site_with_each_feature(tmp_path: Path) -> None:
    restored: Counter[str] = Counter()
    for seed in (15, 100):
        site = SiteUnderTest(tmp_path / str(seed))
        edits.change_features(site, seed)
        assert site.build_and_check()
        site.restart()
        edits.extend_body(site, 1, seed + 1)
        assert site.build_and_check()
        restored.update(site.restored)
        site.close()
    assert {*restored} == {"any", "languages", "images", "cards", "searched"}


def test_an_invalid_template_is_a_problem_and_leaves_the_output(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    site.build_and_check()
    for number, text in enumerate((b"{% if %}", b"\xff\xfe")):
        site.write("templates/home.html", text)
        problems = site.try_to_build(site.config())
        assert [(problem.path, problem.line) for problem in problems] == [("templates/home.html", 1)], number
        site.build_and_check()
    site.write("templates/home.html", "good")
    site.build_and_check()


def test_a_missing_template_is_a_problem_of_the_line_that_includes_it(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    site.write("templates/home.html", '\n{% include "nowhere.html" %}')
    problems = site.try_to_build(site.config())
    assert [(problem.path, problem.line) for problem in problems] == [("templates/home.html", 2)]
    assert "nowhere.html" in problems[0].message


def test_setting_the_clock_back_removes_future_posts(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    edits.write_post(site, 1, 0)
    site.write_post(1, {**site.posts[1], "date": "2100-02-01"})
    site.clock = "latest"
    site.build_and_check()
    assert (site.root / "output/posts/p1/index.html").is_file()
    site.clock = "later"
    site.build_and_check()
    assert not (site.root / "output/posts/p1/index.html").exists()


@pytest.mark.parametrize("restarted", [False, True], ids=["same builder", "new builder"])
def test_a_folder_in_place_of_the_build_cache_is_replaced(tmp_path: Path, restarted: bool) -> None:
    site = SiteUnderTest(tmp_path)
    edits.write_post(site, 1, 0)
    for _ in range(2):
        site.build_and_check()
        if restarted:
            site.restart()
        edits.damage_cache(site, 0, "folder")
        (site.root / ".sitegen/store.db/own").write_bytes(b"mine")
        site.build_and_check()
        assert (site.root / ".sitegen/store.db").is_file()


def test_damage_after_many_rows_raises_the_error_of_the_cache(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    store.put("body", ((f"{n:05}", bytes(100)) for n in range(2_000)))
    store.close()
    with store.path.open("r+b") as file:
        file.seek(store.path.stat().st_size // 2)
        file.write(b"\xff" * 20_000)
    with pytest.raises(StoreError):
        list(store.all("body", read_any))
    with pytest.raises(StoreError):
        [store.get("body", f"{n:05}", read_any) for n in range(2_000)]
    store.close()


def test_a_second_build_of_a_builder_restores_deleted_output_after_an_edit(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    for slot in range(3):
        edits.write_post(site, slot, slot)
    site.build_and_check()
    edits.change_field(site, 0, "body", 0)
    (site.root / "output/posts/p1/index.html").unlink()
    site.build_and_check()
    edits.change_field(site, 0, "body", 1)
    edits.tamper_with_output(site, 0, "everything")
    site.build_and_check()


@pytest.mark.parametrize("how", ["file for folder", "link for folder"])
def test_a_file_in_place_of_a_folder_is_reported_before_any_change(tmp_path: Path, how: str) -> None:
    site = SiteUnderTest(tmp_path)
    for slot in range(3):
        edits.write_post(site, slot, slot)
    site.build_and_check()
    folders = sorted(name for name in read_tree(site.root / "output") if name.endswith("/"))
    edits.tamper_with_output(site, folders.index("posts/"), how)
    edits.change_field(site, 0, "title", 3)
    before = read_tree(site.root / "output")
    problems = site.try_to_build(site.config())
    assert [problem.path for problem in problems] == ["output/posts"]
    assert read_tree(site.root / "output") == before
    (site.root / "output/posts").unlink()
    site.foreign.clear()
    site.build_and_check()


def test_a_file_replaces_a_folder_of_the_output_and_a_folder_a_file(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    for _ in range(2):
        site.write("content/thing", "a file")
        site.build_and_check()
        site.write("content/thing", None)
        site.write("content/thing/deep/one.txt", "a file in it")
        site.build_and_check()
        site.write("content/thing", None)


def test_files_without_any_record_are_not_replaced_and_leave_no_folder_once_moved_away(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    edits.write_post(site, 1, 0)
    site.build_and_check()
    edits.damage_manifest(site, 0, "cut")
    site.restart(crash=True)
    edits.change_field(site, 1, "body", 1)
    edits.change_field(site, 1, "title", 1)
    assert not site.build_and_check(), "the build was stored, or files without a record were replaced"
    assert not (site.root / "output/posts/p1").exists(), "an empty folder is left"
    assert site.build_and_check()


def test_a_page_folder_with_a_foreign_file_can_be_deleted(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    edits.write_post(site, 1, 0)
    site.build_and_check()
    edits.add_foreign(site, "posts/p1/own.txt")
    site.write_post(1, None)
    site.build_and_check()
    assert (site.root / "output/posts/p1/own.txt").read_bytes() == b"mine"
    shutil.rmtree(site.root / "output/posts")
    site.foreign.clear()
    edits.write_post(site, 1, 0)
    site.build_and_check()


@pytest.mark.parametrize("ending", ["", "close", "crash"])
def test_a_build_after_a_server_that_deferred_feeds_is_like_a_clean_one(tmp_path: Path, ending: str) -> None:
    site = SiteUnderTest(tmp_path)
    for slot in range(3):
        edits.write_post(site, slot, slot)
    site.build_and_check()
    site.serving, site.ending = True, ending
    for name, seed in (("body", 1), ("title", 4), ("tags", 2), ("body", 3)):
        edits.change_field(site, 1, name, seed)
        site.build_and_check()
    edits.write_post(site, 5, 7)
    site.build_and_check()
    site.write_post(0, None)
    site.build_and_check()


def test_a_file_that_a_killed_build_published_is_removed_if_its_source_is_gone(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    site.build_and_check()
    site.restart()
    site.write("content/thing.txt", "a file")
    site.build_and_check()
    site.restart(crash=True)
    site.write("content/thing.txt", None)
    site.build_and_check()


def test_hooks_deleted_after_a_failed_build_do_not_change_the_output(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    site.build_and_check()
    site.write("hooks.py", "def finish(path, data):\n    return data + b'!'\n")
    site.write("templates/home.html", "{% if %}")
    assert site.try_to_build(site.config())
    site.write("hooks.py", None)
    site.write("templates/home.html", "good")
    site.build_and_check()
    assert (site.root / "output/index.html").read_text() == "good"


def test_a_builder_restores_changed_output_after_a_failed_build(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    edits.write_post(site, 1, 0)
    site.build_and_check()
    site.write("templates/home.html", "{% if %}")
    assert site.try_to_build(site.config())
    (site.root / "output/posts/p1/index.html").write_bytes(b"")
    site.write("templates/home.html", "good")
    site.build_and_check()


def test_an_edit_that_a_build_into_another_folder_saw_is_seen_again(tmp_path: Path) -> None:
    site = SiteUnderTest(tmp_path)
    edits.write_post(site, 1, 0)
    site.write("templates/post.html", "{{ page.title }}")
    site.build_and_check()
    site.restart()
    edits.change_request(site, "preview")
    site.build_and_check()
    edits.change_field(site, 1, "title", 4)
    site.build_and_check()
    edits.change_request(site, "preview")
    site.build_and_check()
    assert "Gamma" in (site.root / "output/posts/p1/index.html").read_text()


@pytest.mark.parametrize("name", FAULTS)
def test_the_machine_detects_each_seeded_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    fault = FAULTS[name]
    for planted in (False, True):
        site = SiteUnderTest(tmp_path / str(planted))
        site.build_and_check()
        if planted:
            fault.plant(monkeypatch)
        for edit in fault.edits[:-1]:
            edit(site)
            site.build_and_check()
        fault.edits[-1](site)
        if planted:
            with pytest.raises(AssertionError, match="differs from a clean build"):
                site.build_and_check()
        else:
            site.build_and_check()
