"""The collector is paused inside the block, and continues as before."""

import gc

from sitegen.system.gc import collector_paused


def test_the_collector_is_paused_until_the_outer_block_ends():
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_is_enabled_again_after_an_error():
    try:
        with collector_paused():
            raise KeyError
    except KeyError:
        assert gc.isenabled()


class Cycle:
    """An object that refers to itself, so that only the collector can remove it."""

    alive = 0

    def __init__(self):
        self.own = self
        Cycle.alive += 1

    def __del__(self):
        Cycle.alive -= 1


def test_cycles_of_many_builds_of_a_server_are_collected():
    for _ in range(50):
        with collector_paused():
            for _ in range(1_000):
                Cycle()
        _ = [[] for _ in range(1_000)]
    assert Cycle.alive < 10_000
