"""The record of published posts, which keeps their URLs and guids."""
