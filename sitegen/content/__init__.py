"""From files to documents: what the content folder holds, read and parsed."""
