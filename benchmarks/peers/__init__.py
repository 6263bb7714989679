"""Peers that are measured beside ours, each set in an environment of its own: they pin other versions."""
