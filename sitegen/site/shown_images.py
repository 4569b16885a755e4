"""Find the images that the pages of a site show, with the line that shows each."""

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from sitegen.config.schema import Config, base_path
from sitegen.content.descriptions import WrittenDescription
from sitegen.content.links import target_of
from sitegen.content.selection import Choice
from sitegen.formats.urls import is_root_relative
from sitegen.media.image_sets import ShownAt
from sitegen.model import Entry, line_of_key


def find_shown_images(config: Config, choice: Choice, written: Iterable[WrittenDescription]) -> dict[str, ShownAt]:
    """Return the paths below the output folder of the images that posts, descriptions of terms and the theme show.

    Some of them may not exist. An image that several posts show is shown by the first of them.
    """
    shown: dict[str, ShownAt] = {}
    base, content = f"{base_path(config)}/", f"{config.content}/"
    for entry in (*choice.posts, *choice.pages):
        if entry.images:
            for path, line in _find_in_body(entry, config.content):
                shown.setdefault(path.removeprefix(content), ShownAt(entry.post.path, line))
        image = entry.post.image
        if image.startswith(base) and not image.startswith("//"):
            shown_at = ShownAt(entry.post.path, line_of_key(entry, "image"))
            shown.setdefault(unquote(urlsplit(image).path).removeprefix(base), shown_at)
    for item in written:
        if item.image.startswith("/"):
            shown.setdefault(unquote(item.image).lstrip("/"), ShownAt(item.path, item.image_line))
    theme = config.theme
    for image in (theme.logo, theme.logo_dark, theme.header_image, theme.image):
        if is_root_relative(image):
            shown.setdefault(unquote(image).lstrip("/"), ShownAt("", 0))
    return shown


def _find_in_body(entry: Entry, content: str) -> list[tuple[str, int]]:
    """Return path and line of each image that a post's body shows."""
    images = set(entry.images)
    return [
        (target_of(entry, reference.target, content), reference.line)
        for reference in entry.references
        if reference.target in images
    ]
