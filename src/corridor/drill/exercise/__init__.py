"""A training exercise: the rest of an invented operation goes on around the people who train."""
