"""Heavy images are reported, unless pages show them in other sizes."""

from sitegen.check.images import check_image, find_encoded
from sitegen.check.options import CheckLimits

PNG = b"\x89PNG\r\n\x1a\n" + bytes(3000)
LIMITS = CheckLimits(image_bytes=2048)


def test_the_original_of_an_encoded_image_may_be_heavy(tmp_path):
    (tmp_path / "posts").mkdir()
    for name in ("posts/a.png", "posts/b.png"):
        (tmp_path / name).write_bytes(PNG)
    encoded = find_encoded(("posts/a.png", "assets/images/posts/a-960.0123abcd.avif", "assets/images/posts/b.png"))
    assert encoded == {"posts/a"}
    assert list(check_image(tmp_path, "posts/a.png", LIMITS, encoded)) == []
    [problem] = check_image(tmp_path, "posts/b.png", LIMITS, encoded)
    assert problem.id == "heavy-image"
