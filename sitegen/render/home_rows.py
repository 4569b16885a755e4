"""How the blocks of the home page are arranged: across the page, or in a wide and a narrow column."""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

_ACROSS = ("lead", "subscribe")
_MAIN = ("latest",)
_BROWSE = ("sources", "years", "tags")


class HomeRow(Struct, frozen=True):
    """A part of the home page, from side to side.

    It is a block that takes the whole width, with the `name` of it; or two columns, whose name is "columns": `main` are
    the blocks of the wide one, `side` those of the narrow one, as the name of a template block and the blocks in it.
    """

    name: str
    main: tuple[str, ...] = ()
    side: tuple[tuple[str, tuple[str, ...]], ...] = ()


def arrange_blocks(blocks: Sequence[str]) -> tuple[HomeRow, ...]:
    """Return the rows of a home page with these blocks, in their order."""
    rows: list[HomeRow] = []
    for across, group in groupby(blocks, key=lambda block: block in _ACROSS):
        names = tuple(group)
        if across:
            rows += [HomeRow(name) for name in names]
        else:
            main = tuple(name for name in names if name in _MAIN)
            rows.append(HomeRow("columns", main, _group_side([name for name in names if name not in _MAIN])))
    return tuple(rows)


def _group_side(names: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return template blocks with the blocks in them: `browse` holds those that follow each other."""
    groups = groupby(names, key=lambda name: "browse" if name in _BROWSE else name)
    return tuple((name, tuple(group)) for name, group in groups)
