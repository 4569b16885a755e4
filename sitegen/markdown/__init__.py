"""Render Markdown to a Body. No other package imports a Markdown library.

The libraries are loaded when the first post is rendered.
"""
