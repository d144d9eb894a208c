"""Commands of headquarters for whoever has its machine."""
