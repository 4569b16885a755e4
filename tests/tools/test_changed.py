"""Changed files lead to the tests of their packages."""

from tests.tools.changed import ALWAYS, find_tests


def test_a_module_leads_to_the_tests_of_its_package():
    assert find_tests(["sitegen/feeds/spool.py"]) == [*ALWAYS, "tests/feeds"]


def test_a_package_without_tests_leads_to_those_of_the_package_above():
    assert find_tests(["sitegen/scaffold/skeleton/__init__.py"]) == [*ALWAYS, "tests/scaffold"]


def test_a_changed_test_is_run_unless_its_folder_is():
    own = "tests/feeds/test_spool.py"
    assert find_tests([own]) == [*ALWAYS, own]
    assert find_tests([own, "sitegen/feeds/spool.py"]) == [*ALWAYS, "tests/feeds"]


def test_other_files_lead_to_the_quick_tests_alone():
    assert find_tests(["README.md", "sitegen/model.py", "content/posts/a.md"]) == list(ALWAYS)
