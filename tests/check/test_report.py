"""The findings of a check as text: repeated ones are counted by type, those of imported posts apart."""

from sitegen.check.findings import ADVICE, ERROR, WARNING, Finding
from sitegen.check.report import MAX_REPEATED, SHOWN_OF_MANY, format_findings
from sitegen.errors import Problem
from sitegen.importers.imported import find_imported
from tests.support.importing import import_path


def repeat(level, kind, count, folder="content/posts"):
    return [Finding(level, kind, Problem(f"{folder}/{n}.md", 1, f"{kind} {n}", ""), f"{n}.html") for n in range(count)]


def shown(text, kind):
    return text.count(f"[{kind}]") - text.count(f"× warning [{kind}]") - text.count(f"× advice [{kind}]")


def test_repeated_warnings_and_advice_are_counted_by_type():
    findings = [
        *repeat(ERROR, "broken-link", 9),
        *repeat(WARNING, "several-h1", MAX_REPEATED),
        *repeat(WARNING, "inline-style", MAX_REPEATED + 1),
        *repeat(ADVICE, "image-without-size", 1200),
    ]
    text = format_findings(findings, full=False)
    assert shown(text, "broken-link") == 9
    assert shown(text, "several-h1") == MAX_REPEATED
    assert shown(text, "inline-style") == shown(text, "image-without-size") == SHOWN_OF_MANY
    assert text.endswith(
        "More of the same, which `-v` lists:\n"
        "    3 × warning [inline-style]\n"
        "    1,197 × advice [image-without-size]\n"
        "9 errors, 11 warnings, 1,200 pieces of advice"
    )


def test_every_finding_is_listed_when_asked_for():
    text = format_findings(repeat(ADVICE, "image-without-size", 1200), full=True)
    assert shown(text, "image-without-size") == 1200
    assert "More of the same" not in text


def test_findings_in_imported_posts_are_counted_apart():
    findings = [*repeat(ERROR, "broken-link", 2), *repeat(WARNING, "inline-style", 1, "content/pages")]
    text = format_findings(findings, lambda path: path.startswith("content/posts"))
    assert text.endswith("2 errors, 1 warning\nof these in imported posts: 2 errors")
    assert "imported" not in format_findings(findings, lambda path: False)


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
