"""Runs the command line as `python -m sitegen`."""

import os
import sys

if not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - as Python writes it
    # Python puts the current folder there, which is often the site's: its modules are for its hooks alone.
    del sys.path[0]

from sitegen.cli import main

main()
