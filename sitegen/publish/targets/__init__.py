"""The types of targets that a site is published to."""
