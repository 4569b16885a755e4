"""Translations of posts: which posts form a group, and what is wrong with their links."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config.editions import find_editions
from sitegen.config.schema import Config, Language
from sitegen.content.document_language import DocumentLanguage, read_document_language
from sitegen.content.translations import find_translations
from sitegen.model import Entry, Post

ONE_LANGUAGE = find_editions(Config(language="en"))
SEVERAL = find_editions(Config(language="en", languages={"de": Language(), "pt-BR": Language()}))


def entry(name, language="", key="", of="", date="2024-01-01", line=3):
    """Return the entry of a post in content/posts/."""
    moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
    path = f"content/posts/{name}.md"
    post = Post(
        path,
        name,
        name,
        f"/{name}/",
        f"{name}/index.html",
        moment,
        language=language,
        translation_key=key,
        translation_of=of,
    )
    return Entry(post, "body", translation_line=line if key or of else 0)


def groups_of(*entries, skipped=()):
    """Return the slugs of the groups' posts, the original first, and the messages of the problems."""
    groups, problems = find_translations(entries, ONE_LANGUAGE, skipped, "content")
    found = {(group.original.slug, *[post.slug for post in group.posts]) for group in groups.values()}
    return found, [(problem.path, problem.line, problem.message) for problem in problems]


@pytest.mark.parametrize(
    "links",
    [
        {"a": {"key": "x"}, "b": {"key": "x"}, "c": {"key": "x"}},
        {"a": {}, "b": {"of": "a.md"}, "c": {"of": "a.md"}},
        {"a": {}, "b": {"of": "/posts/a.md"}, "c": {"of": "b.md"}},
        {"a": {"key": "x"}, "b": {"key": "x"}, "c": {"of": "../posts/b.md"}},
    ],
)
def test_a_key_or_the_path_of_the_original_links_translations(links):
    languages = {"a": "", "b": "fr", "c": "de"}
    found = groups_of(*[entry(name, languages[name], **link) for name, link in links.items()])
    assert found == ({("a", "a", "c", "b")}, [])


def test_without_the_language_of_the_site_the_oldest_post_is_the_original():
    posts = entry("a", "fr", "x", date="2024-02-01"), entry("b", "de", "x", date="2024-01-01")
    assert groups_of(*posts) == ({("b", "b", "a")}, [])


def test_posts_without_a_partner_form_no_group():
    assert groups_of(entry("a", key="x"), entry("b", "de", "y"), entry("c", "fr")) == (set(), [])


def test_a_translation_of_a_draft_is_not_linked():
    assert groups_of(entry("b", "de", of="a.md"), skipped={"content/posts/a.md"}) == (set(), [])


def test_an_original_that_is_missing_is_a_problem_at_its_line():
    message = "`translation_of: aa.md` is not the file of a post"
    assert groups_of(entry("a"), entry("b", "de", of="aa.md"))[1] == [("content/posts/b.md", 3, message)]


def test_a_post_cannot_translate_itself():
    message = "`translation_of: a.md` names this post itself"
    assert groups_of(entry("a", of="a.md"))[1] == [("content/posts/a.md", 3, message)]


def test_two_translations_into_one_language_are_a_problem_at_the_second():
    posts = entry("a", key="x"), entry("b", "de", "x"), entry("c", "DE", "x", line=7)
    assert groups_of(*posts)[1] == [
        (
            "content/posts/c.md",
            7,
            "this and content/posts/b.md are translations of the same post into the same language, `DE`",
        )
    ]


def test_posts_without_a_language_have_that_of_the_site():
    assert groups_of(entry("a", key="x"), entry("b", "en", "x"))[1][0][:2] == ("content/posts/b.md", 3)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_groups_are_the_connected_posts_in_any_order(pairs):
    names = [f"p{number}" for number in range(8)]
    of = {names[one]: f"{names[other]}.md" for one, other in pairs if one != other}
    posts = [entry(name, f"q{name[1:]}x", of=of.get(name, "")) for name in names]
    expected = {name: {name} for name in names}
    for one, target in of.items():
        merged = expected[one] | expected[target.removesuffix(".md")]
        expected.update(dict.fromkeys(merged, merged))
    for ordered in (posts, posts[::-1]):
        groups, problems = find_translations(ordered, ONE_LANGUAGE, (), "content")
        assert problems == []
        found = {post.post.slug: {post.post.slug} for post in posts}
        found |= {
            group_post.slug: {p.slug for p in group.posts} for group in groups.values() for group_post in group.posts
        }
        assert found == expected


@pytest.mark.parametrize(
    ("path", "language", "plain"),
    [
        ("posts/a.md", "", "posts/a.md"),
        ("posts/a.de.md", "de", "posts/a.md"),
        ("posts/a.DE.md", "de", "posts/a.md"),
        ("posts/a.pt-br.markdown", "pt-BR", "posts/a.markdown"),
        ("posts/a.en.md", "en", "posts/a.md"),
        ("posts/a.fr.md", "", "posts/a.fr.md"),
        ("posts/de/2024/a.md", "de", "posts/2024/a.md"),
        ("posts/2024/de/a.md", "", "posts/2024/de/a.md"),
        ("posts/a/index.de.md", "de", "posts/a/index.md"),
        ("pages/de/index.md", "de", "pages/index.md"),
        ("posts/de/a.pt-BR.md", "pt-BR", "posts/a.md"),
        ("posts/de.md", "", "posts/de.md"),
        ("posts/.de.md", "", "posts/.de.md"),
    ],
)
def test_the_name_of_a_file_or_its_first_folder_names_a_language_of_the_site(path, language, plain):
    found = read_document_language(f"content/{path}", "content", SEVERAL)
    assert found == DocumentLanguage(language, f"content/{plain}")
    assert read_document_language(f"content/{path}", "content", ONE_LANGUAGE).language == ""


def test_files_that_differ_by_their_language_only_are_translations():
    posts = entry("a", "en"), entry("a.de", "de"), entry("pt-BR/a", "pt-BR"), entry("b.de", "de")
    groups, problems = find_translations(posts, SEVERAL, (), "content")
    assert problems == []
    assert {post.slug for post in groups["content/posts/a.md"].posts} == {"a", "a.de", "pt-BR/a"}
    assert "content/posts/b.de.md" not in groups


@pytest.mark.parametrize(
    ("language", "edition"),
    [("", ""), ("en", ""), ("en-GB", ""), ("de", "de"), ("DE-at", "de"), ("pt", ""), ("fr", "")],
)
def test_a_language_belongs_to_the_edition_of_its_tag_or_of_a_parent(language, edition):
    assert SEVERAL.find(language).name == edition
