"""The law of incremental builds, as a folder under edit with a judge beside it."""
