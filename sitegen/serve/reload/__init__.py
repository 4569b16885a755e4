"""Live reload: the script that is added to pages, and the events that notify it of changes."""
