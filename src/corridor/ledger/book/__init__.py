"""The ledger read as double entry: one person's path, everybody at once, what cannot all be right."""
