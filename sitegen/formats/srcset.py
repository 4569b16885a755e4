"""The `srcset` attribute of images: its candidates, and the value that they make (HTML, section 4.8.4.2.1)."""

import re
from collections.abc import Iterable, Iterator

# Possessive and matched from a known place only, so that long runs of blanks take linear time.
_CANDIDATE = re.compile(r"[\s,]*+(\S+)")


def read_srcset(value: str) -> Iterator[tuple[str, str]]:
    """Yield the URL and the descriptor of each candidate, "" where it has no descriptor, in linear time."""
    place = 0
    while found := _CANDIDATE.match(value, place):
        url, place = found.group(1), found.end()
        if url.endswith(","):
            yield url.rstrip(","), ""
            continue
        stop = value.find(",", place)
        stop = len(value) if stop < 0 else stop
        yield url, value[place:stop].strip()
        place = stop + 1


def write_srcset(candidates: Iterable[tuple[str, str]]) -> str:
    """Return the value of the attribute for candidates of URL and descriptor."""
    return ", ".join(f"{url} {descriptor}" if descriptor else url for url, descriptor in candidates)
