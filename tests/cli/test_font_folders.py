"""The folders of installed fonts on each platform."""

import pytest

from sitegen.cli.font_folders import find_font_folders

LINUX = ("/usr/local/share/fonts", "/usr/share/fonts")


@pytest.mark.parametrize(
    ("platform", "environment", "folders"),
    [
        ("linux", {"HOME": "/home/ada"}, (*LINUX, "/home/ada/.local/share/fonts", "/home/ada/.fonts")),
        ("linux", {}, LINUX),
        (
            "linux",
            {"XDG_DATA_DIRS": "/usr/share/:relative:/opt/share"},
            ("/usr/share/fonts", "/opt/share/fonts", LINUX[0]),
        ),
        ("linux", {"XDG_DATA_HOME": "/data"}, (*LINUX, "/data/fonts")),
        ("darwin", {"HOME": "/Users/ada"}, ("/System/Library/Fonts", "/Library/Fonts", "/Users/ada/Library/Fonts")),
        ("win32", {"WINDIR": "D:/Windows"}, ("D:/Windows/Fonts",)),
        ("win32", {"LOCALAPPDATA": "C:/L"}, ("C:/Windows/Fonts", "C:/L/Microsoft/Windows/Fonts")),
    ],
)
def test_each_platform_has_its_folders(platform, environment, folders):
    assert find_font_folders(environment, platform) == folders
