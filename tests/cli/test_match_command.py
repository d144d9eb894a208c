"""`corridor match` proposes who is who in tables with messy headers, and says what it needs when it cannot."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run

LIST = """Border list of 12 November;;;
No.;ФИО;Дата рождения;Гражданство;Паспорт
1;Иванов Пётр Сергеевич;17.05.1984;Россия;75 1234567
2;Хаддад Омар;09.04.1990;Палестина;
3;Сидорова Анна;;Россия;
"""
REGISTER = """name,date of birth,nationality,passport no
PETR IVANOV,1984-05-17,RUS,751234567
Layla Mansour,1991-01-01,PSE,
"""


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    """A list in Russian and a register in English with one person in common."""
    a, b = tmp_path / "list.csv", tmp_path / "register.csv"
    a.write_text(LIST, encoding="utf-8")
    b.write_text(REGISTER, encoding="utf-8")
    return a, b


def test_links_with_reasons(run: Run, tables: tuple[Path, Path], tmp_path: Path) -> None:
    """The person in both is linked with reasons; the table has the rows and names of both files."""
    ran = run("match", *tables)
    assert ran.code == 0, ran.err
    assert "Иванов Пётр Сергеевич" in ran.out and "PETR IVANOV" in ran.out
    assert "the same document number" in ran.out
    assert "Layla" not in ran.out
    out = tmp_path / "out.csv"
    assert run("match", *tables, "-o", out).code == 0
    (row,) = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
    assert (row["a_name"], row["b_name"]) == ("Иванов Пётр Сергеевич", "PETR IVANOV")
    assert float(row["probability"]) > 0.99
    (link,) = run("match", *tables, "--json").json["links"]
    assert {reason["code"] for reason in link["because"]} >= {"birth_same", "document_same"}


def test_duplicates_in_one_table(run: Run, tmp_path: Path) -> None:
    """One table alone is compared with itself."""
    path = tmp_path / "people.csv"
    twice = "IVANOV PETR,1984-05-17,RUS,751234567\n"
    path.write_text(REGISTER + twice, encoding="utf-8")
    (link,) = run("match", path, "--json").json["links"]
    assert {link["a_row"], link["b_row"]} == {2, 4}


def test_bad_cells_are_named_and_good_rows_go_on(run: Run, tables: tuple[Path, Path]) -> None:
    """A date that is none is named with its place; the rest is matched; exit code 1."""
    a, b = tables
    a.write_text(LIST.replace("09.04.1990", "soon"), encoding="utf-8")
    ran = run("match", a, b)
    assert ran.code == 1
    assert "list.csv" in ran.err and "soon" in ran.err
    assert "PETR IVANOV" in ran.out


def test_without_the_extra(run: Run, tables: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Splink the command says what to install."""
    for name in [name for name in sys.modules if name.startswith("corridor.names.records")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "splink", None)
    ran = run("match", *tables)
    assert ran.code == 1
    assert "pip install 'corridor[records]'" in ran.err


def test_files_that_are_not_there(run: Run, tmp_path: Path) -> None:
    """A missing file, and an empty one, stop with one sentence."""
    assert run("match", tmp_path / "none.csv").code == 2
    (tmp_path / "empty.csv").write_text("")
    assert run("match", tmp_path / "empty.csv").code == 1


def test_linkage_is_measured(run: Run, tmp_path: Path) -> None:
    """`corridor names evaluate-linkage` prints the figures of a trial; a date that is none is named with its place."""
    records, truth = tmp_path / "records.tsv", tmp_path / "truth.tsv"
    header = "record_id\tname\tdob\tsex\tcitizenship\tdocument\tsource\n"
    rows = [
        "1\tИванов Пётр\t1984-05-17\tM\tRUS\t751234567\tA",
        "2\tPETR IVANOV\t1984-05-17\tM\tRUS\t751234567\tB",
        "3\tLayla Mansour\t1991-03-05\tF\tPSE\t\tA",
    ]
    records.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    truth.write_text("record_id\tentity_id\n1\te1\n2\te1\n3\te2\n", encoding="utf-8")
    found = run("names", "evaluate-linkage", records, truth, "--json").json
    assert (found["records"], found["true_pairs"]) == (3, 1)
    assert found["recall_at_precision_99"] == found["candidate_recall"] == found["best_f1"] == 1.0
    assert found["seconds"] > 0
    records.write_text(header + rows[0].replace("1984-05-17", "spring"), encoding="utf-8")
    ran = run("names", "evaluate-linkage", records, truth)
    assert ran.code == 1
    assert "records.tsv, row 2, column dob: 'spring' is no date" in ran.err
    assert run("names", "evaluate-linkage", tmp_path / "none", truth).code == 2
