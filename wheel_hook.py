"""Add generated files to the wheel: the theme's templates as Python modules, a man page, and shell completion."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GenerateFilesHook(BuildHookInterface):
    """Generates files before those of a wheel are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate the files, except for an editable installation, whose templates and commands change."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from sitegen.cli import main  # noqa: PLC0415 - found once the folder is in the path
        from sitegen.cli.shared_files import render_shared_files  # noqa: PLC0415
        from sitegen.render.jinja.precompile import precompile  # noqa: PLC0415
        from sitegen.render.jinja.precompiled import PACKAGE  # noqa: PLC0415

        self._folder = TemporaryDirectory()
        modules = Path(self._folder.name) / "modules"  # no first build compiles the templates
        modules.mkdir()
        precompile(Path(self.root) / "templates", modules)
        build_data["force_include"][str(modules)] = f"sitegen/{PACKAGE}"
        for path, text in render_shared_files(main).items():
            file = Path(self._folder.name) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8", newline="\n")
            build_data["shared_data"][str(file)] = path

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling passes them
        """Delete the generated files outside of the wheel."""
        if version != "editable":
            self._folder.cleanup()
