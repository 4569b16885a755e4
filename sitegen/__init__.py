"""A static site generator for newsletter archives."""

__version__ = "0.1.0"

DISTRIBUTION = "sitegen-newsletter"
"""The name that pip installs this package by; on PyPI, `sitegen` is another project."""


def install_hint(extra: str) -> str:
    """Return the command that adds the packages of one of this distribution's extras."""
    return f"run pip install '{DISTRIBUTION}[{extra}]'"
