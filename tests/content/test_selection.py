"""What is published: posts by their front matter and dates, and the other files of the content folder."""

from datetime import UTC, datetime, timedelta

import pytest

from sitegen.build.builder import Builder
from sitegen.build.request import Request
from sitegen.config.load import read_config
from sitegen.content.selection import begins_with_front_matter, find_stray_posts
from tests.law.variants import grey_png
from tests.support.sites import CACHE, CONFIG, build, make_site, post, tree

SECRET = "content/posts/secret.md"


def with_keys(*rows: str, title: str = "Secret") -> str:
    return post(title).replace("tags:", "".join(f"{row}\n" for row in rows) + "tags:")


def reasons(report) -> list[tuple[str, str]]:
    return [(item.path, item.reason) for item in report.skipped]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("published: false", "`published: false`"),
        ("status: draft", "`status: draft`"),
        ("status: private", "`status: private`"),
        ("Draft: true", "`Draft: true`"),
        ("draft: true", "it is a draft"),
        ("build: {render: never}", "`build.render: never`"),
        ("headless: true", "`headless: true`"),
        ("expiryDate: 2024-02-01", "it expired on 2024-02-01 00:00"),
        ("publishDate: 2090-03-01", "it is scheduled for 2090-03-01 00:00"),
        ("params: {expiryDate: 2024-02-01, draft: false}", "it expired on 2024-02-01 00:00"),
        ("params: {publish_date: 2090-03-01}", "it is scheduled for 2090-03-01 00:00"),
    ],
)
def test_a_private_post_is_skipped_with_its_reason(tmp_path, row, reason):
    make_site(tmp_path, {SECRET: with_keys(row)})
    report = build(tmp_path)
    assert reasons(report) == [(SECRET, reason)]
    assert report.warnings == ()
    assert not any(b"Secret" in data for data in tree(tmp_path / "output").values())
    wishes = {"future": True} if "scheduled" in reason else {"drafts": True}
    assert build(tmp_path, **wishes).skipped == ()


def test_params_that_are_not_limits_have_no_effect_on_visibility(tmp_path):
    make_site(
        tmp_path, {SECRET: with_keys("params: {expiryDate: soon, status: draft, published: 'in print', draft: true}")}
    )
    assert build(tmp_path).skipped == ()


def test_a_private_post_without_a_date_does_not_stop_the_build(tmp_path):
    make_site(tmp_path, {SECRET: "---\ntitle: Secret\nstatus: draft\n---\n"})
    assert len(build(tmp_path).skipped) == 1


def test_a_limit_that_is_not_a_date_is_a_problem(tmp_path):
    make_site(tmp_path, {SECRET: with_keys("expiryDate: soon")})
    with pytest.raises(Exception, match=r'secret.md:4: "soon" is not a date'):
        build(tmp_path)


@pytest.mark.parametrize("row", ["publishDate: 2999-12-31", "expiryDate: 2999-12-31"])
def test_a_limit_beyond_the_numbers_of_the_build_cache_is_stored(tmp_path, row):
    make_site(tmp_path, {SECRET: with_keys(row)})
    build(tmp_path)
    assert build(tmp_path).unchanged == len(tree(tmp_path / "output"))


def test_builds_follow_the_clock_past_both_limits(tmp_path):
    make_site(tmp_path, {SECRET: with_keys("publishDate: 2024-03-01", "expiryDate: 2024-04-01")})
    now = datetime(2024, 2, 1, tzinfo=UTC)
    builder = Builder(tmp_path, lambda: int(now.timestamp() * 1e9), cache=CACHE)
    page = tmp_path / "output/posts/secret/index.html"
    for day, published in ((0, False), (30, True), (59, True), (60, False), (40, True), (10, False)):
        now = datetime(2024, 2, 1, tzinfo=UTC) + timedelta(days=day)
        builder.build(read_config(tmp_path).config, Request())
        assert page.exists() is published, day
    builder.close()


@pytest.mark.parametrize("name", ["content/posts/Secret.MD", "content/posts/secret.Markdown", "content/pages/S.Md"])
def test_endings_in_capitals_are_posts_and_pages(tmp_path, name):
    make_site(tmp_path, {name: with_keys("draft: true")})
    assert reasons(build(tmp_path)) == [(name, "it is a draft")]
    (tmp_path / name).write_text(with_keys())
    assert build(tmp_path).skipped == ()
    output = tree(tmp_path / "output")
    assert not any(path.lower().endswith((".md", ".markdown")) for path in output)
    assert any(b"<h1" in data and b"Secret" in data for data in output.values())


def test_a_link_to_a_post_may_end_in_capitals(tmp_path):
    make_site(tmp_path, {"content/posts/B.MD": post("B"), "content/posts/a.md": post("A", text="[b](B.MD)")})
    build(tmp_path)
    assert 'href="/posts/b/"' in (tmp_path / "output/posts/a/index.html").read_text()


FILES = {
    "content/posts/2024/secret/index.md": with_keys("draft: true") + "\n![](shown.png)\n",
    "content/posts/2024/secret/shown.png": "PNG secret",
    "content/posts/2024/secret/deep/notes.pdf": "PDF secret",
    "content/posts/flat.md": with_keys("published: false") + "\n[paper](flat.pdf) ![](both.png) ![](../img/plan.png)\n",
    "content/posts/flat.pdf": "PDF flat",
    "content/posts/both.png": grey_png(2, 2),
    "content/posts/cover.png": "PNG cover",
    "content/posts/covered.md": with_keys("draft: true", "image: cover.png"),
    "content/posts/nobody.pdf": "PDF of nobody",
    "content/img/plan.png": "PNG plan",
    "content/posts/rooted.md": with_keys("draft: true") + '\n![](/posts/rooted.png) <img src="/posts/shared.png">\n',
    "content/posts/rooted.png": "PNG by a path from the root",
    "content/posts/shared.png": "PNG by a path from the root that a published post shows too",
    "content/posts/named.md": with_keys("draft: true", "enclosure: {url: /posts/named.pdf, length: 3}"),
    "content/posts/named.pdf": "PDF of a front matter",
    "content/posts/open.md": post("Open", text='![](both.png) <img srcset="/posts/shared.png 2x" alt="">'),
}


def test_files_of_unpublished_posts_are_not_published(tmp_path):
    make_site(tmp_path, FILES)
    assert build(tmp_path).warnings == ()
    published = {path for path in tree(tmp_path / "output") if path.endswith((".png", ".pdf"))}
    assert published == {"posts/both.png", "posts/shared.png", "posts/nobody.pdf", "img/plan.png"}
    build(tmp_path, drafts=True, output="preview")
    preview = {path for path in tree(tmp_path / "preview") if path.endswith((".png", ".pdf"))}
    assert preview == {name.removeprefix("content/") for name in FILES if name.endswith((".png", ".pdf"))}


def test_publishing_a_post_publishes_its_files_in_the_next_build(tmp_path):
    make_site(tmp_path, FILES)
    build(tmp_path)
    path = tmp_path / "content/posts/2024/secret/index.md"
    path.write_text(path.read_text().replace("draft: true", "draft: false"))
    build(tmp_path)
    assert (tmp_path / "output/posts/2024/secret/deep/notes.pdf").is_file()


FRONT = [
    "---\ntitle: A\n---\n",
    "\n\n---\r\ntitle: A\r\n...\r\n",
    "\ufeff+++\ntitle = 'A'\n+++\n",
    "Title: A\nDate: 2024-01-01\n",
    "Heading\n=======\n\n:date: 2024-01-01\n:slug: x\n",
    "#+TITLE: A\n#+DATE: 2024\n",
]


@pytest.mark.parametrize("text", FRONT)
def test_front_matter_is_recognised(text):
    assert begins_with_front_matter(text.encode())


@pytest.mark.parametrize(
    "text", ["", "\n", "---\n", "---\ntext\n---\n", "Title: A\n", "words\n", "---\na: b\n", "\0\xff"]
)
def test_other_text_is_not_detected_as_front_matter(text):
    assert not begins_with_front_matter(text.encode("latin-1"))


@pytest.mark.parametrize("ending", ["txt", "rst", "org", "mdown", "html", "mdx", "TXT"])
@pytest.mark.parametrize("folder", ["posts", "pages"])
def test_a_file_with_front_matter_that_is_not_a_post_is_not_published(tmp_path, ending, folder):
    name = f"content/{folder}/secret.{ending}"
    make_site(tmp_path, {name: "---\ntitle: Secret\ndraft: true\n---\nwords", f"content/{folder}/plain.{ending}": "x"})
    for _ in range(2):
        warnings = [(item.path, item.message) for item in build(tmp_path).warnings]
        assert warnings == [(name, "the file begins with front matter, but is not a post: it is not published")]
        assert not (tmp_path / f"output/{folder}/secret.{ending}").exists()
        assert (tmp_path / f"output/{folder}/plain.{ending}").exists()
    (tmp_path / name).write_text("words")
    assert build(tmp_path).warnings == ()
    assert (tmp_path / f"output/{folder}/secret.{ending}").exists()


@pytest.mark.parametrize("name", ["idea.md", "recipes/soup.md", "tags/rain.markdown", "posts.md"])
def test_a_post_in_no_folder_of_posts_is_not_published(tmp_path, name):
    path = f"content/{name}"
    make_site(tmp_path, {path: "---\ntitle: Secret\ndraft: true\n---\nwords", "content/plain.md": "# x"})
    for _ in range(2):
        (warning,) = build(tmp_path).warnings
        assert (warning.path, "content/posts/" in warning.hint) == (path, True)
        assert not (tmp_path / "output" / name).exists()
        assert (tmp_path / "output/plain.md").exists()
    config = f"{CONFIG}[types.recipes]\n[taxonomies.people]\n"
    other = {"content/recipes/soup.md": post("Soup"), "content/people/ada.md": "---\nname: Ada\n---\nShe writes.\n"}
    first = post("First").replace("---\n", "---\npeople: [Ada]\n", 1)
    root = make_site(tmp_path / "other", {**other, "content/posts/2024-01-01-first.md": first}, config)
    assert build(root).warnings == ()


def test_only_files_that_can_be_posts_are_opened():
    opened = []

    def head(name):
        opened.append(name)
        return b"---\ntitle: A\n---\n"

    names = ["a.txt", "a.md", "a.comments.yaml", "a.yaml", "a.jpg", "a.css"]
    files = [f"content/posts/{name}" for name in names] + [
        "content/a.txt",
        "content/a.md",
        "content/.well-known/a.md",
        "templates/a.md",
        "content/people/a.md",
    ]
    assert (
        sorted(find_stray_posts(files, "content", head, read={"content/people/a.md"}))
        == sorted(opened)
        == ["content/a.md", "content/posts/a.txt", "content/posts/a.yaml"]
    )


def test_hidden_and_temporary_files_are_named_and_only_those_for_hosts_published(tmp_path):
    public = [".well-known/security.txt", ".htaccess", "posts/.well-known/x"]
    hidden = [".env", ".git/config", "~$doc.docx", ".well-known/.x", "posts/.draft.md"]
    make_site(tmp_path, {f"content/{name}": "x" for name in (*public, *hidden)})
    for _ in range(2):
        report = build(tmp_path)
        assert report.ignored == (
            "content/.env",
            "content/.git",
            "content/.well-known/.x",
            "content/posts/.draft.md",
            "content/~$doc.docx",
        )
        output = tree(tmp_path / "output")
        assert set(public) <= output.keys()
        assert not set(hidden) & output.keys()
