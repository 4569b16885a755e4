"""URLs in configuration values and messages."""

import re

# RFC 3986, section 3.2.1: userinfo ends at the last "@" before the path, query or fragment.
_USERINFO = re.compile(r"(?<=://)[^\s/?#'\"<>]*@")


def hide_credentials(text: str) -> str:
    """Return a string without the user names and passwords of the URLs in it."""
    return _USERINFO.sub("", text) if "://" in text else text
