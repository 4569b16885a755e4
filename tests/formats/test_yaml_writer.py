import yaml
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.yaml import load_yaml
from sitegen.formats.yaml_writer import write_blocks

SCALARS = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text("ab :#{}[]-'\"?,|é1~", max_size=8)
KEYS = st.text("abcé_1-", min_size=1, max_size=4)
FLAT = st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=3), max_size=3)
VALUES = st.recursive(
    SCALARS | FLAT | st.lists(SCALARS, max_size=3),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_blocks_are_read_back_unchanged_by_both_versions_of_yaml(values):
    text = write_blocks(values)
    assert load_yaml(text) == values
    assert yaml.safe_load(text) == values


def test_a_mapping_of_scalars_in_a_list_takes_one_line():
    values = {"a": {"b": 1}, "list": [{"x": 1, "y": [1, 2]}, {"x": {"z": "#"}, "fields": [{"n": "m"}]}, {}]}
    assert write_blocks(values) == (
        'a:\n  b: 1\nlist:\n  - {x: 1, y: [1, 2]}\n  - x:\n      z: "#"\n    fields:\n      - {n: m}\n  - {}\n'
    )
