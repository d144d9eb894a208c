"""How fast a ledger is read again from zero, with all checks: `python -m bench.replay`."""

from __future__ import annotations

from bench.databases import Site, founded, sites
from bench.measuring import Costs, arguments, measured, number, sizes_and_runs, table
from bench.workload import WORKLOADS, Workload, groups
from corridor.base.ids import DeviceId
from corridor.ledger.checkpoint import pack
from corridor.ledger.device import wire
from corridor.ledger.device.signing import signed_by
from corridor.ledger.stores import Checkpoint
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.writer import Writer

COLUMNS = (
    "what",
    "database",
    "workload",
    "events",
    "rows of the book",
    "runs",
    "CPU s min",
    "CPU s median",
    "wall s min",
    "wall s median",
    "events per CPU-s (median)",
    "CPU, Corridor = 1",
)
FROM_ZERO = "Corridor, from zero with all checks"
FROM_CHECKPOINT = "Corridor, from the checkpoint"
LIMIT = "limit: fetch, signature and chain only"


def filled(site: Site, workload: Workload) -> DatabaseStore:
    """A database that has taken in the workload, with a checkpoint after its last batch."""
    database = site.empty()
    writer = founded(database)
    writer.receive(workload.enrolment, workload.batches[0].received_at)
    for raws, received_at in groups(workload):
        writer.receive(raws, received_at)
    store = DatabaseStore(database)
    store.keep_checkpoint(Checkpoint(store.count(), pack(writer.intake)))
    database.close()
    return DatabaseStore(site.again())


def only_checked(store: DatabaseStore, workload: Workload) -> None:
    """Every batch fetched, its signature and chain checked, nothing decoded and nothing kept."""
    for row in store.batches():
        if row.status == "accepted":
            frame = wire.unframe(row.raw)
            key = workload.keys.get(DeviceId(frame.header.device))
            if key is not None:  # headquarters' own batches enrol the devices
                assert signed_by(key, frame.signed, frame.signature)
                assert wire.chain_head(frame.prev, frame.lines) == frame.head


def compared(site: Site, workload: Workload, runs: int) -> list[list[str]]:
    """The rows of one database and workload; the ways of reading take turns."""
    store = filled(site, workload)
    costs = {name: Costs() for name in (FROM_ZERO, FROM_CHECKPOINT, LIMIT)}
    read: list[Writer] = []
    for _ in range(runs):
        costs[FROM_ZERO].runs.append(measured(lambda: read.append(Writer(store, from_checkpoint=False)), site.cpu))
        costs[FROM_CHECKPOINT].runs.append(measured(lambda: read.append(Writer(store)), site.cpu))
        costs[LIMIT].runs.append(measured(lambda: only_checked(store, workload), site.cpu))
        whole, opened = read
        assert whole.intake.tally == opened.intake.tally, "both ways read the same ledger"
        rows = len(whole.intake.columns)
        read.clear()
    ours = costs[FROM_ZERO].cpu_median
    return [
        [
            name,
            site.name,
            workload.name,
            number(workload.events),
            number(rows),
            str(len(cost.runs)),
            number(cost.cpu_min),
            number(cost.cpu_median),
            number(cost.wall_min),
            number(cost.wall_median),
            number(workload.events / cost.cpu_median),
            number(cost.cpu_median / ours),
        ]
        for name, cost in costs.items()
    ]


def main() -> None:
    """Measure and print the table."""
    given = arguments(__doc__ or "").parse_args()
    rows: list[list[str]] = []
    with sites() as here:
        for events, runs in sizes_and_runs(given):
            for make in WORKLOADS.values():
                workload = make(events)
                for site in here:
                    rows += compared(site, workload, runs)
    missing = "" if len(here) > 1 else " No PostgreSQL was found on this machine."
    print(table(f"Replay: the book read again from the raw batches in the database.{missing}", COLUMNS, rows))


if __name__ == "__main__":
    main()
