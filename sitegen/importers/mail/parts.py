"""Takes the MIME parts of a message (RFC 2045, 2046, 2387, 2392) for its text and the images in it."""

import mimetypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from html import escape
from urllib.parse import quote, unquote

from sitegen.formats.delimiters import remove_spans
from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import Attachment
from sitegen.importers.convert.plain_text import text_to_html
from sitegen.importers.mail.addresses import remove_quoted_addresses
from sitegen.importers.mail.header_text import decode_charset, decode_words

LONGEST_HEADER = 8_192
DEEPEST = 40
FORWARDED = "message/rfc822"

_FOOTER = re.compile(r"unsubscribe|mailing list|list archives?|listinfo", re.IGNORECASE)
_UNSEEN = re.compile(r"<(?:(?:style|head|script)\b|!--)?|&nbsp;", re.IGNORECASE)
_TAG_END = re.compile(">")
_UNSEEN_ENDS = {
    **{f"<{name}": (re.compile(rf"</{name}\s*+>", re.IGNORECASE), _TAG_END) for name in ("style", "head", "script")},
    "<!--": (re.compile("-->"), _TAG_END),
    "<": (_TAG_END,),
    "&nbsp;": (re.compile("(?<=;)"),),
}
"""What ends that which no reader sees: a tag where its element or the comment is never closed."""
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)


class _Bounded(EmailPolicy):
    """Leaves out header fields whose length would cost the library's parser minutes."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        if sum(map(len, sourcelines)) > LONGEST_HEADER:
            return "X-Too-Long", ""
        return super().header_source_parse(sourcelines)


def read_parts(data: bytes, dropped: Counter[str]) -> tuple[str, tuple[Attachment, ...]]:
    """Return the text of a MIME entity as HTML, and the images that it names by `cid:` or by their location.

    Counts the parts that are not taken in `dropped`. Raises UnreadableError for one that is nested without end.
    """
    try:
        root = BytesParser(EmailMessage, policy=_Bounded()).parsebytes(data)
        assert isinstance(root, EmailMessage)
        bodies = tuple(_bodies(root, 0))
        html, attachments = _join(bodies, _pictures(root), dropped)
        shown = {attachment.reference for attachment in attachments}
        for part in _leaves(root):
            if not any(part is body.part for body in bodies) and _reference(part) not in shown:
                _count_part(part, dropped)
    except RecursionError:
        raise UnreadableError("its parts are nested without end") from None
    return html, attachments


@dataclass(frozen=True, slots=True)
class _Body:
    part: EmailMessage
    kind: str


def _bodies(part: EmailMessage, depth: int) -> Iterator[_Body]:
    """Yield the parts that make up the text, in order: HTML where there is a choice, images shown between them."""
    if depth > DEEPEST:
        raise UnreadableError("its parts are nested too deep")
    kind = part.get_content_type()
    children = _messages(part)
    if kind == "multipart/alternative":
        choices = [tuple(_bodies(child, depth + 1)) for child in children]
        rich = [choice for choice in choices if any(body.kind == "text/html" and _says(body.part) for body in choice)]
        yield from (rich or [choice for choice in choices if choice] or [()])[-1 if rich else 0]
    elif kind == "multipart/related":
        yield from _bodies(children[0], depth + 1) if children else ()
    elif kind.startswith("multipart/") or kind == FORWARDED:
        if kind == FORWARDED:
            yield _Body(part, kind)
        for child in children:
            yield from _bodies(child, depth + 1)
    elif part.get_content_disposition() != "attachment" and not part.is_multipart() and _is_shown(kind, depth):
        yield _Body(part, kind)


def _join(
    bodies: tuple[_Body, ...], pictures: dict[str, EmailMessage], dropped: Counter[str]
) -> tuple[str, tuple[Attachment, ...]]:
    pieces: list[str] = []
    for number, body in enumerate(bodies):
        if body.kind.startswith("image/"):
            reference = _reference(body.part) or f"cid:part-{number}"
            pictures.setdefault(reference, body.part)
            if not any(reference in piece for piece in pieces):
                pieces.append(f'<p><img src="{escape(reference)}" alt=""></p>')
            continue
        if body.kind == FORWARDED:
            subject = next((decode_words(_header(child, "subject")) for child in _messages(body.part)), "")
            pieces.append(f"<h2>{escape(subject)}</h2>" if subject else "<hr>")
            continue
        text = _text(body.part)
        if body.kind == "text/plain":
            if pieces and len(text) < 800 and _FOOTER.search(text):
                dropped["footer of a mailing list"] += 1
                continue
            flowed = str(_parameter(body.part, "format")).lower() == "flowed"
            text = remove_quoted_addresses(text, dropped)
            text = text_to_html(text, flowed=flowed, delete_space=_parameter(body.part, "delsp").lower() == "yes")
        pieces.append(text)
    html = "\n".join(pieces)
    used = tuple(
        Attachment(reference, _name(part, reference), payload)
        for reference, part in pictures.items()
        if _is_named(reference, html) and (payload := _payload(part))
    )
    return html, used


def _is_named(reference: str, html: str) -> bool:
    key = reference.removeprefix("cid:")
    return any(
        form in html
        for form in {f"cid:{key}", f"cid:{quote(key)}", f"cid:{escape(key)}"} | ({reference} - {f"cid:{key}"})
    )


def _messages(part: EmailMessage) -> list[EmailMessage]:
    """Return the parts of a part, or the message that it forwards."""
    inner = part.get_payload() if part.is_multipart() else []
    return [child for child in inner if isinstance(child, EmailMessage)] if isinstance(inner, list) else []


def _says(part: EmailMessage) -> bool:
    """Return whether a part of HTML shows a word or an image: some programs send an empty one beside the text."""
    text = _text(part)
    return "<img" in text.lower() or bool(re.search(r"\w", remove_spans(text, _UNSEEN, _UNSEEN_ENDS)))


def _leaves(part: EmailMessage) -> Iterator[EmailMessage]:
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if one.is_multipart() and (one.get_content_maintype() == "multipart" or one.get_content_type() == FORWARDED):
            waiting += _messages(one)
        else:
            yield one


def _pictures(root: EmailMessage) -> dict[str, EmailMessage]:
    return {
        reference: part
        for part in _leaves(root)
        if part.get_content_type().startswith("image/") and (reference := _reference(part))
    }


def _reference(part: EmailMessage) -> str:
    if identity := _header(part, "content-id"):
        return "cid:" + unquote(identity.strip("<> "))
    return _header(part, "content-location")


def _name(part: EmailMessage, reference: str) -> str:
    name = part.get_filename()
    ending = mimetypes.guess_extension(part.get_content_type()) or ""
    if name:
        return str(name)
    stem = reference.removeprefix("cid:").split("@")[0]
    return stem if ending and stem.lower().endswith(ending) else stem + ending


def _count_part(part: EmailMessage, dropped: Counter[str]) -> None:
    kind = part.get_content_type()
    if kind == "text/plain" and part.get_content_disposition() != "attachment":
        dropped["plain text version"] += 1
    elif kind == "text/html" and part.get_content_disposition() != "attachment":
        dropped["other HTML version"] += 1
    else:
        dropped[f"attachment {kind}"] += 1


def _is_shown(kind: str, depth: int) -> bool:
    return kind in ("text/html", "text/plain") or (kind.startswith("image/") and depth > 0)


def _text(part: EmailMessage) -> str:
    """Return a text part's words; a charset that is unknown, or that the bytes contradict, is guessed."""
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
    """Return a part's header field as it is written, unfolded."""
    return " ".join(next((str(value) for key, value in part.raw_items() if key.lower() == name), "").split())


def _parameter(part: EmailMessage, name: str) -> str:
    value = part.get_param(name, "")
    return value[2] if isinstance(value, tuple) else str(value or "")
