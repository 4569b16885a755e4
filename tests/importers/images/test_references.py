"""The images of other hosts in a post's file: which are found, and what of the file changes."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.content.front_matter.split import split
from sitegen.errors import SiteError
from sitegen.importers.images.references import change_references, find_references

PATH = "content/posts/letter.md"
HEAD = "---\ntitle: T\ndate: 2024-01-02\n---\n"


def absolute(url):
    """Return a URL with a host, "" for any other."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def found(text, **options):
    return [reference.url for reference in find_references(text.encode(), PATH, absolute, **options)]


A, B, C = "https://a.example/a.jpg", "https://a.example/b.png", "https://b.example/c"

FORMS = {
    "an image": (f"![A]({A})", [A], "![A](letter/1.jpg)"),
    "with a title": (f'![A]({A} "Title")', [A], '![A](letter/1.jpg "Title")'),
    "in angle brackets": (f"![A](<{A}>)", [A], "![A](letter/1.jpg)"),
    "by reference": (f"![A][x]\n\n[x]: {A}\n", [A], "![A][x]\n\n[x]: letter/1.jpg\n"),
    "without an ending": (f"![C]({C})", [C], "![C](letter/1.jpg)"),
    "two of them": (f"![A]({A}) ![B]({B})", [A, B], "![A](letter/1.jpg) ![B](letter/2.jpg)"),
    "one of them twice": (f"![A]({A})\n\n![A]({A})", [A], "![A](letter/1.jpg)\n\n![A](letter/1.jpg)"),
    "linked to a larger one": (f"[![A]({A})]({B})", [A, B], "[![A](letter/1.jpg)](letter/2.jpg)"),
    "linked by reference": (
        f"[![A]({A})][x]\n\n[x]: {B}\n", [A, B], "[![A](letter/1.jpg)][x]\n\n[x]: letter/2.jpg\n"
    ),
    "linked with the same label": (
        f"[![x]({A})][] and [x]\n\n[![x]({A})]: {B}\n[x]: {C}\n", [A], "[![x](letter/1.jpg)][] and [x]\n\n"
        f"[![x](letter/1.jpg)]: {B}\n[x]: {C}\n"
    ),
    "an image by reference that is linked": (
        f"[![A][a]]({B})\n\n[a]: {A}\n", [B, A], "[![A][a]](letter/1.jpg)\n\n[a]: letter/2.jpg\n"
    ),
    "both by reference": (
        f"[![a]][b]\n\n[a]: <{A}>\n[B]: {B} 'T'\n", [A, B],
        "[![a]][b]\n\n[a]: letter/1.jpg\n[B]: letter/2.jpg 'T'\n"
    ),
    "linked with words beside it": (
        f"[**Look**: ![A]({A}) (large)]({B})", [A, B], "[**Look**: ![A](letter/1.jpg) (large)](letter/2.jpg)"
    ),
    "linked to a page by reference": (
        f"[![A]({A})][x]\n\n[x]: {C}\n", [A], f"[![A](letter/1.jpg)][x]\n\n[x]: {C}\n"
    ),
    "a link by reference without an image": (f"[see][x]\n\n[x]: {B}\n", [], f"[see][x]\n\n[x]: {B}\n"),
    "linked to a page": (f"[![A]({A})]({C})", [A], f"[![A](letter/1.jpg)]({C})"),
    "an HTML image": (f'<img alt="A" src="{A}">', [A], '<img alt="A" src="letter/1.jpg">'),
    "an HTML image without quotes": (f"<img src={A} alt=A>", [A], '<img src="letter/1.jpg" alt=A>'),
    "an HTML image in a link": (
        f'<a href="{B}"><img src="{A}"></a>', [B, A], '<a href="letter/1.jpg"><img src="letter/2.jpg"></a>'
    ),
    "a poster": (f'<video poster="{A}" src="{C}"></video>', [A], f'<video poster="letter/1.jpg" src="{C}"></video>'),
    "a srcset": (
        f'<img src="{A}" srcset="{A}?w=1 1w, {B} 900w, {C} 200w" sizes="1px">',
        [A, B],
        '<img src="letter/1.jpg" srcset="letter/2.jpg 900w" sizes="1px">',
    ),
    "code": (f"`![A]({A})`\n\n```\n![A]({A})\n```\n", [], f"`![A]({A})`\n\n```\n![A]({A})\n```\n"),
    "a link to an image": (f"[see]({A})", [], f"[see]({A})"),
    "a frame": (f'<iframe src="{C}"></iframe>', [], f'<iframe src="{C}"></iframe>'),
    "an own image": ("![A](a.jpg) ![B](/b.jpg)", [], "![A](a.jpg) ![B](/b.jpg)"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_images_of_other_hosts_are_found_and_changed_and_nothing_else(name, line_break, start):
    text, urls, changed = FORMS[name]
    before = (start + HEAD + f"Words é\n\n{text}\n\nEnd  \n").replace("\n", line_break)
    assert found(before) == urls
    new_urls = {url: f"letter/{number}.jpg" for number, url in enumerate(urls, 1)}
    after = change_references(before.encode(), PATH, absolute, new_urls)
    assert after.decode() == (start + HEAD + f"Words é\n\n{changed}\n\nEnd  \n").replace("\n", line_break)
    assert change_references(after, PATH, absolute, new_urls) == after


def test_the_line_of_each_image_is_that_of_the_file():
    text = f"---\ntitle: T\ndate: 2024-01-02\nimage: {B}\n---\n\nWords\n\n![A]({A})\n"
    lines = [(one.url, one.line) for one in find_references(text.encode(), PATH, absolute)]
    assert lines == [(B, 4), (A, 9)]


def test_documents_are_found_only_where_they_are_asked_for():
    text = f'{HEAD}[Paper](https://a.example/p.pdf)\n\n<audio src="https://a.example/s.mp3"></audio>\n\n![A]({A})\n'
    assert found(text) == [A]
    assert found(text, files=True) == ["https://a.example/p.pdf", "https://a.example/s.mp3", A]


COVERS = {
    "YAML": (f"---\ntitle: T\nimage: {A}\n---\nText\n", "---\ntitle: T\nimage: letter/a.jpg\n---\nText\n"),
    "quotes": (f'---\nimage: "{A}" # cover\n---\nText\n', '---\nimage: "letter/a.jpg" # cover\n---\nText\n'),
    "another key of the same value": (
        f"---\nfirst: {A}\nimage: {A}\nlast: {A}\n---\n", f"---\nfirst: {A}\nimage: letter/a.jpg\nlast: {A}\n---\n"
    ),
    "a block": (f"---\nimage: >-\n  {A}\n---\n", "---\nimage: >-\n  letter/a.jpg\n---\n"),
    "TOML": (f'+++\nimage = "{A}"\n+++\nText\n', '+++\nimage = "letter/a.jpg"\n+++\nText\n'),
    "JSON": (f'{{"title": "T", "image": "{A}"}}\nText\n', '{"title": "T", "image": "letter/a.jpg"}\nText\n'),
    "JSON with escapes": (
        '{"image": "https:\\/\\/a.example\\/a.jpg"}\nText\n', '{"image": "letter/a.jpg"}\nText\n'
    ),
    "header lines": (f"Title: T\nImage: {A}\n\nText\n", "Title: T\nImage: letter/a.jpg\n\nText\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", COVERS)
def test_the_cover_changes_in_every_notation_and_no_other_byte(name):
    before, after = COVERS[name]
    assert found(before) == [A]
    assert change_references(before.encode(), PATH, absolute, {A: "letter/a.jpg"}).decode() == after


def test_a_cover_that_cannot_be_changed_alone_is_a_problem_with_its_line():
    text = '---\ntitle: T\nimage: "https://a.example/\\x61.jpg"\n---\nText\n'
    with pytest.raises(SiteError) as caught:
        change_references(text.encode(), PATH, absolute, {A: "letter/a.jpg"})
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, "image: letter/a.jpg" in problem.hint) == (PATH, 3, True)


PIECES = [
    *(text for text, _, _ in FORMS.values()), "# Heading", "- item", "> quote", "    code", "<div>", "</div>", "`", "*",
    "[x]: y", "|a|b|", "\\", "&amp;", "&", "<", ">", "![", "](", ")", f"[a]: <{A}>", "<!--", "-->", "<a href='", "'",
]  # fmt: skip


@example([f"<!-- ![A]({A}) -->", f"![A]({A})"], "\n\n")
@example([f"    ![A]({A})"], "\n")
@given(st.lists(st.sampled_from(PIECES), max_size=8), st.sampled_from(["\n", "\n\n", " "]))
def test_any_text_keeps_everything_but_the_urls_that_were_fetched(pieces, between):
    before = HEAD + between.join(pieces) + "\n"
    urls = found(before)
    new_urls = {url: f"letter/{number}.jpg" for number, url in enumerate(urls)}
    after = change_references(before.encode(), PATH, absolute, new_urls).decode()
    assert split(after.encode(), PATH).values == split(before.encode(), PATH).values
    urls_or_new_urls = re.compile(
        "|".join(map(re.escape, sorted([*urls, *new_urls.values()], key=len, reverse=True))) or "$^"
    )

    def skeleton(text):
        without_srcset = re.sub(r'srcset="[^"]*"', "srcset", text)
        return re.sub(r"<?#>?|\"#\"", "#", urls_or_new_urls.sub("#", without_srcset))

    assert skeleton(after) == skeleton(before)
    if not urls:
        assert after == before
