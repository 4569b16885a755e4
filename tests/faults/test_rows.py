"""A short run of every row of the table; `python -m tests.faults` runs the whole."""

from pathlib import Path

import pytest

from tests.faults.row import try_row
from tests.faults.table import ROWS

PATIENCE = 30.0
"""So many seconds a row may take here."""


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.quick])
def test_nothing_is_lost_and_every_fault_is_told(name: str, tmp_path: Path) -> None:
    result = try_row(ROWS[name], tmp_path / name, seed=1, most=ROWS[name].quick, seconds=PATIENCE)
    if result.reason and not result.done:
        pytest.skip(result.reason)
    assert result.faults == ()
    assert result.done
