"""HTML as the checks read it: tokens with their places, and the forms of tags."""
