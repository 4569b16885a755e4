"""Exports of Substack."""
