"""Two people in the book who may be one: which pairs are worth comparing, and what they have in common."""
