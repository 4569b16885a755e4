"""Reduce HTML of untrusted posts to the elements that Markdown can produce."""

import nh3

from sitegen.formats.html_elements import ATTRIBUTES as HTML_ATTRIBUTES
from sitegen.formats.html_elements import CONTENT, names
from sitegen.markdown.characters import clean

GLOBAL_ATTRIBUTES = names("id class title lang dir")
ATTRIBUTES = {
    **HTML_ATTRIBUTES,
    "td": HTML_ATTRIBUTES["td"] | names("style"),
    "th": HTML_ATTRIBUTES["th"] | names("style"),
    "details": names("open name"),
    "*": GLOBAL_ATTRIBUTES,
}


def sanitize(html: str) -> str:
    """Return HTML with allowed elements, attributes and URL schemes only.

    Scripts, styles, frames and forms are removed with their content, other elements keep their content.
    References to characters that XML forbids are removed as well.
    """
    return clean(
        nh3.clean(
            html,
            tags=set(CONTENT),
            clean_content_tags={"script", "style", "iframe", "object", "embed", "form", "template", "noscript"},
            attributes=ATTRIBUTES,
            url_schemes={"http", "https", "mailto", "tel", "ftp"},
            filter_style_properties={"text-align"},
            link_rel=None,
        )
    )
