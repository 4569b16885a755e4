"""Front matter: split from the text, read key by key, and made into a post."""
