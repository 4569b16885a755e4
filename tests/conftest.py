"""Options by which CI runs the suite on a bare machine first, then what that skipped where nothing may be skipped.

No test measures time: property tests have no deadline, so that none fails on a busy machine. They try the same
examples each time, so that a test fails only for what a change does; `--hypothesis-profile=explore` tries others.
Hypothesis also tries constants of the code that is loaded, which depend on the change and on the tests that ran before:
only that profile has them.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from tests.support.programs import open_browser

# Not as Hypothesis sets it where the variable CI is set: random there too.
settings.register_profile(
    "explore", settings(), deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("sitegen", settings.get_profile("explore"), derandomize=True, database=None)
settings.load_profile("sitegen")

find_constants = providers._get_local_constants
providers._get_local_constants = lambda: Constants() if settings().derandomize else find_constants()


MAX_ID_BYTES = 20
"""Bytes of at most this length are part of the id of a test."""

BESIDE = "not beside the checkout"
"""What the reason of a skip says if a folder of `../shared` is missing, which no installation provides."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-skipped", metavar="FILE", help="Write the ids of tests that lack a program to FILE.")
    parser.addoption("--no-skips", action="store_true", help="Fail each test that would be skipped.")


def pytest_configure(config: pytest.Config) -> None:
    ignore_git_settings()
    file = config.getoption("--write-skipped")
    if file and not hasattr(config, "workerinput"):  # with pytest-xdist, the controller sees all reports
        config.pluginmanager.register(SkipLog(Path(file)))


def ignore_git_settings() -> None:
    """Let git read no configuration but ours, and find the repository in the folder, also within a hook of git."""
    for name in [name for name in os.environ if name.startswith("GIT_") and name != "GIT_EXEC_PATH"]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="sitegen-git-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    config = Path(folder, "config")
    config.write_text("[safe]\n\tdirectory = *\n", "utf-8")  # the checkout may belong to another user
    os.environ.update(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=str(config))


class SkipLog:
    """Collects the ids of tests that were skipped for lack of a program, and writes them at the end of the session."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ids: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and BESIDE not in str(report.longrepr):
            self.ids.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.path.write_text("".join(f"{name}\n" for name in sorted(self.ids)), "utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.longrepr = f"nothing may be skipped here, but: {reason}"
    return report


@pytest.fixture(scope="module")
def browser() -> Generator[Any, None, None]:
    """Start Chromium for the tests of a module."""
    with open_browser() as started:
        yield started


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by the parameter: their contents may differ between processes, such as the time in a gzip file."""
    return argname if isinstance(val, bytes) and len(val) > MAX_ID_BYTES else None
