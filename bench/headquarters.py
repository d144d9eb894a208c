"""How long headquarters' pages take with many people: `python -m bench.headquarters`.

Each size and database is one process: an operation like gaza-2023 in a new folder, Django set up on it as
`corridor run` does, and pages asked for by people signed in, through the whole of Django but the socket, one request at
a time. What a page costs after a batch is asked for after a batch has come. 1,000,000 people are asked for by hand:
`python -m bench.headquarters --people 1000000 --database SQLite` needs 9 GB of memory and about half an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.databases import programs, server
from bench.desks_workload import AUTHORITIES, FLIGHT, LIST_ROWS, NOW, SEED, fill
from bench.measuring import Cost, arguments, number, table
from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import HOUR_MS, MINUTE_MS, Moment, iso
from corridor.hq.pages.clocks import written
from corridor.journey.register.identity import decode, full_names
from corridor.ledger.event import Draft

if TYPE_CHECKING:
    from django.test import Client

COLUMNS = (
    "what",
    "database",
    "people",
    "asked",
    "CPU ms p50",
    "CPU ms p95",
    "wall ms p50",
    "wall ms p95",
    "bytes",
    "CPU p50, fewest people = 1",
)
PEOPLE = (1_000, 10_000, 100_000)
ASKED = 20
TOKEN = re.compile(r'name="token" value="([^"]+)"')
FRAGMENT = {"X-Fragment": "1", "X-News": "1"}


@dataclass(slots=True)
class Costs:
    """What each page cost, by what was asked: seconds of processor and wall, bytes."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    size: list[float] = field(default_factory=list)


class Desks:
    """People at their desks in this process, and the ledger that grows while they work."""

    def __init__(self, folder: str) -> None:
        os.environ |= {
            "CORRIDOR_OPERATION": folder,
            "CORRIDOR_PRACTICE": iso(NOW),
            "DJANGO_SETTINGS_MODULE": "corridor.hq.settings",
            "CORRIDOR_FORECAST": "off",  # it is walked beside, and measured by itself
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from corridor.hq.access.accounts import ensure_demo_accounts
        from corridor.hq.served import served

        self.served = served()
        ensure_demo_accounts(self.served.operation)
        self.rng = random.Random(SEED)
        self.costs: dict[str, Costs] = {}
        people = sorted(self.served.board_now().view.in_book)
        self.people = people
        self.named = [person for person in people[:5_000] if person in self.served.opened.identities.get([person])]
        self.newcomers = 0

    def as_user(self, name: str) -> Client:
        """A browser of a user who is signed in."""
        from django.test import Client

        from corridor.hq.models import User

        client = Client(SERVER_NAME="localhost", raise_request_exception=True)
        client.force_login(User.objects.get(name=name))
        return client

    def ask(self, what: str, work: Callable[[], Any], status: int = 200, *, alone: bool = True) -> Any:
        """Do one thing and note what it cost; not `alone`: other threads work, so this one's processor time counts."""
        # Without collecting garbage first: what a server has folded is out of the collector's sight, and stays there.
        clock = time.process_time if alone else time.thread_time
        cpu, wall = clock(), time.perf_counter()
        answer = work()
        cost = Cost(clock() - cpu, time.perf_counter() - wall)
        assert answer.status_code == status, (what, answer.status_code, answer.content[:500])
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        into = self.costs.setdefault(what, Costs())
        into.cpu.append(cost.cpu)
        into.wall.append(cost.wall)
        into.size.append(len(content))
        return answer

    def documents(self, most: int) -> dict[PersonId, str]:
        """Of some people with a name the number of their first document."""
        chosen = self.rng.sample(self.named, min(most, len(self.named)))
        stored = self.served.opened.identities.get(chosen)
        return {one: decode(one, stored[one]).documents[0].number or "" for one in chosen}  # type: ignore[union-attr]

    def record(self) -> None:
        """A batch comes: a family registers, somebody was reached, a family in Cairo is fit."""
        self.newcomers += 1
        now = self.served.now()
        party = {"party": f"new-{self.newcomers}", "citizenships": ["RUS"], "age_band": "adult", "relation": "citizen"}
        persons = tuple(PersonId(f"n{self.newcomers:04}-{turn}") for turn in range(4))
        some = tuple(self.rng.sample(self.people, 3))

        def draft(kind: str, whom: tuple[PersonId, ...], body: Mapping[str, Any], **moved: AccountId) -> Draft:
            return Draft(kind=kind, happened_at=now, by=UserId("duty"), persons=whom, body=body, **moved)

        moved = {"source": AccountId("outside"), "target": AccountId("place:gaza")}
        drafts = [draft("registered", (person,), party, **moved) for person in persons]
        drafts.append(draft("contact_recorded", some, {"channel": "phone", "reachable": True}))
        drafts.append(draft("fitness_decided", some[:1], {"decision": "fit"}))
        drafts.append(draft("called", some[:2], {"gate": "rafah", "for_date": "2023-12-21"}))
        self.served.opened.writer.record(drafts, now)


def ask_all(folder: str, asked: int) -> dict[str, Any]:
    """Every row of the table for the operation in a folder."""
    began, began_here = time.process_time(), time.thread_time()
    desks = Desks(folder)
    duty = desks.as_user("duty")
    desks.ask("home, first of the process", partial(duty.get, "/"), alone=False)
    opened = time.thread_time() - began_here
    ready = [thread for thread in threading.enumerate() if thread.name == "getting ready"]
    for thread in ready:
        thread.join()
    folded = time.process_time() - began - opened
    lists, medic = desks.as_user("lists"), desks.as_user("medic")
    some = [*desks.documents(asked).values()]
    for turn in range(asked):
        desks.record()
        desks.ask("home, after a batch", partial(duty.get, "/"))
        desks.ask("alarms, after a batch", partial(duty.get, "/alarms/"))
        desks.ask("what holds people back, after a batch", partial(duty.get, "/held-back/"))
        clocks = _clocks(desks.rng)
        desks.ask("home, other clocks", partial(duty.get, "/", clocks))
        desks.ask("home, unchanged (304)", partial(duty.get, "/", headers=_with_tag(desks, duty)), 304)
        person = desks.rng.choice(desks.people)
        desks.ask("person", partial(duty.get, f"/people/{person}/"))
        page = {"figure": "registered", "page": str(desks.rng.randrange(1, len(desks.people) // 100 + 1))}
        desks.ask("people list, any page", partial(duty.get, "/people/", page))
        desks.ask("people list, other clocks", partial(duty.get, "/people/", page | _clocks(desks.rng)))
        desks.record()
        person = desks.rng.choice(desks.people)
        desks.ask("person, after a batch", partial(duty.get, f"/people/{person}/"))
        desks.record()
        desks.ask("search by number, after a batch", partial(lists.get, "/register/", {"q": some[turn % len(some)]}))
        desks.record()
        desks.ask("discrepancies, after a batch", partial(duty.get, "/reconcile/"))
        desks.record()
        desks.ask("care queue, after a batch", partial(medic.get, "/care/"))
    _search(desks, asked)
    _manifest(desks, asked)
    _evening(desks)
    costs = {what: {"cpu": one.cpu, "wall": one.wall, "size": one.size} for what, one in desks.costs.items()}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"costs": costs, "opened_cpu": opened, "folded_cpu": folded, "memory_mb": memory}


def _with_tag(desks: Desks, client: Client) -> dict[str, str]:
    """What a page that has the newest home asks with, while most of the minute that its tag is good for is ahead."""
    while desks.served.now() % MINUTE_MS > MINUTE_MS // 2:
        time.sleep(1)
    return {**FRAGMENT, "If-None-Match": client.get("/", headers=FRAGMENT).headers["ETag"]}


def _clocks(rng: random.Random) -> dict[str, str]:
    at = Moment((NOW - rng.randrange(60 * HOUR_MS)) // MINUTE_MS * MINUTE_MS)
    return {"at": written(at), "known": written(at)}


def _search(desks: Desks, asked: int) -> None:
    """By the name as written, by part of it in Latin letters, and by the number of a document."""
    lists = desks.as_user("lists")
    chosen = desks.rng.sample(desks.named, min(asked, len(desks.named)))
    stored = desks.served.opened.identities.get(chosen)
    for person in chosen:
        identity = decode(person, stored[person])
        names = full_names(identity)  # type: ignore[arg-type]
        document = identity.documents[0].number or ""  # type: ignore[union-attr]
        desks.ask("search by name", partial(lists.get, "/register/", {"q": names[0]}))
        desks.ask("search by number", partial(lists.get, "/register/", {"q": document}))


def _manifest(desks: Desks, asked: int) -> None:
    movement = desks.as_user("movement")
    for _ in range(min(asked, 5)):
        desks.record()
        desks.ask("manifest of 200", lambda: movement.get(f"/move/{FLIGHT}/"))
        desks.ask("manifest of 200, PDF", lambda: movement.get(f"/move/{FLIGHT}/manifest.pdf"))
        desks.ask("manifest of 200, spreadsheet", lambda: movement.get(f"/move/{FLIGHT}/manifest.xlsx"))


def _evening(desks: Desks) -> None:
    """A list of 600 rows from the file to its proposals, and one decision: of ten rows one is a stranger's, and of ten
    one has no number."""
    lists = desks.as_user("lists")
    waiting = sorted(set(desks.named) & set(desks.served.board_now().people("applications_open")))
    chosen = desks.rng.sample(waiting, min(LIST_ROWS, len(waiting)))
    stored = desks.served.opened.identities.get(chosen)
    lines = ["No,Name,Passport,Nationality"]
    for turn, person in enumerate(chosen, start=1):
        identity = decode(person, stored[person])
        name = next(one.text for one in identity.names if one.script == "latin")  # type: ignore[union-attr]
        own = identity.documents[0].number  # type: ignore[union-attr]
        passport = f"ZZ{turn:07}" if turn % 10 == 0 else "" if turn % 10 == 5 else own
        lines.append(f"{turn},{name},{passport},Russia")
    data = "\r\n".join(lines).encode()

    def post(address: str, fields: Mapping[str, Any], page: str = "") -> Any:
        content = lists.get(page or address).content.decode()
        token = TOKEN.search(content)
        assert token is not None, f"{address} has no form"
        return lists.post(address, {"token": token[1], **_chosen(content), **fields})

    def take() -> Any:
        file = BytesIO(data)
        file.name = "list.csv"
        given = {"authority": AUTHORITIES[0], "for_date": "2023-12-21"}
        sent = post("/clear/file/", {**given, "file": file}, page="/clear/")
        taken = post(sent["Location"], {**given, "source": "embassy", "does": "take"})
        assert taken.status_code == 302, taken.content[:2000]
        found["address"] = taken["Location"]
        return lists.get(taken["Location"])

    found: dict[str, str] = {}
    desks.ask("evening run: file of 600 to proposals", take)
    desks.ask("evening run: its page again", lambda: lists.get(found["address"]))
    desks.ask("evening run: accept the certain", lambda: post(found["address"], {"does": "accept"}), 302)
    desks.ask("evening run: the page after that", lambda: lists.get(found["address"]))


def _chosen(page: str) -> dict[str, str]:
    """What the selects of a page of columns hold."""
    found = {}
    for name, options in re.findall(r'<select[^>]*name="(s\d+(?:c\d+|days))"[^>]*>(.*?)</select>', page, re.DOTALL):
        picked = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = picked[1] if picked else ""
    return found


def rows_of(people: int, asked: int, database: str, url: str | None) -> dict[str, Any]:
    """Fill a ledger and ask for its pages, each in a process of its own."""
    environ = {} if url is None else {"DATABASE_URL": url}
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as folder:
        operation = Path(folder) / f"bench-{people}"
        operation.mkdir()
        began = time.process_time()
        filled = fill(operation, people, environ)
        took = time.process_time() - began
        print(f"{database}, {people:,} people: {filled.events:,} events in {took:.0f} CPU-s.", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, "-m", "bench.headquarters", "--ask", str(operation), str(asked)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={name: text for name, text in os.environ.items() if name != "DATABASE_URL"} | environ,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    took_each = f"first page after {found['opened_cpu']:.1f} CPU-s, everybody folded {found['folded_cpu']:.1f} later"
    print(f"  {took_each}; {found['memory_mb']:.0f} MB at most", file=sys.stderr)
    return found


def _at(values: list[float], percent: int) -> float:
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def table_of(found: Mapping[tuple[str, int], dict[str, Any]]) -> str:
    """The table of every page by database and size."""
    fewest = {database: min(people for name, people in found if name == database) for database, _ in found}
    rows = []
    for what in dict.fromkeys(what for one in found.values() for what in one["costs"]):
        for (database, people), one in found.items():
            cost = one["costs"].get(what)
            if cost is None:
                continue
            least = found[database, fewest[database]]["costs"].get(what, cost)
            ms = [1000 * _at(cost[clock], percent) for clock in ("cpu", "wall") for percent in (50, 95)]
            growth = _at(cost["cpu"], 50) / max(_at(least["cpu"], 50), 1e-6)
            size = number(_at(cost["size"], 50))
            counts = [number(people), str(len(cost["cpu"]))]
            rows.append([what, database, *counts, *map(number, ms), size, number(growth)])
    return table("Headquarters' pages, one request at a time.", COLUMNS, rows)


def main() -> None:
    """Measure and print the table; with `--ask`, be the process that serves."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--people", type=int, action="append", help="people registered; may be given several times")
    parser.add_argument("--database", choices=("SQLite", "PostgreSQL"), action="append", help="unless given: both")
    parser.add_argument("--ask", nargs=2, metavar=("FOLDER", "TIMES"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        print(json.dumps(ask_all(given.ask[0], int(given.ask[1]))))
        return
    asked = given.runs or (2 if given.small else ASKED)
    sizes = given.people or ((300, 600) if given.small else PEOPLE)
    wanted = given.database or (["SQLite", "PostgreSQL"] if programs() and not given.small else ["SQLite"])
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for database in wanted:
        for people in sizes:
            running: AbstractContextManager[Any] = nullcontext() if database == "SQLite" else server()
            with running as started:
                found[database, people] = rows_of(people, asked, database, started.url if started else None)
    print(table_of(found))


if __name__ == "__main__":
    main()
