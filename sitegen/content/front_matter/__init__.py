"""Read front matter: split it from the body, read each key, and create a post."""
