"""Imports the exports of newsletter platforms, mail and other generators as Markdown posts."""
