"""What others publish is said in the reader's language where the operation file has it; in English as it was said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corridor.base.ids import ClaimedFigureId, DeviceId, EventId
from corridor.base.moments import Moment
from corridor.base.operation import Operation
from corridor.base.operation_file import load_operation
from corridor.drill.plan_file import load_claims
from corridor.report.claims import Claim, definition_in, publisher_in

FOLDER = Path(__file__).parents[2] / "operations" / "gaza-2023"


def claimed(code: str) -> Claim:
    """A claim of this code, defined in its own English words."""
    return Claim(
        event=EventId(DeviceId("hq"), 1, 1),
        code=code,
        value=7,
        at=Moment(0),
        said_at=Moment(0),
        said_by="somebody",
        certainty="certain",
        definition="In their own words",
        source="",
        note=None,
    )


def shipped() -> Operation:
    """The shipped operation."""
    operation = load_operation(FOLDER)
    assert isinstance(operation, Operation)
    return operation


def test_a_definition_is_said_in_the_readers_language() -> None:
    """English stays as recorded; Russian and Arabic come from the file; a code that it does not have stays English."""
    operation = shipped()
    names = {one.id: one.names for one in operation.claimed_figures}
    for language in ("ru", "ar"):
        assert definition_in(operation, claimed("flights"), language) == names[ClaimedFigureId("flights")][language]
        assert definition_in(operation, claimed("never_heard_of"), language) == "In their own words"
    assert definition_in(operation, claimed("flights"), "en") == "In their own words"


def test_every_claim_of_the_shipped_operation_can_be_said_in_each_of_its_languages() -> None:
    """No code of claims.csv is left out, nor a language; English says what the claims say."""
    operation, rows = shipped(), load_claims(FOLDER)
    assert isinstance(rows, tuple | list)
    names = {one.id: one.names for one in operation.claimed_figures}
    assert set(names) == {row.code for row in rows}
    for row in rows:
        assert set(names[ClaimedFigureId(row.code)]) == set(operation.languages)
        assert names[ClaimedFigureId(row.code)]["en"] == row.definition


def test_every_publisher_of_the_shipped_operation_is_called_in_each_of_its_languages() -> None:
    """Nobody who said something is left out; English is as recorded, and a name that the file has not stays."""
    operation, rows = shipped(), load_claims(FOLDER)
    assert isinstance(rows, tuple | list)
    names = {one.said_by: one.names for one in operation.publishers}
    assert set(names) == {row.said_by for row in rows}
    assert all(set(found) == set(operation.languages) for found in names.values())
    for said_by, found in names.items():
        claim = replace(claimed("flights"), said_by=said_by)
        assert [publisher_in(operation, claim, one) for one in ("en", "ru")] == [said_by, found["ru"]]
    assert publisher_in(operation, replace(claimed("flights"), said_by="a neighbour"), "ar") == "a neighbour"
