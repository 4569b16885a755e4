"""Reads exports: folders, archives, texts, rows and streams, safely and within bounds."""
