"""Published images: their facts, encoded variants, metadata and HTML."""
