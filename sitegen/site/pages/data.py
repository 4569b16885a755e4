"""Pages of the rows of data files, one for each row."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from sitegen.config.content_schema import DataPages
from sitegen.config.schema import Config
from sitegen.config.setting_values import SettingProblem
from sitegen.content.permalinks import fill
from sitegen.formats.frozen_dict import FrozenDict
from sitegen.formats.site_urls import output_path, site_url
from sitegen.formats.slugs import check_slug, name_slug
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs
from sitegen.site.pages.template import TemplatePage, last_change, template_of


class DataPage(TemplatePage):
    """The page of a row; its params are the values of the row."""

    __slots__ = ()


def plan_data_pages(inputs: PlanInputs) -> Iterator[DataPage]:
    """Yield the page of each row that the config asks for; `check_rows` has found nothing wrong with the rows."""
    for name, settings in inputs.config.pages.items():
        for key, row in _find_rows(inputs.site.data[settings.data or name]) or ():
            title, slug = _describe(row, key, settings)
            url = site_url(fill(settings.url, name=name, slug=slug), inputs.base)
            summary = row.get("description") or row.get("summary") or ""
            yield DataPage(output_path(url, inputs.base), url, settings.template, name, title, str(summary), row)


def check_rows(config: Config, data: FrozenDict) -> Iterator[SettingProblem]:
    """Yield what is wrong with the data of the pages that a config asks for; missing files are reported elsewhere."""
    for name, settings in config.pages.items():
        file = settings.data or name
        if file not in data:
            continue
        rows = _find_rows(data[file])
        if rows is None:
            hint = "write a CSV file with a header, a list of tables, or a table of tables"
            yield ("pages", name), f'the data file "{file}" is not a list of rows', hint
        for number, (key, row) in enumerate(rows or (), 1):
            try:
                _describe(row, key, settings)
            except ValueError as error:
                hint = f"give the row a `{settings.title}`, or a `{settings.slug}` of letters, digits and hyphens"
                yield ("pages", name), f'row {number} of the data file "{file}" has no page: {error}', hint


def _find_rows(data: Any) -> list[tuple[str, FrozenDict]] | None:
    """Return the rows of a data file, each with its name if it has one; None if the file has no rows.

    Rows are the items of a list, the only list of a table (`[[team]]`), or the tables of a table (`[ada]`).
    """
    if isinstance(data, Mapping) and len(data) == 1 and isinstance(only := next(iter(data.values())), tuple):
        data = only
    if isinstance(data, Mapping):
        pairs = list(data.items())
    else:
        pairs = [("", row) for row in data] if isinstance(data, tuple) else [("", None)]
    return pairs if all(isinstance(row, FrozenDict) for _, row in pairs) else None


def _describe(row: FrozenDict, key: str, settings: DataPages) -> tuple[str, str]:
    """Return title and slug of a row; raise ValueError if it has no title or its slug is not valid."""
    title = " ".join(str(row.get(settings.title) or row.get("name") or key).split())
    if not title:
        raise ValueError(f"there is no `{settings.title}`")
    given = row.get(settings.slug)
    slug = check_slug(str(given)) if given else name_slug(key or title)
    if not slug:
        raise ValueError(f'"{title}" has no letter for the URL')
    return title, slug


def _describe_page(page: DataPage) -> str:
    return f'the page "{page.title}" of [pages.{page.kind}] ({PurePosixPath(page.path).parent})'


DATA_PAGE = PageType(
    page=DataPage,
    phase=Phase.LISTING,
    plan=plan_data_pages,
    template=template_of,
    describe=_describe_page,
    last_change=last_change,
)
