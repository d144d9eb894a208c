"""The claims of gaza-2023: every published figure, its source, and both sides of each disagreement."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from corridor.base.moments import parse_moment

GAZA = Path(__file__).parents[2] / "operations" / "gaza-2023"
COLUMNS = [
    "code",
    "value",
    "at",
    "known",
    "known_precision",
    "said_by",
    "certainty",
    "definition",
    "source_url",
    "note",
]
CERTAINTIES = {"certain", "expected", "more_than", "about", "not_known", "inferred"}


def claims() -> list[dict[str, str]]:
    """The rows of claims.csv, each with every column."""
    with (GAZA / "claims.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        rows = list(reader)
    assert reader.fieldnames == COLUMNS
    assert all(None not in row and None not in row.values() for row in rows), "a row has too many or too few cells"
    return rows


def values(code: str, at: str) -> set[tuple[str, str]]:
    """What was said of one code about times that begin with `at`: value and by whom."""
    return {(row["value"], row["said_by"]) for row in claims() if row["code"] == code and row["at"].startswith(at)}


def test_each_claim_is_whole() -> None:
    """Every claim has two times, a source, a known certainty, and a value unless it was said not to be known."""
    for row in claims():
        assert row["source_url"].startswith("http") or row["said_by"] == "derived", row
        assert (row["said_by"] == "derived") == (row["certainty"] == "inferred"), row
        assert row["certainty"] in CERTAINTIES, row
        assert row["known_precision"] in {"day", "hour"}, row
        assert (row["value"] == "") == (row["certainty"] == "not_known"), row
        assert row["value"] == "" or int(row["value"]) >= 0, row
        assert parse_moment(row["at"]) > 0
        if row["certainty"] != "expected":
            assert parse_moment(row["known"]) >= parse_moment(row["at"]), f"known before it was true: {row}"


def test_codes_are_a_closed_list_with_one_definition_each() -> None:
    """The README's table of codes and definitions is exactly what the claims use."""
    readme = (GAZA / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", readme.partition("## claims.csv")[2], flags=re.M))
    assert {(row["code"], row["definition"]) for row in claims()} == set(listed.items())


@pytest.mark.parametrize(
    ("code", "at", "both"),
    [
        ("crossed_day", "2023-11-14", {("40", "EMERCOM"), ("41", "derived")}),
        ("crossed_day", "2023-11-15", {("88", "EMERCOM"), ("107", "EMERCOM")}),
        ("off_list", "2023-11-20", {("8", "EMERCOM headquarters in Cairo"), ("0", "EMERCOM")}),
        ("received", "2023-12-06T09", {("883", "Russian MFA"), ("881", "derived")}),
        ("next_departure", "2023-11-14", {("", "EMERCOM")}),
    ],
)
def test_both_sides_of_a_disagreement_are_kept(code: str, at: str, both: set[tuple[str, str]]) -> None:
    """Where published figures disagree, neither replaces the other."""
    assert values(code, at) == both


def test_the_morning_of_17_november_adds_up() -> None:
    """328 out are 288 received, 28 in Cairo and 12 on the road; the days before make the same 328."""
    at = "2023-11-17T05:00:00Z"
    said = {row["code"]: int(row["value"]) for row in claims() if row["at"] == at}
    assert said["out"] == said["received"] + said["staging"] + said["on_the_way"] == 328
    assert said["applications_open"] == 887
    assert said["out"] == 70 + 98 + 41 + 107 + 12


def test_every_row_of_the_series_is_a_claim() -> None:
    """No published figure of the shipped series was left out of the claims; each kept its own source."""
    told = {(row["value"], row["source_url"]) for row in claims()}
    for file in sorted((GAZA / "series").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as series:
            for row in csv.DictReader(series):
                assert (row["count"], row["source_url"]) in told, f"{file.name}: {row}"
