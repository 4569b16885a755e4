"""The folder of encoded images: files by a key of the original and the settings, which can be deleted at any time.

A file consists of a digest and its contents. It is data only: nothing in it is executed, and what does not have the
digest, the format or the size that its key demands is ignored and encoded again.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from msgspec import MsgspecError
from msgspec.msgpack import Decoder, Encoder

from sitegen.config.schema import Config, Images
from sitegen.formats import lazy_regex
from sitegen.formats.image_size import read_image
from sitegen.media.image_facts import MEDIA_TYPES, Encoding, ImageFacts
from sitegen.model import Entry
from sitegen.system import fingerprints
from sitegen.system.atomic_write import write_atomically
from sitegen.system.installation import install_hint
from sitegen.system.libraries import installed_version

RECIPE = 1
"""Is increased with each change of how images are encoded, so that they are encoded again."""

SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".bmp", ".heic", ".heif", ".tif", ".tiff")
)
"""The names of files that are encoded when a page shows them."""

DIGEST_BYTES = 16
MAX_SIDE = 1 << 31
_TONE = lazy_regex.compile("(?:[0-3]{3})?")
_read_facts = Decoder(ImageFacts).decode
_pack = Encoder().encode


class EncodedImages:
    """Encoded images in a folder, None for none; an image that is not in it is encoded.

    `has_new` says that files were added to the folder.
    """

    def __init__(self, settings: Images, folder: Path | None) -> None:
        self.settings, self.folder = settings, folder
        self.has_new = False
        encoding = (settings.formats, settings.widths, settings.quality, settings.placeholders)
        limits = (settings.metadata == "credit", settings.max_megapixels)
        self.url_key = fingerprints.of_value((RECIPE, encoding, limits[0]))
        self.recipe = fingerprints.of_value((RECIPE, encoding, limits, installed_version("pillow")))
        self._last: tuple[str, tuple[bytes, ...]] = ("", ())

    def key_of(self, digest: str, encoding: Encoding | None = None) -> str:
        """Return the key of the facts of the image with a fingerprint, or of one of its encodings."""
        part = f"{encoding.purpose}-{encoding.format}-{encoding.width}" if encoding else "facts"
        return fingerprints.of_value((self.recipe, digest, part))

    def find_facts(self, digest: str) -> ImageFacts | None:
        """Return the facts of an image that was encoded before, None if the folder does not have them."""
        data = self.read(self.key_of(digest))
        if data is None:
            return None
        try:
            facts = _read_facts(data)
        except (MsgspecError, ValueError, RecursionError):  # ValueError: a string that is not UTF-8
            return None
        return facts if self._is_plausible(facts) else None

    def encode(self, digest: str, data: bytes) -> ImageFacts:
        """Encode the image with a fingerprint, and return its facts; they and the encodings are stored."""
        from sitegen.media.encode import encode_image  # noqa: PLC0415 - loads Pillow, which takes 70 ms

        encoded = encode_image(data, self.settings)
        self._last = digest, encoded.files
        for encoding, file in zip(encoded.facts.encodings, encoded.files, strict=True):
            self.write(self.key_of(digest, encoding), file)
        # Written last, so that the folder never has the facts without the encodings.
        self.write(self.key_of(digest), _pack(encoded.facts))
        return encoded.facts

    def find_missing_formats(self) -> tuple[str, ...]:
        """Return which of the formats of the settings the installed Pillow cannot encode."""
        from PIL import features  # noqa: PLC0415 - an extra, which takes 70 ms to import

        return tuple(name for name in self.settings.formats if not features.check(name))

    def get(self, digest: str, encodings: tuple[Encoding, ...], encoding: Encoding, read: Callable[[], bytes]) -> bytes:
        """Return one of the encodings of an image, whose bytes `read` returns if it has to be encoded again."""
        data = self.read(self.key_of(digest, encoding))
        if data is not None and self._fits(data, encoding):
            return data
        if self._last[0] != digest:
            self.encode(digest, read())
        return self._last[1][encodings.index(encoding)]

    def remove_unused(self, used: Collection[str]) -> None:
        """Remove the files whose keys are not used, if there are many."""
        if self.folder is None or not self.folder.is_dir():
            return
        files = list(self._list())
        if len(files) > 2 * len(used) + 100:
            for file in files:
                if file.name not in used:
                    file.unlink(missing_ok=True)

    def _list(self) -> Iterator[Path]:
        assert self.folder is not None
        return (file for folder in self.folder.iterdir() if folder.is_dir() for file in folder.iterdir())

    def _is_plausible(self, facts: ImageFacts) -> bool:
        """Return whether facts can be those of an image with the settings: the folder may come from elsewhere."""
        sides = [(facts.width, facts.height), *((one.width, one.height) for one in facts.encodings)]
        return all(0 <= side <= MAX_SIDE for pair in sides for side in pair) and _TONE.fullmatch(facts.tone) is not None

    def _fits(self, data: bytes, encoding: Encoding) -> bool:
        size = read_image(data)
        wanted = (MEDIA_TYPES[encoding.format], encoding.width, encoding.height)
        return len(data) == encoding.bytes and size is not None and (size.type, size.width, size.height) == wanted

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / key[:2] / key

    def read(self, key: str) -> bytes | None:
        """Return the contents of a file by its key, None if it is not in the folder or is damaged."""
        if self.folder is None:
            return None
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None  # missing, unreadable, or a folder: it is encoded again
        payload = data[DIGEST_BYTES:]
        return payload if data[:DIGEST_BYTES] == _digest(key, payload) else None

    def write(self, key: str, payload: bytes) -> None:
        """Add a file to the folder, if there is one."""
        if self.folder is None:
            return
        path = self._path(key)
        if not path.parent.is_dir() or path.is_dir():
            _make_room(self.folder, path)
        write_atomically(path, _digest(key, payload) + payload, concurrent=True)
        self.has_new = True


def _make_room(folder: Path, path: Path) -> None:
    """Create the folders above a file, and remove files and folders that are in the way."""
    for parent in (folder, path.parent):
        if not parent.is_dir():
            parent.unlink(missing_ok=True)
            parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)


def _digest(key: str, payload: bytes) -> bytes:
    return blake2b(payload, digest_size=DIGEST_BYTES, key=key.encode()).digest()


def describe_missing_encoder(config: Config, entries: Iterable[Entry]) -> str:
    """Return a line that says how to install the encoder of images, "" if it is installed or not needed."""
    if not config.images.convert or can_encode():
        return ""
    shown = (image for entry in entries for image in (*entry.images, entry.post.image))
    if not any(map(is_encodable, shown)):
        return ""
    return f"Images are published in one size: to encode them for all screens, {install_hint('images')}"


def is_encodable(path: str) -> bool:
    """Return whether an image is encoded when a page shows it, by the name of its file."""
    return PurePosixPath(path).suffix.lower() in SUFFIXES


def can_encode() -> bool:
    """Return whether the library that encodes images is installed, without loading it."""
    return find_spec("PIL") is not None
