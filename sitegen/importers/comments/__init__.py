"""Comment systems without posts: their exports are imported onto the posts of the site."""
