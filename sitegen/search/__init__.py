"""The reader's search: an index in small files made at build time, and asked by a script in the browser."""
