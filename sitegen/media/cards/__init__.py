"""Share cards: images that show the title of a page where its URL is shared."""
