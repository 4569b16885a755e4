import pytest

import sitegen.errors
from sitegen.formats import path_index
from sitegen.formats.path_index import PathIndex

PATHS = (
    "content/posts/2024-05-01-hello.md",
    "content/posts/lighthouse.svg",
    "content/posts/harbour/index.md",
    "content/posts/street/index.md",
    "content/images/Ferry.JPG",
    "content/harbour/cover.jpg",
    "content/street/cover.jpg",
)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("content/posts/lighthuose.svg", "content/posts/lighthouse.svg"),
        ("content/posts/hello.md", "content/posts/2024-05-01-hello.md"),
        ("content/posts/2024-06-01-hello.md", "content/posts/2024-05-01-hello.md"),
        # A post that got another name.
        ("content/posts/2024-05-01-a-greeting.md", "content/posts/2024-05-01-hello.md"),
        ("content/posts/2024-05-02-a-greeting.md", None),
        ("content/2024-05-01-a-greeting.md", None),
        ("content/posts/ferry.jpg", "content/images/Ferry.JPG"),
        ("content/posts/habour/index.md", "content/posts/harbour/index.md"),
        # Files of one name in several folders, and paths that only their folder has in common with another.
        ("content/posts/cover.jpg", None),
        ("content/posts/gone.jpg", None),
        ("content/posts/zebra/index.md", None),
        ("nowhere/x.png", None),
    ],
)
def test_the_nearest_path_has_the_same_name_or_nearly_the_same_in_the_same_folder(path, meant):
    assert PathIndex(PATHS).find_nearest(path) == meant
    assert PathIndex(PATHS).did_you_mean(path) == (f'did you mean "{meant}"?' if meant else "")


def test_the_folders_of_an_index_are_at_any_depth():
    assert PathIndex(["a/b/c.md", "d.md"]).folders == {"a", "a/b"}


def test_a_path_is_compared_with_few_of_the_names_in_a_large_folder(monkeypatch):
    paths = [f"content/photo-of-{number * 7919 % 99_991:05}.jpg" for number in range(20_000)]
    meant = "content/photo-of-00042.jpg"
    compared = []

    def count(name, known):
        compared.append(len(known))
        return sitegen.errors.nearest(name, known)

    monkeypatch.setattr(path_index, "nearest", count)
    index = PathIndex({*paths, meant, "content/harbour-at-dawn.jpg"})
    assert index.find_nearest("content/photo-of-00042.jpeg") is not None
    assert index.find_nearest("content/arbour-at-dawn.jpg") == "content/harbour-at-dawn.jpg"
    assert max(compared) <= 4 * path_index.MAX_NEIGHBORS
