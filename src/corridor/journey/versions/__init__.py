"""How the operation file changes: versions that are proposed, signed by a second person and come into force."""
