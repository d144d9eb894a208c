"""The road: register, clear, cross, care, documents, move, arrive, and the board that knows them all."""
