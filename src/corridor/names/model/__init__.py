"""What was learned from pairs of spellings, and how two names are weighed with it."""
