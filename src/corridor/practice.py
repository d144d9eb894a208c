"""How a practice is made: a copy of a shipped operation that holds only what had been received by some moment."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from corridor.base.moments import Moment
from corridor.base.refusal import Refusal, RefusalKind
from corridor.journey.register.database_rows import DatabaseIdentityRows
from corridor.ledger.stores.database import open_sqlite
from corridor.opening import Found, Progress, alone, data_home, find_operation, open_operation

FOLDER = "practice"

NOT_SHIPPED = RefusalKind(
    "practice_not_shipped",
    "{name} is not shipped with the program; a practice would be a copy of real people.",
    "Practise on a shipped operation, such as gaza-2023.",
)
PRACTICE_EMBEDDED = RefusalKind(
    "practice_embedded", "A practice lies in a file of its own, and DATABASE_URL names a server.", "Unset DATABASE_URL."
)


def practice_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which an operation's name means its practice."""
    return {**environ, "CORRIDOR_HOME": str(data_home(environ) / FOLDER)}


def make_practice(
    name: str, at: Moment, environ: Mapping[str, str], progress: Progress, *, keep: bool = False
) -> Refusal | None:
    """Make the practice of a shipped operation as of `at`, in place of the one before; `keep` leaves that as it is.

    Identities written later and every reading are left out too. Headquarters' key comes along, so that work can be
    recorded; the shipped operation's own database is only read.
    """
    found = find_operation(name, environ)
    if isinstance(found, Refusal):
        return found
    if not found.shipped:
        return NOT_SHIPPED(name=found.name)
    if environ.get("DATABASE_URL"):
        return PRACTICE_EMBEDDED()
    copy = find_operation(name, practice_environment(environ))
    assert isinstance(copy, Found), "it was found a line ago"
    if keep and copy.database.exists():
        return None
    source = open_operation(name, environ, progress=progress)
    if isinstance(source, Refusal):
        return source
    source.close()
    if copy.home.exists():
        shutil.rmtree(copy.home)
    with alone(copy):
        _copy_until(found.database, copy.database, at)
        shutil.copy2(found.key_file, copy.key_file)
    return None


def _copy_until(source: Path, target: Path, at: Moment) -> None:
    """The tables of a loaded operation without what came later than `at`, and without the book's checkpoint."""
    reading = sqlite3.connect(source)
    reading.execute("VACUUM INTO ?", (str(target),))
    reading.close()
    database = open_sqlite(target)
    DatabaseIdentityRows(database)  # an operation loaded long ago has no keys to be found by
    with database.transaction():
        database.run("DELETE FROM batch WHERE received_at > ?", (at,))
        database.run("DELETE FROM identity WHERE recorded_at > ?", (at,))
        database.run("DELETE FROM identity_key WHERE person NOT IN (SELECT person FROM identity)")
        database.run("DELETE FROM reading")
        database.run("DELETE FROM book_checkpoint")
        database.run("UPDATE loaded SET batches = (SELECT COUNT(*) FROM batch)")
    database.close()
