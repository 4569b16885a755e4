"""The contact sheet of the theme: its screenshots, what it reports, and the comparison with an earlier run."""

import pytest
from PIL import Image

from tests.tools.contact_sheet import ROOT, Shot, compare, main, read_options

ONE_PAGE = [
    "--sites",
    "one post",
    "--styles",
    "plain",
    "letter",
    "--pages",
    "home",
    "--widths",
    "320",
    "--schemes",
    "dark",
]


def test_a_run_writes_a_screenshot_of_each_style_and_a_second_run_finds_the_same(tmp_path, capsys):
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    assert main([str(tmp_path / "a"), *ONE_PAGE]) == 0
    folder = tmp_path / "a" / "screenshots" / "one-post" / "home"
    assert sorted(file.name for file in folder.iterdir()) == ["letter-320-dark.png", "plain-320-dark.png"]
    with Image.open(folder / "plain-320-dark.png") as image:
        assert image.width == 160
    assert (tmp_path / "a" / "sheets" / "one-post-home.png").is_file()
    assert main([str(tmp_path / "b"), *ONE_PAGE, "--compare", str(tmp_path / "a")]) == 0
    assert "2 screenshots, 1 sheets, 0 problems" in capsys.readouterr().out


def write_image(file, size, point=None):
    file.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, "#fff")
    if point:
        image.putpixel(point, (254, 255, 255))
    image.save(file)


def test_a_screenshot_that_differs_or_is_new_is_named(tmp_path):
    same, other, taller, fresh = shots = [Shot("one post", "home", "plain", width, "light") for width in range(4)]
    for shot in (same, other, taller):
        write_image(tmp_path / "old" / shot.file, (20, 10))
    write_image(tmp_path / "new" / same.file, (20, 10))
    write_image(tmp_path / "new" / other.file, (20, 10), (3, 4))
    write_image(tmp_path / "new" / taller.file, (20, 12))
    write_image(tmp_path / "new" / fresh.file, (20, 12))
    found = [line.rpartition("/")[2] for line in compare(tmp_path / "new", tmp_path / "old", shots)]
    assert found == ["plain-1-light.png: 1 pixels", "plain-2-light.png: 40 pixels", "plain-3-light.png: new"]
    with Image.open(tmp_path / "new" / "differences" / "one-post" / "home" / "plain-2-light.png") as image:
        assert image.size == (60, 12)


def test_screenshots_are_not_written_into_the_repository(capsys):
    with pytest.raises(SystemExit):
        read_options([str(ROOT / "docs" / "screenshots")])
    assert "in the repository" in capsys.readouterr().err
