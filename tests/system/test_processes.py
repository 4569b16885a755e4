import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import pytest

from sitegen.build.staging import StagedFile
from sitegen.errors import Problem, SiteError
from sitegen.system import processes
from sitegen.system.processes import MIN_ITEMS_BEFORE_WORKERS, MIN_PARALLEL_ITEMS, available_jobs, spread


@pytest.fixture(autouse=True)
def _workers_start_at_once(monkeypatch):
    monkeypatch.setattr(processes, "MIN_SECONDS_BEFORE_WORKERS", 0)


def test_results_come_in_the_order_of_the_items():
    items = range(MIN_PARALLEL_ITEMS * 3)
    assert list(spread(lambda n: n * n, items, 2)) == [n * n for n in items]


def processes_of(code):
    """Return for each result of a program, a process, whether it is the program's own.

    A process of its own: threads that another test left would keep this one from forking. `task` leaves time for other
    processes.
    """
    begin = (
        "import os, time\n"
        "from sitegen.system import processes\n"
        "from sitegen.system.processes import MIN_PARALLEL_ITEMS, spread\n"
        "parent = os.getpid()\n"
        "task = lambda _: time.sleep(0.005) or os.getpid()\n"
    )
    end = f"print(*[pid == parent for pid in {code}])"
    process = subprocess.run([sys.executable, "-c", begin + end], capture_output=True, text=True, check=True)
    return [word == "True" for word in process.stdout.split()]


def test_enough_items_are_spread_over_processes():
    found = processes_of("spread(task, range(MIN_PARALLEL_ITEMS), 2, MIN_PARALLEL_ITEMS)")
    assert len(found) == MIN_PARALLEL_ITEMS
    assert set(found) == {True, False}


def spread_slowly(seconds):
    """Return the processes of 400 items after which the processor time is the next of `seconds`, or 9 from then on."""
    times = f"setattr(processes.time, 'process_time', lambda times=iter({seconds}): next(times, 9))"
    return processes_of(f"({times}, spread(task, range(400), 2))[1]")


def test_workers_start_after_the_first_items_took_long():
    found = spread_slowly([0] * 31)
    assert found[:30] == [True] * 30
    assert not all(found)


def test_items_stay_in_this_process_if_half_of_them_were_quick():
    assert spread_slowly([0] * 201) == [True] * 400


def test_few_items_stay_in_this_process():
    assert set(spread(lambda _: os.getpid(), range(MIN_PARALLEL_ITEMS - 1), 2)) == {os.getpid()}


def test_one_job_stays_in_this_process():
    assert set(spread(lambda _: os.getpid(), range(MIN_PARALLEL_ITEMS), 1)) == {os.getpid()}


def test_nothing_is_forked_beside_other_threads():
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    try:
        assert set(spread(lambda _: os.getpid(), range(MIN_PARALLEL_ITEMS), 2)) == {os.getpid()}
    finally:
        wait.set()
        thread.join()


def test_an_exception_of_a_worker_is_raised_with_its_data():
    def fail(n):
        raise SiteError([Problem("a.md", n, "wrong")])

    with pytest.raises(SiteError) as caught:
        list(spread(fail, range(MIN_PARALLEL_ITEMS), 2))
    assert caught.value.problems[0].path == "a.md"


def test_there_is_at_least_one_processor():
    assert available_jobs() >= 1


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0], ids=["kill", "fail"])
def test_unfinished_tasks_of_a_worker_are_done_in_this_process(end):
    parent = os.getpid()

    def end_in_a_worker(n):
        if os.getpid() != parent:
            end()
        time.sleep(0.001)
        return n

    assert list(spread(end_in_a_worker, range(MIN_PARALLEL_ITEMS * 2), 3)) == list(range(MIN_PARALLEL_ITEMS * 2))


def test_results_larger_than_a_pipe_arrive():
    sizes = range(0, MIN_PARALLEL_ITEMS * 50_000, 50_000)
    assert [len(data) for data in spread(bytes, sizes, 3)] == [*sizes]


def test_many_items_are_shared_in_parts_whose_numbers_fit_into_a_pipe():
    assert list(spread(str, range(100_000), 2)) == [*map(str, range(100_000))]


@pytest.mark.parametrize("call", ["pipe", "fork"])
def test_without_workers_all_is_done_here(call, monkeypatch):
    def fail():
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, call, fail)
    assert set(spread(lambda _: os.getpid(), range(MIN_PARALLEL_ITEMS), 2)) == {os.getpid()}


def test_workers_end_when_the_results_are_not_read_to_the_end():
    code = """
import os
from sitegen.system.processes import spread

results = spread(bytes, [100_000] * 2_000, 3, 1)
assert next(results) == bytes(100_000)
results.close()
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("ended")
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "ended\n"


def test_the_first_error_in_the_order_of_the_items_is_raised():
    def fail(n):
        time.sleep((MIN_PARALLEL_ITEMS - n) / 10_000)
        raise ValueError(n)

    with pytest.raises(ValueError, match=r"^0$"):
        list(spread(fail, range(MIN_PARALLEL_ITEMS), 3))


def test_a_system_error_in_a_task_is_raised_in_the_parent():
    def fail(n):
        raise OSError(28, "No space left on device", f"file {n}")

    with pytest.raises(OSError, match="file 0"):
        list(spread(fail, range(MIN_PARALLEL_ITEMS), 2))


def test_workers_end_with_a_killed_parent(tmp_path):
    reading, writing = os.pipe()
    parent = os.fork()
    if not parent:
        try:
            os.close(reading)
            for worker in spread(lambda _: os.getpid(), range(MIN_PARALLEL_ITEMS), 2):
                (tmp_path / str(worker)).touch()
                signal.pause()
        finally:
            os._exit(0)
    os.close(writing)
    while not list(tmp_path.iterdir()):
        time.sleep(0.01)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    # Every process that the parent started holds the writing end too: its end is read when all are gone.
    with contextlib.closing(os.fdopen(reading, "rb")) as pipe:
        assert pipe.read() == b""


def test_a_parcel_arrives_as_it_was_sent():
    sent = StagedFile("a/index.html", b"key", ("site.title",), "digest", "a/index.html")
    assert pickle.loads(pickle.dumps(sent)) == sent


RUN_IN_BACKGROUND = """
import os, signal
from sitegen.system.processes import run_in_background

def task(work):
    if work == {killed}:
        os.kill(os.getpid(), signal.SIGKILL)
    if work == {failing}:
        raise ValueError(work)
    return work * 2, os.getpid(), bytes({more})

read = []
def items():
    for number in range(400):
        read.append(number)
        yield number

most = 0
find_work = lambda item: item if item % {step} == 0 else None
for item, result in run_in_background(task, items(), find_work, {jobs}, lambda _: {size}):
    most = max(most, len(read) - item)
    assert result is None or (result[0] == item * 2 and result[1] != os.getpid())
    print(item, result is not None)
print(most, "read")
"""


def run_apart(killed=-1, step=1, jobs=2, size=0, failing=-1, more=0, before=""):
    """Return the items with a result from a worker, of 400, and how many items were read in advance."""
    code = before + RUN_IN_BACKGROUND.format(killed=killed, step=step, jobs=jobs, size=size, failing=failing, more=more)
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    *rows, last = map(str.split, printed.splitlines())
    assert [int(number) for number, _ in rows] == list(range(400))
    return [int(number) for number, found in rows if found == "True"], int(last[0])


def test_items_are_read_in_advance_within_limits():
    found, read = run_apart()
    assert (found, read) == (list(range(MIN_ITEMS_BEFORE_WORKERS, 400)), 64 * 3)
    assert run_apart(size=1 << 20)[1] <= 9 * 3


def test_items_without_work_have_no_result():
    assert run_apart(step=2)[0] == list(range(MIN_ITEMS_BEFORE_WORKERS, 400, 2))


def test_little_work_starts_no_workers():
    assert run_apart(step=3) == ([], 64)


def test_one_job_reads_one_item_at_a_time():
    assert run_apart(jobs=1) == ([], 1)


def test_the_items_beside_one_whose_worker_was_killed_have_no_result():
    found, _ = run_apart(killed=280)
    assert set(found).isdisjoint(range(280, 288))
    assert set(found) >= set(range(MIN_ITEMS_BEFORE_WORKERS, 280))


def test_the_items_beside_one_that_failed_have_no_result():
    found, _ = run_apart(failing=280)
    assert found == [*range(MIN_ITEMS_BEFORE_WORKERS, 280), *range(288, 400)]


def test_results_in_the_background_may_be_larger_than_a_pipe():
    assert run_apart(more=1 << 18)[0] == list(range(MIN_ITEMS_BEFORE_WORKERS, 400))


@pytest.mark.parametrize("call", ["open", "fork", "pipe"])
def test_without_workers_nothing_is_done_in_the_background(call):
    fail = f"import os\ndef fail(*_):\n    raise OSError(24, 'Too many open files')\nos.{call} = fail\n"
    assert run_apart(before=fail)[0] == []


def test_without_space_for_temporary_files_nothing_is_done_in_the_background():
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))\n"
    assert run_apart(before=limit)[0] == []


def test_many_workers_with_the_smallest_pipes_do_not_wait_for_each_other():
    code = """
import fcntl, os, time
from sitegen.system import workers
from sitegen.system.processes import run_in_background

make_pipe = os.pipe
def make_small_pipe():
    ends = make_pipe()
    fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
    return ends
os.pipe = make_small_pipe
workers._enlarge = lambda pipe: None
def task(work):
    time.sleep(0.01)
    return work, bytes(1_000)
count = 0
for item, result in run_in_background(task, iter(range(6_000)), lambda item: item, 64, lambda _: 0):
    assert result is None or result[0] == item
    count += result is not None
print(count)
"""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert int(printed.stdout) > 5_000


def test_workers_in_the_background_end_when_the_results_are_not_read_to_the_end():
    code = """
import os
from sitegen.system.processes import run_in_background

results = run_in_background(lambda work: bytes(100_000), iter(range(2_000)), lambda item: item, 2, lambda _: 0)
for item, result in results:
    if result is not None and item > 300:
        break
descriptors = len(os.listdir("/proc/self/fd"))
results.close()
assert len(os.listdir("/proc/self/fd")) < descriptors
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("ended")
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "ended\n"
