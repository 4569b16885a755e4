"""Programs beside Python that some tests need: found on PATH, or the test is skipped with the reason."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import TIMEOUT_SECONDS

ROOT = Path(__file__).parents[2]
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # containers often have 64 MB there, without which pages crash
)


def require_program(name: str, *folders: str) -> str:
    """Return the path of a program on PATH or in further folders; skip the test without it."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *folders]))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def require_node_file(*parts: str) -> Path:
    """Return a file of the npm packages that `.ci/run` installs; skip the test without it."""
    folder = Path(os.environ.get("SITEGEN_NODE_MODULES", ROOT / ".ci" / "cache" / "node_modules"))
    path = folder.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"{'/'.join(parts)} is not installed: .ci/run installs it; SITEGEN_NODE_MODULES names its folder")
    return path


def find_chromium() -> str | None:
    """Return the path of Chromium: the one that the environment variable CHROMIUM names, or the one on PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@contextmanager
def open_browser() -> Iterator[Any]:
    """Start a headless Chromium; skip the test if there is none or it does not start."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    executable = find_chromium()
    if executable is None:
        pytest.skip("Chromium is not installed: the environment variable CHROMIUM can name one")
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(
                executable_path=executable, args=list(CHROMIUM_ARGUMENTS), timeout=TIMEOUT_SECONDS * 1000
            )
        except playwright.Error as error:
            pytest.skip(f"Chromium does not start: {str(error).splitlines()[0]}")
        for name in ("new_context", "new_page"):
            setattr(browser, name, _waiting_longer(getattr(browser, name)))
        try:
            yield browser
        finally:
            browser.close()


def _waiting_longer(make: Callable[..., Any]) -> Callable[..., Any]:
    """Let pages wait as long as other tests do: on a busy machine, Playwright's 30 seconds are few."""

    def make_patient(**settings: Any) -> Any:
        made = make(**settings)
        made.set_default_timeout(TIMEOUT_SECONDS * 1000)
        return made

    return make_patient
