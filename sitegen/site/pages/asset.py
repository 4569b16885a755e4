"""Files of the theme and of the content folder that are published as they are, images without private metadata."""

from collections.abc import Iterator

from msgspec import Struct

from sitegen.config.schema import Config
from sitegen.formats.site_urls import site_url
from sitegen.media.publish_image import convert_image
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs


class Asset(Struct, frozen=True):
    """A file that is published as it is; `name` is the file below the site's root, `digest` its fingerprint."""

    path: str
    url: str
    name: str
    digest: str


def plan_assets(inputs: PlanInputs) -> Iterator[Asset]:
    """Yield the files to copy."""
    base = inputs.base
    for path, (name, digest) in inputs.published.items():
        yield Asset(path, site_url(f"/{path}", base), name, digest)


def _convert(name: str, config: Config, data: bytes) -> bytes:
    is_trusted = not name.startswith(f"{config.content}/")
    return convert_image(name, data, config.images.metadata, is_trusted=is_trusted)


ASSET = PageType(
    page=Asset,
    phase=Phase.ASSET,
    plan=plan_assets,
    source=lambda page: (page.name, page.digest),
    convert=_convert,
    describe=lambda page: page.name,
)
