"""The folders of a site, as its config or its defaults name them."""

from collections.abc import Iterator
from pathlib import Path

from sitegen.config.load import describe_setting
from sitegen.config.schema import Config
from sitegen.errors import Problem


def find_missing_folders(root: Path, content: str, templates: str) -> Iterator[Problem]:
    """Yield a problem if the content folder of a site is missing, or a folder of templates that is not the default one.

    A disk that is not mounted, or a wrong name, must not empty the site.
    """
    for setting, folder in (("content", content), ("templates", templates)):
        if not (root / folder).is_dir() and (setting, folder) != ("templates", Config().templates):
            hint = f'create it, or name another: {setting} = "..."'
            message = f"the {setting} folder is missing: {folder}"
            yield describe_setting(root, (setting,), message, hint, otherwise=folder)
