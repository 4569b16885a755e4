from hypothesis import given
from hypothesis import strategies as st

from sitegen.importers.markdown_source.spans import Spans


@given(st.lists(st.integers(0, 30), unique=True, max_size=12), st.integers(0, 32))
def test_an_offset_is_found_in_the_span_that_contains_it(bounds, offset):
    ordered = sorted(bounds[: len(bounds) // 2 * 2])
    pairs = list(zip(ordered[::2], ordered[1::2], strict=True))
    spans = Spans(reversed(pairs))
    assert spans.contain(offset) == any(start <= offset < end for start, end in pairs)
    assert spans.contain_end(offset) == any(start < offset <= end for start, end in pairs)
