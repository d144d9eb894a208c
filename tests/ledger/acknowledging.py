"""A process that takes batches in and says each acknowledgement on its standard output, until somebody kills it.

`python -m tests.ledger.acknowledging URL`, where URL is a path of SQLite or a URL of PostgreSQL.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from tests.ledger.a_ledger import draft, enrolment, mint, moment, phone
from tests.ledger.histories import HEADQUARTERS, HEADQUARTERS_KEY

from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import Database, open_postgresql, open_sqlite
from corridor.ledger.writer import Writer


def open_database(url: str) -> Database:
    """The database of a path or URL."""
    return open_postgresql(url, "corridor") if "://" in url else open_sqlite(Path(url))


def main() -> None:
    """Found a ledger and take batches in, 1 to 3 events each and three batches a commit, for ever."""
    store = DatabaseStore(open_database(sys.argv[1]))
    Writer.found(store, "killed", HEADQUARTERS, HEADQUARTERS_KEY.public)
    writer = Writer(store, HEADQUARTERS_KEY)
    writer.record([enrolment("gate-1")], moment("00:00"))
    gate = phone("gate-1")
    for number in itertools.count():
        batches = [mint(gate, *[draft("called", "10:00", f"p{number}")] * count) for count in (1, 2, 3)]
        for verdict in writer.receive(batches, moment("10:00")):
            receipt = writer.receipt(verdict, moment("10:00"))
            print(verdict.last, verdict.head.hex() if verdict.head else "", receipt.signature.hex(), flush=True)


if __name__ == "__main__":
    main()
