"""The images that the last build showed, each read from the build cache when a page needs it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from msgspec import MsgspecError, Raw
from msgspec.msgpack import Decoder

from sitegen.cache.store import Store, StoreError
from sitegen.media.encoded_images import EncodedImages
from sitegen.media.image_facts import ImageFacts
from sitegen.media.image_sets import FACTS_ROW, FOLDER, ImageSet, ImageSets, make_set, stem_of

_read_row = Decoder(tuple[str, dict[str, Raw]]).decode
_read_facts = Decoder(ImageFacts).decode


def restore_image_sets(
    paths: Sequence[str], published: Mapping[str, tuple[str, str]], base: str, encoded: EncodedImages, store: Store
) -> ImageSets | None:
    """Return the images at some paths below the output folder, which are sorted; None if one of them is not stored.

    `published` and `base` are those of `find_image_sets`.
    """
    if not paths:
        return ImageSets()
    row = store.get("fact", FACTS_ROW, _read_row)
    if row is None or row[0] != encoded.recipe:
        return None
    facts = row[1]
    if not all(path in published and published[path][1] in facts for path in paths):
        return None
    sets = _StoredSets(paths, published, base, encoded, facts)
    return ImageSets(sets, _Originals(sets))


class _StoredSets(Mapping[str, ImageSet]):
    """The images of a site by their paths below the output folder: `facts` are those of each, encoded."""

    def __init__(
        self,
        paths: Sequence[str],
        published: Mapping[str, tuple[str, str]],
        base: str,
        encoded: EncodedImages,
        facts: Mapping[str, Raw],
    ) -> None:
        self.paths = paths
        self._published, self._base, self._url_key, self._facts = published, base, encoded.url_key, facts
        self._shown = frozenset(paths)
        self._made: dict[str, ImageSet] = {}

    def __getitem__(self, path: str) -> ImageSet:
        if path not in self._shown:
            raise KeyError(path)
        if path not in self._made:
            name, digest = self._published[path]
            try:
                facts = _read_facts(self._facts[digest])
            except (MsgspecError, ValueError, RecursionError) as error:
                raise StoreError(f"row {FACTS_ROW!r} of fact: {error}") from error
            self._made[path] = make_set(path, name, facts, digest, self._url_key, self._base)
        return self._made[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


class _Originals(Mapping[str, str]):
    """The paths of the originals by those of their variants."""

    def __init__(self, sets: _StoredSets) -> None:
        self._sets = sets

    def __getitem__(self, variant: str) -> str:
        folder, _, name = variant.partition(f"{FOLDER}/")
        stem = name.rpartition("-")[0]
        paths = self._sets.paths
        if not folder and stem:
            # A path begins with its stem, and so may others: with "pier" also those of "pier-2.jpg".
            for index in range(bisect_left(paths, stem), len(paths)):
                path = paths[index]
                if not path.startswith(stem):
                    break
                if stem_of(path) == stem and any(item.path == variant for item in self._sets[path].variants):
                    return path
        raise KeyError(variant)

    def __iter__(self) -> Iterator[str]:
        return (variant.path for image in self._sets.values() for variant in image.variants)

    def __len__(self) -> int:
        return sum(len(image.variants) for image in self._sets.values())
