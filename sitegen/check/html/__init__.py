"""HTML for the checks: tokens with their positions, and a cache of tags."""
