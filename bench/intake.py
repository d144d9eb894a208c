"""How fast events are taken in, end to end, beside the machine's limit and an ORM: `python -m bench.intake`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import orm
from bench.databases import Site, founded, sites
from bench.measuring import Cost, Costs, arguments, measured, number, sizes_and_runs, table
from bench.road_operation import bench_operation
from bench.workload import WORKLOADS, Workload, groups
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.stores.database import Database
from corridor.opening import ways_of

COLUMNS = (
    "what",
    "database",
    "workload",
    "events",
    "bytes/event",
    "runs",
    "CPU s min",
    "CPU s median",
    "wall s min",
    "events per CPU-s (min)",
    "events per CPU-s (median)",
    "CPU, Corridor = 1",
)
CORRIDOR, WITH_CHECKPOINTS = "Corridor", "Corridor, checkpoints kept"
LIMIT_BATCHES, LIMIT_ROWS = "limit: bare {way}, a row a batch", "limit: bare {way}, a row an event"
ORM, ORM_BARE = "ORM, same checks", "ORM, bare bulk_create"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to take in the same bytes. `run` prepares an empty database itself and measures only the work."""

    name: str
    run: Callable[[], Cost]
    runs_max: int = 99


def corridor(site: Site, workload: Workload, *, checkpoints: bool) -> Cost:
    """Decode, verify, sort, append durably, project: all batches, then everybody's account at the end."""
    database = site.empty()
    writer = founded(database)
    writer.receive(workload.enrolment, workload.batches[0].received_at)
    accepted = writer.intake.tally["accepted"]
    ways = ways_of(bench_operation())

    def work() -> None:
        for raws, received_at in groups(workload):
            writer.receive(raws, received_at)
            if checkpoints:
                writer.keep_checkpoint()
        view = View(Book(ways, writer.intake, writer.raw), workload.end, workload.end)
        assert sum(view.accounts().values()) > 0, "somebody is somewhere"

    cost = measured(work, site.cpu)
    unlike = len({sent.raw for sent in workload.batches})
    assert writer.intake.tally["accepted"] - accepted == unlike, "everything was accepted once"
    database.close()
    return cost


def bare(site: Site, workload: Workload, *, row_an_event: bool) -> Cost:
    """The same bytes into a table, checked by nobody: `executemany` or COPY, one commit for 64 batches."""
    database = site.empty()
    database.create("CREATE TABLE bare (number NUMBER, received_at NUMBER, status TEXT, raw BYTES)")
    prepared = []
    for raws, received_at in groups(workload):
        pieces = [line for raw in raws for line in raw.split(b"\n")[3:-1]] if row_an_event else raws
        prepared.append([(index, int(received_at), "accepted", piece) for index, piece in enumerate(pieces)])

    def work() -> None:
        for rows in prepared:
            with database.transaction():
                _copy_in(database, rows)

    cost = measured(work, site.cpu)
    database.close()
    return cost


def _copy_in(database: Database, rows: list[tuple[int, int, str, bytes]]) -> None:
    database.copy_in("bare", ("number", "received_at", "status", "raw"), rows)


def by_orm(site: Site, workload: Workload, *, checks: bool) -> Cost:
    """The same events with Django's `bulk_create`."""
    site.empty().close()
    orm.open_orm(site)
    work = (lambda: orm.take_in(workload)) if checks else orm.only_keep(orm.decoded(workload))
    cost = measured(work, site.cpu)
    assert orm.Row.objects.count() == workload.events, "everything was kept"
    orm.close_orm()
    return cost


def contestants(site: Site, workload: Workload) -> list[Contestant]:
    """Everything that is compared on one database; the ORM keeps one person an event, so it runs on crossings only."""
    way = "executemany" if site.name == "SQLite" else "COPY"
    found = [
        Contestant(CORRIDOR, lambda: corridor(site, workload, checkpoints=False)),
        Contestant(WITH_CHECKPOINTS, lambda: corridor(site, workload, checkpoints=True)),
        Contestant(LIMIT_BATCHES.format(way=way), lambda: bare(site, workload, row_an_event=False)),
        Contestant(LIMIT_ROWS.format(way=way), lambda: bare(site, workload, row_an_event=True)),
    ]
    if workload.name == "crossings":
        runs_max = 2 if workload.events >= 1_000_000 else 99  # a run takes a minute
        found += [
            Contestant(ORM, lambda: by_orm(site, workload, checks=True), runs_max),
            Contestant(ORM_BARE, lambda: by_orm(site, workload, checks=False), runs_max),
        ]
    return found


def compared(site: Site, workload: Workload, runs: int) -> Iterator[list[str]]:
    """The rows of one database and workload; the contestants take turns."""
    several = contestants(site, workload)
    costs = {contestant.name: Costs() for contestant in several}
    for turn in range(runs):
        for contestant in several:
            if turn < contestant.runs_max:
                costs[contestant.name].runs.append(contestant.run())
    ours = workload.events / costs[CORRIDOR].cpu_median
    for name, cost in costs.items():
        rate = workload.events / cost.cpu_median
        yield [
            name,
            site.name,
            workload.name,
            number(workload.events),
            number(workload.bytes_per_event),
            str(len(cost.runs)),
            number(cost.cpu_min),
            number(cost.cpu_median),
            number(cost.wall_min),
            number(workload.events / cost.cpu_min),
            number(rate),
            number(ours / rate),
        ]


def main() -> None:
    """Measure and print the table."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--workload", choices=WORKLOADS, action="append", help="unless given: all")
    given = parser.parse_args()
    rows: list[list[str]] = []
    with sites() as here:
        for site in here:  # what only the first run pays (imports, caches) is nobody's cost
            for contestant in contestants(site, WORKLOADS["crossings"](1_000)):
                contestant.run()
        for events, runs in sizes_and_runs(given):
            for name in given.workload or WORKLOADS:
                workload = WORKLOADS[name](events)
                for site in here:
                    rows += compared(site, workload, runs)
    missing = "" if len(here) > 1 else " No PostgreSQL was found on this machine."
    print(table(f"Intake, end to end, durable (`synchronous=FULL`, `fsync` on).{missing}", COLUMNS, rows))


if __name__ == "__main__":
    main()
