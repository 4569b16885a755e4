"""Converts the body of a post to Markdown, unless the same body was converted before.

A conversion depends on the body, the title, the code, and the URLs that it gets for images and linked files. These URLs
are stored with the result. To use a stored result, the same images and files are saved again in the same order: if
each gets the URL that is stored, a new conversion would have the same result, and has had the same effects.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from functools import partial
from hashlib import blake2b
from types import FunctionType
from typing import Literal

from msgspec import MsgspecError, Struct
from msgspec.msgpack import Decoder

from sitegen.importers.archive.archive import UnreadableError
from sitegen.importers.base import HtmlBody, ImportedPost, Item, MarkdownBody
from sitegen.importers.convert.plain_line import plain_line
from sitegen.importers.markdown_source.html_attributes import clean_html
from sitegen.importers.markdown_source.links import TargetSpan, find_targets, scan
from sitegen.importers.markdown_source.raw_html import repair_html
from sitegen.importers.output.conversion_cache import KEY_BYTES, ConversionCache, encode_if_text
from sitegen.importers.output.images import BodySaver, UnpredictableError, save_targets
from sitegen.system.processes import run_in_background

Body = HtmlBody | MarkdownBody


class SavedUrl(Struct, frozen=True, array_like=True):
    """The URL that an image or a linked file got in a conversion."""

    type: Literal["image", "file"]
    url: str
    saved: str | None


class ConvertedBody(Struct, frozen=True, array_like=True):
    """A converted body: its Markdown, dropped content by category, and the URLs of its images and files.

    `targets` are the link targets of the Markdown, `headings` its headings as plain strings if it has targets.
    """

    text: str
    dropped: dict[str, int]
    saved_urls: tuple[SavedUrl, ...]
    targets: tuple[TargetSpan, ...]
    headings: tuple[str, ...] | None


_decode = Decoder(ConvertedBody).decode


class BodyConverter:
    """Converts bodies, and keeps the results in a cache."""

    def __init__(self, cache: ConversionCache) -> None:
        self.cache = cache
        self._from_worker: tuple[bytes, bytes] | None = None

    def convert(self, body: Body, title: str, saver: BodySaver) -> ConvertedBody:
        """Return a converted body, with its images and files saved.

        Raises UnreadableError for a body that cannot be converted.
        """
        key = body_key(body, title)
        if key is None:
            return convert_body(body, title, saver)
        found, self._from_worker = self._from_worker, None
        encoded = found[1] if found is not None and found[0] == key else b""
        known = _read(encoded or self.cache.get(key) or b"")
        if known is not None and _is_repeated(known, saver):
            if encoded:
                self.cache.put(key, encoded)
            return known
        converted = convert_body(body, title, saver)
        if encoded := encode_if_text(converted):
            self.cache.put(key, encoded)
        return converted

    def convert_in_background(
        self, items: Iterable[Item], predict: Callable[[str], BodySaver], jobs: int
    ) -> Generator[Item, None, None]:
        """Yield the items, while the bodies of the following posts are converted by up to `jobs` processes.

        `predict` takes the path of a post's document in the export, and returns a saver that predicts URLs.
        """

        def find_work(item: Item) -> _Work | None:
            if not isinstance(item, ImportedPost):
                return None
            title = plain_line(item.title)
            key = body_key(item.body, title)
            if key is None or key in self.cache:
                return None
            return _Work(key, item.body, title, item.where.path)

        for item, result in run_in_background(partial(_convert_in_worker, predict), items, find_work, jobs, _size):
            self._from_worker = result
            yield item


class _Work(Struct, frozen=True):
    """A body to convert in a worker; `path` is the document of the export that it comes from."""

    key: bytes
    body: Body
    title: str
    path: str


def _convert_in_worker(predict: Callable[[str], BodySaver], work: _Work) -> tuple[bytes, bytes] | None:
    """Return the key and the encoded result of a conversion, or None if only the main process can convert the body."""
    try:
        return work.key, encode_if_text(convert_body(work.body, work.title, predict(work.path)))
    except (UnpredictableError, UnreadableError, RecursionError):
        return None


def _size(item: Item) -> int:
    """Return about how many bytes of memory an item takes."""
    if not isinstance(item, ImportedPost):
        return 0
    return 4 * len(item.body.text) + sum(len(attachment.data) for attachment in item.attachments)


def body_key(body: Body, title: str) -> bytes | None:
    """Return the key of a body and a title in the cache, or None if the rules of its cleaner have no stable name."""
    if isinstance(body, MarkdownBody):
        about = f"markdown {title!r}"
    elif isinstance(body.clean, FunctionType) and body.clean.__closure__ is None:
        about = f"html {title!r} {body.base!r} {body.clean.__module__}.{body.clean.__qualname__}"
    else:
        return None
    return blake2b(f"{about}\n{body.text}".encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


def convert_body(body: Body, title: str, saver: BodySaver) -> ConvertedBody:
    """Convert a body. Raises UnreadableError for a body that cannot be converted."""
    dropped: Counter[str] = Counter()
    recorder = _Recorder(saver)
    if isinstance(body, HtmlBody):
        from sitegen.importers.convert.html_to_markdown import convert_html  # noqa: PLC0415 - loads lxml and nh3

        converted = convert_html(body, title, recorder.image)
        dropped += converted.dropped
        text = save_targets(repair_html(converted.text, dropped), recorder, images=False)
    else:
        text = body.text.replace("\r\n", "\n").replace("\r", "\n")
        text = save_targets(repair_html(clean_html(text, dropped), dropped), recorder)
    written = text.encode("utf-8", "replace").decode()
    targets = tuple(find_targets(written))
    headings = scan(written).headings if targets else None  # the scan that found the targets
    return ConvertedBody(text, dict(dropped), tuple(recorder.saved_urls), targets, headings)


class _Recorder:
    """Records the URLs that a saver returns."""

    def __init__(self, saver: BodySaver) -> None:
        self._saver = saver
        self.saved_urls: list[SavedUrl] = []

    def image(self, url: str) -> str:
        saved = self._saver.image(url)
        self.saved_urls.append(SavedUrl("image", url, saved))
        return saved

    def file(self, url: str) -> str | None:
        saved = self._saver.file(url)
        self.saved_urls.append(SavedUrl("file", url, saved))
        return saved


def _is_repeated(known: ConvertedBody, saver: BodySaver) -> bool:
    """Save the images and files of a conversion again, until one gets another URL; return whether none did."""
    return all(
        (saver.image if item.type == "image" else saver.file)(item.url) == item.saved for item in known.saved_urls
    )


def _read(encoded: bytes) -> ConvertedBody | None:
    try:
        return _decode(encoded) if encoded else None
    except MsgspecError:
        return None
