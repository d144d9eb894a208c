"""How many people registered twice are proposed, and how often rightly: `python -m bench.duplicates RECORDS TRUTH`.

RECORDS and TRUTH are tables as `corridor names evaluate-linkage` takes them. Each record is somebody in a register; the
probabilities and the rules of the register desk propose pairs of them, likely or possible.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final, Literal

from bench.measuring import number, table
from corridor.base.ids import PersonId
from corridor.journey.register.duplicates.comparing import Duplicate, Pair, compared, same_name, worth_comparing
from corridor.journey.register.duplicates.weighing import weighed
from corridor.journey.register.identity import BirthDate, Document, Identity, NameAs, full_names
from corridor.journey.register.state import RegisterState
from corridor.names.index.people import NameIndex
from corridor.names.reasons import Match
from corridor.names.records.files import read_records, read_truth
from corridor.names.records.record import Record

SEXES: Final[dict[str | None, Literal["male", "female"]]] = {"m": "male", "f": "female"}
"""Sexes as records have them; none is not known."""


def registered(record: Record) -> tuple[Identity, RegisterState]:
    """A record as somebody in the register."""
    born = record.birth
    birth = None
    if born is not None:
        whole = None not in (born.month, born.day)
        birth = BirthDate(
            year=born.year,
            month=born.month if whole else None,
            day=born.day if whole else None,
            precision="day" if whole else "year",
        )
    identity = Identity(
        names=tuple(NameAs(text=name, script="other", part="full", source="record") for name in record.names),
        birth=birth,
        documents=tuple(Document(type="passport", number=one) for one in record.documents),
        contacts=(),
    )
    return identity, RegisterState(sex=SEXES.get(record.sex), citizenships=tuple(record.citizenships))


def proposed(
    identities: Mapping[PersonId, Identity], states: Mapping[PersonId, RegisterState]
) -> dict[Pair, Duplicate]:
    """Every pair that the register desk would propose."""
    index = NameIndex()
    index.add_many((person, tuple(full_names(identity))) for person, identity in identities.items())
    found = {}
    everybody = weighed(identities, states)
    for pair in sorted({*worth_comparing(identities), *everybody.probable}):
        match: Match | None = None
        if not same_name(identities[pair[0]], identities[pair[1]]):
            near = [one for name in full_names(identities[pair[0]]) for one in index.alike(name, [pair[1]])]
            match = max(near, key=lambda one: one.likeness, default=None)
        made = compared(pair, identities, states, match, everybody.probable.get(pair))
        if made is not None:
            found[pair] = made
    return found


def rows_of(found: Mapping[Pair, Duplicate], true: set[Pair]) -> list[list[str]]:
    """A row a tier, and one for both: how many, how many right, and the share of all true pairs."""
    rows = []
    for tiers in (("likely",), ("possible",), ("likely", "possible")):
        some = {pair for pair, one in found.items() if one.tier in tiers}
        right = len(some & true)
        rows.append(
            [
                " or ".join(tiers),
                f"{len(some):,}",
                f"{right:,}",
                f"{right / max(1, len(some)):.3f}",
                f"{right / max(1, len(true)):.3f}",
            ]
        )
    return rows


def main() -> None:
    """Measure on every record whose entity is among the first `--entities`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--entities", type=int, default=20_000)
    given = parser.parse_args()
    truth = read_truth(given.truth)
    chosen = set(sorted(set(truth.values()))[: given.entities])
    records: Sequence[Record] = [one for one in read_records(given.records) if truth.get(one.id) in chosen]
    people = {PersonId(record.id): registered(record) for record in records}
    of_entity: dict[str, list[PersonId]] = defaultdict(list)
    for record in records:
        of_entity[truth[record.id]].append(PersonId(record.id))
    true = {(min(pair), max(pair)) for some in of_entity.values() for pair in combinations(some, 2)}
    began = time.process_time()
    identities = {person: identity for person, (identity, _) in people.items()}
    found = proposed(identities, {person: state for person, (_, state) in people.items()})
    print(f"{len(people):,} people, {len(true):,} registered twice; {number(time.process_time() - began)} CPU s")
    print(table("Duplicates proposed", ("tier", "pairs", "right", "precision", "recall"), rows_of(found, true)))


if __name__ == "__main__":
    main()
