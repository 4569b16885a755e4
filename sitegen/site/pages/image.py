"""Images in the formats and widths that pages and feeds offer, encoded from the images of the content folder."""

from collections.abc import Iterator
from dataclasses import dataclass

from sitegen.media.image_facts import Encoding
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs, Rendering


@dataclass(frozen=True, slots=True)
class VariantPage:
    """A file that is encoded from an image: `name` is the image's file below the site's root, `digest` its fingerprint.

    `encodings` are all that the image has, `encoding` the one of this file.
    """

    path: str
    url: str
    name: str
    digest: str
    encodings: tuple[Encoding, ...]
    encoding: Encoding


def plan_variants(inputs: PlanInputs) -> Iterator[VariantPage]:
    """Yield the variants of the images that the site shows."""
    for image in inputs.images.sets.values():
        encodings = image.facts.encodings
        for variant in image.variants:
            yield VariantPage(variant.path, variant.url, image.name, image.digest, encodings, variant.encoding)


def render_variant(page: VariantPage, rendering: Rendering) -> bytes:
    """Return an encoded image, from the folder of encoded images if it is there."""
    encoded = rendering.encoded_images
    return encoded.get(page.digest, page.encodings, page.encoding, lambda: rendering.read_file(page.name))


VARIANT = PageType(
    page=VariantPage,
    phase=Phase.ASSET,
    plan=plan_variants,
    render=render_variant,
    describe=lambda page: page.name,
    batch=lambda page: page.digest,
)
