"""The collector is paused inside the block, and continues as before."""

import gc

from sitegen.system.gc import collector_paused


def test_it_rests_for_a_while_and_then_goes_on():
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error():
    try:
        with collector_paused():
            raise KeyError
    except KeyError:
        assert gc.isenabled()
