"""Plans made for the movement desk: by a process of its own beside headquarters, kept with their problems."""
