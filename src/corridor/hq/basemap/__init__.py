"""The land under the corridor's map: coasts and borders of the world, kept beside the program and never fetched."""
