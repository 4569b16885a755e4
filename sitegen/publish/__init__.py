"""Brings the built site to where its readers are: what changes there, in which order, and how."""
