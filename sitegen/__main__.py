"""Starts the command line, as the command `sitegen` and as `python -m sitegen`."""

import os
import sys


def main() -> None:
    """Run the command line. Until a command begins, an interrupt ends the process at once, without a traceback."""
    import signal  # noqa: PLC0415 - as for the modules below, the path must be right first

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # otherwise it is ignored, as in a background job
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from sitegen.cli import main as command_line  # noqa: PLC0415 - loading this takes the longest

    command_line()


if __name__ == "__main__":
    if not sys.flags.safe_path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - as Python writes it
        # Python puts the current folder there, which is often the site's: its modules are for its hooks alone.
        del sys.path[0]
    main()
