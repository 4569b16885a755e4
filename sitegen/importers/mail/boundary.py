"""Gives messages the same boundary between their parts.

The parser of the standard library compiles a regular expression for each boundary, and parses each new `Content-Type`,
which takes a fifth of the main process's time in an import of mail.
"""

import re

SHARED = "sitegen-shared-boundary"

_TYPE = re.compile(r"multipart/[a-z-]+\s*;", re.IGNORECASE)
_BOUNDARY = re.compile(r";\s*boundary=(?:\"([\w+./:=?-]{1,70})\"|([\w+.-]{1,70})(?![^\s;]))", re.IGNORECASE | re.ASCII)
_REST_OF_LINE = re.compile(rb"(?:--)?[ \t]*(?:[\r\n]|\Z)")


def share_boundary(content_type: str, body: bytes) -> tuple[str, bytes]:
    """Return the content type and the body of a message, with SHARED in place of its boundary.

    They are returned unchanged if the boundary is anywhere in the body but in the lines between the parts: it may be in
    the content of a part, or be the start of the boundary of parts inside a part.
    """
    found = _BOUNDARY.search(content_type)
    if (
        found is None
        or _TYPE.match(content_type) is None
        or content_type.lower().count("boundary") != 1
        or not {'"', "("}.isdisjoint(content_type[: found.start()])
    ):
        return content_type, body
    boundary, shared = (found[1] or found[2]).encode("ascii"), SHARED.encode("ascii")
    preamble, *parts = (b"\n" + body).split(b"\n--" + boundary)
    if shared in body or body.count(boundary) != len(parts) or not all(map(_REST_OF_LINE.match, parts)):
        return content_type, body
    renamed = f'{content_type[: found.start()]}; boundary="{SHARED}"{content_type[found.end() :]}'
    return renamed, (b"\n--" + shared).join((preamble, *parts))[1:]
