"""How the model of names is learned from pairs of spellings: `python -m corridor.names.train DIR -o FILE --seed 1`."""
