"""Versions of the operation file are proposed, signed by somebody else, and in force from then on and not before."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.a_road import OPERATION_TOML, Road

from corridor.base.ids import UserId
from corridor.base.moments import Moment, parse_moment
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation
from corridor.base.refusal import Refusal
from corridor.journey.orders import decide
from corridor.journey.versions.files import VersionFiles
from corridor.journey.versions.orders import ProposeVersion, RejectVersion, SignVersion
from corridor.journey.versions.refusals import CATALOGUE
from corridor.journey.versions.signing import SIGNED, sections_changed, to_be_signed
from corridor.journey.versions.state import Versions, versions_of
from corridor.ledger.stores.archive import MemoryArchive

ALICE, BORIS = UserId("alice"), UserId("boris")
SLOWER = OPERATION_TOML.replace("minutes = 360", "minutes = 400")
ANYBODY = OPERATION_TOML.replace('own_citizenships = ["RUS"]', 'own_citizenships = ["RUS", "KAZ"]')
AUDITED = OPERATION_TOML.replace('role = "duty_officer"', 'role = "auditor"')
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "versions.md"


class Desk:
    """Headquarters at its desk: a road that grows, and the files that were proposed."""

    def __init__(self) -> None:
        self.road = Road()
        self.road.register("2030-05-02T06:00Z", "anna")
        self.archive = MemoryArchive()
        self.files = VersionFiles(self.road.operation, OPERATION_TOML.encode, self.archive)

    def versions(self, known: str = "2030-06-01T00:00Z") -> Versions:
        """The versions as known at a time."""
        board = self.road.board(known)
        return versions_of(board.view.book, board.known, board.view.book.intake.trust.root_device)

    def give(self, order: Any, when: str) -> str:
        """The code of the no; '' when it is done, and then its event is in the ledger."""
        decided = decide(order, self.road.board(when), parse_moment(when))
        if isinstance(decided, Refusal):
            return decided.code
        for one in decided:
            self.road.add(one.kind, when, by=str(order.by), **one.body)
        return ""

    def propose(self, when: str, content: str, base: str = OPERATION_TOML, by: UserId = ALICE, **more: Any) -> str:
        """Propose a file, both kept in the archive first."""
        for text in (content, base):
            self.archive.put(text.encode(), "operation.toml", parse_moment(when))
        order = ProposeVersion(
            by=by, why=more.pop("why", "new rule"), content=content.encode(), base=base.encode(), **more
        )
        return self.give(order, when)

    def sign(self, when: str, by: UserId) -> str:
        """Sign the first version, whose files lie in the archive."""
        one = self.versions().all[0]
        content, base = (self.files.content(name) for name in (one.sha256, one.base_sha256))
        return self.give(SignVersion(by=by, version=1, content=content, base=base), when)

    def minutes(self, at: str) -> int:
        """The usual minutes from gate to camp by the file in force then."""
        operation = self.files.in_force(self.versions(), parse_moment(at))
        return next(leg.minutes for leg in operation.legs if leg.id == "gate-camp")


@pytest.fixture
def desk() -> Desk:
    """A desk before any version."""
    return Desk()


def test_a_harmless_version_is_in_force_at_once_and_not_before(desk: Desk) -> None:
    """Each moment has the file that was in force then, also the moments before the first version."""
    assert desk.propose("2030-05-03T10:00Z", SLOWER) == ""
    assert (desk.minutes("2030-05-03T09:59Z"), desk.minutes("2030-05-03T10:00Z")) == (360, 400)
    (version,) = desk.versions().all
    assert (version.by, version.sections, version.signs) == (ALICE, ("legs",), ())
    assert version.sha256 == sha256(SLOWER.encode()).hexdigest()
    assert desk.versions("2030-05-03T09:00Z").all == ()


def test_a_rule_of_who_may_come_waits_for_a_second_person(desk: Desk) -> None:
    """The proposer cannot sign; a second one can, once; it is in force from the signature."""
    assert desk.propose("2030-05-03T10:00Z", ANYBODY) == ""
    assert desk.versions().in_force(parse_moment("2030-05-04T00:00Z")) is None
    assert desk.sign("2030-05-03T11:00Z", ALICE) == "own_signature"
    assert desk.propose("2030-05-03T11:00Z", SLOWER) == "version_waits"
    assert desk.sign("2030-05-03T12:00Z", BORIS) == ""
    assert desk.sign("2030-05-03T12:01Z", BORIS) == "version_not_waiting"
    version = desk.versions().in_force(parse_moment("2030-05-03T12:00Z"))
    assert version is not None and (version.signed_by, version.signs) == (BORIS, ("eligibility",))
    assert desk.versions().in_force(parse_moment("2030-05-03T11:59Z")) is None


def test_a_version_may_be_for_later_and_be_taken_back_until_then(desk: Desk) -> None:
    """Signed and ahead it can be rejected; once it has been in force it cannot."""
    later = parse_moment("2030-05-10T00:00Z")
    assert desk.propose("2030-05-03T10:00Z", SLOWER, from_at=later) == ""
    assert (desk.minutes("2030-05-09T23:59Z"), desk.minutes("2030-05-10T00:00Z")) == (360, 400)
    assert desk.propose("2030-05-03T11:00Z", ANYBODY, base=SLOWER) == "from_too_early"
    assert desk.give(RejectVersion(by=BORIS, version=1, why=" "), "2030-05-04T00:00Z") == "no_reason"
    assert desk.give(RejectVersion(by=BORIS, version=1, why="a mistake"), "2030-05-04T00:00Z") == ""
    assert desk.minutes("2030-05-10T00:00Z") == 360
    assert desk.propose("2030-05-04T01:00Z", SLOWER) == ""
    assert desk.give(RejectVersion(by=BORIS, version=2, why="late"), "2030-05-04T02:00Z") == "version_came_into_force"
    assert [desk.versions().state(one, later) for one in desk.versions().all] == ["rejected", "in_force"]


def test_versions_are_one_row(desk: Desk) -> None:
    """A file made from an older version is refused; the older file itself, made from the newest, is a revert."""
    assert desk.propose("2030-05-03T10:00Z", SLOWER) == ""
    assert desk.propose("2030-05-03T11:00Z", ANYBODY) == "made_from_another"
    assert desk.propose("2030-05-03T11:00Z", OPERATION_TOML, base=SLOWER) == ""
    assert desk.minutes("2030-05-03T11:00Z") == 360
    assert [one.number for one in desk.versions().standing] == [1, 2]


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        ("name = ", {}, "file_cannot_be_used"),
        (SLOWER, {"why": " "}, "no_reason"),
        (OPERATION_TOML, {}, "nothing_differs"),
        (SLOWER, {"from_at": Moment(0)}, "from_too_early"),
        (AUDITED, {"from_at": Moment(2_000_000_000_000)}, "users_at_once"),
        (OPERATION_TOML.replace('id = "hq"', 'id = "hq2"'), {}, "headquarters_stays"),
        (OPERATION_TOML.replace('name = "', 'name = "other-', 1), {}, "other_operation"),
    ],
)
def test_what_cannot_be_proposed(desk: Desk, content: str, more: dict[str, Any], code: str) -> None:
    """A no with its code, and no version."""
    assert desk.propose("2030-05-03T10:00Z", content, **more) == code
    assert desk.versions().all == ()


def test_nobody_is_left_standing_nowhere(desk: Desk) -> None:
    """A place where people stand cannot be left out, nor a leg that a movement still goes by."""
    desk.road.add("crossed", "2030-05-02T07:00Z", "anna", source="place:town", target="place:gate", gate="gate")
    without = OPERATION_TOML.replace('"gate"', '"hall"').replace('service = "hall"', 'service = "gate"')
    assert isinstance(read_operation(without), Operation)
    assert desk.propose("2030-05-03T10:00Z", without) == "place_holds_people"
    desk.road.add("movement_planned", "2030-05-02T07:05Z", movement="bus", leg="gate-camp", vehicles=[])
    assert desk.propose("2030-05-03T10:00Z", OPERATION_TOML.replace('"gate-camp"', '"gate-tents"')) == "leg_in_use"


def test_people_who_came_since_it_was_proposed_keep_their_place(desk: Desk) -> None:
    """A place was empty when a version without it was proposed: it is not signed while somebody stands there."""
    without = OPERATION_TOML.replace('"gate"', '"hall"').replace('service = "hall"', 'service = "gate"')
    assert desk.propose("2030-05-03T10:00Z", without) == ""
    desk.road.add("crossed", "2030-05-03T11:00Z", "anna", source="place:town", target="place:gate", gate="gate")
    assert desk.sign("2030-05-03T12:00Z", BORIS) == "place_holds_people"
    desk.road.add("moved_on", "2030-05-03T13:00Z", "anna", source="place:gate", target="place:camp")
    assert desk.sign("2030-05-03T14:00Z", BORIS) == ""


WITHOUT_GATE = OPERATION_TOML.replace('"gate"', '"hall"').replace('service = "hall"', 'service = "gate"')
DUE = parse_moment("2030-05-10T00:00Z")


def signed_for_later(desk: Desk) -> None:
    """A version that leaves the gate out is signed on the 3rd for the 10th."""
    assert desk.propose("2030-05-03T10:00Z", WITHOUT_GATE, from_at=DUE) == ""
    assert desk.sign("2030-05-03T12:00Z", BORIS) == ""


@pytest.mark.parametrize(("leaves", "stops"), [("2030-05-09T23:00Z", False), ("2030-05-10T01:00Z", True)])
def test_a_version_for_later_is_looked_at_again_when_it_is_due(desk: Desk, leaves: str, stops: bool) -> None:
    """It comes into force if nobody stands where it has no place by then; else the file before stays, for good."""
    signed_for_later(desk)
    assert desk.versions("2030-05-04T00:00Z").stopped() == ()
    desk.road.add("crossed", "2030-05-05T11:00Z", "anna", source="place:town", target="place:gate", gate="gate")
    warned = desk.versions("2030-05-06T00:00Z")
    assert warned.state(warned.all[0], parse_moment("2030-05-06T00:00Z")) == "ahead"
    assert [one.in_the_way for one in warned.stopped()] == [("gate",)]
    desk.road.add("moved_on", leaves, "anna", source="place:gate", target="place:camp")
    versions = desk.versions()
    assert versions.state(versions.all[0], DUE) == ("not_in_force" if stops else "in_force")
    assert desk.files.in_force(versions, DUE).has_place("gate") is stops
    assert len(versions.stopped()) == stops
    # What the gate sends in late changes nothing about which file was in force.
    camp, gate, later = "place:camp", "place:gate", "2030-05-12T00:00Z"
    desk.road.add("sighted", "2030-05-09T23:30Z", "anna", source=camp, target=gate, received=later)
    assert desk.files.in_force(desk.versions(), DUE).has_place("gate") is stops


def test_after_a_version_that_did_not_come_into_force(desk: Desk) -> None:
    """It is no ground for another version; it can still be rejected, which ends the alarm, and the next is as ever."""
    desk.road.add("crossed", "2030-05-03T09:00Z", "anna", source="place:town", target="place:gate", gate="gate")
    desk.road.add("moved_on", "2030-05-03T09:30Z", "anna", source="place:gate", target="place:camp")
    signed_for_later(desk)
    desk.road.add("sighted", "2030-05-09T00:00Z", "anna", source="place:camp", target="place:gate")
    assert len(desk.versions().stopped()) == 1
    assert desk.propose("2030-05-10T02:00Z", SLOWER, base=WITHOUT_GATE) == "made_from_another"
    assert desk.give(RejectVersion(by=BORIS, version=1, why="they stay"), "2030-05-10T03:00Z") == ""
    assert desk.versions().stopped() == ()
    assert desk.propose("2030-05-10T04:00Z", SLOWER) == "" and desk.minutes("2030-05-10T04:00Z") == 400


def test_a_movement_keeps_its_leg_until_it_is_over(desk: Desk) -> None:
    """A version for later without a leg waits for its movement; cancelled or arrived, it is in nobody's way."""
    other = OPERATION_TOML.replace('"gate-camp"', '"gate-tents"')
    assert desk.propose("2030-05-03T10:00Z", other, from_at=DUE) == ""
    desk.road.add("movement_planned", "2030-05-04T07:05Z", movement="bus", leg="gate-camp", vehicles=[])
    assert [one.in_the_way for one in desk.versions().stopped()] == [("gate-camp",)]
    desk.road.add("movement_cancelled", "2030-05-05T07:05Z", movement="bus", why="no fuel")
    assert desk.versions().stopped() == ()
    desk.road.add("departed", "2030-05-06T07:05Z", movement="bus", place="gate")
    assert len(desk.versions().stopped()) == 1, "what happened goes before what was decided"
    desk.road.add("arrived", "2030-05-06T12:05Z", movement="bus", place="camp")
    assert desk.versions().stopped() == ()


def test_a_version_made_from_one_that_is_ahead_leaves_out_the_same(desk: Desk) -> None:
    """What stops a version stops the one made from it too, unless that one has the place again."""
    signed_for_later(desk)
    slower = WITHOUT_GATE.replace("minutes = 360", "minutes = 400")
    assert desk.propose("2030-05-04T10:00Z", slower, base=WITHOUT_GATE, from_at=DUE) == ""
    desk.road.add("crossed", "2030-05-05T11:00Z", "anna", source="place:town", target="place:gate", gate="gate")
    assert [one.in_the_way for one in desk.versions().standing] == [("gate",), ("gate",)]
    assert desk.files.in_force(desk.versions(), DUE).has_place("gate")
    assert desk.propose("2030-05-06T10:00Z", OPERATION_TOML, base=slower, from_at=DUE) == ""
    assert desk.files.in_force(desk.versions(), DUE).has_place("gate") and desk.versions().stopped() == ()


def test_only_headquarters_changes_the_file(desk: Desk) -> None:
    """The same record by another device is kept and makes no version."""
    assert desk.propose("2030-05-03T10:00Z", SLOWER) == ""
    board = desk.road.board("2030-05-04T00:00Z")
    assert versions_of(board.view.book, board.known, "gate-1") == Versions()  # type: ignore[arg-type]


CHANGES = {
    "eligibility": ('own_citizenships = ["RUS"]', 'own_citizenships = ["KAZ"]'),
    "users": ('role = "duty_officer"', 'role = "auditor"'),
    "ways_out": ('id = "town-gate"', 'id = "town-gate-2"'),
    "place_roles": ('role = "staging"', 'role = "transit"'),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_what_a_second_person_signs(name: str) -> None:
    """A change of one thing needs the signature for that thing; the same file needs none."""
    before, after = read_operation(OPERATION_TOML), read_operation(OPERATION_TOML.replace(*CHANGES[name]))
    assert isinstance(before, Operation) and isinstance(after, Operation)
    assert to_be_signed(before, after) == (name,)
    assert to_be_signed(before, before) == sections_changed(before, before) == ()


def test_another_partner_state_is_signed_for() -> None:
    """A partner's citizens may come and its liaison sees them: a new state, or another for the same liaison, is signed;
    a partner's share of the seats is not."""
    files = [
        f'{OPERATION_TOML}\n[[partners]]\nid = "kz"\nnames = {{ en = "A neighbour" }}\n{more}\n'
        for more in ('country = "KAZ"', 'country = "EGY"', 'country = "KAZ"\nseat_share_percent = 5')
    ]
    none, kaz, egy, shared = map(read_operation, [OPERATION_TOML, *files])
    assert isinstance(none, Operation) and isinstance(kaz, Operation)
    assert isinstance(egy, Operation) and isinstance(shared, Operation)
    assert to_be_signed(none, kaz) == to_be_signed(kaz, egy) == to_be_signed(kaz, none) == ("eligibility",)
    assert to_be_signed(kaz, shared) == ()


def test_the_reference_has_the_tables() -> None:
    """Every refusal word for word, and every row of what is signed."""
    page = REFERENCE.read_text(encoding="utf-8")
    assert [k.code for k in CATALOGUE if f"| `{k.code}` | {k.says} | {k.remedy} |" not in page] == []
    assert [name for name in SIGNED if f"| `{name}` |" not in page] == []
