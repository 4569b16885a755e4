"""Downloads the images of imported posts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sitegen.formats.image_origins import find_originals
from sitegen.importers.archive.archive import UnreadableError

if TYPE_CHECKING:
    from sitegen.system.safe_http import HttpLimits


def make_downloader(limits: "HttpLimits | None") -> Callable[[str], bytes]:
    """Return a function that downloads an image or its original, or raises UnreadableError if it cannot."""
    from sitegen.system.safe_http import HttpError, HttpLimits, fetch  # noqa: PLC0415 - loads HTTP and TLS

    def download(url: str) -> bytes:
        reason = ""
        for candidate in find_originals(url):
            try:
                return fetch(candidate, limits or HttpLimits(), accept="image/*")
            except HttpError as error:
                reason = str(error)
        raise UnreadableError(reason)

    return download
