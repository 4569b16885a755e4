"""Outgoing links, asked for over the network."""
