"""How quickly is one of 100,000 people found, by a name in any script or a number: `python -m bench.search`.

Names are drawn from the small pool of gaza-2023, so that far more people share a name than in life: the worst case.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.drill.people.names_pool import NamesPool, child_of, household, plain, written
from corridor.drill.plan_file import load_replay
from corridor.journey.register.access import find_persons
from corridor.journey.register.database_rows import DatabaseIdentityRows
from corridor.journey.register.identity import BirthDate, Contact, Document, Identity, NameAs, encode
from corridor.journey.register.search import question, resembling
from corridor.ledger.stores.database import open_sqlite

SEED = 2023
AT = Moment(1_700_000_000_000)
OPERATION = Path(__file__).resolve().parents[1] / "operations" / "gaza-2023"


def identities(pool: NamesPool, count: int) -> Iterator[tuple[PersonId, Identity]]:
    """Invented people, each written in Arabic and Latin, and four in ten in Cyrillic too."""
    rng = Random(SEED)
    for number in range(count):
        sex = rng.choice(("male", "female"))
        given = rng.choice(pool.arabic_female) if sex == "female" else plain(rng.choice(pool.arabic_male))
        called = child_of(household(pool, rng), given, sex, russian=False)
        scripts = ("arabic", "latin", "cyrillic") if rng.random() < 0.4 else ("arabic", "latin")
        yield (
            PersonId(f"p{number:07}"),
            Identity(
                names=tuple(
                    NameAs(text=written(called, s, rng), script=s, part="full", source="passport") for s in scripts
                ),
                birth=BirthDate(year=rng.randrange(1940, 2023), month=rng.randrange(1, 13), day=1, precision="day"),
                documents=(Document(type="passport", number=f"PS{rng.randrange(10**7):07}"),),
                contacts=(Contact(channel="phone", value=f"+97059{rng.randrange(10**7):07}"),),
            ),
        )


def main() -> None:
    """Print how long each kind of question took, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=40)
    arguments = parser.parse_args()
    plan = load_replay(OPERATION)
    assert not isinstance(plan, Refusal), plan
    people = list(identities(plan.names, arguments.people))
    with TemporaryDirectory() as folder:
        store = DatabaseIdentityRows(open_sqlite(Path(folder) / "search.sqlite3"))
        began = time.perf_counter()
        store.put_many([(person, encode(identity), AT) for person, identity in people])
        print(f"{len(people):,} people written with their keys in {time.perf_counter() - began:.1f} s")
        rng = Random(SEED)
        chosen = [identity for _, identity in rng.sample(people, arguments.questions)]
        asked = {
            "whole name, Arabic": [question(one.names[0].text) for one in chosen],
            "whole name, Latin": [question(one.names[1].text) for one in chosen],
            "first letters of two names": [
                question(" ".join(w[:4] for w in one.names[1].text.split()[:2])) for one in chosen
            ],
            "one name": [question(one.names[1].text.split()[0]) for one in chosen],
            "document number": [question(one.documents[0].number or "") for one in chosen],
            "telephone": [question(one.contacts[0].value) for one in chosen],
            "look before creating": [resembling(one) for one in chosen],
        }
        for name, questions in asked.items():
            took, found = [], []
            for one in questions:
                began = time.perf_counter()
                found.append(find_persons(store, UserId("bench"), "duty_officer", one, AT, most=40))
                took.append(1000 * (time.perf_counter() - began))
            took.sort()
            p95, many = took[int(len(took) * 0.95)], median(len(one) for one in found)
            print(f"{name:30} p50 {median(took):6.1f} ms  p95 {p95:6.1f} ms  found {many:.0f}")


if __name__ == "__main__":
    main()
