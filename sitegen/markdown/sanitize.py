"""HTML from texts that are not trusted, reduced to what Markdown itself can make."""

import nh3

from sitegen.markdown.characters import clean

TAGS = (
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small source span strong "
    "sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
)
EVERYWHERE = {"id", "class", "title", "lang", "dir"}
ATTRIBUTES = {
    "a": {"href", "hreflang"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height"},
    "source": {"srcset", "sizes", "media", "type", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "headers", "style"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr", "style"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "time": {"datetime"},
    "del": {"cite", "datetime"},
    "ins": {"cite", "datetime"},
    "q": {"cite"},
    "blockquote": {"cite"},
}


def sanitize(html: str) -> str:
    """Return HTML with allowed elements, attributes and URL schemes only.

    Scripts, styles, frames and forms go with all that is in them, other elements leave their content.
    Character references to what XML forbids go too.
    """
    return clean(
        nh3.clean(
            html,
            tags=set(TAGS.split()),
            clean_content_tags={"script", "style", "iframe", "object", "embed", "form", "template", "noscript"},
            attributes={"*": EVERYWHERE, **ATTRIBUTES},
            url_schemes={"http", "https", "mailto", "tel", "ftp"},
            filter_style_properties={"text-align"},
            link_rel=None,
        )
    )
