"""Devices: whose records are believed, from when to when, and which branch of a forked chain is."""
