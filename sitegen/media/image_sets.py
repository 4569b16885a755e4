"""The images that a site shows, each with the files that pages offer of it."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct, field
from msgspec.msgpack import Decoder

from sitegen.cache.store import Store
from sitegen.errors import Problem, naming
from sitegen.formats.site_urls import site_url
from sitegen.media.encoded_images import EncodedImages, is_encodable
from sitegen.media.image_facts import ENDINGS, Encoding, ImageFacts, ImageMode
from sitegen.system import fingerprints
from sitegen.system.processes import spread
from sitegen.system.progress import Progress

FOLDER = "assets/images"
"""The folder of encoded images below the output folder. Their names change with their bytes."""

MAX_STEM_BYTES = 100
MIN_PARALLEL_IMAGES = 2
FACTS_ROW = "images"
"""The name of the row of the build cache with the facts of all images that a site shows, by their fingerprints."""


class ShownAt(Struct, frozen=True):
    """Where a site shows an image: a file and a line, 0 for none."""

    path: str
    line: int


class Variant(Struct, frozen=True):
    """A file that is encoded from an image: its path below the output folder, and its URL."""

    path: str
    url: str
    encoding: Encoding


class ImageSet(Struct, frozen=True):
    """An image with its variants; `name` is the file below the site's root, `digest` its fingerprint."""

    name: str
    digest: str
    facts: ImageFacts
    variants: tuple[Variant, ...]

    def share(self) -> Variant | None:
        """Return the variant for feeds and previews of links, None if that is the original."""
        return next((variant for variant in self.variants if variant.encoding.purpose == "share"), None)


class ImageSets(Struct, frozen=True):
    """The images that a site shows, by their paths below the output folder.

    `deferred` are name and fingerprint of those that are left to a later build. `paths` are the paths of the originals
    by those of their variants.
    """

    sets: Mapping[str, ImageSet] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    deferred: tuple[tuple[str, str], ...] = ()


class EncodingTools(Struct, frozen=True):
    """The tools with which a build encodes images: the encoded images, the build cache, and the files of the site.

    `locate` returns the path of a file of the site on disk. Up to `jobs` processes encode; `progress` is called with
    the numbers of images that are known, and of all.
    """

    encoded: EncodedImages
    store: Store
    locate: Callable[[str], Path]
    jobs: int
    progress: Progress


def find_image_sets(
    shown: Mapping[str, ShownAt],
    published: Mapping[str, tuple[str, str]],
    base: str,
    mode: ImageMode,
    tools: EncodingTools,
) -> ImageSets:
    """Return the images that a site shows, after encoding those that no build has encoded before.

    `shown` has the paths of the images below the output folder, `published` name and fingerprint of each published
    file, `base` the path of the base URL. An image that cannot be decoded is a warning, and so is a Pillow that cannot
    encode one of the formats: then no image is encoded.
    """
    if mode == "skip":
        return ImageSets()
    used = {path: published[path] for path in shown if path in published and is_encodable(path)}
    if not used:
        return ImageSets()
    names = {digest: name for name, digest in reversed(used.values())}
    encoded = tools.encoded
    facts = _find_known(names, encoded, tools.store)
    missing = [digest for digest in names if digest not in facts]
    lacking = encoded.find_missing_formats() if missing else ()
    if missing and mode == "encode" and not lacking:

        def task(digest: str) -> ImageFacts:
            return encode_file(names[digest], digest, encoded, tools.locate)

        for digest, found in zip(missing, spread(task, missing, tools.jobs, MIN_PARALLEL_IMAGES), strict=True):
            facts[digest] = found
            encoded.has_new = True
            tools.progress("encoding", len(facts), len(names))
        tools.store.put("fact", [(FACTS_ROW, (encoded.recipe, facts))])
    sets = {
        path: make_set(path, name, facts[digest], digest, encoded.url_key, base)
        for path, (name, digest) in used.items()
        if digest in facts
    }
    paths = {variant.path: path for path, image in sets.items() for variant in image.variants}
    warnings = tuple(_describe(image, shown[path]) for path, image in sets.items() if image.facts.error)
    if lacking:
        return ImageSets(sets, paths, (*warnings, _describe_lacking(lacking, encoded.settings.formats)))
    deferred = tuple((names[digest], digest) for digest in missing if digest not in facts)
    return ImageSets(sets, paths, warnings, deferred)


def encode_file(name: str, digest: str, encoded: EncodedImages, locate: Callable[[str], Path]) -> ImageFacts:
    """Encode a file of the site, and return its facts."""
    path = locate(name)
    with naming(path):
        data = path.read_bytes()
    return encoded.encode(digest, data)


def encode_deferred(images: ImageSets, encoded: EncodedImages, locate: Callable[[str], Path], seconds: float) -> bool:
    """Encode images that were left to a later build for some seconds; return whether all are encoded."""
    end = time.monotonic() + seconds
    for name, digest in images.deferred:
        if encoded.find_facts(digest) is None:
            if time.monotonic() >= end:
                return False
            encode_file(name, digest, encoded, locate)
    return True


def find_keys(images: ImageSets, encoded: EncodedImages) -> set[str]:
    """Return the keys of the files that some images need in the folder of encoded images."""
    sets = images.sets.values()
    return {encoded.key_of(image.digest) for image in sets} | {
        encoded.key_of(image.digest, encoding) for image in sets for encoding in image.facts.encodings
    }


_read_row = Decoder(tuple[str, dict[str, ImageFacts]]).decode


def _find_known(names: Iterable[str], encoded: EncodedImages, store: Store) -> dict[str, ImageFacts]:
    """Return the facts of the images that were encoded before: from the build cache or from the folder."""
    row = store.get("fact", FACTS_ROW, _read_row)
    stored = row[1] if row is not None and row[0] == encoded.recipe else {}
    found = {digest: stored[digest] for digest in names if digest in stored}
    fresh = {digest: facts for digest in names if digest not in found and (facts := encoded.find_facts(digest))}
    if fresh:
        found |= fresh
        store.put("fact", [(FACTS_ROW, (encoded.recipe, found))])
    return found


def make_set(path: str, name: str, facts: ImageFacts, digest: str, url_key: str, base: str) -> ImageSet:
    """Return the image at a path below the output folder with its variants.

    `name` is its file below the site's root, `digest` its fingerprint, `url_key` that of the settings, and `base` the
    path of the base URL.
    """
    # Two files may differ only by their suffixes, or be at the same path after each other.
    number = fingerprints.of_value((path, digest, url_key))[:8]
    start = f"{FOLDER}/{stem_of(path)}"
    variants = []
    for encoding in facts.encodings:
        size = "share" if encoding.purpose == "share" else encoding.width
        variant = f"{start}-{size}.{number}.{ENDINGS[encoding.format]}"
        variants.append(Variant(variant, site_url(f"/{variant}", base), encoding))
    return ImageSet(name, digest, facts, tuple(variants))


def stem_of(path: str) -> str:
    """Return what the names of the variants of the image at a path begin with, below FOLDER: the path to its suffix."""
    folder, _, file = path.rpartition("/")
    stem = PurePosixPath(file).stem.encode()[:MAX_STEM_BYTES].decode(errors="ignore")
    return f"{folder}/{stem}" if folder else stem


def _describe(image: ImageSet, shown: ShownAt) -> Problem:
    message = f'the image "{image.name}" is published as it is: {image.facts.error}'
    hint = "save it again as a JPEG or PNG file" if "pixels" not in image.facts.error else "make it smaller"
    return Problem(shown.path, shown.line, message, hint)


def _describe_lacking(lacking: Sequence[str], formats: Sequence[str]) -> Problem:
    names = " and ".join(map(str.upper, lacking))
    others = ", ".join(f'"{name}"' for name in formats if name not in lacking)
    message = f"the installed Pillow cannot encode {names}, so images are published as they are"
    hint = f"install Pillow from its wheel, which can, or set `formats = [{others}]` in the table [images]"
    return Problem("", 0, message, hint)
