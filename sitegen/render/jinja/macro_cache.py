"""Find the macros that depend only on their arguments, and compute keys for values that print differently."""

from collections.abc import Callable, Hashable
from datetime import date, datetime, time, timedelta
from itertools import chain
from types import NoneType
from typing import Any

from jinja2 import Environment, meta, nodes
from markupsafe import Markup

from sitegen.config.i18n import Words
from sitegen.model import Count, FeedLink, Group, Link, Post, Source, Term

BY_VALUE = frozenset([bool, int, Markup, NoneType, str])
BY_REPRESENTATION = frozenset([float, date, datetime, time, timedelta])
"""Types with values that are equal and print differently: 0.0 and -0.0, a moment in two zones."""

BY_IDENTITY = frozenset([Count, FeedLink, Group, Link, Post, Source, Term, Words])
"""Frozen values that pages share, which are compared by identity: comparing their fields would take too long."""

KEYLESS = object()
"""Instead of a key: the value has none, and what depends on it is not cached."""


def find_plain(tree: nodes.Template, environment: Environment) -> tuple[tuple[str, ...], bool]:
    """Return the names of macros that depend only on their arguments, and whether the template contains nothing else.

    Such a macro uses no name from outside but Jinja's own functions and other such macros, and brings in no
    other template. Values that templates can reach are frozen, so that nothing else can change what it shows.
    """
    macros = [node for node in tree.body if isinstance(node, nodes.Macro)]
    assigned = [name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"]
    once = [macro.name for macro in macros if [item.name for item in macros].count(macro.name) == 1]
    needs = {
        macro.name: _needs(macro, environment)
        for macro in macros
        if macro.name in once and macro.name not in assigned and not _brings_in(macro)
    }
    plain = set(needs)
    while not all(needs[name] <= plain for name in plain):
        plain = {name for name in plain if needs[name] <= plain}
    others = [node for node in tree.body if not (isinstance(node, nodes.Macro) or _is_blank(node))]
    return tuple(sorted(plain)), not others and len(plain) == len(macros)


def _needs(macro: nodes.Macro, environment: Environment) -> set[str]:
    """Return the names that a macro takes from outside, except Jinja's own functions."""
    alone = nodes.Template([macro], lineno=macro.lineno)
    alone.set_environment(environment)
    return meta.find_undeclared_variables(alone) - environment.globals.keys()


def _brings_in(macro: nodes.Macro) -> bool:
    return next(macro.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Block)), None) is not None


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and part.data.isspace() for part in node.nodes
    )


def key_of(value: Any) -> Hashable:
    """Return a key that differs for values that a template could print differently; KEYLESS if no key does that.

    Keys contain types, because 1, True and 1.0 are equal, as are a string and Markup. Keep the value as long as
    the key: some keys contain the identity of an object.
    """
    value_type = type(value)
    if value_type in BY_VALUE:
        return value_type, value
    if value_type in BY_REPRESENTATION:
        return value_type, repr(value)
    if value_type in BY_IDENTITY:
        return value_type, id(value)
    if isinstance(value, tuple | dict):
        items = chain.from_iterable(value.items()) if isinstance(value, dict) else value
        parts = [key_of(part) for part in items]
        return KEYLESS if KEYLESS in parts else (value_type, *parts)
    return KEYLESS


def listen(reads: set[str], render: Callable[[], str]) -> tuple[str, tuple[str, ...]]:
    """Return what a part of a page shows, and the names of what that part read.

    `reads` are those of the whole page, to which the part's are added.
    """
    before = set(reads)
    reads.clear()
    shown = render()
    own = tuple(reads)
    reads |= before
    return shown, own
