"""The fonts of share cards: the site's own, then those of the machine, tried in this order for each character."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from sitegen.config.schema import Cards
from sitegen.media.cards.faces import FONT_SUFFIXES, Face, StampedFont, contains, read_faces
from sitegen.media.cards.font_names import Wanted, find_region, find_script, rank_file
from sitegen.media.cards.line_breaks import find_clusters
from sitegen.system import fingerprints
from sitegen.system.files import stamp_of

BOLD, REGULAR = 700, 400
_THEME_USES = {True: ("headings", "text", "labels"), False: ("labels", "text", "headings")}
"""Which fonts of the theme titles and other strings prefer."""

MAX_FILES = 20_000
"""Maximum number of font files that are listed: a folder may be a link to a whole disk."""

_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_UNMARKED = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e01ef]")
"""Characters that need no glyph: joiners, variation selectors and tags."""


class FontRun(Struct, frozen=True):
    """A part of a string in one font, which is identified by its fingerprint; `length` counts characters."""

    font: str
    length: int


class CardText(Struct, frozen=True):
    """A string with the fonts of its characters; those without a font are omitted, and in `missing`."""

    text: str
    runs: tuple[FontRun, ...] = ()
    missing: str = ""

    @property
    def lacks_letters(self) -> bool:
        """Whether letters or digits are missing, without which the text would be misleading."""
        return any(unicodedata.category(character)[0] in "LMN" for character in self.missing)


class FontFiles(Struct, frozen=True):
    """The font files that cards may use: those of the setting `cards.fonts`, and those of the machine."""

    own: tuple[StampedFont, ...] = ()
    system: tuple[StampedFont, ...] = ()

    @property
    def digest(self) -> str:
        """The fingerprint of the files, which does not change if the site is moved."""
        return fingerprints.of_value(([file.stamp for file in self.own], self.system))


class ThemeFont(Struct, frozen=True):
    """A font file of the site's theme, and what it is for: one of FONT_USES."""

    file: StampedFont
    use: str


class FontBook:
    """The fonts that cards may use: those of the setting `cards.fonts`, then those of the theme, then the machine's."""

    def __init__(self, files: FontFiles, theme: Sequence[ThemeFont] = ()) -> None:
        self._system = files.system
        self._own: dict[bool, list[tuple[int, StampedFont]]] = {
            is_bold: [(0, file) for file in files.own]
            + [(1 + uses.index(font.use), font.file) for font in theme if font.use in uses]
            for is_bold, uses in _THEME_USES.items()
        }
        self._ranked: dict[tuple[str, Wanted, str], tuple[StampedFont, ...]] = {}
        self._found: dict[tuple[str, Wanted, str], Face | None] = {}
        self._faces: dict[str, Face] = {}
        self._plain: dict[Wanted, tuple[Face, set[str]]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there are no font files at all."""
        return not self._system and not any(self._own.values())

    def face(self, digest: str) -> Face:
        """Return a font that was chosen before, by its fingerprint."""
        return self._faces[digest]

    @staticmethod
    def has(face: Face, text: str) -> bool:
        """Return whether a font contains all characters of a string."""
        return _has(face, text)

    def choose(self, text: str, wanted: Wanted, language: str) -> CardText:
        """Return a string on one line with the fonts that contain its characters."""
        text = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
        plain = self._plain.get(wanted)
        if plain is not None and plain[1].issuperset(text) and any(map(str.isalpha, text)):
            return CardText(text, (FontRun(plain[0].digest, len(text)),))
        clusters = find_clusters(text)
        region = find_region(text, language) if any(find_script(cluster) == "cjk" for cluster in clusters) else ""
        scripts = [find_script(cluster) for cluster in clusters]
        faces = [
            None if script == "neutral" else self._find(cluster, script, wanted, region)
            for cluster, script in zip(clusters, scripts, strict=True)
        ]
        last = next((face for face in faces if face), None)
        for index, script in enumerate(scripts):
            if script == "neutral":
                # Punctuation and spaces design best in the font of the letters beside them.
                near = last if last is not None and not last.colors and _has(last, clusters[index]) else None
                faces[index] = near or self._find(clusters[index], script, wanted, region)
            last = faces[index] or last
        pairs = list(zip(clusters, faces, strict=True))
        found = [(cluster, face) for cluster, face in pairs if face is not None]
        missing = {cluster for cluster, face in pairs if face is None}
        runs = [
            FontRun(digest, sum(len(cluster) for cluster, _ in group))
            for digest, group in groupby(found, lambda pair: pair[1].digest)
        ]
        self._faces.update((face.digest, face) for _, face in found)
        self._remember(clusters, faces, scripts, wanted)
        return CardText("".join(cluster for cluster, _ in found), tuple(runs), "".join(sorted(missing)))

    def _remember(
        self, clusters: Sequence[str], faces: Sequence[Face | None], scripts: Sequence[str], wanted: Wanted
    ) -> None:
        """Remember the characters that are in the general font, so that most strings need no search."""
        general = self._find("n", "", wanted, "")
        if general is None:
            return
        self._faces[general.digest] = general
        known = self._plain.setdefault(wanted, (general, set()))[1]
        known.update(
            cluster
            for cluster, face, script in zip(clusters, faces, scripts, strict=True)
            if face is general
            and len(cluster) == 1
            and script in ("", "neutral")
            and not unicodedata.combining(cluster)
        )

    def _find(self, cluster: str, script: str, wanted: Wanted, region: str) -> Face | None:
        """Return the first font that contains all of a character, None if there is none."""
        key = cluster, wanted, region
        if key not in self._found:
            faces = self._list(script, wanted, region)
            self._found[key] = next((face for face in faces if _has(face, cluster)), None)
        return self._found[key]

    def _list(self, script: str, wanted: Wanted, region: str) -> Iterator[Face]:
        """Yield the fonts for a script, the preferred ones first."""
        own = [
            (rank, _miss(face, wanted), face)
            for rank, file in self._own[wanted.is_bold]
            if (face := _pick(file, wanted, region)) is not None
        ]
        yield from (face for *_, face in sorted(own, key=lambda item: item[:2]))
        key = script, wanted, region
        if key not in self._ranked:
            ranked = sorted(self._system, key=lambda file: rank_file(file.path, script, wanted, region))
            self._ranked[key] = tuple(ranked)
        for file in self._ranked[key]:
            face = _pick(file, wanted, region)
            if face is not None and (script == "emoji" or not face.colors):
                yield face


def _pick(file: StampedFont, wanted: Wanted, region: str) -> Face | None:
    """Return the font of a file that is closest to what is wanted, None for a file without a usable font."""
    try:
        faces = [face for face in read_faces(file) if face.colors != "other"]
    except (ValueError, OSError):  # a damaged or unreadable font of the machine; own fonts were checked before
        return None
    return min(faces, key=lambda face: (_is_foreign(face, region), _miss(face, wanted), face.index), default=None)


def _is_foreign(face: Face, region: str) -> tuple[bool, bool]:
    """Return whether a font of a collection has the forms of characters of another region, or is monospaced."""
    return bool(region) and not face.family.endswith(f" {region}"), "Mono" in face.family


def _miss(face: Face, wanted: Wanted) -> tuple[bool, int]:
    """Return how far a font is from what is wanted."""
    weight = BOLD if wanted.is_bold else REGULAR
    lightest, boldest = face.weights
    return face.is_italic, max(lightest - weight, weight - boldest, 0)


def _has(face: Face, cluster: str) -> bool:
    return all(contains(face, ord(character)) for character in _UNMARKED.sub("", cluster) or " ")


def find_font_files(root: Path, cards: Cards, folders: Iterable[str]) -> FontFiles:
    """Return the existing font files of a site and of the folders of the machine, with their stamps."""
    paths = [root / name for name in cards.fonts]
    own = tuple(StampedFont(str(path), stamp_of(path.stat())) for path in paths if path.is_file())
    return FontFiles(own, list_fonts(folders) if cards.system_fonts else ())


def list_fonts(folders: Iterable[str]) -> tuple[StampedFont, ...]:
    """Return the font files below some folders, with their stamps, in the order of their paths."""
    found: dict[str, StampedFont] = {}
    seen: set[tuple[int, int]] = set()
    pending = [*folders]
    while pending and len(found) < MAX_FILES:
        folder = pending.pop()
        try:
            status = Path(folder).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as items:
                for item in items:
                    if item.name.lower().endswith(FONT_SUFFIXES):
                        found[item.path] = StampedFont(item.path, stamp_of(item.stat()))
                    elif item.is_dir():
                        pending.append(item.path)
        except OSError:
            continue  # missing, unreadable, or removed at this moment: fonts elsewhere do
    return tuple(found[path] for path in sorted(found))
