"""Comments of readers: their files, threads and HTML."""
