"""URLs of the config, as they are written into pages."""

import json

import pytest

from sitegen.errors import SiteError
from sitegen.formats.urls import base_path_of, home_of, normalize_base_url, origin_of
from tests.cli.test_commands import run
from tests.support.sites import build, make_site


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/", "https://example.org/"),
        ("HTTPS://You.GitHub.io/My-Archive/", "https://you.github.io/My-Archive/"),
        ("https://example.org:443/", "https://example.org/"),
        ("http://example.org:80/", "http://example.org/"),
        ("http://example.org:8080/a/", "http://example.org:8080/a/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("https://ex.org/a b/", "https://ex.org/a%20b/"),
        ("https://ex.org/a%20b/", "https://ex.org/a%20b/"),
        ("https://ex.org/%7eann/", "https://ex.org/~ann/"),
        ("https://ex.org/100%/", "https://ex.org/100%25/"),
        ("https://ex.org/zeitung-für-köln/", "https://ex.org/zeitung-f%C3%BCr-k%C3%B6ln/"),
        ("https://Bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://日本語.jp/", "https://xn--wgv71a119e.jp/"),
        ('https://ex.org/"><script>alert(1)</script>/', "https://ex.org/%22%3E%3Cscript%3Ealert(1)%3C/script%3E/"),
        ("https://my_site.example.org/~ann/", "https://my_site.example.org/~ann/"),
    ],
)
def test_a_base_url_is_written_in_ascii_with_its_host_in_lower_case(written, used):
    assert normalize_base_url(written) == used
    assert normalize_base_url(used) == used


@pytest.mark.parametrize(
    "written",
    [
        "letter.example.org",
        "ftp://example.org/",
        "https:///path/",
        "https://ann:secret@example.org/",
        "https://ann@example.org/",
        "https://example.org/?a=1",
        "https://example.org/#",
        "https://example.org/a/../b/",
        "https://example.org/a%2Fb/",
        "https://example.org/%ff/",
        "https://exam ple.org/",
        'https://example.org"onload=/',
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://straße.example/",
        "https://-example.org/",
        "https://example..org/",
        "https://exa\nmple.org/",
        "https:\\\\example.org\\",
        f"https://{'ü' * 80}.example/",
        "javascript://example.org/%0aalert(1)",
        "",
    ],
)
def test_a_base_url_that_is_not_one_is_a_problem_that_shows_no_password(tmp_path, written):
    with pytest.raises(ValueError):
        normalize_base_url(written)
    make_site(tmp_path, config=f"base_url = {json.dumps(written)}\n")
    with pytest.raises(SiteError, match=r"sitegen\.toml:1: the base URL"):
        build(tmp_path)
    assert "secret" not in run("build", root=tmp_path).output


def test_a_site_whose_host_has_capitals_and_whose_path_has_a_space_passes_its_own_check(tmp_path):
    make_site(tmp_path, config='title = "Letters"\nbase_url = "https://You.GitHub.io/My Archive/"\ndescription = "x"\n')
    assert run("build", root=tmp_path).exit_code == 0
    result = run("check", root=tmp_path)
    assert result.exit_code == 0, result.output
    text = "".join(path.read_text() for path in (tmp_path / "output").rglob("*.*ml"))
    assert "https://you.github.io/My%20Archive/" in text
    assert "GitHub" not in text
    assert "My Archive" not in text


@pytest.mark.parametrize(
    "zone", ["Local", "local", "localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/UTC"]
)
def test_a_time_zone_that_depends_on_the_machine_is_a_problem(tmp_path, zone):
    make_site(tmp_path, config=f'timezone = "{zone}"\n')
    with pytest.raises(SiteError, match="depends on the machine; write the name of yours"):
        build(tmp_path)


@pytest.mark.parametrize(
    ("url", "origin", "path", "home"),
    [
        ("https://a.example", "https://a.example", "", "https://a.example/"),
        ("https://a.example/", "https://a.example", "", "https://a.example/"),
        ("http://a.example:8000/x/y", "http://a.example:8000", "/x/y", "http://a.example:8000/x/y/"),
        ("https://[::1]:8000/x%20y//", "https://[::1]:8000", "/x%20y", "https://[::1]:8000/x%20y/"),
    ],
)
def test_a_base_url_has_an_origin_and_a_path(url, origin, path, home):
    assert (origin_of(url), base_path_of(url), home_of(url)) == (origin, path, home)
