"""The evening run: tomorrow's lists matched to our people, and what the desk leaves with."""
