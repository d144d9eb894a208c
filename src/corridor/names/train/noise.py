"""How a name comes in from practice: a letter wrong, a part lost, cut short or joined, an article dropped."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np

from corridor.names.nicknames import forms
from corridor.names.normalise import ARTICLE, script_of

ALPHABETS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяіїє",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
}

SCHEMES: dict[str, dict[str, str]] = {
    name: letters
    for name, letters in json.loads(files("corridor.names").joinpath("tables/schemes.json").read_text("utf-8")).items()
    if name != "says"
}
"""Kazakh alphabets of 2018 and 2021, German, French and Belarusian habits: what each Cyrillic letter becomes."""


def disturbed(keys: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    """The parts of a name with one disturbance, drawn by how often each is met."""
    drawn = rng.random()
    if drawn < 0.48:
        return with_typo(keys, rng)
    if drawn < 0.58 and len(keys) >= 3:
        lost = int(rng.integers(1, len(keys)))  # never the first
        return keys[:lost] + keys[lost + 1 :]
    if drawn < 0.68 and len(keys) >= 2:
        place = int(rng.integers(0, len(keys) - 1))
        return (*keys[:place], keys[place] + keys[place + 1].lstrip("+="), *keys[place + 2 :])
    if drawn < 0.75:
        return tuple(_letters_after_article(key, rng) for key in keys)
    if drawn < 0.83:
        return tuple(_lam_alef_turned(key) for key in keys)
    if drawn < 0.88 and len(keys) >= 2:
        return with_initial(keys, rng)
    if drawn < 0.93:
        return with_short_form(keys, rng)
    return with_typo(with_typo(keys, rng), rng)


def with_initial(keys: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    """One part cut to its first letter."""
    place = int(rng.integers(0, len(keys)))
    return (*keys[:place], keys[place].lstrip("+=")[:1] or keys[place], *keys[place + 1 :])


def with_short_form(keys: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    """A given name in another of its forms in that script, where the table has one; else the parts as they are."""
    for place, key in enumerate(keys):
        others = [form for form in forms(key) if form != key and script_of(form) == script_of(key)]
        if others:
            return (*keys[:place], others[int(rng.integers(0, len(others)))], *keys[place + 1 :])
    return keys


def with_typo(keys: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    """One letter of one part wrong, lost, doubled by another, or changed with its neighbour."""
    if not keys:
        return keys
    part = int(rng.integers(0, len(keys)))
    key = keys[part]
    first = 1 if key[0] in "+=" else 0
    if len(key) - first < 3:
        return keys
    place = int(rng.integers(first, len(key)))
    alphabet = ALPHABETS.get(script_of(key[first:]), ALPHABETS["latin"])
    letter = alphabet[int(rng.integers(0, len(alphabet)))]
    drawn = rng.integers(0, 4)
    if drawn == 0:
        wrong = key[:place] + letter + key[place + 1 :]
    elif drawn == 1:
        wrong = key[:place] + key[place + 1 :]
    elif drawn == 2:
        wrong = key[:place] + letter + key[place:]
    else:
        place = min(place, len(key) - 2)
        wrong = key[:place] + key[place + 1] + key[place] + key[place + 2 :]
    return (*keys[:part], wrong, *keys[part + 1 :])


def in_scheme(keys: tuple[str, ...], scheme: str) -> tuple[str, ...] | None:
    """A Cyrillic name as a document of that scheme spells it in Latin letters; None for another script."""
    letters = SCHEMES[scheme]
    if not all(script_of(key) == "cyrillic" for key in keys):
        return None
    spelled = ("".join(letters.get(letter, letter) for letter in key) for key in keys)
    answer = tuple(key for key in spelled if key)
    return answer if all(key.isascii() for key in answer) else None


def _letters_after_article(key: str, rng: np.random.Generator) -> str:
    if key[0] == ARTICLE:
        return key[1:]
    if script_of(key) == "latin" and rng.random() < 0.1:
        return "al" + key
    return key


def _lam_alef_turned(key: str) -> str:
    return key[:1] + key[1:].replace("لا", "\0").replace("ال", "لا").replace("\0", "ال") if "لا" in key[1:] else key


def typed_wrong(name: str, rng: np.random.Generator) -> str:
    """A name as written, with one letter wrong in a word of at least three."""
    words = tuple(name.split())
    return " ".join(with_typo(words, rng)) if words else name
