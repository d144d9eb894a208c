"""Which names engine does linking use?"""

from __future__ import annotations

from importlib.resources import files

from corridor.names.model.weights import SHIPPED, shipped_model
from corridor.names.records.consonants import ConsonantNames
from corridor.names.records.learned import LearnedNames
from corridor.names.records.likeness import CompareNames


def names_engine() -> CompareNames:
    """The learned one, with the weights that come with the program; without these, consonants alone."""
    if files("corridor.names").joinpath(SHIPPED).is_file():
        return LearnedNames(shipped_model())
    return ConsonantNames()
