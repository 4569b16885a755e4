"""The images of posts that other hosts hold: finds them, fetches them into the site, and rewrites the posts."""
