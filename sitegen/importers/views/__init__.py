"""Reads the numbers of views that analytics and newsletter platforms export, for `views.csv`."""
