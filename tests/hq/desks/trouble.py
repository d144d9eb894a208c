"""What goes wrong in a practice for the tests of the desk that reconciles."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import Moment, parse_moment
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation

AT = parse_moment("2023-11-14T14:50Z")


@dataclass(frozen=True)
class Trouble:
    """Who is in it: in two places at once, crossed without a list, on hold past the review, permit run out."""

    torn: PersonId
    unlisted: PersonId
    held: PersonId
    late: PersonId


def make_trouble(opened: OpenOperation) -> Trouble:
    """Record it, at headquarters, ten minutes before the practice starts."""
    view = opened.view(AT, AT)
    torn, held, late = view.people(AccountId("place:cairo"))[:3]
    unlisted = next(one for one in view.people(AccountId("place:gaza")) if "listed" not in kinds_of(opened, one))
    gate, medic = UserId("gate"), UserId("medic")
    place, rafah = AccountId("place:gaza"), AccountId("place:rafah")
    hold = {"hold": "h-1", "reason": "medical", "instruction": "Rest", "owner": "medic"}
    opened.writer.record(
        [
            Draft(kind="sighted", happened_at=ago(10), by=gate, persons=(torn,), source=place, target=rafah),
            Draft(
                kind="crossed", happened_at=ago(8), by=gate, persons=(unlisted,), source=place, target=rafah,
                body={"gate": "rafah"},
            ),
            Draft(kind="counted", happened_at=ago(5), by=gate, body={"account": rafah, "count": 37}),
            Draft(
                kind="hold_placed", happened_at=ago(120), by=medic, persons=(held,),
                body={**hold, "review_at": ago(60)},
            ),
            Draft(
                kind="permit_started", happened_at=ago(75 * 60), by=UserId("consul"), persons=(late,),
                body={"permit": "egypt", "starts_at": ago(75 * 60), "ends_at": ago(180)},
            ),
        ],
        AT,
    )  # fmt: skip
    return Trouble(torn, unlisted, held, late)


def ago(minutes: int) -> Moment:
    """So many minutes before it was recorded."""
    return Moment(AT - minutes * 60_000)


def kinds_of(opened: OpenOperation, person: PersonId) -> set[str]:
    """The kinds of everything recorded about a person."""
    return {event.kind for event in opened.view(AT, AT).events_of(person)}
