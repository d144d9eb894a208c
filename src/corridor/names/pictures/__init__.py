"""What does a picture of a machine-readable zone say? Drawn zones, what spoils them, and a small reader of letters.

`drawing.draw` draws a zone as a camera would see it; `letters.Letters` says which character a cell of a picture shows.
Learned by `python -m corridor.names.pictures`. The lines of a zone are found in a picture by the phone
(`field/zone/`), which reads cells by the same weights.
"""
