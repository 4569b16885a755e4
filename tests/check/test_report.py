"""Problems as text: repeated ones are counted by type, and those of imported posts separately."""

from sitegen.check.report import MAX_REPEATED, SHOWN_REPEATED, format_problems
from sitegen.errors import ADVICE, ERROR, WARNING, Problem
from sitegen.importers.imported import find_imported
from tests.support.importing import import_path


def repeat(severity, id_, count, folder="content/posts"):
    return [
        Problem(f"{folder}/{n}.md", 1, f"{id_} {n}", severity=severity, id=id_, page=f"{n}.html") for n in range(count)
    ]


def shown(text, id_):
    return text.count(f"[{id_}]") - text.count(f"× warning [{id_}]") - text.count(f"× advice [{id_}]")


def test_repeated_warnings_and_advice_are_counted_by_type():
    problems = [
        *repeat(ERROR, "broken-link", 9),
        *repeat(WARNING, "several-h1", MAX_REPEATED),
        *repeat(WARNING, "inline-style", MAX_REPEATED + 1),
        *repeat(ADVICE, "image-without-size", 1200),
    ]
    text = format_problems(problems, full=False)
    assert shown(text, "broken-link") == 9
    assert shown(text, "several-h1") == MAX_REPEATED
    assert shown(text, "inline-style") == shown(text, "image-without-size") == SHOWN_REPEATED
    assert text.endswith(
        "More problems of the same types (use -v to list them):\n"
        "    3 × warning [inline-style]\n"
        "    1,197 × advice [image-without-size]\n"
        "9 errors, 11 warnings, 1,200 pieces of advice"
    )


def test_every_problem_is_listed_on_request():
    text = format_problems(repeat(ADVICE, "image-without-size", 1200), full=True)
    assert shown(text, "image-without-size") == 1200
    assert "More problems" not in text


def test_problems_in_imported_posts_are_counted_separately():
    problems = [*repeat(ERROR, "broken-link", 2), *repeat(WARNING, "inline-style", 1, "content/pages")]
    text = format_problems(problems, lambda path: path.startswith("content/posts"))
    assert text.endswith("2 errors, 1 warning\nIn imported posts: 2 errors")
    assert "imported" not in format_problems(problems, lambda path: False)


def test_imported_posts_are_known_by_the_import_records(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old/one.md").write_text("---\ntitle: One\ndate: 2024-01-02\n---\n\nText\n")
    assert not find_imported(tmp_path)("content/posts/2024-01-02-one.md")
    import_path(tmp_path / "old", tmp_path)
    is_imported = find_imported(tmp_path)
    assert is_imported("content/posts/2024-01-02-one.md")
    assert not is_imported("content/posts/two.md")
    assert not is_imported("content/pages/2024-01-02-one.md")
    (tmp_path / "imports/plain-content-posts.json").write_text("{")
    assert not find_imported(tmp_path)("content/posts/2024-01-02-one.md")
