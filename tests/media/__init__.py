"""Tests of published images."""
