"""Where readers write new comments: the form of a comment system, or of webmentions."""

import re

import pytest

from tests.config.test_comment_systems import VALID
from tests.support.sites import CONFIG, build, make_site, post, tree, write


def configure(system):
    values = {name: getattr(VALID[system], name) for name in VALID[system].__struct_fields__}
    rows = [f'{name} = "{value}"\n' for name, value in values.items() if value]
    return CONFIG + "[theme.comments]\n" + "".join(rows)


def read(root, path="posts/second/index.html"):
    return (root / "output" / path).read_text()


@pytest.mark.parametrize(
    ("system", "host", "without_script"),
    [
        ("giscus", "GitHub (giscus.app)", 'href="https://github.com/ada/letters/discussions"'),
        ("isso", "comments.example.org", "Writing a comment needs JavaScript."),
        ("remark42", "127.0.0.1:8080", "Writing a comment needs JavaScript."),
    ],
)
def test_a_post_has_a_button_that_says_where_comments_go(tmp_path, system, host, without_script):
    root = make_site(tmp_path, config=configure(system))
    build(root)
    html = read(root)
    assert f"The button loads comments from {host}. What you write is stored there." in html
    assert "Write a comment</button>" in html
    assert without_script in re.search(r"<noscript>(.*?)</noscript>", html)[1]
    assert 'data-thread="/posts/second/"' in html
    assert "comment-form" not in read(root, "about/index.html")
    assert "comment-form" not in read(root, "index.html")
    # Nothing that a browser loads before the reader presses the button is on another host.
    loaded = re.findall(
        r'<(?:script|img|iframe|link rel="(?:stylesheet|preload|preconnect)")[^>]*(?:src|href)="([^"]*)', html
    )
    assert loaded
    assert all(url.startswith("/assets/") for url in loaded)


def test_webmentions_have_a_link_and_a_form_and_no_script(tmp_path):
    root = make_site(tmp_path, config=configure("webmention"))
    build(root)
    html = read(root)
    assert '<link rel="webmention" href="https://webmention.example/letters/webmention">' in html
    form = re.search(r'<form action="(.*?)" method="post">(.*?)</form>', html, re.S)
    assert form[1] == "https://webmention.example/letters/webmention"
    assert 'name="target" value="https://letter.example.org/posts/second/"' in form[2]
    assert 'type="url" name="source"' in form[2]
    assert "It is sent to webmention.example." in form[2]
    assert not [path for path in tree(root / "output") if "assets/comments." in path]
    assert "form-action 'self' https://webmention.example;" in read(root, "_headers")
    assert 'rel="webmention"' not in read(root, "index.html")


def test_front_matter_hides_the_form(tmp_path):
    text = post("Second", "2024-01-02").replace("tags:", "comments: false\ntags:")
    root = make_site(tmp_path, {"content/posts/2024-01-02-second.md": text}, configure("webmention"))
    build(root)
    assert "comment-form" not in read(root)
    assert "webmention" not in read(root)
    assert "comment-form" in read(root, "posts/first/index.html")


def test_the_comment_system_knows_a_post_by_the_same_path_after_it_moved(tmp_path):
    text = post("Second", "2024-01-02").replace(
        "tags:", "id: https://letter.example.org/posts/second/\nslug: moved\ntags:"
    )
    root = make_site(tmp_path, {"content/posts/2024-01-02-second.md": text}, configure("isso"))
    build(root)
    html = read(root, "posts/moved/index.html")
    assert 'data-thread="/posts/second/"' in html
    assert 'data-target="https://letter.example.org/posts/second/"' in html


def test_a_site_without_a_comment_system_has_no_trace_of_one(tmp_path):
    root = make_site(tmp_path)
    build(root)
    output = tree(root / "output")
    assert not [path for path in output if "assets/comments." in path]
    assert not any(b"comment-form" in data for path, data in output.items())
    write(root, {"sitegen.toml": configure("giscus")})
    build(root)
    assert [path for path in tree(root / "output") if "assets/comments." in path]
    write(root, {"sitegen.toml": CONFIG})
    build(root)
    assert tree(root / "output") == output
