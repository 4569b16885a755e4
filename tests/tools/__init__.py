"""Programs for those who work on sitegen; each is run as a module, such as `python -m tests.tools.same_output`."""
