"""Words that the language guide replaces are found in each type of passage, and nothing contains them."""

from textwrap import dedent

import pytest

from tests.tools import words
from tests.tools.words import Passage


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a file and returns its passages."""

    def read(name, source):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(source))
        return list(words.read_passages(path, tmp_path))

    return read


def found(passages):
    return [(hit.line, hit.passage.type, hit.found) for hit in words.find_hits(passages)]


def test_nothing_contains_words_of_the_list_or_long_sentences():
    passages = [passage for path in words.find_files() for passage in words.read_passages(path)]
    assert len(passages) > 20_000
    rows = [str(hit) for hit in (*words.find_hits(passages), *words.find_long(passages))]
    assert not rows, "write these in the words of the guide, or name an exception in words.toml:\n" + "\n".join(rows)


def test_documents_are_split_into_paragraphs_items_and_rows_with_their_lines(read):
    passages = read(
        "docs/guide.md",
        """\
        # Heading

        First line,
        then the fault.

        - one item
        - a second, by nobody

        | cell | picture |
        """,
    )
    assert [passage.line for passage in passages] == [1, 3, 6, 7, 9]
    assert found(passages) == [(4, "paragraph", "fault"), (7, "paragraph", "nobody"), (9, "paragraph", "picture")]


def test_code_and_link_targets_of_documents_are_not_read(read):
    source = """\
        ---
        title: A fault
        ---

        Run `draw` and see [the page](fault.md).

        ```sh
        judge --told
        ```

        One more fault.
        """
    assert found(read("README.md", source)) == [(11, "paragraph", "fault")]


def test_docstrings_messages_comments_and_names_of_code_are_read(read):
    source = '''\
        """Judge a page."""

        MANY = 3
        """So many."""


        class DrawnPage:
            def test_it_was_told(self, left_out):
                return f"the {left_out} page was drawn", "drawn"  # nobody reads this
        '''
    assert sorted(found(read("sitegen/check/module.py", source))) == [
        (1, "docstring", "Judge"),
        (3, "name", "MANY"),
        (4, "docstring", "So many"),
        (7, "name", "Drawn"),
        (8, "name", "left out"),
        (8, "test name", "told"),
        (9, "comment", "nobody"),
        (9, "message", "drawn"),
    ]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("templates/a.html", "<p>drawn</p>\n{#- It is\n    `drawn` anew. -#}\n"),
        ("templates/a.css", "a { content: 'drawn' }\n/* It is\n   anew. */\n"),
        ("templates/a.js", 'x = "//drawn";\n\nload("drawn"); // anew\n'),
        ("sitegen/a.toml", 'a = "drawn"\n\nb = "c"  # anew\n'),
    ],
)
def test_comments_of_templates_styles_scripts_and_settings_are_read(read, name, source):
    assert found(read(name, source)) == [(3, "comment", "anew")]


def test_strings_of_tests_and_regular_expressions_are_not_messages(read):
    assert not found(read("tests/test_a.py", 'x = "all of it was drawn"\n'))
    assert not found(read("sitegen/a.py", 'import re\n\nx = re.compile("all of it was drawn")\n'))
    assert not found(read("sitegen/a.py", 'x = lazy_regex.compile("all of it was drawn")\n'))


@pytest.mark.parametrize("text", ["The feed stands for a site.", "Look up the key.", "An IP address.", "No longer."])
def test_ordinary_words_are_not_hits(text):
    assert not found([Passage("docs/a.md", 1, "paragraph", text)])


@pytest.mark.parametrize(
    "text",
    [
        "It is no file.",
        "What stands before the post says what it is.",
        "The build knows it.",
        "A text that is read.",
        "Whoever reads it.",
    ],
)
def test_inversions_and_persons_without_a_name_are_hits(text):
    assert found([Passage("docs/a.md", 1, "paragraph", text)])


def test_an_exception_is_limited_to_its_paths():
    docstring = "Draw a chart."
    assert not found([Passage("sitegen/render/charts.py", 1, "docstring", docstring)])
    assert found([Passage("sitegen/render/theme.py", 1, "docstring", docstring)])


def test_long_paragraphs_and_sentences_are_found():
    passages = [Passage("docs/a.md", 3, "paragraph", "Short one.\n" + "word " * 41 + ".")]
    assert [(hit.line, hit.found) for hit in words.find_long(passages)] == [(4, "41 words")]
    passages = [Passage("docs/a.md", 3, "paragraph", "One two three. " * 31)]
    assert [(hit.line, hit.found) for hit in words.find_long(passages)] == [(3, "93 words")]


def test_hits_are_counted_by_package():
    passages = [
        Passage(path, 1, "comment", "# a fault")
        for path in ("docs/a.md", "README.md", "sitegen/errors.py", "sitegen/feeds/rss/item.py", "bench/run.py")
    ]
    counts = words.count_hits(words.find_hits(passages), [])
    assert counts == {"bench": 1, "docs": 2, "sitegen": 1, "sitegen/feeds": 1}


def test_a_hit_is_shown_with_file_line_and_the_word_to_write(read):
    (hit,) = words.find_hits(read("README.md", "# A\n\nIt was told.\n"))
    assert str(hit) == "README.md:3: paragraph: `told` → report, say    It was told."


def test_every_exception_and_rule_has_what_it_needs():
    table = words._read_toml(words.RULES_FILE)
    assert all(rule["write"] and rule["never"] for rule in table["rule"])
    assert all(exception["word"] and exception["reason"] for exception in table["exception"])
