"""The style sheet that is generated from the settings of the theme."""

from collections.abc import Iterator

from msgspec import Struct

from sitegen.formats.site_urls import site_url
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs
from sitegen.site.theme_style import find_style_path


class Stylesheet(Struct, frozen=True):
    """A style sheet whose name changes with its text."""

    path: str
    url: str
    text: str


def plan_stylesheets(inputs: PlanInputs) -> Iterator[Stylesheet]:
    """Yield the style sheet of the theme's settings, if they have one."""
    if inputs.style:
        path = find_style_path(inputs.style)
        yield Stylesheet(path, site_url(f"/{path}", inputs.base), inputs.style)


STYLESHEET = PageType(
    page=Stylesheet,
    phase=Phase.ASSET,
    plan=plan_stylesheets,
    render=lambda page, _: page.text.encode(),
)
