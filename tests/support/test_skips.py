"""The options of tests/conftest.py by which CI runs what a bare machine skips."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[2]
SAMPLE = """
import pytest

def test_passes(): pass

def test_skips(): pytest.skip("no such program")

@pytest.mark.skipif(True, reason="no such system")
def test_skips_by_mark(): pass
"""


def run_sample(folder, *options, sample=SAMPLE):
    """Run pytest on a sample, with no options but these: not those that the environment adds for this run."""
    (folder / "test_sample.py").write_text(sample)
    given = ("-q", "-p", "tests.conftest", "-c", os.devnull, "-p", "no:cacheprovider", "--color=no")
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    command = [sys.executable, "-m", "pytest", *given, *options, str(folder)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_ids_of_skipped_tests_are_written_one_a_line(tmp_path):
    ended = run_sample(tmp_path, "--write-skipped", str(tmp_path / "skipped.txt"))
    assert ended.returncode == 0, ended.stdout
    names = [line.rpartition("::")[2] for line in (tmp_path / "skipped.txt").read_text().splitlines()]
    assert names == ["test_skips", "test_skips_by_mark"]


def test_ids_of_skipped_tests_are_written_by_the_controller_of_several_workers(tmp_path):
    ended = run_sample(tmp_path, "-n", "2", "--write-skipped", str(tmp_path / "skipped.txt"))
    assert ended.returncode == 0, ended.stdout
    assert len((tmp_path / "skipped.txt").read_text().splitlines()) == 2


def test_tests_that_lack_a_folder_beside_the_checkout_are_not_written(tmp_path):
    sample = SAMPLE.replace("no such program", "the real archives are not beside the checkout")
    run_sample(tmp_path, "--write-skipped", str(tmp_path / "skipped.txt"), sample=sample)
    lines = (tmp_path / "skipped.txt").read_text().splitlines()
    assert [line.rpartition("::")[2] for line in lines] == ["test_skips_by_mark"]


def test_with_no_skips_a_skipped_test_fails_with_its_reason(tmp_path):
    ended = run_sample(tmp_path, "--no-skips")
    assert ended.returncode == 1
    assert "1 failed, 1 passed, 1 error" in ended.stdout
    assert "nothing may be skipped here, but: Skipped: no such program" in ended.stdout


def test_property_tests_do_not_fail_on_a_busy_machine():
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


PROPERTY = """
from hashlib import sha256
from hypothesis import given, strategies

seen = []

@given(strategies.lists(strategies.text()), strategies.integers(0, 1 << 60))
def test_examples(texts, number):
    seen.append((texts, number))

def test_print():
    print(f"examples {len(seen)} {sha256(repr(seen).encode()).hexdigest()}", end=" ")
"""


@pytest.mark.parametrize(("profile", "varies"), [("sitegen", False), ("explore", True)])
def test_property_tests_try_the_same_examples_with_any_code_loaded(tmp_path, monkeypatch, profile, varies):
    monkeypatch.setenv("CI", "true")  # changes what Hypothesis does by itself
    (tmp_path / "constants.py").write_text("".join(f"A{n} = {n << 40}, 'a constant {n}'\n" for n in range(500)))
    found = set()
    for sample in (PROPERTY, f"{PROPERTY}\nimport constants"):
        ended = run_sample(tmp_path, "-s", f"--hypothesis-profile={profile}", "--hypothesis-seed=0", sample=sample)
        assert ended.returncode == 0, ended.stdout
        found.add(re.search("examples [0-9]+ [0-9a-f]+", ended.stdout)[0])
    assert (len(found) > 1) is varies
