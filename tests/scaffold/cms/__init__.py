"""Tests of the configuration of editors."""
