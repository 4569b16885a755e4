"""Links: where they are found, and what they lead to."""
