"""Links: the URLs of pages, and the files that they lead to."""
