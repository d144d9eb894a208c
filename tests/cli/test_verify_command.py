"""`corridor verify` holds the laws on a real database, and names what breaks them."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from tests.cli.conftest import Run


def copy_of(home: Path, target: Path) -> Path:
    """A copy of the loaded replay's database, with its folder."""
    shutil.copytree(home / "gaza-2023", target)
    return target / "corridor.sqlite3"


def test_a_sound_database(run: Run, gaza: str, loaded_home: Path, tmp_path: Path) -> None:
    """Every law holds on the replay: one line of totals that add up, exit code 0."""
    assert run("board", "--operation", gaza).code == 0
    ran = run("verify", copy_of(loaded_home, tmp_path / "copy"))
    assert ran.code == 0, ran.out
    (line,) = ran.out.splitlines()
    assert "every law holds" in line
    assert "people 1,333" in line


def test_changed_bytes_are_named(run: Run, gaza: str, loaded_home: Path, tmp_path: Path) -> None:
    """One byte of one batch changed on disk: the batch is named, with the law it breaks, and the code is 1."""
    assert run("board", "--operation", gaza).code == 0
    file = copy_of(loaded_home, tmp_path / "copy")
    database = sqlite3.connect(file)
    (raw,) = database.execute("SELECT raw FROM batch WHERE number = 700").fetchone()
    middle = len(raw) // 2
    database.execute(
        "UPDATE batch SET raw = ? WHERE number = 700",
        (raw[:middle] + bytes((raw[middle] ^ 1,)) + raw[middle + 1 :],),
    )
    database.commit()
    database.close()
    ran = run("verify", file)
    assert ran.code == 1
    assert "Law 5 is broken: Batch 700" in ran.out
    assert "every law holds" not in ran.out


def test_a_lost_batch_is_named(run: Run, gaza: str, loaded_home: Path, tmp_path: Path) -> None:
    """A batch deleted from the middle of the ledger is missed by its number."""
    assert run("board", "--operation", gaza).code == 0
    file = copy_of(loaded_home, tmp_path / "copy")
    database = sqlite3.connect(file)
    database.execute("DELETE FROM batch WHERE number = 700")
    database.commit()
    database.close()
    ran = run("verify", file)
    assert ran.code == 1
    assert "Batch 700 is missing" in ran.out


def test_what_is_no_ledger(run: Run, gaza: str, tmp_path: Path) -> None:
    """A file that is not there, one that is no database and one without a ledger get a sentence each."""
    assert run("verify", tmp_path / "nothing.sqlite3").code == 2
    empty = tmp_path / "empty.sqlite3"
    sqlite3.connect(empty).close()
    ran = run("verify", empty)
    assert (ran.code, "holds no ledger" in ran.err) == (1, True)
    text = tmp_path / "text.sqlite3"
    text.write_text("not a database, only a text that is long enough to be one" * 20, encoding="utf-8")
    ran = run("verify", text)
    assert (ran.code, "cannot be opened" in ran.err) == (1, True)
