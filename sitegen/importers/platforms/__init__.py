"""Exports of newsletter platforms."""
