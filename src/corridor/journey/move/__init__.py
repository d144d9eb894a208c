"""Move: movements with vehicles, seats and escorts, the manifest's three columns, and seats offered to partners."""
