"""Live reload: what is added to a page, and what tells it that something changed."""
