"""Corridor: the headquarters of a civilian evacuation in one program."""

__version__ = "0.1.0"
