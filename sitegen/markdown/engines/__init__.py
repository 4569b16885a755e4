"""The Markdown engines."""
