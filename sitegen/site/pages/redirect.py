"""Redirects from old URLs: their pages, and the `_redirects` file for hosts that read one."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from sitegen.content.ledger import LEDGER_FILE
from sitegen.errors import Problem
from sitegen.formats.site_urls import comparable, output_path, site_url
from sitegen.model import Reference
from sitegen.site.pages.page_type import Page, PageType, Phase, PlanInputs


class Redirect(Struct, frozen=True):
    """A page at an old URL that leads to the new one."""

    path: str
    url: str
    target: str


class RedirectsFile(Struct, frozen=True):
    """The file `_redirects`: each rule is URL, target and status."""

    path: str
    url: str
    rules: tuple[tuple[str, str, str], ...]


class _Wish(Struct, frozen=True):
    """A redirect for an alias in a file or in the ledger, before it is known whether its path is free."""

    page: Redirect
    file: str
    alias: Reference | None

    @property
    def location(self) -> str:
        """The file with the alias, and the line if it is known."""
        return f"{self.file}:{self.alias.line}" if self.alias is not None and self.alias.line else self.file

    def problem(self, reason: str) -> Problem:
        """Return the warning that the redirect is skipped, at the line of its alias."""
        if self.alias is None:
            message = f"the redirect from the former URL `{self.page.url}` is skipped: {reason}"
            hint = f"change the slug of one of them, or remove the URL from the post's line in {LEDGER_FILE}"
            return Problem(self.file, 0, message, hint)
        message = f"the alias `{self.alias.target}` is skipped: {reason}"
        return Problem(self.file, self.alias.line, message, "remove the alias, or change the URL of the other page")


def plan_redirects(inputs: PlanInputs) -> Iterator[Redirect]:
    """Yield the redirects of a site, and warn of each alias or former URL that cannot have one.

    Redirects are compared by their paths, with each other and with all pages that were planned before. Aliases come
    before the former URLs of the ledger. A second redirect to the same page is skipped without a warning, as is one
    from a URL to itself.
    """
    wishes = [*_from_aliases(inputs), *_from_ledger(inputs)]
    if not wishes:
        return
    files: dict[str, Page] = {}
    folders: dict[str, Page] = {}
    for page in inputs.planned:
        _add(page, files, folders)
    accepted: dict[str, _Wish] = {}
    for wish in wishes:
        redirect = wish.page
        other = _find_other(redirect, files, folders)
        if other is None:
            accepted[redirect.path] = wish
            _add(redirect, files, folders)
            yield redirect
            continue
        first = accepted.get(other.path)
        if first is None:
            if (other.path, other.url) != (redirect.path, redirect.target):
                inputs.warn(wish.problem(f"{inputs.type_of(other).describe(other)} is published as `{other.path}`"))
        elif (first.page.path, first.page.target) != (redirect.path, redirect.target):
            reason = f"`{other.url}` already redirects to `{first.page.target}` ({first.location})"
            inputs.warn(wish.problem(reason))


def plan_redirects_file(inputs: PlanInputs) -> Iterator[RedirectsFile]:
    """Yield the `_redirects` file, if there are rules for it."""
    rules = [(page.url, page.target, "301") for page in inputs.planned_of(Redirect)]
    # Netlify answers so; Cloudflare and GitLab pass over a rule with a status that they do not know.
    gone = "" if inputs.config.deploy.tombstone else f"{inputs.base}/404.html"
    rules += [(url, gone or url, "410!") for url in inputs.withdrawn]
    if rules:
        yield RedirectsFile("_redirects", f"{inputs.base}/_redirects", tuple(rules))


def _from_aliases(inputs: PlanInputs) -> Iterator[_Wish]:
    base = inputs.base
    for post in inputs.documents:
        if not post.aliases:
            continue
        written = {item.target: item for item in inputs.entries[post.path].aliases}
        for alias in post.aliases:
            url = site_url(alias, base)
            page = Redirect(output_path(url, base), url, post.url)
            yield _Wish(page, post.path, written.get(alias, Reference(alias, 0)))
    for item in inputs.term_aliases:
        url = site_url(item.alias.target, base)
        yield _Wish(Redirect(output_path(url, base), url, item.target), item.path, item.alias)


def _from_ledger(inputs: PlanInputs) -> Iterator[_Wish]:
    for item in inputs.moved:
        yield _Wish(Redirect(output_path(item.url, inputs.base), item.url, item.target), LEDGER_FILE, None)


def _add(page: Page, files: dict[str, Page], folders: dict[str, Page]) -> None:
    path = comparable(page.path)
    files.setdefault(path, page)
    while (path := path.rpartition("/")[0]) and path not in folders:
        folders[path] = page


def _find_other(page: Redirect, files: Mapping[str, Page], folders: Mapping[str, Page]) -> Page | None:
    """Return the page that keeps a redirect from its path: the same file, or a file where one needs a folder."""
    path = comparable(page.path)
    if other := files.get(path) or folders.get(path):
        return other
    while path := path.rpartition("/")[0]:
        if other := files.get(path):
            return other
    return None


REDIRECT = PageType(
    page=Redirect,
    phase=Phase.PAGE,
    plan=plan_redirects,
    template=lambda _: "redirect.html",
    describe=lambda page: f"the redirect to {page.target}",
)

REDIRECTS_FILE = PageType(
    page=RedirectsFile,
    phase=Phase.LISTING,
    plan=plan_redirects_file,
    replaceable=True,
    render=lambda page, _: "".join([f"{' '.join(rule)}\n" for rule in page.rules]).encode(),
)
