import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.formats.slugs import PART_BYTES, RESERVED, check_path, check_slug, name_slug, slugify, write_path


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("C++ and C# and F#", "cplusplus-and-csharp-and-fsharp"),
        ("Issue #7: A+B", "issue-7-a-b"),
        ("Tom & Jerry", "tom-jerry"),
        ("It's a test", "its-a-test"),
        ("Women’s rights", "womens-rights"),
        ("rock 'n' roll", "rock-n-roll"),
        ("'", ""),
        ("Crème Brûlée", "crème-brûlée"),
        ("Cre\u0300me", "crème"),
        ("İstanbul", "istanbul"),
        ("می\u200cخواهم بروم", "می-خواهم-بروم"),
        ("日本語《テスト》", "日本語-テスト"),
        ("नमस्ते दुनिया", "नमस्ते-दुनिया"),
        ("क्\u200dष", "क्ष"),
        ("x² and H₂O", "x2-and-h2o"),
        ("❤\ufe0f love", "love"),
        ("a\u202eb\u00adc", "abc"),
        ("con", "con-1"),
        ("COM1", "com1-1"),
        ("...", ""),
        ("🎉", ""),
        ("__init__.py", "init-py"),
    ],
)
def test_a_text_becomes_a_slug(text, slug):
    assert slugify(text) == slug


def test_apostrophes_can_part_words_as_some_generators_have_it():
    assert slugify("It's a test", split_apostrophes=True) == "it-s-a-test"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("🚀", "u1f680"),
        ("🚀 Rocket", "rocket"),
        ("❤\ufe0f", "u2764"),
        ("❤", "u2764"),
        ("👩\u200d🚀", "u1f469-u1f680"),
        ("..", "u2e-u2e"),
        ("!", "u21"),
        ("\u2060 \ufe0f\u00ad", ""),
        ("🚀" * 200, "-".join(["u1f680"] * 14)),
    ],
)
def test_a_name_without_letters_is_known_by_its_code_points(name, slug):
    assert name_slug(name) == slug
    assert not slug or check_slug(slug) == slug


def test_a_long_slug_is_cut_between_words():
    assert slugify("word " * 40) == "-".join(["word"] * 20)
    assert slugify("a" * 30 + " " + "b" * 100) == "a" * 30 + "-" + "b" * 69


def test_a_cut_does_not_part_a_letter_from_its_marks():
    slug = slugify("ক\u09be" * 40)
    assert len(slug.encode()) <= PART_BYTES
    assert slug == "ক\u09be" * (len(slug) // 2)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_a_slug_is_safe_everywhere_and_stays_what_it_is(text):
    slug = slugify(text)
    assert slugify(slug) == slug
    assert len(slug.encode()) <= PART_BYTES
    assert unicodedata.is_normalized("NFC", slug)
    assert slug not in RESERVED
    assert "--" not in slug
    assert slug == slug.strip("-.")
    assert all(unicodedata.category(c)[0] in "LM" or unicodedata.category(c) in ("Nd", "Nl") or c == "-" for c in slug)
    if slug:
        assert check_slug(slug) == slug


@given(st.characters(categories=["Lu", "Ll", "Lt", "Lo", "Nd", "Nl"]))
def test_a_letter_of_any_script_leaves_a_slug(letter):
    fillers = "\u115f\u1160\u3164\uffa0"
    assert bool(slugify(letter)) == (letter not in fillers)


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        ("", "the slug is empty"),
        ("..", 'the slug holds "..", which leads to another folder'),
        ("a/b", 'the slug "a/b" has a slash, but it is one part of a URL'),
        ("a\\b", "the slug \"a\\b\" holds '\\\\', which some file systems refuse"),
        ("a\x00b", "the slug holds the character U+0000, which cannot be seen"),
        ("a\u202eb", "the slug holds the character U+202E, which cannot be seen"),
        ("a:b", "the slug \"a:b\" holds ':', which some file systems refuse"),
        ("end.", 'the slug "end." begins or ends with a space or ends with a dot, which Windows drops'),
        ("Con", 'the slug "Con" is a name that Windows keeps for a device'),
        ("nul.html", 'the slug "nul.html" is a name that Windows keeps for a device'),
        ("é" * 51, f'the slug "{"é" * 40}…" is longer than 100 bytes'),
    ],
)
def test_a_slug_that_some_system_refuses_is_refused(slug, message):
    with pytest.raises(ValueError) as error:
        check_slug(slug)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("path", "checked"),
    [
        ("/old/name/", "/old/name/"),
        ("old/name.html", "/old/name.html"),
        ("/caf%C3%A9/", "/café/"),
        ("/cafe\u0301/", "/café/"),
        ("/", "/"),
    ],
)
def test_a_path_is_decoded_and_begins_with_one_slash(path, checked):
    assert check_path(path) == checked


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("https://example.com/x", '"https://example.com/x" is the URL of a site, not a path on this one'),
        ("//example.com/x", '"//example.com/x" is the URL of a site, not a path on this one'),
        ("/?p=12", '"/?p=12" has a query or a fragment, for which no file can be made'),
        ("/a/%2e%2e/b", 'the path holds "..", which leads to another folder'),
        ("/a//b", "the path has an empty part"),
        ("/.git/hooks/x", 'the path "/.git/hooks/x" has the hidden part ".git", which hosts do not serve'),
        (
            "/a/%2esitegen-stage",
            'the path "/a/%2esitegen-stage" has the hidden part ".sitegen-stage", which hosts do not serve',
        ),
        ("/a /b", 'the path "a " begins or ends with a space or ends with a dot, which Windows drops'),
        ("/ a/b", 'the path " a" begins or ends with a space or ends with a dot, which Windows drops'),
        ("/a/b%20/", 'the path "b " begins or ends with a space or ends with a dot, which Windows drops'),
        ("/a./b", 'the path "a." begins or ends with a space or ends with a dot, which Windows drops'),
        ("/%ff/", '"/%ff/" is percent-encoded, but not as UTF-8'),
        ("C:\\x", "the path \"C:\\x\" holds ':', which some file systems refuse"),
        ("/" + "abcdefghi/" * 24, 'the path "/abcdefghi/abcdefghi/abcdefghi/abcdefghi…" is longer than 240 bytes'),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path, message):
    with pytest.raises(ValueError) as error:
        check_path(path)
    assert str(error.value) == message


def test_well_known_is_the_one_hidden_folder_of_a_path():
    assert check_path("/.well-known/security") == "/.well-known/security"


@pytest.mark.parametrize("slug", [".git", ".well-known", "%2egit"])
def test_a_slug_is_not_hidden(slug):
    if slug.startswith("."):
        with pytest.raises(ValueError, match="begins with a dot"):
            check_slug(slug)
    else:
        assert not check_slug(slug).startswith(".")


@pytest.mark.parametrize("path", ["/tags/c%23/", "/100%25/", "/a%2541/", "/50%/", "/%D8%A3/", "/a b/"])
def test_a_path_is_written_in_a_form_that_is_read_again(path):
    checked = check_path(path)
    assert check_path(write_path(checked)) == checked
