"""The base URL of a site, before it is published."""

from pathlib import Path
from urllib.parse import urlsplit

from sitegen.config.load import describe_setting
from sitegen.errors import Problem


def check_base_url(root: Path, base_url: str) -> list[Problem]:
    """Return a problem if the base URL of the site in a folder is one of this machine."""
    host = urlsplit(base_url).hostname or ""
    if host not in ("localhost", "0.0.0.0", "::1") and not host.startswith("127."):  # noqa: S104 - nothing binds to it
        return []
    hint = 'set it to the URL that readers use, for example base_url = "https://letters.example.com/"'
    message = f"the base URL {base_url} is an address of your own machine"
    return [describe_setting(root, ("base_url",), message, hint)]
