import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sitegen.formats.frozen_dict import FrozenDict, freeze
from sitegen.system import fingerprints


@dataclass(frozen=True)
class Point:
    x: int
    name: str


def test_equal_values_have_one_fingerprint_and_others_another():
    assert fingerprints.of_value((1, "a", Point(2, "b"))) == fingerprints.of_value((1, "a", Point(2, "b")))
    assert fingerprints.of_value((1, "a")) != fingerprints.of_value(("1", "a"))
    assert fingerprints.of_value(("a", "b")) != fingerprints.of_value(("ab",))


def test_a_fingerprint_is_the_same_in_every_process():
    code = "from sitegen.system import fingerprints; print(fingerprints.of_value(('x', 1, None, 2.5)))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_a_lone_surrogate_has_a_fingerprint():
    assert fingerprints.of_value("\ud800") != fingerprints.of_value("\ud801")


def test_fingerprints_depend_on_the_boundaries_of_files(tmp_path):
    (tmp_path / "a").write_text("ab")
    (tmp_path / "b").write_text("c")
    one = fingerprints.of_files([tmp_path / "a", tmp_path / "b"])
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("bc")
    assert fingerprints.of_files([tmp_path / "a", tmp_path / "b"]) != one


def test_a_missing_file_has_an_empty_fingerprint(tmp_path):
    assert fingerprints.of_file(tmp_path / "none") == ""


def test_a_frozen_dict_refuses_every_change():
    frozen = freeze({"a": [1, {"b": 2}]})
    assert frozen == {"a": (1, {"b": 2})}
    for change in (
        lambda d: d.update(a=1),
        lambda d: d.pop("a"),
        lambda d: d.setdefault("c", 1),
        lambda d: d.clear(),
        lambda d: d.__setitem__("a", 1),
        lambda d: d.__delitem__("a"),
        lambda d: d["a"][1].update(b=3),
    ):
        try:
            change(frozen)
        except TypeError:
            continue
        raise AssertionError("a change went through")
    assert isinstance(frozen, FrozenDict)
