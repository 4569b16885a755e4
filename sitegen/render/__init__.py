"""From pages to bytes: templates and the values that they print."""
