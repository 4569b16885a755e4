"""Writes what was imported: posts, images, addresses, and the record of them."""
