"""Run the state machine of the law with many short sequences of edits: each build must equal a clean one."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.build.test_incremental import Law

STEPS = 5
"""Short sequences, so that many different ones run; the test of the law takes ten times as many steps."""
SEQUENCES_PER_SEED = 20
"""Several sequences share a seed, because Hypothesis makes the first one of a seed short."""


def edit_at_random(home: Path, random: Random) -> Iterator[str]:
    """Edit a site at random, build and check, five times in each sequence; yield the shortest failing sequence."""
    options = settings(
        max_examples=SEQUENCES_PER_SEED,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    while True:
        hypothesis_seed = random.randrange(1 << 30)
        run = seed(hypothesis_seed)(get_state_machine_test(Law, settings=options))
        try:
            run()
        except AssertionError as error:
            yield f"seed {hypothesis_seed}: {error} {getattr(error, '__notes__', '')}"
        else:
            yield from [""] * SEQUENCES_PER_SEED
