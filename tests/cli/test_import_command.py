"""`corridor import` names every bad cell, takes the good rows, and takes nothing twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.cli.conftest import Run

from corridor.journey.register.identity import Identity, decode
from corridor.ledger.device.wire import unframe

PEOPLE = """ФИО;Дата рождения;Гражданство;Паспорт;Семья;Телефон;Потребности
Иванов Иван Петрович;12.03.1980;Россия;71 1234567;1;+7 916 123-45-67;
Иванова Мария;15.06.2015;РФ;;1;;wheelchair
;12.12.2012;Россия;;1;;
Ахмед Сами;31.02.1990;Палестина;;2;;кислород
"""
LIST = """No,Name,Nationality,Passport
1,AHMED SAMI,Palestine,A1234567
2,IVANOV IVAN,Russia,711234567
3,,Russia,
"""


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A table of four applicants: one without a name, one with a birth date that does not exist."""
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    return file


def registered(run: Run, own: Path) -> int:
    """How many people are in the book."""
    answer = run("board", "--operation", own, "--json").json
    return int(next(figure["value"] for figure in answer["figures"] if figure["code"] == "registered"))


def test_bad_cells_are_named_and_good_rows_taken(run: Run, own: Path, people: Path) -> None:
    """Each bad cell says file, line and column with what to do; three of four rows become people, and the code is 1."""
    ran = run("import", "people", people, "--operation", own)
    assert ran.code == 1
    assert "people.csv, line 4" in ran.out
    assert 'people.csv, line 5, column B "Дата рождения": ' in ran.out
    assert "'31.02.1990' is a day that does not exist" in ran.out
    assert "3 imported, 0 in the book already, 0 repeated, 1 left out" in ran.out
    assert 'A "ФИО"' in ran.out
    assert registered(run, own) == 3


def test_importing_again_takes_nothing_twice(run: Run, own: Path, people: Path) -> None:
    """The same file a second time says so and changes nothing; a longer one adds only who is new."""
    run("import", "people", people, "--operation", own)
    assert "0 imported, 3 in the book already" in run("import", "people", people, "--operation", own).out
    assert registered(run, own) == 3
    people.write_text(PEOPLE + "Петров Пётр;01.02.1970;Россия;;3;;\n", encoding="utf-8")
    assert "1 imported, 3 in the book already" in run("import", "people", people, "--operation", own).out
    assert registered(run, own) == 4


def test_names_stay_out_of_the_ledger(run: Run, own: Path, people: Path) -> None:
    """The batches hold ids only; names, birth date, document and telephone are in the identity store, as written."""
    run("import", "people", people, "--operation", own)
    database = sqlite3.connect(own / ".corridor" / "corridor.sqlite3")
    lines = b"".join(line for (raw,) in database.execute("SELECT raw FROM batch") for line in unframe(raw).lines)
    assert "Иванов".encode() not in lines
    assert b"1234567" not in lines
    identities = [decode(person, data) for person, data in database.execute("SELECT person, data FROM identity")]
    database.close()
    assert all(isinstance(identity, Identity) for identity in identities)
    ivan = next(one for one in identities if isinstance(one, Identity) and one.contacts)
    assert [(name.text, name.script) for name in ivan.names] == [("Иванов Иван Петрович", "cyrillic")]
    assert (ivan.birth and ivan.birth.year, ivan.documents[0].number) == (1980, "71 1234567")


def test_all_or_nothing_and_dry_run_write_nothing(run: Run, own: Path, people: Path) -> None:
    """With --all-or-nothing one bad cell stops the whole file; a dry run says what it would do."""
    ran = run("import", "people", people, "--operation", own, "--all-or-nothing")
    assert ran.code == 1
    assert "Nothing was imported, because 2 cells are bad" in ran.err
    ran = run("import", "people", people, "--operation", own, "--dry-run")
    assert "Dry run, nothing was written. It would be: 3 imported" in ran.out
    assert registered(run, own) == 0
    people.write_text(
        PEOPLE.replace("31.02.1990", "28.02.1990").replace("\n;12", "\nИванова Анна;12"), encoding="utf-8"
    )
    assert run("import", "people", people, "--operation", own, "--all-or-nothing").code == 0
    assert registered(run, own) == 4


def test_ages_needs_and_families(run: Run, own: Path, people: Path) -> None:
    """A birth date decides the age band on the table's day; a need is taken when known, else named as in doubt."""
    ran = run("import", "people", people, "--operation", own, "--for-date", "2023-11-14")
    assert "the need 'кислород' is not one of" in ran.out
    children = run("board", "--operation", own, "--people", "registered_children").out.split()
    assert len(children) == 1
    timeline = run("person", children[0], "--operation", own).out
    assert "Needs wheelchair" in timeline
    assert "Travels with: p-" in timeline


def test_mapping_is_saved_and_used_again(run: Run, own: Path, people: Path, tmp_path: Path) -> None:
    """A mapping saved from one file reads the next one with the same headers, and refuses one without them."""
    mapping = tmp_path / "mapping.json"
    run("import", "people", people, "--operation", own, "--dry-run", "--save-mapping", mapping)
    ran = run("import", "people", people, "--operation", own, "--mapping", mapping)
    assert "saved mapping" in ran.out
    assert registered(run, own) == 3
    people.write_text(PEOPLE.replace("ФИО", "Кто"), encoding="utf-8")
    ran = run("import", "people", people, "--operation", own, "--mapping", mapping)
    assert ran.code == 1
    assert '"ФИО"' in ran.err


def test_a_sheet_of_a_workbook(run: Run, own: Path, tmp_path: Path) -> None:
    """One sheet of a workbook is read by its name, and a bad cell names it."""
    book = Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Family")
    for row in (("Name", "Date of birth"), ("Sami Ahmed", "yesterday"), ("Lina Ahmed", "2015-03-01")):
        sheet.append(row)
    file = tmp_path / "family.xlsx"
    book.save(file)
    ran = run("import", "people", file, "--operation", own, "--sheet", "Family")
    assert "2 imported" in ran.out
    assert 'family.xlsx, sheet "Family", row 2, column B "Date of birth"' in ran.out
    wrong = run("import", "people", file, "--operation", own, "--sheet", "Nobody")
    assert (wrong.code, "there are: Notes, Family" in wrong.err) == (2, True)


def test_a_list_is_received_once(run: Run, own: Path, tmp_path: Path) -> None:
    """A list of a known authority is taken once for its day; without authority or day, or of another, it is not."""
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    operation = (own / "operation.toml").read_text(encoding="utf-8")
    authority = operation.split("[[authorities]]")[1].split('id = "')[1].split('"')[0]
    given = ("import", "list", file, "--operation", own, "--for-date", "2030-05-03")
    assert run(*given).code == 2
    assert "authority" in run(*given, "--authority", "nobody").err
    first = run(*given, "--authority", authority)
    assert first.code == 1
    assert "list.csv, line 4" in first.out
    assert "with 2 rows, 1 left out" in first.out
    again = run(*given, "--authority", authority)
    assert (again.code, again.out.splitlines()[-1].startswith("Nothing to do")) == (0, True)


def test_events_are_recorded_once(run: Run, own: Path, people: Path, tmp_path: Path) -> None:
    """Events of a table become records with their own time; a wrong one is named, the same one is not taken twice."""
    run("import", "people", people, "--operation", own)
    person = run("board", "--operation", own, "--people", "registered").out.split()[0]
    answer = run("board", "--operation", own, "--json").json
    origin = next(account for account in answer["by_account"])
    file = tmp_path / "events.jsonl"
    rows = [
        f'{{"kind": "sighted", "happened_at": "2031-01-01T08:00Z", "persons": "{person}", "source": "{origin}", '
        '"target": "place:elsewhere"}',
        f'{{"kind": "need_recorded", "happened_at": "2031-01-01T09:00Z", "persons": "{person}", '
        '"body": {"need": "interpreter"}}',
        f'{{"kind": "need_recorded", "happened_at": "2031-01-01T09:00Z", "persons": "{person}", '
        '"body": {"need": "a horse"}}',
        '{"kind": "danced", "happened_at": "2031-01-01T09:00Z"}',
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    ran = run("import", "events", file, "--operation", own)
    assert ran.code == 1
    assert "2 imported, 0 in the ledger already, 2 left out" in ran.out
    assert "events.jsonl, line 3" in ran.out
    assert "events.jsonl, line 4" in ran.out
    again = run("import", "events", file, "--operation", own)
    assert "0 imported, 2 in the ledger already, 2 left out" in again.out
    seen = run("person", person, "--operation", own, "--at", "2031-01-02", "--known", "2040-01-01")
    assert seen.out.count("Needs interpreter") == 1
    assert "place:elsewhere" in seen.out


@pytest.mark.parametrize("what", ["people", "list", "events"])
def test_a_file_that_is_no_table(run: Run, own: Path, tmp_path: Path, what: str) -> None:
    """A missing file and a file of another kind get a sentence each, and nothing is written."""
    common = ("--operation", own, "--authority", "x", "--for-date", "2030-05-03")
    assert run("import", what, tmp_path / "nowhere.csv", *common).code == 2
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    ran = run("import", what, picture, *common)
    assert (ran.code, "is a picture" in ran.err) == (1, True)
