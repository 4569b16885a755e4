"""Read JSON that is nested deeper than Python's parser goes: replies within replies."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]  # typeshed does not have it
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # typeshed does not have it
from typing import Any

MAX_FRAMES = 8_000
"""How deep the decoder calls itself: twice for each level, so for 1,300 replies with three levels each."""


def read_json(text: str) -> Any:
    """Return a JSON value. Raises ValueError if it is not valid, and RecursionError if it is nested too deep.

    The parser in C uses the stack of the process, and some versions of Python stop it at 500 replies. What is deeper is
    read by the one in Python, which takes ten times as long.
    """
    try:
        return json.loads(text)
    except RecursionError:
        with _allow_frames():
            return _DeepDecoder().decode(text)


class _DeepDecoder(json.JSONDecoder):
    """A decoder that uses no stack of the process."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_object, self.parse_array = JSONObject, JSONArray
        self.scan_once = py_make_scanner(self)


@contextmanager
def _allow_frames() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MAX_FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
