"""A build that is refused reports everything that is wrong with the contents of the site at once."""

import pytest

from sitegen.errors import Problem, ProblemCollector, SiteError
from tests.support.sites import CONFIG, build, post, write

BROKEN = {
    "the navigation names a missing page": ('[theme]\nnav = [{page = "nowhere"}]\n', {}),
    "a taxonomy names a missing template": ('[taxonomies.people]\ntemplate = "person.html"\n', {}),
    "a shortcode is mapped to a missing one": ('[shortcodes]\nvideo = "film"\n', {}),
    "a type names a missing template": ('[types.recipes]\ntemplate = "recipe.html"\n', {}),
    "pages have no data": ("[pages.team]\n", {}),
    "a post names a missing template": (
        "",
        {"content/posts/a.md": "---\ntitle: A\ndate: 2024-01-01\ntemplate: a.html\n---\n"},
    ),
    "a data file is broken": ("", {"content/data/books.toml": "x ="}),
    "the ledger is damaged": ("", {"published.json": "{"}),
    "the views are damaged": ("", {"views.csv": "x\n"}),
    "a term is described wrongly": ("", {"content/tags.toml": "[news]\nimage = 3\n"}),
}


def find_problems(root, names):
    config = CONFIG + "".join(BROKEN[name][0] for name in names)
    files = {path: text for name in names for path, text in BROKEN[name][1].items()}
    write(root, {"sitegen.toml": config, "content/posts/2024-01-02-b.md": post("B"), **files})
    with pytest.raises(SiteError) as caught:
        build(root)
    return {(problem.path, problem.message) for problem in caught.value.problems}


def test_problems_of_all_types_are_reported_together(tmp_path):
    alone = [find_problems(tmp_path / str(number), [name]) for number, name in enumerate(BROKEN)]
    assert all(alone)
    assert find_problems(tmp_path / "all", BROKEN) == set().union(*alone)


def test_missing_fonts_of_cards_are_reported_with_broken_links(tmp_path):
    config = CONFIG + '[cards]\nenabled = true\nfonts = ["missing.ttf"]\n'
    write(tmp_path, {"sitegen.toml": config, "content/posts/2024-01-02-b.md": post("B", text="[x](nowhere.md)")})
    with pytest.raises(SiteError) as caught:
        build(tmp_path)
    assert [problem.path for problem in caught.value.problems] == ["content/posts/2024-01-02-b.md", "sitegen.toml"]


def test_a_collector_raises_the_problems_of_all_steps():
    problems = ProblemCollector()
    problems.raise_found()
    for name in "ab":
        with problems:
            raise SiteError([Problem(name, 1, "wrong")])
    with pytest.raises(SiteError) as caught:
        problems.raise_found()
    assert [problem.path for problem in caught.value.problems] == ["a", "b"]


def test_a_collector_lets_other_errors_pass():
    with pytest.raises(KeyError), ProblemCollector():
        raise KeyError
