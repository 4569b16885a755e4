"""Faults on purpose: every call made to fail, every moment made the last, and the output judged after each."""
