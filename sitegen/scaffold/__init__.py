"""What sitegen writes for a new site: its first files, posts, workflows and requirements."""
