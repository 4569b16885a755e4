import pytest

from sitegen.content.data_files import read_data
from sitegen.errors import SiteError


def test_each_format_is_read_by_its_ending():
    data = read_data(
        {
            "content/data/a.toml": b"x = 1\n",
            "content/data/b.json": b'{"x": [1, 2]}',
            "content/data/c.yaml": b"x: {y: no}\n",
            "content/data/d.csv": b"name,count\nAda,3\nBo\n",
        }
    )
    assert data["a"] == {"x": 1}
    assert data["b"]["x"] == (1, 2)
    assert data["c"]["x"]["y"] == "no"
    assert data["d"] == ({"name": "Ada", "count": "3"}, {"name": "Bo", "count": ""})


def test_values_cannot_be_changed():
    data = read_data({"content/data/a.json": b'{"x": {"y": []}}'})
    with pytest.raises(TypeError):
        data["a"]["x"]["z"] = 1
    with pytest.raises(TypeError):
        data["b"] = 1


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.json", b'{\n"x": }', 2),
        ("a.json", b"[" * 100_000, 0),
        ("a.csv", b"x\n1,2\n", 2),
        ("a.csv", b'x\n"1\n', 2),
        ("a.toml", b"x = 1\ny = \n", 2),
        ("a.json", b"\n\xff", 2),
        ("a.yaml", b"x: [\n", 0),
    ],
)
def test_a_broken_file_is_a_problem_with_its_line(name, text, line):
    with pytest.raises(SiteError) as caught:
        read_data({f"content/data/{name}": text})
    (problem,) = caught.value.problems
    assert problem.path == f"content/data/{name}"
    assert not line or problem.line == line


def test_all_broken_files_are_named_at_once():
    with pytest.raises(SiteError) as caught:
        read_data({"content/data/a.json": b"{", "content/data/b.json": b"{"})
    assert len(caught.value.problems) == 2
