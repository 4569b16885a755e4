"""The filters that templates have beside Jinja's own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from sitegen.config import Config, base_path
from sitegen.errors import did_you_mean
from sitegen.paths import SAFE


def make_filters(config: Config, asset: Callable[[str], str]) -> dict[str, Callable[..., Any]]:
    """Return the filters of a site by name; `asset` finds the URL of a theme's file."""
    base = base_path(config)
    origin = config.base_url[: len(config.base_url.rstrip("/")) - len(base)]

    def url(path: str) -> str:
        return path if not path.startswith("/") or path.startswith("//") else base + quote(path, safe=SAFE + "%?#")

    def absolute(address: str) -> str:
        return origin + address if address.startswith("/") and not address.startswith("//") else address

    return {
        "url": url,
        "absolute": absolute,
        "asset": asset,
        "date": format_date,
        "isodate": lambda value: value.isoformat(),
        "number": lambda value: f"{value:,}",
    }


def format_date(value: date, pattern: str = "%B %-d, %Y") -> str:
    """Return a date by a pattern of strftime; `%-d` is the day without a zero on every system."""
    return value.strftime(pattern.replace("%-d", str(value.day)).replace("%-m", str(value.month)))


def find_asset(name: str, urls: Mapping[str, str]) -> str:
    """Return the URL of a file of the theme's assets; raise LookupError, with a suggestion, where there is none."""
    if name not in urls:
        hint = did_you_mean(name, urls)
        raise LookupError(f'there is no asset "{name}"' + (f": {hint}" if hint else ""))
    return urls[name]
