"""The law: a build after any edit, restart or mishap leaves what a clean build would have written.

The machine edits a real folder, builds, and compares with a build from nothing, step by step. Every run
takes the same steps. `--hypothesis-profile=explore --hypothesis-seed=N` tries others, and SITEGEN_LAW_RUNS sets the
number of runs of 50 steps.
"""

import math
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import seed as begin_with
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.msgpack import Decoder

from sitegen.cache.store import Store, StoreError
from sitegen.render.theme import find_theme
from tests.law import edits
from tests.law.faults import FAULTS
from tests.law.matter import OWN
from tests.law.workshop import CLOCKS, Workshop, read_tree

read_any = Decoder(Any).decode

ITEMS = 4
"""The machine runs as so many tests, which take different steps, so that several processes can share them."""
RUNS = int(os.environ.get("SITEGEN_LAW_RUNS", "80")) // ITEMS
STEPS = 50
JUDGED_STEPS = RUNS * STEPS * 3 // 4
"""The steps of a test whose builds are judged: Hypothesis ends some runs early, so that no number of runs is exact."""

LEAST_BUILT = 0.5
"""The share of builds that have to succeed: the others are of broken sites, and leave the output as it is."""

SLOTS = st.integers(0, 7)
SEEDS = st.integers(0, 10_000)
PARTS = tuple(OWN)
DRAWING = tuple(sorted(path.name for path in find_theme().glob("*.html") if path.name != "base.html"))


class Law(RuleBasedStateMachine):
    """Edits a site, and judges each build."""

    steps = 0
    begun = 0
    judged = 0
    built = 0
    most: float = math.inf
    """After this many steps builds are no longer judged, unless one failed: Hypothesis then repeats it."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="law-"))
        self.shop = Workshop(self.home)
        self.batch = 0

    def teardown(self) -> None:
        self.shop.end()
        shutil.rmtree(self.home)

    @invariant()
    def count(self) -> None:
        """Count the steps, this being done after each."""
        type(self).steps += 1

    def settle(self) -> None:
        """Build and check, except after edits that belong together with the next."""
        if self.batch:
            self.batch -= 1
            return
        if self.steps >= self.most and self.begun == self.judged:
            return
        type(self).begun += 1
        type(self).built += self.shop.judge()
        type(self).judged += 1

    @initialize(seeds=st.lists(SEEDS, min_size=3, max_size=6))
    def begin(self, seeds: list[int]) -> None:
        for slot, seed in enumerate(seeds):
            edits.write_post(self.shop, slot, seed)
        self.settle()

    @rule(count=st.integers(1, 3))
    def hold_back(self, count: int) -> None:
        self.batch = count

    @rule(slot=SLOTS, seed=SEEDS)
    def write_post(self, slot: int, seed: int) -> None:
        edits.write_post(self.shop, slot, seed)
        self.settle()

    @rule(slot=SLOTS, name=st.sampled_from(["body", *edits.FIELDS]), seed=SEEDS)
    def change_field(self, slot: int, name: str, seed: int) -> None:
        edits.change_field(self.shop, slot, name, seed)
        self.settle()

    @rule(slot=SLOTS, seed=SEEDS)
    def change_body(self, slot: int, seed: int) -> None:
        edits.change_field(self.shop, slot, "body", seed)
        self.settle()

    @rule(slot=SLOTS, seed=SEEDS)
    def toggle_other(self, slot: int, seed: int) -> None:
        edits.toggle_other(self.shop, slot, seed)
        self.settle()

    @rule(slot=SLOTS, other=SLOTS)
    def rename_post(self, slot: int, other: int) -> None:
        edits.rename_post(self.shop, slot, other)
        self.settle()

    @rule(slot=SLOTS)
    def delete_post(self, slot: int) -> None:
        self.shop.write_post(slot, None)
        self.settle()

    @rule(seed=SEEDS, value=SEEDS)
    def change_setting(self, seed: int, value: int) -> None:
        edits.change_setting(self.shop, seed, value)
        self.settle()

    @rule(kind=st.sampled_from(edits.FILES), seed=SEEDS)
    def change_file(self, kind: str, seed: int) -> None:
        edits.change_file(self.shop, kind, seed)
        self.settle()

    @rule(seed=SEEDS)
    def change_hooks(self, seed: int) -> None:
        edits.change_file(self.shop, "hooks.py", seed)
        self.settle()

    @rule(seed=SEEDS)
    def change_installed(self, seed: int) -> None:
        edits.change_installed(self.shop, seed)
        self.settle()

    @rule(name=st.sampled_from(sorted(edits.LINKS)), seed=SEEDS)
    def change_link(self, name: str, seed: int) -> None:
        edits.change_link(self.shop, name, seed)
        self.settle()

    @rule()
    def build_into_two_folders(self) -> None:
        for _ in range(2):
            edits.ask(self.shop, "preview")
            self.settle()

    @rule(name=st.sampled_from(DRAWING), seed=SEEDS)
    def change_template(self, name: str, seed: int) -> None:
        edits.change_template(self.shop, name, seed)
        self.settle()

    @rule(seed=SEEDS)
    def change_post_template(self, seed: int) -> None:
        edits.change_template(self.shop, "post.html", seed)
        self.settle()

    @rule(name=st.sampled_from(PARTS), seed=SEEDS)
    def change_part(self, name: str, seed: int) -> None:
        edits.change_part(self.shop, name, seed)
        self.settle()

    @rule(seed=SEEDS, how=st.sampled_from(["write", "replace", "touch", "old"]))
    def edit_slyly(self, seed: int, how: str) -> None:
        edits.edit_slyly(self.shop, seed, how)
        self.settle()

    @rule(seed=SEEDS, how=st.sampled_from(edits.SPOILINGS))
    def spoil_output(self, seed: int, how: str) -> None:
        edits.spoil_output(self.shop, seed, how)
        self.settle()

    @rule(name=st.sampled_from(edits.FOREIGN))
    def add_foreign(self, name: str) -> None:
        edits.add_foreign(self.shop, name)
        self.settle()

    @rule(seed=SEEDS, how=st.sampled_from(edits.HARMS))
    def harm_store(self, seed: int, how: str) -> None:
        edits.harm_store(self.shop, seed, how)
        self.settle()

    @rule(seed=SEEDS, how=st.sampled_from(["cut", "bit", "delete"]))
    def harm_manifest(self, seed: int, how: str) -> None:
        edits.harm_manifest(self.shop, seed, how)
        self.settle()

    @rule(how=st.sampled_from(["full", "empty"]))
    def leave_stage(self, how: str) -> None:
        edits.leave_stage(self.shop, how)
        self.settle()

    @rule(record=st.booleans())
    def forget_all(self, record: bool) -> None:
        self.shop.forget_all(record=record)
        self.settle()

    @rule(clock=st.sampled_from(sorted(CLOCKS)))
    def set_clock(self, clock: str) -> None:
        self.shop.clock = clock
        self.settle()

    @rule(crash=st.booleans())
    def restart(self, crash: bool) -> None:
        self.shop.restart(crash=crash)
        self.settle()

    @rule(how=st.sampled_from(["drafts", "future", "explain", "fresh", "preview", "another name"]))
    def ask(self, how: str) -> None:
        edits.ask(self.shop, how)
        self.settle()

    @rule(jobs=st.sampled_from([1, 1, 1, 1, 2]))
    def set_jobs(self, jobs: int) -> None:
        self.shop.jobs = jobs
        self.settle()

    @rule(serving=st.booleans(), ending=st.sampled_from(["", "", "close", "crash"]))
    def serve(self, serving: bool, ending: str) -> None:
        self.shop.serving, self.shop.ending = serving, ending

    @rule()
    def move_site(self) -> None:
        edits.move_site(self.shop)
        self.settle()


SETTINGS = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.slow  # a minute each: 3,000 steps in all, each with three builds
@pytest.mark.parametrize("number", range(ITEMS))
def test_a_build_after_any_steps_is_like_a_clean_one(number: int, pytestconfig: pytest.Config) -> None:
    law = type(f"Law{number}", (Law,), {"steps": 0, "begun": 0, "judged": 0, "built": 0, "most": JUDGED_STEPS})
    first = pytestconfig.getoption("--hypothesis-seed")
    if first is not None or SETTINGS.derandomize:
        # A seed for each test: Hypothesis would give them all the same one, and they would take the same steps.
        law = begin_with(int(first or 0) * ITEMS + number)(law)
    run_state_machine_as_test(law, settings=SETTINGS)  # type: ignore[no-untyped-call] # of hypothesis
    # With 80 runs, this is a quarter of 3,000.
    assert law.steps >= JUDGED_STEPS, f"{law.steps} steps, with {law.judged} builds judged"
    assert law.judged >= JUDGED_STEPS * 0.9
    # A site that no build accepts is like a clean build of it, and shows nothing.
    assert law.built >= law.judged * LEAST_BUILT, f"{law.built} builds of {law.judged} succeeded"


def test_a_template_that_is_no_template_is_a_problem_and_leaves_the_output(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.judge()
    for number, text in enumerate((b"{% if %}", b"\xff\xfe")):
        shop.write("templates/home.html", text)
        problems = shop.try_to_build(shop.config())
        assert [(problem.path, problem.line) for problem in problems] == [("templates/home.html", 1)], number
        shop.judge()
    shop.write("templates/home.html", "good")
    shop.judge()


def test_a_template_that_is_not_there_is_a_problem_where_it_is_named(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.write("templates/home.html", '\n{% include "nowhere.html" %}')
    problems = shop.try_to_build(shop.config())
    assert [(problem.path, problem.line) for problem in problems] == [("templates/home.html", 2)]
    assert "nowhere.html" in problems[0].message


def test_setting_the_clock_back_withdraws_what_is_then_still_to_come(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    edits.write_post(shop, 1, 0)
    shop.write_post(1, {**shop.posts[1], "date": "2100-02-01"})
    shop.clock = "latest"
    shop.judge()
    assert (shop.root / "output/posts/p1/index.html").is_file()
    shop.clock = "later"
    shop.judge()
    assert not (shop.root / "output/posts/p1/index.html").exists()


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "restarted"])
def test_a_folder_where_the_store_was_is_replaced(tmp_path: Path, kept: bool) -> None:
    shop = Workshop(tmp_path)
    edits.write_post(shop, 1, 0)
    for _ in range(2):
        shop.judge()
        if not kept:
            shop.restart()
        edits.harm_store(shop, 0, "folder")
        (shop.root / ".sitegen/store.db/own").write_bytes(b"mine")
        shop.judge()
        assert (shop.root / ".sitegen/store.db").is_file()


def test_damage_that_is_met_after_many_rows_is_damage_of_the_store(tmp_path: Path) -> None:
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


def test_a_kept_builder_mends_the_output_together_with_an_edit(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    for slot in range(3):
        edits.write_post(shop, slot, slot)
    shop.judge()
    edits.change_field(shop, 0, "body", 0)
    (shop.root / "output/posts/p1/index.html").unlink()
    shop.judge()
    edits.change_field(shop, 0, "body", 1)
    edits.spoil_output(shop, 0, "everything")
    shop.judge()


@pytest.mark.parametrize("how", ["file for folder", "link for folder"])
def test_what_is_in_the_way_of_a_folder_is_told_before_anything_is_changed(tmp_path: Path, how: str) -> None:
    shop = Workshop(tmp_path)
    for slot in range(3):
        edits.write_post(shop, slot, slot)
    shop.judge()
    folders = sorted(name for name in read_tree(shop.root / "output") if name.endswith("/"))
    edits.spoil_output(shop, folders.index("posts/"), how)
    edits.change_field(shop, 0, "title", 3)
    before = read_tree(shop.root / "output")
    problems = shop.try_to_build(shop.config())
    assert [problem.path for problem in problems] == ["output/posts"]
    assert read_tree(shop.root / "output") == before
    (shop.root / "output/posts").unlink()
    shop.foreign.clear()
    shop.judge()


def test_a_file_takes_the_place_of_a_folder_of_ours_and_the_other_way_round(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    for _ in range(2):
        shop.write("content/thing", "a file")
        shop.judge()
        shop.write("content/thing", None)
        shop.write("content/thing/deep/one.txt", "a file in it")
        shop.judge()
        shop.write("content/thing", None)


def test_a_folder_that_was_kept_for_a_file_of_others_can_be_removed_with_it(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    edits.write_post(shop, 1, 0)
    shop.judge()
    edits.add_foreign(shop, "posts/p1/own.txt")
    shop.write_post(1, None)
    shop.judge()
    assert (shop.root / "output/posts/p1/own.txt").read_bytes() == b"mine"
    shutil.rmtree(shop.root / "output/posts")
    shop.foreign.clear()
    edits.write_post(shop, 1, 0)
    shop.judge()


@pytest.mark.parametrize("ending", ["", "close", "crash"])
def test_a_build_after_a_server_that_deferred_feeds_is_like_a_clean_one(tmp_path: Path, ending: str) -> None:
    shop = Workshop(tmp_path)
    for slot in range(3):
        edits.write_post(shop, slot, slot)
    shop.judge()
    shop.serving, shop.ending = True, ending
    for name, seed in (("body", 1), ("title", 4), ("tags", 2), ("body", 3)):
        edits.change_field(shop, 1, name, seed)
        shop.judge()
    edits.write_post(shop, 5, 7)
    shop.judge()
    shop.write_post(0, None)
    shop.judge()


def test_a_file_that_a_killed_build_published_is_removed_if_its_source_is_gone(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.judge()
    shop.restart()
    shop.write("content/thing.txt", "a file")
    shop.judge()
    shop.restart(crash=True)
    shop.write("content/thing.txt", None)
    shop.judge()


def test_hooks_that_go_after_a_build_that_failed_leave_nothing_behind(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.judge()
    shop.write("hooks.py", "def finish(path, data):\n    return data + b'!'\n")
    shop.write("templates/home.html", "{% if %}")
    assert shop.try_to_build(shop.config())
    shop.write("hooks.py", None)
    shop.write("templates/home.html", "good")
    shop.judge()
    assert (shop.root / "output/index.html").read_text() == "good"


def test_a_kept_builder_mends_the_output_after_a_build_that_failed(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    edits.write_post(shop, 1, 0)
    shop.judge()
    shop.write("templates/home.html", "{% if %}")
    assert shop.try_to_build(shop.config())
    (shop.root / "output/posts/p1/index.html").write_bytes(b"")
    shop.write("templates/home.html", "good")
    shop.judge()


def test_an_edit_that_a_build_into_another_folder_saw_is_seen_again(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    edits.write_post(shop, 1, 0)
    shop.write("templates/post.html", "{{ page.title }}")
    shop.judge()
    shop.restart()
    edits.ask(shop, "preview")
    shop.judge()
    edits.change_field(shop, 1, "title", 4)
    shop.judge()
    edits.ask(shop, "preview")
    shop.judge()
    assert "Gamma" in (shop.root / "output/posts/p1/index.html").read_text()


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    fault = FAULTS[name]
    for planted in (False, True):
        shop = Workshop(tmp_path / str(planted))
        shop.judge()
        if planted:
            fault.plant(monkeypatch)
        for edit in fault.edits[:-1]:
            edit(shop)
            shop.judge()
        fault.edits[-1](shop)
        if planted:
            with pytest.raises(AssertionError, match="not a clean build's"):
                shop.judge()
        else:
            shop.judge()
