"""A static site generator for newsletter archives."""

__version__ = "0.1.0"

DISTRIBUTION = "sitegen-newsletter"
"""The name that pip installs this package by; on PyPI, `sitegen` is another project."""
