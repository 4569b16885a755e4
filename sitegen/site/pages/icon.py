"""The icons of a site in the sizes that browsers and phones ask for, and the manifest that lists them."""

import json
from collections.abc import Iterator
from io import BytesIO

from msgspec import Struct

from sitegen.errors import Problem, SiteError
from sitegen.formats.site_urls import site_url
from sitegen.site.brand import APPLE_TOUCH_ICON, MANIFEST_ICONS, SVG, IconSource
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs, Rendering

FAVICON = "favicon.ico"
FAVICON_SIZES = (16, 32, 48)
MANIFEST = "site.webmanifest"


class Icon(Struct, frozen=True):
    """An icon in some sizes (pixels), derived from an image: a PNG of one size, or an ICO file."""

    path: str
    url: str
    source: IconSource
    sizes: tuple[int, ...]


class WebManifest(Struct, frozen=True):
    """The web app manifest: the name of the site, and its icons (W3C, Web Application Manifest)."""

    path: str
    url: str
    text: str


def find_icon_assets(source: IconSource | None) -> dict[str, str]:
    """Return the paths of the icons derived from an image, by their names as assets of the theme."""
    if source is None:
        return {}
    names = {size: f"icon-{size}.png" for size in source.sizes()}
    if APPLE_TOUCH_ICON in names:
        names[APPLE_TOUCH_ICON] = "apple-touch-icon.png"
    return {name: f"assets/{name.removesuffix('.png')}.{source.digest[:8]}.png" for name in names.values()}


def plan_icons(inputs: PlanInputs) -> Iterator[Icon]:
    """Yield the icons derived from the setting `theme.icon`."""
    source = inputs.icon
    if source is None or not source.sizes():
        return
    for size, path in zip(source.sizes(), find_icon_assets(source).values(), strict=True):
        yield Icon(path, site_url(f"/{path}", inputs.base), source, (size,))
    yield Icon(FAVICON, f"{inputs.base}/{FAVICON}", source, FAVICON_SIZES)


def plan_manifests(inputs: PlanInputs) -> Iterator[WebManifest]:
    """Yield the manifest, if the site has an icon."""
    source = inputs.icon
    if source is None:
        return
    own = f"{source.width}x{source.width}" if source.type != SVG else "any"
    icons = [{"src": site_url(f"/{source.path}", inputs.base), "sizes": own, "type": source.type}]
    for icon in inputs.planned_of(Icon):
        if icon.sizes[0] in MANIFEST_ICONS:
            icons.append({"src": icon.url, "sizes": f"{icon.sizes[0]}x{icon.sizes[0]}", "type": "image/png"})
    manifest = {
        "name": inputs.config.title,
        "lang": inputs.config.language,
        "start_url": f"{inputs.base}/",
        "display": "browser",
        "icons": icons,
    }
    yield WebManifest(MANIFEST, f"{inputs.base}/{MANIFEST}", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def render_icon(page: Icon, rendering: Rendering) -> bytes:
    """Return an icon; raise SiteError if its image is damaged."""
    from PIL import Image  # noqa: PLC0415 - an extra, which takes 70 ms to import

    try:
        with Image.open(BytesIO(rendering.read_file(page.source.name)), formats=["PNG"]) as image:
            whole = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # what Pillow raises for a PNG
        message = f"the image is damaged: {error}"
        raise SiteError([Problem(page.source.name, 0, message, "save it again as a PNG file")]) from None
    written = BytesIO()
    if page.path == FAVICON:
        whole.save(written, "ICO", sizes=[(size, size) for size in page.sizes])
    else:
        size = page.sizes[0]
        whole.resize((size, size), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()


ICON = PageType(page=Icon, phase=Phase.ASSET, plan=plan_icons, replaceable=True, render=render_icon)

WEB_MANIFEST = PageType(
    page=WebManifest,
    phase=Phase.LISTING,
    plan=plan_manifests,
    replaceable=True,
    render=lambda page, _: page.text.encode(),
)
