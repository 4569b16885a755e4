import pytest

from sitegen.config.presets import BLOCKS
from sitegen.render.home_rows import HomeRow, arrange_blocks


def test_the_default_home_page_has_two_columns_between_the_newest_post_and_the_form():
    side = (("most_read", ("most_read",)), ("browse", ("sources", "years", "tags")))
    assert arrange_blocks(BLOCKS) == (
        HomeRow("lead"),
        HomeRow("columns", ("latest",), side),
        HomeRow("subscribe"),
    )


@pytest.mark.parametrize(
    ("blocks", "rows"),
    [
        ((), ()),
        (("latest",), (HomeRow("columns", ("latest",)),)),
        (("tags",), (HomeRow("columns", (), (("browse", ("tags",)),)),)),
        (
            ("tags", "most_read", "years", "latest"),
            (
                HomeRow(
                    "columns",
                    ("latest",),
                    (("browse", ("tags",)), ("most_read", ("most_read",)), ("browse", ("years",))),
                ),
            ),
        ),
        (
            ("latest", "subscribe", "tags", "lead"),
            (
                HomeRow("columns", ("latest",)),
                HomeRow("subscribe"),
                HomeRow("columns", (), (("browse", ("tags",)),)),
                HomeRow("lead"),
            ),
        ),
    ],
)
def test_blocks_keep_their_order(blocks, rows):
    assert arrange_blocks(blocks) == rows
