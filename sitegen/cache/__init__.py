"""The build cache: rows of known types, kept between builds."""
