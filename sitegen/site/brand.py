"""The image files that a site's settings of the theme name: which there are, and what is wrong with them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from sitegen.config.schema import Config
from sitegen.config.setting_values import SettingProblem
from sitegen.config.theme_schema import Theme
from sitegen.errors import naming
from sitegen.formats.image_size import ImageSize, read_image
from sitegen.formats.path_index import PathIndex

IMAGE_SETTINGS = ("logo", "logo_dark", "icon", "header_image")
"""The settings of the theme that name an image file of the content folder."""

SVG, PNG = "image/svg+xml", "image/png"
MIN_ICON = 48
"""The least width of an icon, in pixels: smaller ones are not shown in search results."""

APPLE_TOUCH_ICON = 180
MANIFEST_ICONS = (192, 512)
"""The widths of icons that browsers ask for to install a site (W3C, Web Application Manifest)."""

_HEAD_BYTES = 1 << 20
"""The number of bytes of an image that are read for its size: the header is at the front, after metadata."""


class IconSource(Struct, frozen=True):
    """The source image of a site's icons: its file, its path below the output folder, type and width.

    `width` is 0 for an SVG. `can_resize` says whether Pillow is there to make other sizes of it.
    """

    name: str
    path: str
    digest: str
    type: str
    width: int
    can_resize: bool

    def sizes(self) -> tuple[int, ...]:
        """Return the widths of the icons derived from the image, in pixels: none is larger than the image."""
        wanted = (APPLE_TOUCH_ICON, *MANIFEST_ICONS)
        return tuple(size for size in wanted if size < self.width) if self.can_resize else ()


def uses_images(theme: Theme) -> bool:
    """Return whether the theme shows a file of the content folder on every page."""
    return any(getattr(theme, name) for name in IMAGE_SETTINGS)


def find_brand(
    config: Config, published: Mapping[str, tuple[str, str]], locate: Callable[[str], Path]
) -> tuple[IconSource | None, list[SettingProblem]]:
    """Return the source of the site's icons, None without one, and what is wrong with the files of the settings.

    `published` has name and fingerprint of each file that is published, by path; `locate` returns a file by its name.
    """
    problems: list[SettingProblem] = []
    icon = None
    for name in IMAGE_SETTINGS:
        path = unquote(getattr(config.theme, name)).lstrip("/")
        if not path or is_remote(getattr(config.theme, name)):
            continue
        if path not in published:
            problems.append(_describe_missing(name, path, config.content, published))
            continue
        file, digest = published[path]
        size = _read_size(locate(file))
        if size is None:
            hint = "use an SVG or PNG file" if name == "icon" else "use an SVG, PNG, JPEG, WebP, AVIF or GIF file"
            problems.append((("theme", name), f"`{file}` is not an image whose size can be read", hint))
        elif name == "icon":
            wrong = list(_check_icon(file, size))
            problems += wrong
            if not wrong:
                width = 0 if size.type == SVG else size.width
                icon = IconSource(file, path, digest, size.type, width, find_spec("PIL") is not None)
    return icon, problems


def is_remote(value: str) -> bool:
    """Return whether a setting names an image of another site."""
    return "://" in value or value.startswith("//")


def _read_size(file: Path) -> ImageSize | None:
    with naming(file), file.open("rb") as opened:
        return read_image(opened.read(_HEAD_BYTES))


def _check_icon(file: str, size: ImageSize) -> Iterator[SettingProblem]:
    keys = ("theme", "icon")
    if size.type not in (SVG, PNG):
        yield keys, f"the icon `{file}` is neither an SVG nor a PNG", "save it as an SVG or PNG file"
    elif size.width != size.height and size.width and size.height:
        yield keys, f"the icon `{file}` is not square: {size.width} × {size.height} pixels", "crop it to a square"
    elif size.type == PNG and size.width < MIN_ICON:
        hint = f"use one of at least {MIN_ICON} × {MIN_ICON} pixels; 512 × 512 is best"
        yield keys, f"the icon `{file}` is too small: {size.width} × {size.height} pixels", hint


def _describe_missing(name: str, path: str, content: str, published: Collection[str]) -> SettingProblem:
    hint = (
        PathIndex(published).did_you_mean(path) or f"put the file into {content}/, and write its path below that folder"
    )
    return ("theme", name), f'`{name} = "/{path}"` names a file that does not exist: {content}/{path}', hint
