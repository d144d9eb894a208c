"""How fast machine-readable zones are checked and read, beside a bare loop of check digits: `python -m bench.mrz`.

No peer stands here: the Python packages that check zones are under licences that this project does not take. The bare
loop is what anybody writes first: five digits of one TD3 line, nothing named, nothing read.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from random import Random

from bench.measuring import Costs, measured, number, table
from corridor.names.mrz.checking import wrong_digits
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.reading import read
from corridor.names.mrz.writing import WrittenFormat, WrittenZone, ZoneContent, write

COLUMNS = ("what", "format", "zones", "runs", "CPU s min", "CPU s median", "zones per CPU-s (min)")
SEED = 9303
TODAY = date(2026, 11, 23)
SURNAMES = ("ERIKSSON", "ALMASRI", "IVANOVA", "ABU ZAYD", "MUELLER", "OKAFOR", "TKACHENKO", "HADDAD")
GIVEN = ("ANNA MARIA", "MOHAMMED", "OLGA", "YUSUF ALI", "ERIKA", "CHINWE", "MARIANA", "LAYLA")


def zones(format: WrittenFormat, count: int) -> list[tuple[str, ...]]:
    """Zones of invented people, one in ten with one digit changed."""
    rng = Random(SEED)
    made = []
    for _ in range(count):
        content = ZoneContent(
            document_type="V" if format.startswith("MRV") else "P" if format == "TD3" else "I",
            issuing_state="JOR",
            surname=rng.choice(SURNAMES),
            given_names=rng.choice(GIVEN),
            number=f"{rng.choice('ABCDEFG')}{rng.randrange(10**8):08}",
            nationality=rng.choice(("RUS", "PSE", "DEU")),
            birth_date=ZoneDate(year=rng.randrange(1940, 2020), month=rng.randrange(1, 13), day=rng.randrange(1, 29)),
            sex=rng.choice(("f", "m")),
            expiry_date=ZoneDate(year=rng.randrange(2027, 2036), month=rng.randrange(1, 13), day=rng.randrange(1, 29)),
        )
        zone = write(content, format)
        assert isinstance(zone, WrittenZone), "these people can be written"
        lines = zone.lines
        if rng.random() < 0.1:
            at = 13 if format != "TD1" else 0
            changed = lines[1][:at] + str((int(lines[1][at]) + 1) % 10) + lines[1][at + 1 :]
            lines = (lines[0], changed, *lines[2:])
        made.append(lines)
    return made


def bare_loop(lines: tuple[str, ...]) -> bool:
    """Five check digits of a TD3 zone, character by character."""
    line = lines[1]
    parts = (
        (line[0:9], line[9]),
        (line[13:19], line[19]),
        (line[21:27], line[27]),
        (line[28:42], line[42]),
        (line[0:10] + line[13:20] + line[21:43], line[43]),
    )
    for text, digit in parts:
        total = 0
        for index, character in enumerate(text):
            value = 0 if character == "<" else ord(character) - (48 if character < "A" else 55)
            total += value * (7, 3, 1)[index % 3]
        if str(total % 10) != digit and not (digit == "<" and total == 0):
            return False
    return True


def main() -> None:
    """Measure, taking turns, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zones", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="1,000 zones, one run: does it work at all")
    given = parser.parse_args()
    if given.small:
        given.zones, given.runs = 1_000, 1
    formats: tuple[WrittenFormat, ...] = ("TD3", "TD1", "TD2", "MRV-A")
    sets = {format: zones(format, given.zones) for format in formats}
    some = max(1, given.zones // 10)
    work: dict[tuple[str, str, int], Callable[[], object]] = {}
    work["limit: bare loop, five digits", "TD3", given.zones] = lambda: [bare_loop(lines) for lines in sets["TD3"]]
    for format in formats:
        made = sets[format]
        work["Corridor, digits checked, fields named", format, given.zones] = (
            lambda made=made: [wrong_digits(lines) for lines in made]  # type: ignore[misc]
        )
    for format in formats:
        texts = ["\n".join(lines) for lines in sets[format][:some]]
        work["Corridor, read whole, with all problems", format, some] = (
            lambda texts=texts: [read(text, TODAY) for text in texts]  # type: ignore[misc]
        )
    costs = {key: Costs() for key in work}
    for _ in range(given.runs):
        for key, run in work.items():
            costs[key].runs.append(measured(run))
    rows = [
        (
            what,
            format,
            f"{count:,}",
            str(len(cost.runs)),
            number(cost.cpu_min),
            number(cost.cpu_median),
            number(count / cost.cpu_min),
        )
        for (what, format, count), cost in costs.items()
    ]
    print(table("Machine-readable zones", COLUMNS, rows))


if __name__ == "__main__":
    main()
