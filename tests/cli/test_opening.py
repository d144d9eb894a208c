"""An operation's database: where it lies, loaded whole or not at all, loaded again when what is shipped has changed."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from corridor.base.refusal import Refusal
from corridor.opening import Found, data_home, find_operation, open_operation, schema_of

NAME = "gaza-2023"


@pytest.fixture
def home(run: Run, gaza: str, loaded_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own with a copy of the loaded replay, for tests that change it."""
    assert run("board", "--operation", gaza, "--people", "suspense").code == 0
    shutil.copytree(loaded_home, tmp_path / "home")
    monkeypatch.setenv("CORRIDOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def change(home: Path, statement: str, *values: object) -> None:
    """Change a loaded database behind the program's back."""
    database = sqlite3.connect(home / NAME / "corridor.sqlite3")
    database.execute(statement, values)
    database.commit()
    database.close()


def received(run: Run) -> int:
    """How many were received in the end."""
    answer = run("board", "--operation", NAME, "--at", "2023-12-30", "--json").json
    return int(next(figure["value"] for figure in answer["figures"] if figure["code"] == "received"))


def test_second_use_loads_nothing(run: Run, home: Path) -> None:
    """What is loaded stays: no progress is shown, and the database is as it was."""
    ran = run("board", "--operation", NAME, "--people", "suspense")
    assert (ran.code, ran.err) == (0, "")


def test_interrupted_loading_starts_anew(run: Run, home: Path) -> None:
    """A database that says it is being loaded is not believed, whatever it holds."""
    change(home, "UPDATE loaded SET state = 'loading'")
    change(home, "DELETE FROM batch WHERE number > 100")
    ran = run("board", "--operation", NAME, "--people", "suspense")
    assert "interrupted" in ran.err
    assert received(run) == 1_157


def test_changed_shipment_is_loaded_again(run: Run, home: Path) -> None:
    """When the shipped folder is not what was loaded, the demonstration is loaded anew, and says so."""
    change(home, "UPDATE loaded SET digest = 'of another version'")
    assert "has changed since it was loaded: loading it again" in run("board", "--operation", NAME).err
    assert run("board", "--operation", NAME).err == ""


def test_records_of_ones_own_are_kept(run: Run, home: Path, tmp_path: Path) -> None:
    """A demonstration that somebody has recorded in is never thrown away unasked."""
    file = tmp_path / "people.csv"
    file.write_text("Name,Date of birth\nSami Ahmed,1990-02-28\n", encoding="utf-8")
    assert run("import", "people", file, "--operation", NAME).code == 0
    change(home, "UPDATE loaded SET digest = 'of another version'")
    ran = run("board", "--operation", NAME, "--people", "registered")
    assert "kept as it is" in ran.err
    assert len(ran.out.split()) == 1_334
    refused = run("load", NAME)
    assert (refused.code, "would lose them" in refused.err) == (1, True)
    assert run("load", NAME, "--anew").code == 0
    assert len(run("board", "--operation", NAME, "--people", "registered").out.split()) == 1_333


def test_key_of_headquarters_is_private(run: Run, home: Path) -> None:
    """The signing key is readable by its owner only, and one that others can read stops the program."""
    key = home / NAME / "headquarters.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    ran = run("board", "--operation", NAME)
    assert (ran.code, "chmod 600" in ran.err) == (1, True)


def test_without_the_key_nothing_is_recorded(run: Run, home: Path, tmp_path: Path) -> None:
    """A machine without headquarters' key reads the ledger and refuses to record in it."""
    (home / NAME / "headquarters.key").unlink()
    assert run("board", "--operation", NAME).code == 0
    file = tmp_path / "people.csv"
    file.write_text("Name,Date of birth\nSami Ahmed,1990-02-28\n", encoding="utf-8")
    ran = run("import", "people", file, "--operation", NAME)
    assert (ran.code, "signing key is not on this machine" in ran.err) == (1, True)


def test_a_long_ledger_is_opened_from_its_checkpoint(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening keeps the book once it is long, and the next opening goes on from there to the same figures."""
    monkeypatch.setattr("corridor.ledger.writer.BOOK_CHECKPOINT_EVENTS", 1_000)
    assert received(run) == 1157
    kept = sqlite3.connect(home / NAME / "corridor.sqlite3").execute("SELECT batches FROM book_checkpoint").fetchone()
    assert kept[0] > 2_000
    assert received(run) == 1157
    assert run("verify", "--operation", NAME).code == 0


def test_where_databases_lie(tmp_path: Path) -> None:
    """CORRIDOR_HOME says where; an operation of one's own keeps its data in its own folder."""
    assert data_home({"CORRIDOR_HOME": str(tmp_path)}) == tmp_path
    own = tmp_path / "mine"
    own.mkdir()
    (own / "operation.toml").write_text("", encoding="utf-8")
    for named in (own, own / "operation.toml"):
        found = find_operation(str(named), {})
        assert isinstance(found, Found)
        assert found.database == own / ".corridor" / "corridor.sqlite3"
    assert isinstance(find_operation(str(tmp_path / "nothing"), {}), Refusal)


def test_schemas_are_told_apart(tmp_path: Path) -> None:
    """Two folders with one name get two schemas of one PostgreSQL database."""
    one, other = (
        Found(name="Mine!", folder=tmp_path / each / "Mine!", shipped=False, home=tmp_path) for each in ("a", "b")
    )
    assert schema_of(one) != schema_of(other)
    assert schema_of(one).isidentifier()


def test_wrong_operation_file_is_told_whole(run: Run, own: Path) -> None:
    """Every problem of an operation file is told, with file, key and remedy."""
    file = own / "operation.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('as_of_zone = "', 'as_of_zone = "Nowhere/').replace("[eligibility]", "[elegibility]"))
    ran = run("board", "--operation", own)
    assert ran.code == 1
    assert "as_of_zone" in ran.err
    assert "elegibility" in ran.err


def test_a_port_in_use(run: Run, own: Path) -> None:
    """Headquarters does not start where something listens already, and says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("run", "--operation", own, "--port", taken.getsockname()[1])
    assert (ran.code, "--port" in ran.err) == (1, True)


def test_on_postgresql(run: Run, gaza: str, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With DATABASE_URL the same figures come from PostgreSQL, each operation in a schema of its own."""
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    monkeypatch.setenv("CORRIDOR_HOME", str(tmp_path / "home"))
    assert received(run) == 1_157
    assert run("new", tmp_path / "own").code == 0
    opened = open_operation(str(tmp_path / "own"), {"DATABASE_URL": postgres_url})
    assert not isinstance(opened, Refusal)
    assert opened.store.count() == 0
    opened.close()
    assert not (tmp_path / "home" / NAME / "corridor.sqlite3").exists()
