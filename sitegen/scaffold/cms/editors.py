"""The editors for which sitegen writes the configuration, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sitegen.config.schema import Config
from sitegen.errors import WARNING, Problem
from sitegen.scaffold.cms.browser_editors import DECAP, SVELTIA, render_browser_editor
from sitegen.scaffold.cms.front_matter_cms import render_front_matter_cms
from sitegen.scaffold.cms.generated_files import GeneratedFiles, write_generated
from sitegen.scaffold.cms.pages_cms import render_pages_cms
from sitegen.scaffold.cms.repository import UNKNOWN, Repository
from sitegen.scaffold.cms.site_content import SiteContent, read_site_content
from sitegen.site.editor_page import FOLDER

Render = Callable[[Path, Config, SiteContent, Repository], tuple[dict[str, str], tuple[Problem, ...]]]


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor: how its files are rendered, and whether it is a page of the site, whose files name the repository.

    `next_step` says how it is opened, with `{admin}` for the URL of its page.
    """

    render: Render
    is_page: bool
    next_step: str


_IN_BROWSER = "publish the site, then open {admin}"

EDITORS: Mapping[str, Editor] = {
    "decap": Editor(partial(render_browser_editor, DECAP), True, _IN_BROWSER),
    "frontmatter": Editor(
        render_front_matter_cms,
        False,
        "open the folder in Visual Studio Code, and install the extension Front Matter CMS",
    ),
    "pages": Editor(render_pages_cms, False, "push the file to GitHub, then open https://app.pagescms.org"),
    "sveltia": Editor(partial(render_browser_editor, SVELTIA), True, _IN_BROWSER),
}


def write_editor(
    root: Path, config: Config, name: str, repository: Repository | None, *, dry_run: bool = False
) -> tuple[GeneratedFiles, tuple[Problem, ...]]:
    """Write the files of an editor into a site; return what was written, and warnings.

    Without a `repository`, the files name UNKNOWN. Raises SiteError, before writing anything, for a file that was
    edited by hand.
    """
    editor = EDITORS[name]
    content = read_site_content(root, config)
    files, warnings = editor.render(root, config, content, repository or UNKNOWN)
    done = write_generated(root, files, dry_run=dry_run)
    if repository is None and editor.is_page:
        message = f'the repository of the site is not known, so the file says "{UNKNOWN.path}"'
        hint = "add the remote `origin` to git and run this again, or use --repository OWNER/NAME"
        warnings = (Problem(next(reversed(files)), 0, message, hint, severity=WARNING), *warnings)
    if editor.is_page and config.deploy.headers and any(target.name == "netlify" for target in config.publish):
        message = "Netlify applies the site's Content-Security-Policy to the editor too, which blocks it"
        hint = "write `headers = false` below [deploy] in the config, or use `sitegen cms pages`"
        warnings = (*warnings, Problem("", 0, message, hint, severity=WARNING))
    return done, (*warnings, *content.warnings)


def describe_next_step(config: Config, name: str) -> str:
    """Return what to do after the files of an editor were written."""
    return EDITORS[name].next_step.format(admin=f"{config.base_url.rstrip('/')}/{FOLDER}/")
