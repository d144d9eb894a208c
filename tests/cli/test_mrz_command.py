"""`corridor mrz` prints zones with what is wrong, for people and for machines, and mends nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run

SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n"
ARABIC = "P<JORMXHMWD<<EBDALRXHYM<<<<<<<<<<<<<<<<<<<<<\nL898902C36JOR7408122F1204159ZE184226B<<<<<10\n"


@pytest.fixture
def zones(tmp_path: Path) -> Path:
    """A file with a sound zone, one with a misread birth date, and a line that is no zone."""
    path = tmp_path / "zones.txt"
    path.write_text(f"{SPECIMEN}\n{SPECIMEN.replace('7408122', '74O8122')}\nnot a zone\n", encoding="utf-8")
    return path


def test_zones_for_people(run: Run, zones: Path) -> None:
    """Fields, faults with line and column, and what may be meant; exit code 1 because something was found."""
    ran = run("mrz", zones, "--on", "2026-11-23")
    assert ran.code == 1
    assert "line 1: TD3 fits" in ran.out
    assert "line 4: TD3 is wrong in birth date" in ran.out
    assert "wrong: line 2, column 16: 'O' cannot stand in birth date." in ran.out
    assert "perhaps: birth date: line 2, column 16: 0 for O; then every digit fits" in ran.out
    assert "line 7: 1 lines of 8 characters are no machine-readable zone." in ran.out


def test_zones_for_machines(run: Run, zones: Path) -> None:
    """The same as JSON; nothing is confirmed, and a repair leaves the value unknown."""
    sound, misread, nothing = run("mrz", zones, "--on", "2026-11-23", "--json").json["zones"]
    assert (sound["format"], sound["valid"], sound["wrong"], sound["confirmed"]) == ("TD3", True, [], False)
    assert sound["fields"]["surname"] == "ERIKSSON"
    assert sound["fields"]["birth_date"]["text"] == "1974-08-12"
    assert (misread["valid"], misread["wrong"]) == (False, ["birth_date"])
    assert misread["fields"]["birth_date"] is None
    assert misread["repairs"][0]["text"] == "740812"
    assert [(p["line"], p["column"]) for p in misread["problems"] if p["wrong"]] == [(2, 16)]
    assert (nothing["format"], nothing["valid"], nothing["wrong"]) == (None, False, ["zone"])


def test_sound_zone_is_done(run: Run, tmp_path: Path) -> None:
    """Only sound zones: exit code 0; Arabic codes are shown in Arabic letters too."""
    path = tmp_path / "zone.txt"
    path.write_text(ARABIC, encoding="utf-8")
    ran = run("mrz", path)
    assert ran.code == 0
    assert "محمود" in ran.out


def test_files_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """A file that is not there or holds nothing stops with one sentence; bytes that are no text are no zone."""
    assert "cannot be read" in run("mrz", tmp_path / "none").err
    path = tmp_path / "empty"
    path.write_text("\n \n")
    assert "holds no lines" in run("mrz", path).err
    path.write_bytes(bytes(range(256)))
    assert run("mrz", path).code == 1
