"""The archive in figures: charts as SVG, each with a table of the same numbers."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from unicodedata import east_asian_width

from markupsafe import Markup, escape
from msgspec import Struct

from sitegen.config.i18n import Words
from sitegen.model import Post, Site
from sitegen.site.months import count_months

MAX_BARS = 10
"""The most bars that a chart of posts or sources has."""
LINE_COLUMNS = 44
"""The width of a label and its number on a phone, where a letter takes a column and a Chinese character two."""
WEEKS_PER_YEAR = 53
YEAR_LABEL_PERCENT = 13
"""The width of a year below or beside a chart: on the narrowest phones, its four digits need 11 %."""
VALUE_PERCENT = 8
"""The width of the number of a column that is cut off."""
MIN_CLIPPED = 20
"""The number of months or weeks from which outliers are cut off: of fewer, none is exceptional."""


class Row(Struct, frozen=True):
    """A row of a figure's table: what it is about, with the URL of its page if it has one, and the numbers."""

    title: str
    url: str
    cells: tuple[str, ...]


class Figure(Struct, frozen=True):
    """One chart with its table: `head` are the heads of the columns, the first that of the rows' titles.

    A `wide` one is about time, and takes the whole width.
    """

    id: str
    title: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    wide: bool = False


class Bar(Struct, frozen=True):
    """A bar of a chart: its label, its value, the value in words, and the cells of its row in the table."""

    label: str
    url: str
    value: int
    shown: str
    cells: tuple[str, ...]


def draw_figures(site: Site, words: Words, longest: Iterable[tuple[str, str, int]] = ()) -> tuple[Figure, ...]:
    """Return the figures of a site that have something to show.

    `longest` are title, URL and number of words of the longest posts, since `site` does not have the bodies.
    """
    posts = site.posts
    viewed = any(post.views for post in posts)
    figures = [
        draw_months(posts, words) if posts else None,
        draw_weeks(posts, words) if posts else None,
        _bars("views-by-year", words.figure_views_by_year, words.year, _years(site, words), words) if viewed else None,
        _bars("views-by-source", words.figure_views_by_source, words.source, _sources(site, words), words)
        if viewed and site.sources
        else None,
        _bars("views-by-platform", words.figure_views_by_platform, words.head_platform, _platforms(site, words), words),
        _bars("most-read", words.figure_most_read, words.head_title, _most_read(site, words), words),
        _bars("longest", words.figure_longest, words.head_title, _longest(longest, words), words),
    ]
    return tuple(figure for figure in figures if figure is not None)


def draw_months(posts: Sequence[Post], words: Words) -> Figure:
    """Return the numbers of posts of each month, from the first year to the last, as columns."""
    counts = _by_year(posts)
    first, last = min(counts), max(counts)
    months = [count for year in range(first, last + 1) for count in counts.get(year, (0,) * 12)]
    top, height = _find_top(months), 140
    width = 100 / len(months)
    parts = []
    for number, count in enumerate(months):
        if count:
            tall = round(min(count, top) * (height - 20) / top)
            x = _left_edge(number * width + width * 0.1, width * 0.8, words)
            name = words.month_name(number % 12 + 1)
            title = f"{name} {words.numerals(str(first + number // 12))}: {words.number(count)}"
            parts.append(
                f'<rect class="bar" x="{x}%" y="{height - tall}" width="{_number(width * 0.8)}%" height="{tall}">'
                f"<title>{escape(title)}</title></rect>"
            )
            if count > top:  # the bar is cut off: its number says how tall it would be
                middle = min(max(number * width + width / 2, VALUE_PERCENT / 2), 100 - VALUE_PERCENT / 2)
                x = _left_edge(middle, 0, words)
                parts.append(f'<text class="value" x="{x}%" y="12" text-anchor="middle">{words.number(count)}</text>')
    step = -(-(last - first + 1) // (100 // YEAR_LABEL_PERCENT))
    for year in range(first, last + 1, step):
        start = (year - first) * width * 12
        if start <= 100 - YEAR_LABEL_PERCENT:
            x = _left_edge(start, 0, words)
            parts.append(f'<text x="{x}%" y="{height + 18}">{words.numerals(str(year))}</text>')
    parts.append(f'<path class="axis" d="M0 {height}.5h9999M0 20.5h9999"/>')
    if months[0] <= top:  # else the number of the first bar is there
        label = words.count("posts", top)
        parts.append(f'<text class="value" x="{_left_edge(0, 0, words)}%" y="12">{escape(label)}</text>')
    title = words.figure_months
    heads = tuple(words.month_name(number, "abbreviated") for number in range(1, 13))
    rows = tuple(
        Row(words.numerals(str(year)), "", tuple(map(words.number, (*counts[year], sum(counts[year])))))
        for year in sorted(counts, reverse=True)
    )
    svg = _svg(title, height + 24, "".join(parts))
    return Figure("months", title, svg, (words.year, *heads, words.head_posts), rows, wide=True)


def draw_weeks(posts: Iterable[Post], words: Words) -> Figure:
    """Return the numbers of posts of each week (ISO 8601), a row of cells for each year.

    Days around New Year whose week belongs to the other year count in the first or last week of their own one, so that
    no year is shown for the sake of these days.
    """
    counts = Counter(map(_find_week, posts))
    years = sorted({year for year, _ in counts}, reverse=True)
    top, line = _find_top(counts.values()), 20
    left, whole = YEAR_LABEL_PERCENT, 100 - YEAR_LABEL_PERCENT
    width = whole / WEEKS_PER_YEAR
    parts = []
    for row, year in enumerate(years):
        y = row * line
        parts.append(f'<text x="{_left_edge(0, 0, words)}%" y="{y + 13}">{words.numerals(str(year))}</text>')
        parts.append(
            f'<rect class="empty" x="{_left_edge(left, whole, words)}%" y="{y + 2}" width="{whole}%" height="14"/>'
        )
        for week in range(1, WEEKS_PER_YEAR + 1):
            if count := counts[year, week]:
                x = _left_edge(left + (week - 1) * width, width * 0.86, words)
                level = min(4, -(-count * 4 // top))
                parts.append(
                    f'<rect class="level-{level}" x="{x}%" y="{y + 2}" width="{_number(width * 0.86)}%" height="14"/>'
                )
    head = (words.head_week, *(words.number(week) for week in range(1, WEEKS_PER_YEAR + 1)))
    rows = tuple(
        Row(
            words.numerals(str(year)),
            "",
            tuple(words.number(counts[year, week]) for week in range(1, WEEKS_PER_YEAR + 1)),
        )
        for year in years
    )
    title = words.figure_weeks
    return Figure("weeks", title, _svg(title, len(years) * line, "".join(parts)), head, rows, wide=True)


def _find_top(counts: Iterable[int]) -> int:
    """Return the number at the top of a scale: the largest, unless it would make all others too small to see.

    Among many numbers, one that is more than twice as large as 95 % of them is cut off.
    """
    ordered = sorted(filter(None, counts))
    common = ordered[(len(ordered) - 1) * 95 // 100]
    return common if len(ordered) >= MIN_CLIPPED and ordered[-1] > 2 * common else ordered[-1]


def _find_week(post: Post) -> tuple[int, int]:
    """Return the year of a post and the week in which it was published."""
    day = post.date
    year, week, _ = day.isocalendar()
    return day.year, week if year == day.year else 1 if year < day.year else WEEKS_PER_YEAR


def _years(site: Site, words: Words) -> list[Bar]:
    return [
        Bar(words.numerals(year.name), year.url, year.views, words.number(year.views), (words.number(year.count),))
        for year in site.years
        if year.views
    ]


def _sources(site: Site, words: Words) -> list[Bar]:
    groups = [(group.name, group.url, group.views, group.count) for group in site.sources]
    own = [post for post in site.posts if post.source is None]
    groups.append((words.figures_none, "", sum(post.views.count for post in own if post.views), len(own)))
    groups.sort(key=lambda row: (-row[2], row[0]))
    return [
        Bar(name, url, views, words.number(views), (words.number(count),))
        for name, url, views, count in groups
        if views
    ]


def _platforms(site: Site, words: Words) -> list[Bar]:
    """Return the views of each platform, if some are from `views.csv` and more than one platform counted."""
    counts = [post.views for post in site.posts if post.views]
    if not any(count.parts for count in counts):
        return []
    views, posts = Counter[str](), Counter[str]()
    for count in counts:
        for part in count.parts or (count,):
            views[part.on] += part.count
            posts[part.on] += 1
    ordered = sorted(views.items(), key=lambda item: (-item[1], item[0]))
    bars = [
        Bar(name or words.figures_other, "", number, words.number(number), (words.number(posts[name]),))
        for name, number in ordered
        if number
    ]
    return bars if len(bars) > 1 else []


def _most_read(site: Site, words: Words) -> list[Bar]:
    return [
        Bar(post.title, post.url, post.views.count, words.number(post.views.count), (words.date(post.date, "short"),))
        for post in site.most_read[:MAX_BARS]
        if post.views
    ]


def _longest(rows: Iterable[tuple[str, str, int]], words: Words) -> list[Bar]:
    return [Bar(title, url, count, words.number(count), ()) for title, url, count in rows]


def _bars(name: str, title: str, head: str, bars: Sequence[Bar], words: Words) -> Figure | None:
    """Return a chart of horizontal bars, each below its label and its number; None without any bars."""
    if not bars:
        return None
    top, line = max(bar.value for bar in bars), 44
    shown = bars if name == "views-by-year" else bars[:MAX_BARS]
    start, end = ("100", "0") if words.direction == "rtl" else ("0", "100")
    parts = []
    for row, bar in enumerate(shown):
        y, wide = row * line, bar.value * 100 / top
        label = _shorten(bar.label, LINE_COLUMNS - 1 - len(bar.shown))
        parts.append(
            f'<text x="{start}%" y="{y + 14}">{escape(label)}</text>'
            f'<text class="value" x="{end}%" y="{y + 14}" text-anchor="end">{bar.shown}</text>'
            f'<rect class="empty" y="{y + 22}" width="100%" height="8"/>'
            f'<rect class="bar" x="{_left_edge(0, wide, words)}%" y="{y + 22}" width="{_number(wide)}%" height="8"/>'
        )
    svg = _svg(title, len(shown) * line - 10, "".join(parts))
    number = words.head_words if name == "longest" else words.head_views
    extra = {"most-read": (words.head_date,), "longest": ()}.get(name, (words.head_posts,))
    rows = tuple(Row(bar.label, bar.url, (bar.shown, *bar.cells)) for bar in bars)
    note = "" if name == "longest" else words.figure_views_note
    return Figure(name, title, svg, (head, number, *extra), rows, note)


def _shorten(label: str, columns: int) -> str:
    """Return a label of at most `columns` columns, with an ellipsis in place of what is cut off."""
    ends = list(accumulate(2 if east_asian_width(character) in "WF" else 1 for character in label))
    if not ends or ends[-1] <= columns:
        return label
    return f"{label[: bisect_right(ends, columns - 1)].rstrip()}…"


def _svg(title: str, height: int, content: str) -> Markup:
    """Return a chart as wide as its container: horizontal lengths are in percent, so that letters keep their size."""
    name = escape(title)
    return Markup(f'<svg class="chart" role="img" aria-label="{name}" width="100%" height="{height}">{content}</svg>')  # noqa: S704 - escaped above


def _left_edge(x: float, width: float, words: Words) -> str:
    """Return the left edge of something in percent, mirrored in languages that are written from right to left."""
    return _number(100 - x - width if words.direction == "rtl" else x)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _by_year(posts: Iterable[Post]) -> dict[int, tuple[int, ...]]:
    years: dict[int, list[Post]] = {}
    for post in posts:
        years.setdefault(post.date.year, []).append(post)
    return {year: count_months(found) for year, found in years.items()}
