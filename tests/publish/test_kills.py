"""Killed at a hundred random moments, the next publish ends with the remote equal to the output."""

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.support.programs import require_program
from tests.support.publish_servers import serving

ROUNDS = {"folder": 20, "folder-by-file": 20, "git": 20, "s3": 20, "rsync": 20}


@pytest.mark.parametrize("target_type", ROUNDS)
def test_whenever_a_publish_is_killed_the_next_one_ends_equal(target_type, tmp_path):
    if target_type == "rsync":
        require_program("rsync")
    (tmp_path / "data" / "bucket").mkdir(parents=True)
    with serving("s3", tmp_path / "data") if target_type == "s3" else nullcontext(0) as port:
        command = [
            sys.executable,
            "-m",
            "tests.support.publish_kills",
            target_type,
            str(ROUNDS[target_type]),
            str(tmp_path),
            str(port),
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=1200, cwd=Path(__file__).parents[2]
        )
    assert done.returncode == 0, done.stdout + done.stderr
    killed, _, rounds, *_ = done.stdout.split()
    assert int(rounds) == ROUNDS[target_type]
    assert int(killed) > 0
