import os
import threading

import pytest

from sitegen.errors import Problem, SiteError
from sitegen.parallel import ENOUGH, available_jobs, spread


def test_results_come_in_the_order_of_the_items():
    items = range(ENOUGH * 3)
    assert list(spread(lambda n: n * n, items, 2)) == [n * n for n in items]


def test_enough_items_are_spread_over_processes():
    assert os.getpid() not in set(spread(lambda _: os.getpid(), range(ENOUGH), 2))


def test_few_items_stay_in_this_process():
    assert set(spread(lambda _: os.getpid(), range(ENOUGH - 1), 2)) == {os.getpid()}


def test_one_job_stays_in_this_process():
    assert set(spread(lambda _: os.getpid(), range(ENOUGH), 1)) == {os.getpid()}


def test_nothing_is_forked_beside_other_threads():
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    try:
        assert set(spread(lambda _: os.getpid(), range(ENOUGH), 2)) == {os.getpid()}
    finally:
        wait.set()
        thread.join()


def test_what_a_worker_raises_comes_back_whole():
    def fail(n):
        raise SiteError([Problem("a.md", n, "wrong")])

    with pytest.raises(SiteError) as caught:
        list(spread(fail, range(ENOUGH), 2))
    assert caught.value.problems[0].path == "a.md"


def test_there_is_at_least_one_processor():
    assert available_jobs() >= 1
