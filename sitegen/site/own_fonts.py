"""The fonts of a site's own: their faces in the style sheet, and fallback fonts of the same size.

Text in a fallback font must not move when its own font has arrived. So the fallback is
scaled to the mean width of the own font's letters, and gets its ascent and descent (CSS Fonts, level 5, `size-adjust`,
`ascent-override`), for the fonts that most devices have and whose widths are known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from sitegen.config.schema import Config, base_path
from sitegen.config.setting_values import SettingProblem
from sitegen.config.theme_schema import FontFile
from sitegen.errors import naming
from sitegen.formats.path_index import PathIndex
from sitegen.formats.site_urls import site_url
from sitegen.formats.woff2 import FontMetrics, read_metrics
from sitegen.system.installation import install_hint

BOLD = 600
"""The weight from which a font is compared with bold fallback fonts."""

LETTER_FACES = ("ar", "fa", "ur", "he", "ja", "zh")
"""The languages for which the theme names fonts apart from those of `--serif`."""

_HEADINGS = ":is(h1,h2,h3,h4,h5,h6,.masthead-title,.foot-title)"


class Fallback(Struct, frozen=True):
    """A font of devices under its local names, and the mean width of its letters, in em, by (is bold, is italic)."""

    names: tuple[str, ...]
    widths: Mapping[tuple[bool, bool], float]


def _widths(regular: float, bold: float, italic: float, bold_italic: float) -> Mapping[tuple[bool, bool], float]:
    return {(False, False): regular, (True, False): bold, (False, True): italic, (True, True): bold_italic}


# Fonts with the same widths are in one entry. The means are those of `FontMetrics.letter_width`.
_TIMES = Fallback(("Times New Roman", "Liberation Serif", "Tinos"), _widths(0.3984, 0.4239, 0.4, 0.4099))
_NOTO_SERIF = Fallback(("Noto Serif",), _widths(0.4768, 0.5061, 0.4628, 0.5105))
_ARIAL = Fallback(("Arial", "Liberation Sans", "Arimo", "Helvetica"), _widths(0.4395, 0.4754, 0.4395, 0.4754))
_NOTO_SANS = Fallback(("Noto Sans",), _widths(0.4699, 0.5013, 0.4431, 0.4744))
_COURIER = Fallback(("Courier New", "Liberation Mono", "Cousine"), _widths(0.6, 0.6, 0.6, 0.6))


class OwnFont(Struct, frozen=True):
    """A font file of the site with its URL, its settings and its metrics."""

    url: str
    settings: FontFile
    metrics: FontMetrics

    @property
    def family(self) -> str:
        """The name of the font family in the style sheet, which the fonts for one use and the same languages share."""
        return "-".join(("own", self.settings.use, *self.settings.languages))


def find_fonts(
    config: Config, published: Mapping[str, tuple[str, str]], locate: Callable[[str], Path]
) -> tuple[tuple[OwnFont, ...], list[SettingProblem]]:
    """Return the site's own fonts, and what is wrong with their files.

    `published` has name and fingerprint of each file that is published, by path; `locate` returns a file by its name.
    """
    fonts: list[OwnFont] = []
    problems: list[SettingProblem] = []
    if find_spec("brotli") is None:
        return (), [(("theme", "font_files"), "reading fonts needs the package brotli", install_hint("fonts"))]
    for number, settings in enumerate(config.theme.font_files):
        keys = ("theme", "font_files", number, "file")
        path = unquote(settings.file).lstrip("/")
        if path not in published:
            hint = (
                PathIndex(published).did_you_mean(path)
                or f"put the file into {config.content}/, and write its path below it"
            )
            message = f'`file = "{settings.file}"` names a file that does not exist: {config.content}/{path}'
            problems.append((keys, message, hint))
            continue
        name, digest = published[path]
        try:
            metrics = _read(locate(name), digest)
        except ValueError as error:
            hint = "use a WOFF2 file; a program such as fonttools or woff2_compress converts other fonts"
            problems.append((keys, f"the font `{name}` cannot be used: {error}", hint))
            continue
        fonts.append(OwnFont(site_url(f"/{path}", base_path(config)), settings, metrics))
    return tuple(fonts), problems


@lru_cache(maxsize=64)
def _read(file: Path, _digest: str) -> FontMetrics:
    with naming(file):
        return read_metrics(file.read_bytes())


def find_preloaded(fonts: Iterable[OwnFont], language: str) -> tuple[str, ...]:
    """Return the URLs of the fonts that every page of a language shows at its top: upright, and not for code."""
    wanted = [
        font.url
        for font in fonts
        if not font.metrics.is_italic
        and font.settings.use != "code"
        and (not font.settings.languages or _primary(language) in map(_primary, font.settings.languages))
    ]
    return tuple(dict.fromkeys(wanted))


def write_font_rules(fonts: Iterable[OwnFont], language: str) -> Iterator[str]:
    """Yield the rules of a style sheet for fonts: faces, fallback faces, and the properties that name the families."""
    fonts = tuple(fonts)
    shares = Counter(_face_key(font) for font in fonts)
    families: dict[str, OwnFont] = {}
    fallbacks: dict[str, list[str]] = {}
    for font in fonts:
        families.setdefault(font.family, font)
        yield _write_face(font, has_range=shares[_face_key(font)] > 1)
        names = fallbacks.setdefault(font.family, [])
        for number, fallback in enumerate(_fallbacks_of(font) if font.metrics.letter_width else ()):
            name = f"{font.family}-fallback-{number}"
            if name not in names:
                names.append(name)
            yield _write_fallback(font, name, fallback)
    for family, font in families.items():
        quoted = ",".join(f'"{name}"' for name in (family, *fallbacks[family]))
        yield from _apply(font.settings, quoted, language)


def _face_key(font: OwnFont) -> tuple[object, ...]:
    return font.family, font.metrics.weights, font.metrics.is_italic


def _write_face(font: OwnFont, *, has_range: bool) -> str:
    """Return the rule for a font; one of several parts of a font says which characters it has."""
    parts = [f'font-family:"{font.family}"', f'src:url("{font.url}") format("woff2")', _describe_style(font)]
    parts.append("font-display:swap")
    if has_range:
        ranges = (
            f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in font.metrics.characters
        )
        parts.append(f"unicode-range:{','.join(ranges)}")
    return f"@font-face{{{';'.join(parts)}}}"


def _describe_style(font: OwnFont) -> str:
    lightest, boldest = font.metrics.weights
    weight = str(lightest) if lightest == boldest else f"{lightest} {boldest}"
    return f"font-weight:{weight};font-style:{'italic' if font.metrics.is_italic else 'normal'}"


def _write_fallback(font: OwnFont, name: str, fallback: Fallback) -> str:
    metrics = font.metrics
    is_bold = metrics.weights[0] >= BOLD
    scale = metrics.letter_width / fallback.widths[is_bold, metrics.is_italic]
    style = " ".join(("Bold",) * is_bold + ("Italic",) * metrics.is_italic)
    # Systems know a regular font by either name.
    names = [f"{local} {style}" for local in fallback.names] if style else _name_regular(fallback)
    sources = ",".join(f'local("{local}")' for local in names)
    sizes = ";".join(
        f"{rule}-override:{_percent(value / scale)}"
        for rule, value in (("ascent", metrics.ascent), ("descent", metrics.descent), ("line-gap", metrics.line_gap))
    )
    family = f'font-family:"{name}";src:{sources}'
    return f"@font-face{{{family};{_describe_style(font)};size-adjust:{_percent(scale)};{sizes}}}"


def _name_regular(fallback: Fallback) -> list[str]:
    return [name for local in fallback.names for name in (local, f"{local} Regular")]


def _percent(value: float) -> str:
    return f"{max(value, 0):.2%}"


def _fallbacks_of(font: OwnFont) -> tuple[Fallback, ...]:
    if font.settings.use == "code":
        return (_COURIER,)
    if font.metrics.is_sans:
        return (_ARIAL, _NOTO_SANS)
    return (_TIMES, _NOTO_SERIF)


def _apply(settings: FontFile, families: str, language: str) -> Iterator[str]:
    """Yield the rules that use font families before the fonts of the theme, which are in its style sheet."""
    languages = [f":lang({code})" for code in settings.languages]
    if settings.use == "headings":
        yield f"{','.join(_HEADINGS + code for code in languages or [''])}{{font-family:{families},var(--face)}}"
    elif languages:
        yield f"{','.join(languages)}{{--face:{families},var(--serif)}}"
    else:
        yield f":root{{--own-{settings.use}:{families},}}"
        if settings.use == "text" and _primary(language) in LETTER_FACES:
            yield f":lang({_primary(language)}){{--face:var(--serif)}}"


def _primary(language: str) -> str:
    """Return the language of a code without its region or script."""
    return language.partition("-")[0].lower()
