"""The peer of `bench.exchange`: the same batches posted to an endpoint that keeps them with an ORM, a row an event.

`bench.exchange_peer:application` is served by the same server in the same way. A request is Corridor's own, bytes and
all; its signature, the batches' signatures and chains are verified with Corridor's own functions, its events are kept
by `bulk_create` in one transaction, and the answer names them. No receipts, no accounts, no discrepancies.

With BENCH_SAME_WORK it does more of what headquarters does: each batch is receipted under a signature, the answer is
signed, and everybody's place is kept in the same transaction. Still without the book's order by clocks and chains,
forks, quarantine, and discrepancies.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from types import SimpleNamespace
from typing import Any

from django.db import connections, transaction

from bench import orm
from corridor.base.ids import DeviceId
from corridor.ledger.device import wire
from corridor.ledger.device.answer import write_answer
from corridor.ledger.device.request import Request, read_request
from corridor.ledger.device.signing import SigningKey

SAME_WORK = bool(os.environ.get("BENCH_SAME_WORK"))
KEY = SigningKey.from_seed(bytes(32))
KEYS = {DeviceId(name): bytes.fromhex(key) for name, key in json.loads(os.environ["BENCH_KEYS"]).items()}


def _site() -> Any:
    url = os.environ.get("BENCH_POSTGRES")
    server = None if not url else SimpleNamespace(url=url)
    return SimpleNamespace(name="PostgreSQL" if url else "SQLite", file=os.environ["BENCH_FILE"], server=server)


def _open() -> None:
    settings = orm.settings_of(_site())
    if not os.environ.get("BENCH_POSTGRES"):
        settings["OPTIONS"]["timeout"] = 120  # four threads wait for one writer
    connections.settings["default"] = connections.configure_settings({"default": settings})["default"]


_open()


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """One request: verified, kept, answered."""
    if environ["REQUEST_METHOD"] == "GET":  # whether it is up
        start_response("200 OK", [("Content-Length", "0")])
        return []
    raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    if environ.get("HTTP_CONTENT_ENCODING") == "gzip":
        raw = gzip.decompress(raw)
    headers, answer = _answered(read_request(raw))
    start_response("200 OK", [*headers, ("Content-Length", str(len(answer)))])
    return [answer]


def _answered(request: Request) -> tuple[list[tuple[str, str]], bytes]:
    assert request.proved(KEYS[DeviceId(request.header.device)]), "the bench's own signature is good"
    with transaction.atomic():
        rows = [row for batch in request.batches for row in orm.rows_of(batch, request.header.sent_at, KEYS)]
        orm.Row.objects.bulk_create(rows, batch_size=1_000)
        if SAME_WORK:
            orm.post(rows)
    if not SAME_WORK:
        return [("Content-Type", "application/json")], json.dumps({"accepted": len(rows)}).encode()
    verdicts = []
    for batch in request.batches:
        header = wire.unframe(batch).header
        last = header.first + header.count - 1
        facts = {"device": header.device, "epoch": header.epoch, "first": header.first, "seq": last}
        receipt = json.dumps({**facts, "head": header.head, "received_at": request.header.sent_at}).encode()
        signature = KEY.sign(b"corridor/receipt/1\n" + receipt).hex()
        verdicts.append({"status": "accepted", "receipt": {"text": receipt.decode(), "signature": signature}})
    answer = write_answer(KEY, {"nonce": request.header.nonce, "verdicts": verdicts})
    return [("Content-Type", "application/octet-stream"), ("Content-Encoding", "gzip")], gzip.compress(answer, 6)


def main() -> None:
    """Serve as `corridor run` serves: one process, four threads."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "bench.exchange_peer:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
