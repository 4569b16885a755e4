import re

from tests.support.demo import ROOT
from tests.support.sites import build, make_site

TEXT = (ROOT / "docs" / "reference" / "theming.md").read_text("utf-8")
EXAMPLE = dict(re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))
THEME = ROOT / "templates"
STYLE = (THEME / "assets" / "style.css").read_text("utf-8")


def test_the_worked_example_works(tmp_path):
    config = EXAMPLE.pop("sitegen.toml")
    assert len(EXAMPLE) == 3
    build(make_site(tmp_path, EXAMPLE, config=config))
    page = (tmp_path / "output/posts/second/index.html").read_text("utf-8")
    assert '<a href="mailto:lamp@example.org?subject=Second">write to us</a>' in page
    assert "<h2>Every Friday</h2><p>Read The Lamp in your" in page
    assert 'class="related"' not in page
    assert 'class="share"' in page  # from the theme's own block
    assert re.search(r"/assets/custom\.\w+\.css", page)
    assert ">This month<" in (tmp_path / "output/index.html").read_text("utf-8")


def test_extending_the_theme_later_gives_the_bytes_of_a_clean_build(tmp_path):
    build(make_site(tmp_path / "late"))
    for name, text in EXAMPLE.items():
        (tmp_path / "late" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "late" / name).write_text(text)
    build(tmp_path / "late")
    build(make_site(tmp_path / "clean", EXAMPLE))
    late, clean = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*.html")}
        for root in (tmp_path / "late" / "output", tmp_path / "clean" / "output")
    )
    assert late == clean


def test_every_property_block_and_partial_that_is_named_is_there():
    for name in re.findall(r"`(--[a-z0-9-]+)`", TEXT):
        assert f"{name}: " in STYLE, name
    table = TEXT[TEXT.index("| template | blocks |") : TEXT.index("A template may also set")]
    for row in re.findall(r"^\| `([\w.-]+)`[^|]*\| (.*) \|$", table, re.MULTILINE):
        text = (THEME / row[0]).read_text("utf-8")
        for block in re.findall(r"`(\w+)`", row[1]):
            assert re.search(rf"{{% block {block}(?: scoped)? %}}", text), row
    named = set(
        re.findall(
            r"^\| `([\w-]+\.html)` \|", TEXT[TEXT.index("| partial |") : TEXT.index("The first four")], re.MULTILINE
        )
    )
    assert named == {path.name for path in (THEME / "partials").glob("*.html")}


def test_every_property_of_the_style_sheet_is_documented():
    root = STYLE[STYLE.index(":root {") : STYLE.index("}")]
    for name in re.findall(r"^  (--[a-z0-9-]+):", root, re.MULTILINE):
        assert f"`{name}`" in TEXT, name
