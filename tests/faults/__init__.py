"""Fault injection: make calls fail, kill processes at any moment, damage files, and check the guarantees afterwards."""
