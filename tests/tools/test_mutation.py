import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.mutation import (
    SURVIVORS,
    Result,
    choose_sample,
    pytest_collection_modifyitems,
    read_reasons,
    read_statuses,
)

NAMES = [f"sitegen.a.x_f__mutmut_{number}" for number in range(100)]


def test_a_sample_is_the_same_for_the_same_seed_in_any_order():
    sample = choose_sample(NAMES, 10, 1)
    assert len(set(sample)) == 10
    assert choose_sample(NAMES[::-1], 10, 1) == sample
    assert choose_sample(NAMES, 10, 2) != sample


def test_a_sample_of_more_than_all_mutants_is_all():
    assert choose_sample(NAMES, 1_000, 1) == sorted(NAMES)


# The limits are those of R's binom.confint(method = "wilson").
@pytest.mark.parametrize(
    ("killed", "survived", "low", "high"), [(85, 15, 0.7672, 0.9069), (10, 0, 0.7225, 1.0), (0, 10, 0.0, 0.2775)]
)
def test_the_interval_of_a_sample_is_wilsons(killed, survived, low, high):
    result = Result(killed, dict.fromkeys(NAMES[:survived], ""))
    assert result.interval == pytest.approx((low, high), abs=0.0001)


def test_modules_with_fast_tests_run_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    seconds = {"slow.py::one": 1.0, "slow.py::two": 0.1, "fast.py::one": 0.2, "fast.py::two": 0.3}
    items = [SimpleNamespace(nodeid=name, path=Path(name.partition(":")[0])) for name in [*seconds, "new.py::one"]]
    before = list(items)
    pytest_collection_modifyitems(items)
    assert items == before, "nothing is known yet"
    Path("mutmut-stats.json").write_text(json.dumps({"duration_by_test": seconds}))
    pytest_collection_modifyitems(items)
    names = ["new.py::one", "fast.py::one", "fast.py::two", "slow.py::one", "slow.py::two"]
    assert [item.nodeid for item in items] == names


def test_statuses_are_read_from_what_mutmut_prints():
    text = "    sitegen.a.x_f__mutmut_1: killed\n    sitegen.a.xǁCǁf__mutmut_2: no tests\n\n"
    assert read_statuses(text) == {"sitegen.a.x_f__mutmut_1": "killed", "sitegen.a.xǁCǁf__mutmut_2": "no tests"}


def test_each_survivor_has_a_reason():
    assert read_reasons("# comment\nsitegen.a.x_f: 3: only a cache: any size will do\n") == {
        "sitegen.a.x_f__mutmut_3": "only a cache: any size will do"
    }
    assert all(reason.strip() for reason in read_reasons(SURVIVORS.read_text("utf-8")).values())
