"""What a phone at the gate knows of people: its roster, the colours in it, and the codes that it reads."""
