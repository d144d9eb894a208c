"""How phones talk to headquarters: they are enrolled by a code, push what they recorded, and pull what they need."""
