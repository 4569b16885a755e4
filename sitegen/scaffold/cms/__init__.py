"""The configuration of editors in which people write posts with a form: Sveltia, Decap, Pages CMS and Front Matter."""
