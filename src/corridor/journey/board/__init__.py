"""Where everyone stands: the board, which knows every stage, and what is asked of it."""
