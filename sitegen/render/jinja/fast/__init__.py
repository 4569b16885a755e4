"""The accelerated Jinja environment, for the versions of the library that it was tested with."""

from typing import TYPE_CHECKING

from sitegen.system.libraries import TestedLibrary

if TYPE_CHECKING:
    from sitegen.render.jinja.pure_environment import PureEnvironment

LIBRARY = TestedLibrary("Jinja", "jinja2", (3, 1, 0), (3, 2, 0), "rendering pages takes up to twice as long")
"""The programs that Jinja writes for templates are changed, which relies on how it writes them."""


def choose_class() -> type["PureEnvironment"]:
    """Return the accelerated class, or for a version that was not tested the one that uses what Jinja documents."""
    if LIBRARY.is_tested():
        from sitegen.render.jinja.fast.environment import FastEnvironment  # noqa: PLC0415 - uses private names

        return FastEnvironment
    from sitegen.render.jinja.pure_environment import PureEnvironment  # noqa: PLC0415 - loads Jinja

    return PureEnvironment
