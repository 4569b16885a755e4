"""Reads the text and the images of a message from its MIME parts (RFC 2045, 2046, 2387, 2392)."""

import mimetypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from functools import lru_cache
from html import escape
from urllib.parse import quote, unquote

from sitegen.formats.delimiters import remove_spans
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import Attachment
from sitegen.importers.convert.plain_text import text_to_html
from sitegen.importers.mail.addresses import remove_quoted_addresses
from sitegen.importers.mail.header_text import decode_charset, decode_words

MAX_HEADER_BYTES = 8_192
MAX_DEPTH = 40
FORWARDED = "message/rfc822"

_FOOTER = re.compile(r"unsubscribe|mailing list|list archives?|listinfo", re.IGNORECASE)
_INVISIBLE_START = re.compile(r"<(?:(?:style|head|script)\b|!--)?|&nbsp;", re.IGNORECASE)
_TAG_END = re.compile(">")
_INVISIBLE_ENDS = {
    **{f"<{name}": (re.compile(rf"</{name}\s*+>", re.IGNORECASE), _TAG_END) for name in ("style", "head", "script")},
    "<!--": (re.compile("-->"), _TAG_END),
    "<": (_TAG_END,),
    "&nbsp;": (re.compile("(?<=;)"),),
}
"""The end of invisible content; if an element or a comment is not closed, the end of its tag."""
_INVISIBLE_TAGS = ("<style", "<head", "<script", "<!--")
_INVISIBLE_TAG_ENDS = ("</style", "</head", "</script", "-->")
_VISIBLE_WORD = re.compile(r">[^<>&\w]*+\w")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)


_parse_field = lru_cache(maxsize=256)(EmailPolicy().header_fetch_parse)
"""Parses a header field. `email` parses `Content-Type` again for each of a dozen questions about a part."""


class _BoundedPolicy(EmailPolicy):
    """Drops long header fields, for which the parser of the standard library needs minutes."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        field: str = _parse_field(name, value)
        return field

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        if sum(map(len, sourcelines)) > MAX_HEADER_BYTES:
            return "X-Too-Long", ""
        return super().header_source_parse(sourcelines)


def read_parts(data: bytes, dropped: Counter[str]) -> tuple[str, tuple[Attachment, ...]]:
    """Return the text of a MIME entity as HTML, and the images that it refers to by `cid:` or by location.

    Counts unused parts in `dropped`. Raises UnreadableError for a message that is nested too deep.
    """
    try:
        root = BytesParser(EmailMessage, policy=_BoundedPolicy()).parsebytes(data)
        assert isinstance(root, EmailMessage)
        bodies = tuple(_find_bodies(root, 0))
        html, attachments = _join_bodies(bodies, _find_images(root), dropped)
        used_references = {attachment.reference for attachment in attachments}
        for part in _leaves(root):
            if not any(part is body.part for body in bodies) and _reference(part) not in used_references:
                _count_part(part, dropped)
    except RecursionError:
        raise UnreadableError("its parts are nested too deep") from None
    return html, attachments


@dataclass(frozen=True, slots=True)
class _Body:
    part: EmailMessage
    content_type: str


def _find_bodies(part: EmailMessage, depth: int) -> Iterator[_Body]:
    """Yield the parts of the text in order: preferably HTML, with the images between them."""
    if depth > MAX_DEPTH:
        raise UnreadableError("its parts are nested too deep")
    content_type = part.get_content_type()
    children = _subparts(part)
    if content_type == "multipart/alternative":
        choices = [tuple(_find_bodies(child, depth + 1)) for child in children]
        html_choices = [
            choice
            for choice in choices
            if any(body.content_type == "text/html" and _has_content(body.part) for body in choice)
        ]
        yield from (html_choices or [choice for choice in choices if choice] or [()])[-1 if html_choices else 0]
    elif content_type == "multipart/related":
        yield from _find_bodies(children[0], depth + 1) if children else ()
    elif content_type.startswith("multipart/") or content_type == FORWARDED:
        if content_type == FORWARDED:
            yield _Body(part, content_type)
        for child in children:
            yield from _find_bodies(child, depth + 1)
    elif (
        part.get_content_disposition() != "attachment"
        and not part.is_multipart()
        and _is_displayed(content_type, depth)
    ):
        yield _Body(part, content_type)


def _join_bodies(
    bodies: tuple[_Body, ...], images: dict[str, EmailMessage], dropped: Counter[str]
) -> tuple[str, tuple[Attachment, ...]]:
    pieces: list[str] = []
    for number, body in enumerate(bodies):
        if body.content_type.startswith("image/"):
            reference = _reference(body.part) or f"cid:part-{number}"
            images.setdefault(reference, body.part)
            if not any(reference in piece for piece in pieces):
                pieces.append(f'<p><img src="{escape(reference)}" alt=""></p>')
            continue
        if body.content_type == FORWARDED:
            subject = next((decode_words(_header(child, "subject")) for child in _subparts(body.part)), "")
            pieces.append(f"<h2>{escape(subject)}</h2>" if subject else "<hr>")
            continue
        text = _text(body.part)
        if body.content_type == "text/plain":
            if pieces and len(text) < 800 and _FOOTER.search(text):
                dropped["footer of a mailing list"] += 1
                continue
            flowed = str(_parameter(body.part, "format")).lower() == "flowed"
            text = remove_quoted_addresses(text, dropped)
            text = text_to_html(text, flowed=flowed, delete_space=_parameter(body.part, "delsp").lower() == "yes")
        pieces.append(text)
    html = "\n".join(pieces)
    used = tuple(
        Attachment(reference, _file_name(part, reference), payload)
        for reference, part in images.items()
        if _is_referenced(reference, html) and (payload := _payload(part))
    )
    return html, used


def _is_referenced(reference: str, html: str) -> bool:
    key = reference.removeprefix("cid:")
    return any(
        form in html
        for form in {f"cid:{key}", f"cid:{quote(key)}", f"cid:{escape(key)}"} | ({reference} - {f"cid:{key}"})
    )


def _subparts(part: EmailMessage) -> list[EmailMessage]:
    """Return the parts of a multipart entity, or the forwarded message."""
    inner = part.get_payload() if part.is_multipart() else []
    return [child for child in inner if isinstance(child, EmailMessage)] if isinstance(inner, list) else []


def _has_content(part: EmailMessage) -> bool:
    """Return whether an HTML part has words or images: some programs send an empty one with the plain text."""
    text = _text(part)
    lowered = text.lower()
    return (
        "<img" in lowered
        or has_word_at_end(lowered)
        or bool(re.search(r"\w", remove_spans(text, _INVISIBLE_START, _INVISIBLE_ENDS)))
    )


def has_word_at_end(html: str) -> bool:
    """Return whether HTML in lower case surely has a word after its last invisible element, as nearly all of it has.

    Removing what is invisible takes twenty times as long.
    """
    end = max(html.rfind(tag) for tag in _INVISIBLE_TAG_ENDS)
    if any(html.find(tag, max(end, 0)) >= 0 for tag in _INVISIBLE_TAGS):
        return False
    return _VISIBLE_WORD.search(html, max(end, 0)) is not None


def _leaves(part: EmailMessage) -> Iterator[EmailMessage]:
    pending = [part]
    while pending:
        one = pending.pop()
        if one.is_multipart() and (one.get_content_maintype() == "multipart" or one.get_content_type() == FORWARDED):
            pending += _subparts(one)
        else:
            yield one


def _find_images(root: EmailMessage) -> dict[str, EmailMessage]:
    return {
        reference: part
        for part in _leaves(root)
        if part.get_content_type().startswith("image/") and (reference := _reference(part))
    }


def _reference(part: EmailMessage) -> str:
    if identity := _header(part, "content-id"):
        return "cid:" + unquote(identity.strip("<> "))
    return _header(part, "content-location")


def _file_name(part: EmailMessage, reference: str) -> str:
    name = part.get_filename()
    ending = mimetypes.guess_extension(part.get_content_type()) or ""
    if name:
        return str(name)
    stem = reference.removeprefix("cid:").split("@")[0]
    return stem if ending and stem.lower().endswith(ending) else stem + ending


def _count_part(part: EmailMessage, dropped: Counter[str]) -> None:
    content_type = part.get_content_type()
    if content_type == "text/plain" and part.get_content_disposition() != "attachment":
        dropped["plain text version"] += 1
    elif content_type == "text/html" and part.get_content_disposition() != "attachment":
        dropped["other HTML version"] += 1
    else:
        dropped[f"attachment {content_type}"] += 1


def _is_displayed(content_type: str, depth: int) -> bool:
    return content_type in ("text/html", "text/plain") or (content_type.startswith("image/") and depth > 0)


def _text(part: EmailMessage) -> str:
    """Return the decoded text of a part; if the charset is unknown or does not fit, detect the encoding."""
    data = _payload(part)
    charset = _parameter(part, "charset")
    if part.get_content_type() == "text/html" and not charset:
        found = _CHARSET.search(data[:4096])
        charset = found[1].decode("ascii", "replace") if found else ""
    return decode_charset(data, charset)


def _payload(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _header(part: EmailMessage, name: str) -> str:
    """Return the raw value of a header field, unfolded."""
    return " ".join(next((str(value) for key, value in part.raw_items() if key.lower() == name), "").split())


def _parameter(part: EmailMessage, name: str) -> str:
    value = part.get_param(name, "")
    return value[2] if isinstance(value, tuple) else str(value or "")
