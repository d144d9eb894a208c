"""What whoever leads an exercise reads at the terminal."""

from __future__ import annotations

from corridor.base.ids import DeviceId, PersonId, UserId
from corridor.base.moments import parse_moment
from corridor.drill.story.diary import Note
from corridor.hq.exercise import told
from corridor.ledger.event import Draft


def note(kind: str, *persons: str, target: str | None = None) -> Note:
    """Something that happened at the gate."""
    draft = Draft(
        kind=kind,
        happened_at=parse_moment("2023-11-14T12:49Z"),
        by=UserId("amal"),
        persons=tuple(PersonId(person) for person in persons),
        target=target,  # type: ignore[arg-type]  # an account, or nobody moves
    )
    return Note(device=DeviceId("gate-1"), draft=draft)


def test_a_line_says_when_where_what_and_who() -> None:
    """Local time, the device, the place moved to, each name with its id; a person without a name is told apart."""
    names = {PersonId("p1"): "Amal Hassan"}
    moved = told(note("crossed", "p1", "p2", target="place:rafah"), names, "Africa/Cairo")
    assert moved == "14 Nov 14:49  gate-1  crossed to rafah: Amal Hassan (p1), ? (p2)"
    assert told(note("gate_opened"), names, "Africa/Cairo") == "14 Nov 14:49  gate-1  gate_opened: -"
