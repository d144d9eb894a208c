"""How fast Corridor is on this machine, beside the machine's own limit and an ORM; see README.md."""
