"""How long headquarters' first page takes with many people registered: `python -m bench.first_page`.

Each size is one process: an operation in a new folder, its ledger filled, Django set up on it as `corridor run` does,
and the page asked for by a signed-in duty officer through the whole of Django but the socket.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.measuring import arguments, measured, number, table
from bench.road_operation import operation_text
from bench.workload import ROOT_DEVICE, SPAN_MS, START, groups, road, root_key
from corridor.base.moments import MINUTE_MS, Moment
from corridor.hq.pages.clocks import written
from corridor.ledger.checkpoint import pack
from corridor.ledger.stores import Checkpoint
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import open_sqlite
from corridor.ledger.writer import Writer

COLUMNS = (
    "what",
    "people",
    "events",
    "pages",
    "CPU s min",
    "CPU s p50",
    "CPU s p95",
    "wall s p50",
    "wall s p95",
    "bytes",
    "bytes, gzip",
    "CPU, the page with few people = 1",
)
PEOPLE = 100_000
FEW = 100
EVENTS_PER_PERSON = 3
PAGES = 40
FIRST, NEW_CLOCKS, SAME_CLOCKS, FRAGMENT = (
    "first page of the process",
    "new clocks",
    "clocks seen before",
    "slider moved",
)
PATHS = (FIRST, NEW_CLOCKS, SAME_CLOCKS, FRAGMENT)


def fill(folder: Path, people: int) -> None:
    """An operation's folder with a ledger of this many people and three times as many events."""
    (folder / "operation.toml").write_text(operation_text(), encoding="utf-8")
    home = folder / ".corridor"
    home.mkdir(mode=0o700)
    database = open_sqlite(home / "corridor.sqlite3")
    database.run("PRAGMA synchronous=OFF")  # filling it is not what is measured
    store = DatabaseStore(database)
    Writer.found(store, "bench", ROOT_DEVICE, root_key().public)
    writer = Writer(store, root_key())
    workload = road(people * EVENTS_PER_PERSON, people)
    writer.receive(workload.enrolment, START)
    for raws, received_at in groups(workload, size=1):
        writer.receive(raws, received_at)
    store.keep_checkpoint(Checkpoint(store.count(), pack(writer.intake)))
    database.close()


def ask_pages(folder: Path, pages: int) -> dict[str, dict[str, list[float]]]:
    """Seconds and bytes of each page, by what was asked."""
    os.environ |= {"CORRIDOR_OPERATION": str(folder), "DJANGO_SETTINGS_MODULE": "corridor.hq.settings"}
    os.environ["CORRIDOR_SECOND_FACTOR"] = "nobody"  # the pages are measured, not the way in
    os.environ["CORRIDOR_FORECAST"] = "off"  # it is walked beside, and measured by itself
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command
    from django.test import Client

    django.setup()
    call_command("migrate", verbosity=0)
    from corridor.hq.access.accounts import ensure_accounts
    from corridor.hq.models import User
    from corridor.hq.served import served

    clients = {name: Client(SERVER_NAME="localhost", headers=headers) for name, headers in _HEADERS.items()}
    found: dict[str, dict[str, list[float]]] = {
        name: {"cpu": [], "wall": [], "bytes": [], "gzip": []} for name in PATHS
    }

    def ask(name: str, clocks: Mapping[str, str]) -> None:
        answers = []
        client = clients["fragment" if name == FRAGMENT else "page"]
        cost = measured(lambda: answers.append(client.get("/", clocks)))
        assert answers[0].status_code == 200, answers[0].content
        zipped = clients["gzip"].get("/", clocks, headers=_HEADERS["fragment"] if name == FRAGMENT else {})
        into = found[name]
        for key, value in zip(into, (cost.cpu, cost.wall, len(answers[0].content), len(zipped.content)), strict=True):
            into[key].append(value)

    def sign_in() -> None:
        ensure_accounts(served().operation)
        for client in clients.values():
            client.force_login(User.objects.get(name="duty"))

    opening = measured(sign_in)
    rng = random.Random(23)
    ask(FIRST, {})
    found[FIRST]["cpu"][0] += opening.cpu  # opening the ledger is what the first visitor waits for
    found[FIRST]["wall"][0] += opening.wall
    for _ in range(pages):
        ask(NEW_CLOCKS, clocks := _random_clocks(rng))
        ask(SAME_CLOCKS, clocks)
        ask(FRAGMENT, _random_clocks(rng))
    return found


_HEADERS: dict[str, dict[str, str]] = {
    "page": {},
    "gzip": {"Accept-Encoding": "gzip"},
    "fragment": {"X-Fragment": "1"},
}


def _random_clocks(rng: random.Random) -> dict[str, str]:
    at, known = (Moment((START + rng.randrange(SPAN_MS)) // MINUTE_MS * MINUTE_MS) for _ in range(2))
    return {"at": written(at), "known": written(known)}


def rows_of(people: int, pages: int) -> dict[str, dict[str, list[float]]]:
    """Fill a ledger and ask for its pages, each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as folder:
        fill(Path(folder), people)
        done = subprocess.run(
            [sys.executable, "-m", "bench.first_page", "--ask", folder, str(pages)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        found: dict[str, dict[str, list[float]]] = json.loads(done.stdout.splitlines()[-1])
        return found


def _at(values: list[float], percent: int) -> float:
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def main() -> None:
    """Measure and print the table; with `--ask`, be the process that serves."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--people", type=int, default=PEOPLE, help="people registered; three events each")
    parser.add_argument("--ask", nargs=2, metavar=("FOLDER", "PAGES"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        print(json.dumps(ask_pages(Path(given.ask[0]), int(given.ask[1]))))
        return
    pages = given.runs or (2 if given.small else PAGES)
    sizes = (FEW, 300 if given.small else given.people)
    answers = {people: rows_of(people, pages) for people in sizes}
    rows = []
    for people, answer in answers.items():
        for name, found in answer.items():
            few = _at(answers[FEW][name]["cpu"], 50)
            rows.append(
                [
                    name,
                    number(people),
                    number(people * EVENTS_PER_PERSON),
                    str(len(found["cpu"])),
                    number(min(found["cpu"])),
                    number(_at(found["cpu"], 50)),
                    number(_at(found["cpu"], 95)),
                    number(_at(found["wall"], 50)),
                    number(_at(found["wall"], 95)),
                    number(_at(found["bytes"], 50)),
                    number(_at(found["gzip"], 50)),
                    number(_at(found["cpu"], 50) / few),
                ]
            )
    print(table("Headquarters' first page, SQLite, one request at a time.", COLUMNS, rows))


if __name__ == "__main__":
    main()
