"""The callback that reports the progress of long work."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Is called during a build with the phase ("reading" or "rendering"), the files done and the number of all files."""


def no_progress(_phase: str, _done: int, _total: int) -> None:
    """Show no progress."""
