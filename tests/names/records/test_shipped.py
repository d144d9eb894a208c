"""The weights that ship give the same without Splink, for a whole register and for one pair of it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
from tests.names.records.people import born, person, register

from corridor.names.records.candidates import Pairs, candidates
from corridor.names.records.chance.counted import level_of
from corridor.names.records.chance.probability import Couples
from corridor.names.records.chance.shipped import weigh_register, weigh_some
from corridor.names.records.columns import table_of
from corridor.names.records.engine import names_engine
from corridor.names.records.evaluate import figures_of
from corridor.names.records.record import Record
from corridor.names.records.settings import COMPARISONS, settings
from corridor.names.records.weighing import weigh

ENGINE = names_engine()


def disturbed(records: list[Record], seed: int) -> list[Record]:
    """The same people with whatever else a register has: half a date, two citizenships, two documents, nothing."""
    rng = Random(seed)
    found = []
    for record in records:
        drawn, birth = rng.random(), record.birth
        if birth is not None and drawn < 0.3:
            birth = rng.choice(
                (None, born(birth.year), born(birth.year, 1, 1), born(birth.year - rng.choice((1, 2, 30))))
            )
        elif birth is not None and birth.month is not None and birth.day is not None and drawn < 0.5:
            birth = rng.choice((born(birth.year, min(12, birth.day), birth.month), born(birth.year, birth.month, 5)))
        name = record.names[0]
        lost = rng.sample(range(len(name)), rng.choice((0, 1, 2, 4)))
        parts = "".join(letter for place, letter in enumerate(name) if place not in lost).split()
        record = replace(
            record,
            names=rng.choice(
                ((" ".join(parts),), (name,), (f"{parts[0]} {rng.choice(records).names[0].split()[-1]}",), ())
            ),
            birth=birth,
            sex=rng.choice((record.sex, None)),
            citizenships=rng.choice((record.citizenships, (), ("EGY", *record.citizenships))),
            documents=rng.choice((record.documents, (), ("XY 12345", *record.documents))),
        )
        found.append(record)
    return found


def test_splink_says_the_same() -> None:
    """Every outcome, every weight and every probability of disturbed records is the one that Splink gives."""
    records = disturbed(register(250, 0.3, 5)[0], 6)
    compared = ENGINE([record.names for record in records])
    pairs, count = candidates(records, compared), len(records)
    couples = Couples(count * (count - 1) / 2, count / 2)
    alike = compared.of_pairs(pairs.first, pairs.second)
    table = table_of(records, pairs, level_of(alike.likeness), alike.kin)
    theirs = weigh(table, pairs, settings(prior=couples.same_max / 5 / couples.every), couples, learn=False)
    ours, chances = weigh_register(records, ENGINE)
    assert np.array_equal(ours.pairs.first, theirs.pairs.first)
    assert np.array_equal(ours.pairs.second, theirs.pairs.second)
    assert np.array_equal(ours.outcomes, theirs.outcomes)
    for column, levels in enumerate(COMPARISONS.values()):  # most are met
        assert len(np.unique(ours.outcomes[:, column])) > len(levels) / 2
    assert np.allclose(ours.weights, theirs.weights, atol=1e-9)
    assert np.allclose(ours.probability, theirs.probability, atol=1e-9)
    assert np.isclose(chances.prior, theirs.prior)


def test_one_pair_is_weighed_as_all_are() -> None:
    """Weighed alone by the register's chances, a pair has the probability that it has among all."""
    records = disturbed(register(2_000, 0.2, 7)[0], 8)
    every, chances = weigh_register(records, ENGINE)
    for row in np.argsort(-every.probability)[:60:7].tolist():
        pair = [records[int(every.pairs.first[row])], records[int(every.pairs.second[row])]]
        alone = weigh_some(pair, ENGINE, Pairs(np.array([0]), np.array([1])), chances)
        assert np.isclose(alone.probability[0], every.probability[row])


def test_people_registered_twice_are_found() -> None:
    """In a generated register nearly everybody who stands twice is found with a probability that holds."""
    records, truth = register(2_000, 0.2, 9)
    found, _ = weigh_register(records, ENGINE)
    figures = figures_of(records, truth, found.pairs.first, found.pairs.second, found.probability)
    assert figures.recall_at_precision_99 > 0.8
    for low, pairs, mean, right in figures.calibration:
        assert low < 0.99 or pairs < 20 or abs(mean - right) < 0.05


def test_a_register_of_nobody() -> None:
    """Nobody, or one person, gives no pairs."""
    for records in ([], [person("a", "Анна Петрова")]):
        assert not len(weigh_register(records, ENGINE)[0].pairs)
