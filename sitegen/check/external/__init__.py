"""Checks of outgoing links, over the network."""
