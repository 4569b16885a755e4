"""Comment systems: each needs its settings, and every other one is reported with its line."""

import pytest
from msgspec.structs import replace

from sitegen.config.comment_systems import REQUIRED, check_comment_system, find_sources
from sitegen.config.load import read_config
from sitegen.config.theme_schema import COMMENT_SYSTEMS, CommentSystem
from sitegen.errors import SiteError

VALID = {
    "giscus": CommentSystem("giscus", repo="ada/letters", repo_id="R_kg=", category="News & more", category_id="DIC_k"),
    "isso": CommentSystem("isso", "https://comments.example.org/isso/"),
    "remark42": CommentSystem("remark42", "http://127.0.0.1:8080", "letters", integrity="sha384-" + "A" * 64),
    "webmention": CommentSystem("webmention", "https://webmention.example/letters/webmention"),
}


def problems(comments):
    return [(keys[-1], message) for keys, message, _ in check_comment_system(comments)]


@pytest.mark.parametrize("system", COMMENT_SYSTEMS)
def test_a_system_with_its_settings_is_valid_and_each_of_them_is_required(system):
    assert problems(VALID[system]) == []
    for name in REQUIRED[system]:
        assert problems(replace(VALID[system], **{name: ""})) == [("system", f"{system} needs `{name}`")]


@pytest.mark.parametrize(
    ("comments", "key", "message"),
    [
        (CommentSystem(repo="a/b"), "repo", "`repo` has no effect without `system`"),
        (CommentSystem("isos", "https://a.example/"), "system", '"isos" is not a known value of `system`'),
        (replace(VALID["isso"], repo="a/b"), "repo", "`repo` has no effect for isso"),
        (replace(VALID["giscus"], integrity="sha384-AAAA"), "integrity", "`integrity` has no effect for giscus"),
        (replace(VALID["giscus"], repo="letters"), "repo", '"letters" is not a repository on GitHub'),
        (replace(VALID["giscus"], repo_id='"><script>'), "repo_id", '""><script>" is not the id of a repository'),
        (replace(VALID["isso"], url="comments.example.org"), "url", '"comments.example.org" is not a web URL'),
        (replace(VALID["isso"], url="javascript:alert(1)"), "url", '"javascript:alert(1)" is not a web URL'),
        (replace(VALID["isso"], url="/isso/"), "url", '"/isso/" is not a web URL'),
        (replace(VALID["isso"], url="https://a.example/;x"), "url", '"https://a.example/;x" is not a web URL'),
        (replace(VALID["isso"], url="https://a:b@c.example/"), "url", '"https://a:b@c.example/" is not a web URL'),
        (replace(VALID["remark42"], integrity="md5-x"), "integrity", '"md5-x" is not a hash of a script'),
    ],
)
def test_a_wrong_setting_is_reported(comments, key, message):
    assert problems(comments) == [(key, message)]


def test_a_wrong_setting_is_reported_with_its_line(tmp_path):
    (tmp_path / "sitegen.toml").write_text('[theme.comments]\nsystem = "isso"\nurl = "comments"\n')
    with pytest.raises(SiteError, match=r'sitegen.toml:3: "comments" is not a web URL'):
        read_config(tmp_path)


def test_browsers_may_load_from_the_host_of_the_system_only():
    assert find_sources(CommentSystem()) == {}
    origins = {
        source
        for system in VALID.values()
        for sources in find_sources(system).values()
        for source in sources
        if not source.startswith("'")
    }
    assert origins == {
        "https://giscus.app",
        "https://comments.example.org",
        "http://127.0.0.1:8080",
        "https://webmention.example",
    }
