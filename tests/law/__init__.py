"""A site under random edits, to test that an incremental build equals a clean one."""
