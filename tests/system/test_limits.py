import signal
import sys
import threading

import pytest

from sitegen.system.limits import TimeUpError, limit

# The signal may come in a callback of the garbage collector, where Python drops what is raised: it comes again.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def work_endlessly():
    while True:
        sum(range(1000))


def test_work_that_takes_too_long_is_stopped():
    with pytest.raises(TimeUpError), limit(0.05, 1000):
        work_endlessly()


def test_the_limit_interrupts_again_if_the_first_error_is_lost():
    def lose_the_first():
        try:
            work_endlessly()
        except TimeUpError:
            work_endlessly()

    with pytest.raises(TimeUpError), limit(0.05, 1000):
        lose_the_first()


def test_nothing_is_left_running_after_a_stop():
    recursion = sys.getrecursionlimit()
    with pytest.raises(TimeUpError), limit(0.02, 1000):
        work_endlessly()
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    signal.raise_signal(signal.SIGVTALRM)
    assert sys.getrecursionlimit() == recursion


def test_depth_is_counted_from_the_caller():
    def descend(count):
        return 0 if count == 0 else 1 + descend(count - 1)

    with limit(60, 3000):
        assert descend(2500) == 2500
    with pytest.raises(RecursionError), limit(60, 300):
        descend(500)


def test_limits_can_nest():
    with limit(60, 3000):
        with pytest.raises(TimeUpError), limit(0.02, 1000):
            work_endlessly()
        left, interval = signal.getitimer(signal.ITIMER_VIRTUAL)
        assert 0 < left < 61
        assert interval == pytest.approx(0.1, abs=0.02)


def test_time_is_not_limited_outside_the_main_thread():
    done = []

    def work():
        with limit(0.0001, 1000):
            done.append(sum(range(1_000_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(done) == 1
