"""Remove private metadata from image files without decoding them: location, serial numbers, names, thumbnails."""
