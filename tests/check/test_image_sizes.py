"""The sizes that pages state for images are those of the files."""

import struct

import pytest

from tests.check.test_run import BASE, FIRST, check, clean_site


def png(width, height):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0) + b"\0" * 4


def find_problems(tmp_path, html, head="", image=None, path="posts/first/photo.png"):
    files = clean_site() | {path: image or png(300, 200)}
    page = files[FIRST]
    files[FIRST] = page.replace("</main>", f"{html}</main>", 1).replace("</head>", f"{head}</head>", 1)
    return [
        (problem.id, problem.path, problem.message)
        for problem in check(tmp_path, files)
        if problem.id.startswith("wrong-")
    ]


@pytest.mark.parametrize(
    ("size", "is_right"),
    [
        ('width="300" height="200"', True),
        ('width="600" height="400"', True),
        ('width="150" height="100"', True),
        ('width="100" height="67"', True),
        ('width="100" height="66"', True),
        ('width="301" height="200"', True),
        ('width="300" height="300"', False),
        ('width="100" height="60"', False),
        ('width="200" height="300"', False),
        ('width="1" height="1"', True),
        ('width="100%" height="5"', True),
        ('width="300"', True),
    ],
)
def test_an_image_is_shown_in_the_proportion_of_its_file(tmp_path, size, is_right):
    found = find_problems(tmp_path, f'<img src="photo.png" alt="x" {size}>')
    assert [problem[0] for problem in found] == ([] if is_right else ["wrong-image-size"])


def test_the_problem_of_an_image_has_both_sizes_and_the_line_of_the_post(tmp_path):
    found = find_problems(tmp_path, '<img src="photo.png" alt="x" width="30" height="30">')
    message = 'the image "photo.png" has 300 × 200 pixels, and the page shows it as 30 × 30'
    assert found == [("wrong-image-size", "content/posts/first.md", message)]


PREVIEW = '<meta property="og:image" content="{url}"><meta property="og:image:{key}" content="{value}">'


@pytest.mark.parametrize(
    ("key", "value", "is_right"),
    [("width", 300, True), ("width", 299, False), ("height", 200, True), ("height", 630, False), ("alt", "300", True)],
)
def test_a_preview_has_exactly_the_stated_size(tmp_path, key, value, is_right):
    head = PREVIEW.format(url=f"{BASE}posts/first/photo.png", key=key, value=value)
    found = find_problems(tmp_path, "", head)
    assert [problem[0] for problem in found] == ([] if is_right else ["wrong-preview-size"])
    assert all(f"og:image:{key} is {value}" in problem[2] and "300 × 200" in problem[2] for problem in found)


def test_the_size_of_a_preview_belongs_to_the_image_before_it(tmp_path):
    other = '<meta property="og:image" content="https://elsewhere.example.net/x.png">'
    head = PREVIEW.format(url=f"{BASE}posts/first/photo.png", key="width", value=300) + other
    head += '<meta property="og:image:width" content="5">'
    assert find_problems(tmp_path, "", head) == []


@pytest.mark.parametrize("image", [b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"\x89PNG\r\n\x1a\n"])
def test_an_image_whose_size_is_unknown_is_not_reported(tmp_path, image):
    assert find_problems(tmp_path, '<img src="photo.png" alt="x" width="30" height="30">', image=image) == []
