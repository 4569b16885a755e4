"""The bytes of an image file as they are published: without private metadata, and without scripts."""

from sitegen.formats.image_type import image_type
from sitegen.media.metadata.formats import HEAD_BYTES, has_metadata_format


def needs_conversion(name: str, head: bytes) -> bool:
    """Return whether a file, by its name and its first bytes, may have to be changed before it is published."""
    return has_metadata_format(head) or _is_svg(name, head)


def convert_image(name: str, data: bytes, metadata: str, *, is_trusted: bool) -> bytes:
    """Return the bytes to publish of a file of the site; those of a file that is not an image are the same.

    `metadata` is the setting of that name. An SVG that is trusted, such as one of the theme, is not changed.
    """
    if _is_svg(name, data[:HEAD_BYTES]):
        from sitegen.media.svg import sanitize_svg  # noqa: PLC0415 - only for an SVG

        return data if is_trusted else sanitize_svg(data)
    from sitegen.media.metadata.strip import strip_metadata  # noqa: PLC0415 - most builds copy no image

    return data if metadata == "keep" else strip_metadata(data, credit=metadata == "credit")


def _is_svg(name: str, head: bytes) -> bool:
    return name.lower().endswith(".svg") or image_type(head) == "svg"
