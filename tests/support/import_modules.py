"""Import every module of the package, which shows names that the installed versions of libraries do not have.

    python -m tests.support.import_modules

The packages in GATED are skipped: a build imports them only with the versions of libraries that they were tested with.
"""

import importlib
import pkgutil

import sitegen

GATED = ("sitegen.markdown.engines.fast.", "sitegen.render.jinja.fast.")


def main() -> None:
    for module in pkgutil.walk_packages(sitegen.__path__, "sitegen."):
        if not module.name.endswith(".__main__") and not module.name.startswith(GATED):
            importlib.import_module(module.name)


if __name__ == "__main__":
    main()
