"""Random edits, one after the other, by the machine that judges the law: each build equals a clean one."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.build.test_incremental import Law

EDITS = 5
"""A sequence is short, so that many different ones are tried; the law's own test takes ten times as many steps."""
AT_ONCE = 20
"""So many sequences begin with one seed: the first of them is short, as Hypothesis has it."""


def of_edits(home: Path, random: Random) -> Iterator[str]:
    """Edit a site at random, build and judge, five times in each sequence; where one fails tell the shortest."""
    wishes = settings(
        max_examples=AT_ONCE,
        stateful_step_count=EDITS,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    while True:
        number = random.randrange(1 << 30)
        run = seed(number)(get_state_machine_test(Law, settings=wishes))
        try:
            run()
        except AssertionError as fault:
            yield f"seed {number}: {fault} {getattr(fault, '__notes__', '')}"
        else:
            yield from [""] * AT_ONCE
