"""Names of two records are compared part by part, whatever is in them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corridor.names.records.consonants import ConsonantNames
from corridor.names.records.engine import names_engine
from corridor.names.records.likeness import CompareNames, Likeness

ENGINES: dict[str, CompareNames] = {"consonants": ConsonantNames(), "learned": names_engine()}


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> CompareNames:
    """Each names engine in turn."""
    return ENGINES[request.param]


def alike(engine: CompareNames, one: str, other: str) -> tuple[float, bool]:
    """How alike two names are, and whether they are of one family."""
    found = engine([(one,), (other,)]).of_pairs(np.array([0]), np.array([1]))
    return float(found.likeness[0]), bool(found.kin[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иванов Пётр", "PETR IVANOV"),
        ("محمد علي حسن", "Mohammed Ali Hassan"),
        ("Khaled Mansour", "خالد منصور"),
        ("Omar Haddad", "Omar Haddad"),
    ],
)
def test_same_name(engine: CompareNames, one: str, other: str) -> None:
    """One name in two scripts is far more alike than two different names."""
    same, kin = alike(engine, one, other)
    assert same > 0.6 and not kin
    assert alike(engine, one, "Wolfgang Tillmann")[0] < same / 2


def test_brothers_are_kin(engine: CompareNames) -> None:
    """One family name, another given name: kin; the same person, or one name only: not."""
    assert alike(engine, "Иванов Пётр", "Иванов Михаил")[1]
    assert not alike(engine, "Иванов Пётр", "Иванов Петр")[1]
    assert not alike(engine, "Иванов", "Иванов Михаил")[1]


def test_best_spelling_counts(engine: CompareNames) -> None:
    """Of several spellings of a record the most alike one counts."""
    compared = engine([("Wolfgang Tillmann", "محمد علي حسن"), ("Mohammed Ali Hassan",)])
    both = compared.of_pairs(np.array([0]), np.array([1]))
    assert float(both.likeness[0]) == pytest.approx(alike(engine, "محمد علي حسن", "Mohammed Ali Hassan")[0], abs=1e-5)


def test_patronymic_may_be_missing() -> None:
    """A patronymic on one side only does not make two names of one family."""
    likeness, kin = alike(names_engine(), "Иванов Пётр Сергеевич", "Petr Ivanov")
    assert likeness > 0.7 and not kin


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.text(max_size=40), max_size=3), min_size=1, max_size=6))
@example([["1 4"], ["0 1"]])  # as many parts on both sides, and one of them the same
def test_no_name_is_too_strange(names: list[list[str]]) -> None:
    """Whatever the names, likeness lies between 0 and 1, is the same both ways, and nobody is their own neighbour."""
    places = np.arange(len(names), dtype=np.int64)
    first, second = (side.ravel() for side in np.meshgrid(places, places))
    for engine in ENGINES.values():
        compared = engine(names)
        one: Likeness = compared.of_pairs(first, second).likeness
        other: Likeness = compared.of_pairs(second, first).likeness
        assert ((one >= 0) & (one <= 1)).all()
        assert np.allclose(one, other, atol=1e-5)
        near, neighbours = compared.nearest(places, places, 3)
        assert (near != neighbours).all()
