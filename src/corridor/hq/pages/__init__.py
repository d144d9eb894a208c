"""The pages: each reads a board at the two clocks of its address and draws it."""
