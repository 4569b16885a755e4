"""Add the templates of the default theme as Python modules to the wheel, so that no first build compiles them."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PrecompileHook(BuildHookInterface):
    """Generates the modules of the templates before the files of a wheel are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate the modules, except for an editable installation, whose templates change."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from sitegen.render.jinja.precompile import precompile  # noqa: PLC0415
        from sitegen.render.jinja.precompiled import PACKAGE  # noqa: PLC0415 - found once the folder is in the path

        self._folder = TemporaryDirectory()
        precompile(Path(self.root) / "templates", Path(self._folder.name))
        build_data["force_include"][self._folder.name] = f"sitegen/{PACKAGE}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling passes them
        """Delete the modules outside of the wheel."""
        if version != "editable":
            self._folder.cleanup()
