"""How a shipped operation comes into its database: replayed from its folder, whole or not at all, anew when changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from corridor import __version__
from corridor.base.moments import iso
from corridor.base.operation import Operation
from corridor.base.refusal import Refusal, RefusalKind
from corridor.drill.plan_file import load_claims, load_replay
from corridor.drill.replay import Replay, generate
from corridor.journey.register.database_rows import DatabaseIdentityRows
from corridor.journey.register.identity import encode
from corridor.ledger.stores.archive import DatabaseArchive
from corridor.ledger.stores.batches import DatabaseStore
from corridor.ledger.stores.database import Database
from corridor.ledger.stores.memory import MemoryStore
from corridor.ledger.writer import Writer
from corridor.opening import (
    PACKAGE,
    Found,
    Progress,
    headquarters_device,
    open_database,
    where,
    write_key,
)

HOLDS_MORE = RefusalKind(
    "holds_more",
    "{where} holds {more} batches that were recorded after {name} was loaded, and a reload would lose them.",
    "Keep it, or move it away and run the command again.",
)
_STAMP = "CREATE TABLE IF NOT EXISTS loaded (state TEXT NOT NULL, digest TEXT NOT NULL, batches NUMBER NOT NULL)"
_TABLES = ("batch", "setting", "book_checkpoint", "identity", "identity_key", "reading", "archive", "loaded")


def ensure_loaded(found: Found, operation: Operation, environ: Mapping[str, str], progress: Progress) -> Refusal | None:
    """Load a shipped operation when its database is empty, half loaded, or made from other data than is shipped now."""
    database = open_database(found, environ)
    if isinstance(database, Refusal):
        return database
    try:
        state, digest, batches = _stamp(database)
        store = DatabaseStore(database)
        fresh = shipped_digest(found.folder)
        if state == "whole" and digest == fresh:
            return None
        if state == "whole":
            more = store.count() - batches
            if more > 0:
                progress(
                    f"{found.name} as shipped has changed since it was loaded; the database is kept as it is, because "
                    f"it holds {more} batches recorded since. Reload with: corridor load {found.name} --anew"
                )
                return None
            progress(f"{found.name} as shipped has changed since it was loaded: loading it again.")
        elif state == "loading":
            progress(f"The last loading of {found.name} was interrupted: loading it again.")
        elif store.count():
            return None  # a ledger of its own making, which nobody loaded
        return _load(database, found, operation, environ, fresh, progress)
    finally:
        database.close()


def load_anew(
    found: Found, operation: Operation, environ: Mapping[str, str], progress: Progress, *, lose_records: bool = False
) -> Refusal | None:
    """Load a shipped operation again. What was recorded since is lost only when `lose_records` says so."""
    database = open_database(found, environ)
    if isinstance(database, Refusal):
        return database
    try:
        state, _, batches = _stamp(database)
        more = DatabaseStore(database).count() - batches
        if state != "loading" and more > 0 and not lose_records:
            return HOLDS_MORE(where=where(found, environ), more=more, name=found.name)
        return _load(database, found, operation, environ, shipped_digest(found.folder), progress)
    finally:
        database.close()


def shipped_digest(folder: Path) -> str:
    """What a replay is made from, as SHA-256 in hex: the operation's folder, and the program that replays it."""
    digest = hashlib.sha256(__version__.encode())
    for path in _made_from(folder):
        data = path.read_bytes()
        digest.update(f"{path.name}:{len(data)}:".encode() + data)
    return digest.hexdigest()


def _made_from(folder: Path) -> Iterator[Path]:
    """Every file that decides what a replay holds, in a fixed order."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file() and ".corridor" not in path.parts)
    yield from sorted((PACKAGE / "drill").rglob("*.py"))


def _stamp(database: Database) -> tuple[str, str, int]:
    """What the last loading left: its state ('', 'loading' or 'whole'), what it was made from, its batches."""
    database.create(_STAMP)
    rows = database.run("SELECT state, digest, batches FROM loaded")
    return (str(rows[0][0]), str(rows[0][1]), int(rows[0][2])) if rows else ("", "", 0)


def _load(
    database: Database,
    found: Found,
    operation: Operation,
    environ: Mapping[str, str],
    digest: str,
    progress: Progress,
) -> Refusal | None:
    replay = _replay(found, operation, progress)
    if isinstance(replay, Refusal):
        return replay
    memory = MemoryStore()
    root = headquarters_device(operation)
    Writer.found(memory, operation.name, root, replay.headquarters_key.public)
    writer = Writer(memory)
    for turn, delivery in enumerate(replay.deliveries, start=1):
        writer.receive((delivery.raw,), delivery.received_at)
        if turn % 500 == 0:
            progress(f"  {turn:,} of {len(replay.deliveries):,} batches, received by {iso(delivery.received_at)}")
    progress(f"  {len(replay.deliveries):,} batches read; writing them to {where(found, environ)}")
    # From here until the last line the database says of itself that it is being loaded.
    _empty(database)
    database.create(_STAMP)
    database.run("INSERT INTO loaded VALUES ('loading', ?, 0)", (digest,))
    write_key(found, replay.headquarters_key.seed)
    store = DatabaseStore(database)
    store.found(memory.settings())
    store.append(list(memory.batches()))
    identities, archive = DatabaseIdentityRows(database), DatabaseArchive(database)
    with database.transaction():
        for person, identity, written_at in replay.identities:
            identities.put(person, encode(identity), written_at)
    last = replay.deliveries[-1].received_at
    with database.transaction():
        for number, data in enumerate(replay.archive, start=1):
            archive.put(data, f"list {number} of {operation.name}", last)
    database.run("UPDATE loaded SET state = 'whole', batches = ?", (store.count(),))
    progress(f"  {found.name} is loaded: {len(replay.identities):,} people.")
    return None


def _replay(found: Found, operation: Operation, progress: Progress) -> Replay | Refusal:
    progress(f"Loading {found.name}, once:")
    plan = load_replay(found.folder)
    if isinstance(plan, Refusal):
        return plan
    claims = load_claims(found.folder)
    if isinstance(claims, Refusal):
        return claims
    return generate(operation, plan, claims)


def _empty(database: Database) -> None:
    """Drop every table of a loaded operation, and nothing else that may be in the database."""
    with database.transaction():
        for table in _TABLES:
            database.run(f"DROP TABLE IF EXISTS {table}")
