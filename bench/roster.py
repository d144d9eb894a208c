"""What a phone's roster costs: bytes over the wire and processor seconds to make it: `python -m bench.roster`.

Each size is one process: an operation like gaza-2023 in a new folder, a phone of nobody's place in particular that asks
for everything, a thousand people a page, through the whole of Django but the socket.
"""

from __future__ import annotations

import gzip
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.desks_workload import EXPECTED, NOW, USUAL, fill
from bench.measuring import arguments, number, table
from corridor.base.ids import DeviceId, UserId
from corridor.base.limits import ROSTER_ROWS
from corridor.base.moments import Moment
from corridor.ledger import kinds
from corridor.ledger.device.answer import read_answer
from corridor.ledger.device.request import RosterWanted, write_request
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft

COLUMNS = (
    "people in the book",
    "people in the roster",
    "pages",
    "kB packed",
    "bytes/person packed",
    "kB of the largest page",
    "CPU s, board folded at the start",
    "CPU s, first making",
    "CPU s, made again after a batch",
    "CPU s, made again after a restart",
    "CPU ms a page",
    "CPU s, whole download",
)
PEOPLE = (1_000, 10_000, 100_000)
PHONE = DeviceId("bench-phone")


class Asking:
    """A phone that asks."""

    def __init__(self, key: SigningKey, headquarters_key: bytes) -> None:
        from django.test import Client

        self._client, self._key, self._headquarters_key = Client(SERVER_NAME="localhost"), key, headquarters_key
        self._token: str | None = None

    def ask(self, wanted: RosterWanted | None) -> tuple[dict[str, Any], int, float]:
        """The answer, its bytes packed, and what it cost."""
        nonce = secrets.token_hex(16)
        facts: dict[str, Any] = {"device": PHONE, "epoch": 1, "nonce": nonce, "sent_at": 0, "token": self._token}
        raw = write_request(self._key, [], roster=wanted, **facts)
        began = time.process_time()
        answer = self._client.post("/field/exchange", raw, content_type="application/octet-stream")
        cost = time.process_time() - began
        assert answer.status_code == 200, answer.content
        told = read_answer(answer.content, self._headquarters_key, nonce)
        self._token = told["token"]
        return told, len(gzip.compress(answer.content, 6)), cost


def measure(people: int, expected: bool) -> list[str]:
    """One size, in this process. `expected`: everybody is still to come past the gate, where the phone is."""
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as made:
        folder = Path(made) / "bench"
        folder.mkdir()
        os.environ.update(CORRIDOR_OPERATION=str(folder), DJANGO_SETTINGS_MODULE="corridor.hq.settings")
        fill(folder, people, {}, ahead=EXPECTED if expected else USUAL)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from corridor.base import limits
        from corridor.hq import served
        from corridor.hq.access.accounts import ensure_accounts
        from corridor.hq.exchange import phones, pulling
        from corridor.opening import OpenOperation, open_operation

        opened = open_operation(str(folder), {}, progress=lambda _: None)
        assert isinstance(opened, OpenOperation), opened
        headquarters = served.serve(opened, practice_from=NOW)
        ensure_accounts(opened.operation)
        key = SigningKey.from_seed(bytes(32))
        enrolled = {"device": PHONE, "public_key": key.public.hex(), "user": "duty"} | (
            {"place": "rafah"} if expected else {}
        )
        now = headquarters.now()
        opened.writer.record(
            [Draft(kind=kinds.DEVICE_ENROLLED, happened_at=now, by=UserId("duty"), body=enrolled)], now
        )
        began = time.process_time()
        headquarters.get_ready()
        folded = time.process_time() - began
        from corridor.hq.exchange.pulling import _rosters

        pulling.REST_TIMES = 0
        phones.EXCHANGE_REQUESTS_PER_MINUTE_MAX = 10**9  # a download on a fast network has more pages than that
        pulling.ROSTER_SECONDS = 10**6
        asking = Asking(key, opened.writer.root_key)
        asking.ask(None)
        _told, _size, first = asking.ask(RosterWanted(None, 1))
        pulling.ROSTER_SECONDS = 0
        person = next(iter(headquarters.board_now().everybody.register))
        happened = Moment(headquarters.now())
        body = {"need": "interpreter"}
        opened.writer.record(
            [Draft(kind="need_recorded", happened_at=happened, by=UserId("duty"), persons=(person,), body=body)],
            happened,
        )
        _told, _size, again = asking.ask(RosterWanted(None, 1))
        pulling.ROSTER_SECONDS = limits.ROSTER_SECONDS * 10**6
        _rosters.clear()  # as a restart does
        _told, _size, restarted = asking.ask(RosterWanted(None, 1))
        cursor, sizes, costs, rows, more = None, [], [], 0, True
        while more:
            told, size, cost = asking.ask(RosterWanted(cursor, ROSTER_ROWS))
            roster = told["roster"]
            cursor, more = roster["cursor"], roster["more"]
            rows += len(roster["columns"]["person"])
            sizes.append(size)
            costs.append(cost)
        assert rows == roster["persons"], "everybody came once"
        opened.close()
    packed = sum(sizes)
    return [
        number(people) if people >= 100 else str(people),
        number(rows),
        str(len(sizes)),
        number(packed / 1000),
        number(packed / rows),
        number(max(sizes) / 1000),
        number(folded),
        number(first),
        number(again),
        number(restarted),
        number(1000 * sum(costs) / len(costs)),
        number(first + sum(costs)),
    ]


def prepare(folder: Path, people: int) -> str:
    """An operation whose gate expects so many people, and a code by which a phone enrols there."""
    os.environ.update(CORRIDOR_OPERATION=str(folder), DJANGO_SETTINGS_MODULE="corridor.hq.settings")
    fill(folder, people, dict(os.environ), ahead=EXPECTED)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from corridor.hq import served
    from corridor.hq.access.accounts import ensure_accounts
    from corridor.hq.exchange.codes import make_code

    headquarters = served.served()
    ensure_accounts(headquarters.operation)
    code = make_code(PHONE, UserId("gate"), "rafah", UserId("duty"), headquarters.now())
    headquarters.opened.close()
    return code


def main() -> None:
    """Measure each size in a process of its own and print the table."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--people", type=int, action="append", help="1,000, 10,000 and 100,000 unless given")
    parser.add_argument("--expected", action="store_true", help="everybody is expected at the phone's place")
    parser.add_argument("--prepare", type=Path, help="only make the operation in this folder, and print a code")
    parser.add_argument("--one", type=int, help="this size in this process, its row alone")
    given = parser.parse_args()
    if given.prepare is not None:
        print(prepare(given.prepare, given.people[0]))
        return
    if given.one is not None:
        print("\t".join(measure(given.one, given.expected)))
        return
    rows = []
    for people in given.people or ((300,) if given.small else PEOPLE):
        command = [sys.executable, "-m", "bench.roster", "--one", str(people)]
        command += ["--expected"] if given.expected else []
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        rows.append(done.stdout.strip().split("\n")[-1].split("\t"))
    print(table("A phone's roster, without a place of its own: everybody whose road has not ended.", COLUMNS, rows))


if __name__ == "__main__":
    main()
