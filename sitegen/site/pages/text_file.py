"""Small files for hosts and crawlers: robots.txt, `.nojekyll`, `_headers`, CNAME, the key of IndexNow."""

from collections.abc import Iterator

from msgspec import Struct

from sitegen.formats.urls import home_of
from sitegen.site.headers_file import write_headers
from sitegen.site.pages.icon import Icon
from sitegen.site.pages.page_type import PageType, Phase, PlanInputs
from sitegen.site.pages.stylesheet import Stylesheet


class TextFile(Struct, frozen=True):
    """A file whose content is known when it is planned."""

    path: str
    url: str
    text: str


def plan_text_files(inputs: PlanInputs) -> Iterator[TextFile]:
    """Yield the files that the config asks for."""
    config, base, deploy = inputs.config, inputs.base, inputs.config.deploy
    yield TextFile(
        "robots.txt",
        f"{base}/robots.txt",
        f"User-agent: *\nAllow: /\n\nSitemap: {home_of(config.base_url)}sitemap.xml\n",
    )
    yield TextFile(".nojekyll", f"{base}/.nojekyll", "")
    if deploy.headers:
        styles, icons = inputs.planned_of(Stylesheet), inputs.planned_of(Icon)
        paths = [*inputs.published, *[page.path for page in styles], *[page.path for page in icons]]
        yield TextFile("_headers", f"{base}/_headers", write_headers(config, paths, inputs.feeds))
    if deploy.cname:
        yield TextFile("CNAME", f"{base}/CNAME", f"{deploy.cname}\n")
    if deploy.indexnow:
        yield TextFile(f"{deploy.indexnow}.txt", f"{base}/{deploy.indexnow}.txt", deploy.indexnow)


TEXT_FILE = PageType(
    page=TextFile,
    phase=Phase.LISTING,
    plan=plan_text_files,
    replaceable=True,
    render=lambda page, _: page.text.encode(),
)
