"""What contradicts and who sees to it: open discrepancies of every kind, their owners and ends, and roll calls."""
