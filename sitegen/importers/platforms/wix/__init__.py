"""Exports and saved pages of Wix blogs."""
