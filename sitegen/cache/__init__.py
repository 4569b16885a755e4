"""The build cache: rows of known types, stored between builds."""
