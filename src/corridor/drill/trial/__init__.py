"""One drill: phones and a headquarters in a faulty world, all from one seed, and whether the laws held."""
