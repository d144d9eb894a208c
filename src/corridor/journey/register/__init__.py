"""Who asks to leave: people, their parties and ties, what they need, and who may read their names."""
