"""The types of pages, one module each; `registry.py` lists them."""
