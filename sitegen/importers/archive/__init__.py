"""Reads exports (folders, zip files, text, CSV, JSON and XML) safely and within limits."""
