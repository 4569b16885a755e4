"""Read and write the `srcset` attribute of images (HTML, section 4.8.4.2.1)."""

from collections.abc import Iterable, Iterator

from sitegen.formats import lazy_regex

# Possessive and matched from known positions only, so that long runs of blanks take linear time.
_CANDIDATE = lazy_regex.compile(r"[\s,]*+(\S+)")


def read_srcset(value: str) -> Iterator[tuple[str, str]]:
    """Yield the URL and the descriptor of each candidate, "" for a missing descriptor, in linear time."""
    position = 0
    while found := _CANDIDATE.match(value, position):
        url, position = found.group(1), found.end()
        if url.endswith(","):
            yield url.rstrip(","), ""
            continue
        stop = value.find(",", position)
        stop = len(value) if stop < 0 else stop
        yield url, value[position:stop].strip()
        position = stop + 1


def write_srcset(candidates: Iterable[tuple[str, str]]) -> str:
    """Return the value of the attribute for candidates of URL and descriptor."""
    return ", ".join(f"{url} {descriptor}" if descriptor else url for url, descriptor in candidates)
