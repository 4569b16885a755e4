from pathlib import Path

from sitegen.config.schema import Config
from sitegen.content.front_matter.fields import FIELDS
from sitegen.content.front_matter.post import read_post
from sitegen.content.front_matter.split import split
from sitegen.content.sources import read_sources
from sitegen.model import POLICIES

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "front-matter.md").read_text("utf-8")


def blocks(language):
    return [part.split("\n", 1)[1] for part in PAGE.split("```")[1::2] if part.startswith(f"{language}\n")]


def rows():
    return [row.split(" | ") for row in PAGE.splitlines() if row.startswith("| `") and row.count(" | ") == 2]


def test_every_key_is_documented_in_the_order_of_the_table():
    assert [row[0].strip("| `") for row in rows()] == [field.name for field in FIELDS]


def test_the_example_of_each_key_is_a_post_that_is_read():
    for key, _, cell in rows():
        example = cell.strip(" |`")
        title = "" if "`title`" in key else "title: A\n"
        front = split(f"---\n{title}{example}\n---\n".encode(), "content/posts/2024-05-01-a.md")
        post, warnings = read_post(front, "content/posts/2024-05-01-a.md", Config(), {})
        assert post.title
        assert warnings == ()


def test_the_whole_example_is_read():
    post, _ = read_post(split(blocks("markdown")[0].encode(), "content/posts/a.md"), "content/posts/a.md", Config(), {})
    assert (post.title, post.views.count) == ("A week of frost", 5)


def test_the_example_of_sources_is_read(tmp_path):
    (tmp_path / "sources.toml").write_text(blocks("toml")[0], "utf-8")
    assert list(read_sources(tmp_path / "sources.toml", "content/sources.toml", Config())) == [
        "NYPost",
        "New York Times",
    ]
    assert all(f"`{policy}`" in PAGE for policy in POLICIES)
