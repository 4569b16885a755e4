"""Regular expressions that are compiled when they are first used.

Python takes 0.1 to 3 ms to compile one, and a build loads hundreds that most sites never need. Use `lazy_regex.compile`
for expressions of what few posts contain, and `re.compile` for those that every build applies.
"""

import re
from typing import Any, AnyStr, cast

_METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")


class LazyPattern:
    """A pattern with its flags, which is compiled when an attribute other than `pattern` is first read."""

    def __init__(self, pattern: str | bytes, flags: int | re.RegexFlag) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the compiled expression. Methods are stored, so that their next look-up is fast."""
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)

    def __repr__(self) -> str:
        """Return the call that makes the expression."""
        return f"lazy_regex.compile({self.pattern!r}, {self._flags!r})"


def compile(pattern: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:  # noqa: A001 - reads as `re.compile`
    """Return an expression that has the methods of a compiled one, and is compiled when one of them is first used.

    `re.sub` and the other functions of `re` don't accept it. A wrong pattern is reported at its first use, and by
    `tests/test_linear_time.py`, which compiles all of them.
    """
    return cast("re.Pattern[AnyStr]", LazyPattern(pattern, flags))
