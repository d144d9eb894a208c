"""Who has crossed: calls, the gate, crossings, people turned back, closures and hazards."""
