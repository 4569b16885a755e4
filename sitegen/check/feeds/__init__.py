"""Checks of feeds, by the rules of the W3C feed validator."""
