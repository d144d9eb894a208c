"""Reports speak every language in full: the same texts, the right plurals, numbers and times as people write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

import pytest

from corridor.base.moments import parse_moment
from corridor.report.words import LANGUAGES, PLURAL_FORMS, plural_form, words

COUNTED = ("people", "children")
"""The keys that have a text for every plural form."""


def texts(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a language with its key; plural forms are one key."""
    for key, value in table.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, str):
            yield name, value
        elif name not in COUNTED:
            yield from texts(value, name)


def facts(text: str) -> set[str]:
    """The facts that a text asks for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    """A language has exactly the texts of English, and each asks for the same facts."""
    english, other = dict(texts(words("en").texts)), dict(texts(words(language).texts))
    assert other.keys() == english.keys()
    assert {key for key in english if facts(other[key]) != facts(english[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", COUNTED)
def test_every_plural_form_is_given(language: str, key: str) -> None:
    """Nothing falls back to another language because a form is missing: Arabic has six."""
    assert set(words(language).texts[key]) == set(PLURAL_FORMS[language])


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 детей"),
        (1, "1 ребёнок"),
        (2, "2 ребёнка"),
        (5, "5 детей"),
        (11, "11 детей"),
        (21, "21 ребёнок"),
        (22, "22 ребёнка"),
        (112, "112 детей"),
        (518, "518 детей"),
        (1121, "1 121 ребёнок"),
    ],
)
def test_russian_plurals(number: int, shown: str) -> None:
    """Russian counts 1, 21 and 1121 alike, and 11 to 14 apart."""
    assert words("ru").count("children", number).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_plural_forms_of_the_rules() -> None:
    """The forms are those of the published rules at their borders."""
    assert [plural_form("en", number) for number in (0, 1, 2)] == ["other", "one", "other"]
    arabic = [plural_form("ar", number) for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)]
    assert arabic == ["zero", "one", "two", "few", "few", "many", "many", "other", "other", "few", "many"]


def test_a_time_is_told_twice_where_zones_differ() -> None:
    """Local time comes first, UTC beside it with its day when that is another; UTC alone is told once."""
    english = words("en")
    assert english.time(parse_moment("2023-11-17T05:00Z"), "Europe/Moscow") == "2023-11-17 08:00 MSK (05:00 UTC)"
    assert (
        english.time(parse_moment("2023-11-16T22:00Z"), "Europe/Moscow")
        == "2023-11-17 01:00 MSK (2023-11-16 22:00 UTC)"
    )
    assert english.time(parse_moment("2023-11-17T05:00Z"), "UTC") == "2023-11-17 05:00 UTC"


def test_a_change_has_its_sign() -> None:
    """More, less and the same cannot be mixed up."""
    assert [words("en").change(number) for number in (5, -5, 0)] == ["+5", "\N{MINUS SIGN}5", "no change"]
