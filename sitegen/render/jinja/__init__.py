"""Jinja for a site's templates: the environment, its filters, caches and errors."""
