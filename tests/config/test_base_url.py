"""Base URLs that readers cannot reach."""

import pytest

from sitegen.config.base_url import check_base_url
from sitegen.errors import Problem


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/",
        "http://LOCALHOST/a/",
        "https://127.0.0.1/",
        "http://127.1.2.3:80/",
        "http://0.0.0.0/",
        "http://[::1]:80/",
    ],
)
def test_a_site_of_this_machine_is_not_published(tmp_path, url):
    hint = 'set it to the URL that readers use, for example base_url = "https://letters.example.com/"'
    message = f"the base URL {url} is an address of your own machine"
    assert check_base_url(tmp_path, url) == [Problem("sitegen.toml", 0, message, hint)]
    (tmp_path / "sitegen.toml").write_text(f'title = "T"\nbase_url = "{url}"\n')
    assert check_base_url(tmp_path, url) == [Problem("sitegen.toml", 2, message, hint, f'base_url = "{url}"')]


@pytest.mark.parametrize("url", ["https://letters.example.com/", "https://localhost.example/", "https://128.0.0.1/"])
def test_a_site_with_a_public_url_is(tmp_path, url):
    assert check_base_url(tmp_path, url) == []
