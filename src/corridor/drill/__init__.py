"""Make-believe: a whole evacuation from one seed, for training and for tests."""
