"""How many events phones bring home in a second of processor, over HTTP: `python -m bench.exchange`.

A real server process, started as `corridor run` starts it, takes in requests of 500 events (five signed batches, packed
with gzip) from 1, 10 and 100 phones that talk at the same time; each is verified, made durable, receipted and answered
under headquarters' signature. The last request asks for a roster, so that the book has been read. Beside it the same
requests go to an endpoint with an ORM, served by the same server, and where they are installed to PouchDB's server
(`--pouchdb FOLDER`, with its node_modules) and to Kinto (`--kinto PROGRAM`), which verify nothing.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import orm
from bench.databases import Server, Site, server
from bench.measuring import Cost, Costs, arguments, cpu_of_tree, number, table
from bench.road_operation import operation_text
from bench.workload import BATCH_EVENTS, Workload, crossings
from corridor.base.ids import DeviceId, UserId
from corridor.base.moments import Moment
from corridor.ledger import kinds
from corridor.ledger.device.request import RosterWanted, write_request
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation, open_operation

COLUMNS = (
    "what",
    "database",
    "phones",
    "events",
    "bytes/event sent",
    "bytes/event answered",
    "runs",
    "CPU s min",
    "wall s min",
    "events per CPU-s (best)",
    "events per CPU-s (median)",
    "CPU, Corridor = 1",
)
PHONES = (1, 10, 100)
EVENTS = 50_000
BATCHES_A_REQUEST = 5
_SEED = 1
_NONCE = "0" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What phones send: for each, its requests in order."""

    workload: Workload
    keys: Mapping[DeviceId, SigningKey]
    requests: Mapping[DeviceId, Sequence[bytes]]

    @property
    def bytes_per_event(self) -> float:
        """Bytes over the wire an event, packed, headers of HTTP left out."""
        return sum(len(raw) for sent in self.requests.values() for raw in sent) / self.workload.events


def load(events: int, phones: int) -> Load:
    """The requests of so many phones, packed as a phone packs them."""
    workload = crossings(events, seed=_SEED, most_devices=phones)
    rng = random.Random(_SEED)
    keys = {device: SigningKey.from_seed(rng.randbytes(32)) for device in workload.keys}
    assert all(keys[device].public == key for device, key in workload.keys.items()), "the same keys as the workload's"
    batches: dict[DeviceId, list[bytes]] = {device: [] for device in keys}
    for sent in workload.batches:
        device = DeviceId(json.loads(sent.raw.split(b"\n", 2)[1])["device"])
        batches[device].append(sent.raw)
    requests = {
        device: [
            gzip.compress(_request(keys[device], device, some[start : start + BATCHES_A_REQUEST]), 6)
            for start in range(0, len(some), BATCHES_A_REQUEST)
        ]
        for device, some in batches.items()
    }
    return Load(workload=workload, keys=keys, requests=requests)


def _request(
    key: SigningKey, device: DeviceId, batches: Sequence[bytes], token: str | None = None, roster: bool = False
) -> bytes:
    wanted = RosterWanted(None, 1) if roster else None
    return write_request(
        key, batches, device=device, epoch=1, nonce=_NONCE, sent_at=0, token=token, roster=wanted, app="bench"
    )


class Line:
    """One phone's connection, which is kept."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.answered = 0

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """The answer, once it is not told to wait; bytes as they came."""
        while True:
            self._connection.request("POST", address, body, {"Host": "localhost", **headers})
            answer = self._connection.getresponse()
            told = answer.read()
            if answer.status != 429:
                assert answer.status in (200, 201), (answer.status, told[:300])
                self.answered += len(told)
                return told
            time.sleep(float(answer.headers["Retry-After"]))
            self._connection.close()  # the server does not keep one that long


PACKED = {"Content-Encoding": "gzip", "Accept-Encoding": "gzip", "Content-Type": "application/octet-stream"}


def push(port: int, sent: Load, address: str) -> int:
    """Every phone sends its requests, all at the same time; bytes answered."""
    lines = {device: Line(port) for device in sent.requests}

    def work(device: DeviceId) -> None:
        for raw in sent.requests[device]:
            lines[device].post(address, raw, PACKED)

    with ThreadPoolExecutor(len(lines)) as at_once:
        list(at_once.map(work, lines))
    return sum(line.answered for line in lines.values())


def read_the_book(port: int, sent: Load) -> None:
    """One phone asks for its roster, so that headquarters reads everything that came into the book."""
    device, key = next(iter(sent.keys.items()))
    line = Line(port)
    unpacked = {"Content-Type": "application/octet-stream"}
    told = line.post("/field/exchange", _request(key, device, []), unpacked)
    token = json.loads(told.split(b"\n")[1])["token"]
    told = line.post("/field/exchange", _request(key, device, [], token, roster=True), unpacked)
    assert json.loads(told.split(b"\n")[1])["roster"] is not None


@contextmanager
def running(
    command: Sequence[str], environ: Mapping[str, str], alive: Callable[[int], bool]
) -> Iterator[tuple[int, int]]:
    """A server's port and process, once it answers and does nothing more by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [word.format(port=port) for word in command]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(words, env={**os.environ, **environ}, stdout=log, stderr=log)
        try:
            while not _answers(port, alive):
                if process.poll() is not None:
                    log.seek(0)
                    raise RuntimeError(log.read().decode()[-2_000:])
                time.sleep(0.2)
            _settle(process.pid)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait()


def _answers(port: int, alive: Callable[[int], bool]) -> bool:
    try:
        return alive(port)
    except OSError:
        return False


def _get(port: int, address: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", address, headers={"Host": "localhost"})
    return connection.getresponse().status < 500


def _settle(process: int) -> None:
    """Wait until a process rests, or does what it always does: what it does at its start is not measured."""
    before = -1.0
    for _ in range(SETTLE_SECONDS_MAX):
        now = tree_cpu(process)
        if now - before < 0.02:
            return
        before = now
        time.sleep(1)


SETTLE_SECONDS_MAX = 20


def tree_cpu(process: int) -> float:
    """Processor seconds of a process and everything under it."""
    return max(cpu_of_tree(one) for one in (process, *_children(process)))


def _children(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        found += [int(text) for text in (task / "children").read_text().split()]
    return [*found, *(deeper for one in found for deeper in _children(one))]


def corridor(sent: Load, postgres: Server | None) -> tuple[Cost, int]:
    """Headquarters as it is run: what pushing costs, and how much it answers."""
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as made:
        folder = Path(made) / "bench"
        folder.mkdir()
        (folder / "operation.toml").write_text(operation_text(), encoding="utf-8")
        environ = {"CORRIDOR_HOME": made, "CORRIDOR_FORECAST": "off"}
        environ |= {} if postgres is None else {"DATABASE_URL": postgres.url}
        opened = open_operation(str(folder), environ, progress=lambda _: None)
        assert isinstance(opened, OpenOperation), opened
        opened.writer.record(_enrolments(sent), Moment(1_600_000_000_000))
        opened.close()
        command = [sys.executable, "-m", "corridor", "run", "--operation", str(folder), "--port", "{port}"]
        with running(command, environ, lambda port: _get(port, "/alive/")) as (port, process):
            read_the_book(port, sent)  # what only the first request pays is not measured
            _settle(process)

            def used() -> float:
                return tree_cpu(process) + (postgres.cpu() if postgres is not None else 0.0)

            cpu, wall = used(), time.perf_counter()
            answered = push(port, sent, "/field/exchange")
            time.sleep(ROSTER_PAUSE_SECONDS)  # phones share one making of the roster for so long
            read_the_book(port, sent)
            cost = Cost(used() - cpu, time.perf_counter() - wall - ROSTER_PAUSE_SECONDS)
        opened = open_operation(str(folder), environ, progress=lambda _: None)
        assert isinstance(opened, OpenOperation), opened
        assert opened.stamp().events - len(sent.keys) == sent.workload.events, "everything was accepted once"
        if postgres is not None:
            schema = opened.database.run("SELECT current_schema()")[0][0]
            opened.database.run(f"DROP SCHEMA {schema} CASCADE")
        opened.close()
        return cost, answered


ROSTER_PAUSE_SECONDS = 21


def _enrolments(sent: Load) -> list[Draft]:
    return [
        Draft(
            kind=kinds.DEVICE_ENROLLED,
            happened_at=Moment(1_600_000_000_000),
            by=UserId("duty"),
            body={"device": device, "public_key": key.public.hex(), "user": "duty", "place": "camp"},
        )
        for device, key in sent.keys.items()
    ]


def by_orm(sent: Load, postgres: Server | None, *, same_work: bool = False) -> tuple[Cost, int]:
    """The same requests to an endpoint with an ORM; `same_work`: it receipts and posts too."""
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as made:
        site = Site("SQLite" if postgres is None else "PostgreSQL", Path(made), postgres)
        site.empty().close()
        orm.open_orm(site)
        orm.close_orm()
        keys = json.dumps({device: key.public.hex() for device, key in sent.keys.items()})
        environ = {"BENCH_KEYS": keys, "BENCH_FILE": str(site.file), "BENCH_SAME_WORK": "1" if same_work else ""}
        environ |= {} if postgres is None else {"BENCH_POSTGRES": postgres.url}
        served = [sys.executable, "-m", "bench.exchange_peer", "{port}"]
        with running(served, environ, lambda port: _get(port, "/alive")) as (port, process):

            def used() -> float:
                return tree_cpu(process) + (postgres.cpu() if postgres is not None else 0.0)

            cpu, wall = used(), time.perf_counter()
            answered = push(port, sent, "/events")
            cost = Cost(used() - cpu, time.perf_counter() - wall)
        database = site.again()
        kept = int(database.run("SELECT COUNT(*) FROM orm_row")[0][0])
        assert kept == sent.workload.events, f"{kept} of {sent.workload.events} were kept"
        database.close()
        return cost, answered


def documents(sent: Load) -> dict[DeviceId, list[list[dict[str, object]]]]:
    """The same events as JSON documents with ids of their own, by phone and request: what a document store is sent."""
    found: dict[DeviceId, list[list[dict[str, object]]]] = {}
    for device, requests in sent.requests.items():
        sequence = 0
        for raw in requests:
            lines = [line for line in gzip.decompress(raw).split(b"\n") if line.startswith(b'{"at"')]
            some: list[dict[str, object]] = []
            for line in lines:
                sequence += 1
                some.append({"_id": f"{device}-{sequence:09d}", **json.loads(line)})
            found.setdefault(device, []).append(some)
    return found


def by_pouchdb(sent: Load, folder: Path) -> tuple[Cost, int]:
    """The documents posted as replication posts them: `_bulk_docs` of 500 with revisions of their own."""
    made = tempfile.mkdtemp(prefix="corridor-bench-")
    command = [
        "node",
        str(folder / "node_modules/pouchdb-server/bin/pouchdb-server"),
        "--port",
        "{port}",
        "--dir",
        made,
    ]
    with running(command, {"HOME": made}, lambda port: _get(port, "/")) as (port, process):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("PUT", "/events")
        connection.getresponse().read()
        bodies = {
            device: [
                json.dumps(
                    {
                        "new_edits": False,
                        "docs": [{**one, "_rev": "1-967a00dff5e02add41819138abb3284d"} for one in some],
                    }
                ).encode()
                for some in requests
            ]
            for device, requests in documents(sent).items()
        }
        return _posted(port, process, bodies, "/events/_bulk_docs")


def by_kinto(sent: Load, program: Path) -> tuple[Cost, int]:
    """The documents as batches of 25 records, its own limit, on its backend in memory."""
    made = Path(tempfile.mkdtemp(prefix="corridor-bench-"))
    settings = made / "kinto.ini"
    command = [str(program), "init", "--ini", str(settings), "--backend", "memory", "--cache-backend", "memory"]
    subprocess.run([*command, "--host", "127.0.0.1"], check=True, capture_output=True)
    rights = "kinto.bucket_create_principals = system.Everyone"
    text = re.sub(r"(?m)^kinto.bucket_create_principals.*\n", "", settings.read_text())
    text = text.replace("[app:main]\n", f"[app:main]\n{rights}\n")
    settings.write_text(text)
    with running(
        [str(program), "start", "--ini", str(settings), "--port", "{port}"], {}, lambda port: _get(port, "/v1/")
    ) as (port, process):
        headers = {"Authorization": "Basic YTph", "Content-Type": "application/json"}
        line = Line(port)
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for address in ("/v1/buckets/b", "/v1/buckets/b/collections/c"):
            connection.request("PUT", address, b"{}", headers)
            answer = connection.getresponse()
            assert answer.status in (200, 201), answer.read()
            answer.read()
        bodies = {
            device: [
                json.dumps(
                    {
                        "defaults": {"method": "PUT", "headers": {"Authorization": "Basic YTph"}},
                        "requests": [
                            {
                                "path": f"/buckets/b/collections/c/records/{one['_id']}",
                                "body": {"data": {**one, "id": one["_id"]}},
                            }
                            for one in some[start : start + 25]
                        ],
                    }
                ).encode()
                for some in requests
                for start in range(0, len(some), 25)
            ]
            for device, requests in documents(sent).items()
        }
        del line
        return _posted(port, process, bodies, "/v1/batch", headers)


def _posted(
    port: int,
    process: int,
    bodies: Mapping[DeviceId, Sequence[bytes]],
    address: str,
    headers: Mapping[str, str] | None = None,
) -> tuple[Cost, int]:
    lines = {device: Line(port) for device in bodies}

    def work(device: DeviceId) -> None:
        for body in bodies[device]:
            lines[device].post(address, body, headers or {"Content-Type": "application/json"})

    _settle(process)
    cpu, wall = tree_cpu(process), time.perf_counter()
    with ThreadPoolExecutor(len(lines)) as at_once:
        list(at_once.map(work, lines))
    return Cost(tree_cpu(process) - cpu, time.perf_counter() - wall), sum(line.answered for line in lines.values())


Contestant = tuple[str, str, Callable[[Load], tuple[Cost, int]], int]


def contestants(given: argparse.Namespace, postgres: Server | None) -> list[Contestant]:
    """Everything that is compared: name, database, one run, and the most events it is given."""
    found: list[Contestant] = [
        ("Corridor", "SQLite", lambda sent: corridor(sent, None), given.most),
        ("ORM endpoint, same checks", "SQLite", lambda sent: by_orm(sent, None), given.most),
        (
            "ORM endpoint, receipts and places too",
            "SQLite",
            lambda sent: by_orm(sent, None, same_work=True),
            given.most,
        ),
    ]
    if postgres is not None:
        found += [
            ("Corridor", "PostgreSQL", lambda sent: corridor(sent, postgres), given.most),
            ("ORM endpoint, same checks", "PostgreSQL", lambda sent: by_orm(sent, postgres), given.most),
            (
                "ORM endpoint, receipts and places too",
                "PostgreSQL",
                lambda sent: by_orm(sent, postgres, same_work=True),
                given.most,
            ),
        ]
    if given.pouchdb is not None:
        found.append(("PouchDB, nothing checked", "LevelDB", lambda sent: by_pouchdb(sent, given.pouchdb), given.most))
    if given.kinto is not None:
        found.append(("Kinto, nothing checked", "memory", lambda sent: by_kinto(sent, given.kinto), 5_000))
    return found


def main() -> None:
    """Measure and print the table."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--phones", type=int, action="append", help="1, 10 and 100 unless given")
    parser.add_argument("--pouchdb", type=Path, help="a folder with node_modules/pouchdb-server")
    parser.add_argument("--kinto", type=Path, help="the program `kinto`")
    parser.add_argument("--no-postgresql", action="store_true", help="SQLite only")
    given = parser.parse_args()
    given.most = (given.events or [2_000 if given.small else EVENTS])[0]
    rows: list[list[str]] = []
    with server() as started:
        postgres = None if given.no_postgresql else started
        for phones in given.phones or ((2,) if given.small else PHONES):
            loads: dict[int, Load] = {}
            costs: dict[tuple[str, str], Costs] = {}
            answers: dict[tuple[str, str], float] = {}
            several = contestants(given, postgres)
            for _turn in range(given.runs or (1 if given.small else 3)):
                for name, database, run, most in several:
                    sent = loads.setdefault(most, load(max(most, phones * BATCH_EVENTS), phones))
                    cost, answered = run(sent)
                    costs.setdefault((name, database), Costs()).runs.append(cost)
                    answers[name, database] = answered / sent.workload.events
                    told = (
                        f"{phones} phones, {name}, {database}: {cost.cpu:.2f} CPU-s for {sent.workload.events} events"
                    )
                    print(told, file=sys.stderr, flush=True)  # a run takes minutes
            rows += _rows(several, phones, loads, costs, answers)
    print(table("Phones' records brought home over HTTP, in one process, durable.", COLUMNS, rows))


def _rows(
    several: Sequence[Contestant],
    phones: int,
    loads: Mapping[int, Load],
    costs: Mapping[tuple[str, str], Costs],
    answers: Mapping[tuple[str, str], float],
) -> Iterator[list[str]]:
    def rate(name: str, database: str, most: int) -> float:
        return loads[most].workload.events / costs[name, database].cpu_median

    ours = rate("Corridor", "SQLite", several[0][3])
    for name, database, _run, most in several:
        cost, sent = costs[name, database], loads[most]
        yield [
            name,
            database,
            str(phones),
            number(sent.workload.events),
            number(sent.bytes_per_event),
            number(answers[name, database]),
            str(len(cost.runs)),
            number(cost.cpu_min),
            number(cost.wall_min),
            number(sent.workload.events / cost.cpu_min),
            number(rate(name, database, most)),
            number(ours / rate(name, database, most)),
        ]


if __name__ == "__main__":
    main()
