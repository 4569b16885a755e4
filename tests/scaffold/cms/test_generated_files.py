import pytest

from sitegen.errors import SiteError
from sitegen.scaffold.cms.generated_files import seal, write_generated

OLD, NEW = (seal("decap", f"a: 1\n# a comment\nb: {number}\n", "", "# {}") for number in (1, 2))
PAGE = seal("sveltia", "<!doctype html>\n<p>Words\n", "<!doctype html>\n", "<!-- {} -->")


@pytest.mark.parametrize("text", [OLD, PAGE, OLD.replace("\n", "\r\n")])
def test_a_generated_file_is_written_again(tmp_path, text):
    (tmp_path / "config.yml").write_bytes(text.encode())
    done = write_generated(tmp_path, {"config.yml": NEW})
    assert (done.written, done.unchanged) == (("config.yml",), ())
    assert (tmp_path / "config.yml").read_text() == NEW


@pytest.mark.parametrize(
    "text", ["a: 1\n", OLD.replace("a: 1", "a: 2"), f"{OLD}c: 3\n", "", OLD.replace("Check", "No")]
)
def test_an_edited_file_stops_the_command_before_anything_is_written(tmp_path, text):
    (tmp_path / "b.yml").write_text(text)
    with pytest.raises(SiteError) as error:
        write_generated(tmp_path, {"a/a.yml": NEW, "b.yml": NEW})
    assert [problem.path for problem in error.value.problems] == ["b.yml"]
    assert not (tmp_path / "a").exists()
    assert (tmp_path / "b.yml").read_text() == text


def test_an_up_to_date_file_is_not_written_again(tmp_path):
    assert write_generated(tmp_path, {"config.yml": OLD}).written == ("config.yml",)
    before = (tmp_path / "config.yml").stat()
    assert write_generated(tmp_path, {"config.yml": OLD}).unchanged == ("config.yml",)
    assert (tmp_path / "config.yml").stat() == before


def test_a_dry_run_writes_nothing(tmp_path):
    assert write_generated(tmp_path, {"a/config.yml": OLD}, dry_run=True).written == ("a/config.yml",)
    assert list(tmp_path.iterdir()) == []


def test_the_start_of_a_page_stays_before_the_mark():
    first, second, *rest = PAGE.splitlines()
    assert first == "<!doctype html>"
    assert second.startswith("<!-- Written by `sitegen cms sveltia`. ")
    assert rest == ["<p>Words"]
