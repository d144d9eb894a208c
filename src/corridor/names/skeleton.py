"""What of a name's sound every script writes: its consonants, in a few classes; a key where nothing was learned."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import Final

from corridor.names.normalise import TABLES, part_of

_LETTERS: Final[dict[str, str]] = TABLES["skeleton"]["letters"]
_DIGRAPHS: Final[dict[str, dict[str, str]]] = TABLES["skeleton"]["digraphs"]
_LENGTHS = (3, 2)


@lru_cache(maxsize=4_096)
def skeleton(key: str) -> str:
    """The classes of the consonants of one part, e.g. ``MMT`` for Mohammed, Мухаммед and محمد.

    Vowels, h-like letters and doubled classes are left out: scripts disagree about them.
    """
    part = part_of(key)
    digraphs = _DIGRAPHS.get(part.script, {})
    text, place, found = part.text, 0, ""
    while place < len(text):
        for length in _LENGTHS:
            group = text[place : place + length]
            if len(group) == length and group in digraphs:
                found += digraphs[group]
                # a soft c takes the vowel after it only as a sign
                place += length
                break
        else:
            letter = _LETTERS.get(text[place], "")
            if not found.endswith(letter) or not letter:
                found += letter
            place += 1
    return found


def skeleton_keys(keys: tuple[str, ...]) -> frozenset[str]:
    """What a name is found by: every two of its skeletons in alphabetical order; the only one, if there is one."""
    found = sorted({bones for key in keys if len(bones := skeleton(key)) >= 2})
    if len(found) == 1:
        return frozenset(found)
    return frozenset(f"{first} {second}" for first, second in combinations(found[:6], 2))
