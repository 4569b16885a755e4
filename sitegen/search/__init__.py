"""The reader's search: an index in small files made at build time, and queried by a script in the browser."""
