"""A person's events as a timeline: both times, who recorded them, what was inferred, came late or was voided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from corridor.base.ids import EventId, PersonId, PlaceId
from corridor.base.moments import HOUR_MS, Moment
from corridor.hq.access.rights import Right
from corridor.hq.pages.facts import in_words
from corridor.hq.pages.people import where_is
from corridor.journey.board.board import Board
from corridor.journey.catalogue import KINDS, LEDGER_KINDS
from corridor.ledger.event import Event

LATE_MS = 6 * HOUR_MS
"""An event received this long after it happened is marked as late: a shift without network is usual, more is not."""

STAGE_RIGHTS: Mapping[str, Right] = {"clear": "clearance", "documents": "papers", "care": "care"}
"""Which right opens the events of a stage; the events of the others open with `persons`."""

OPEN_CARE = ("hold_placed", "hold_reviewed", "hold_lifted", "fitness_decided")
"""Events of care whose outcome everybody who plans must know; their reason stays with care."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a timeline. `event` None: a leg that the book inferred."""

    at: Moment
    says: str
    moved: str  # "Rafah → Cairo", '' when nobody moved
    place: PlaceId | None  # by whose clocks it is told; None: not known, the operation's
    mark: str  # inferred, late, voided, suspended, judged, or ''
    event: Event | None


def timeline(board: Board, person: PersonId, rights: frozenset[Right]) -> list[Line]:
    """Everything that names a person and the reader may see, newest last, with inferred legs where they were posted."""
    language = get_language() or "en"
    steps: dict[EventId, list[Any]] = {}
    walked = board.view.path_of(person)
    for posting in walked.postings if walked is not None else ():
        steps.setdefault(posting.event, []).append(posting)
    lines: list[Line] = []
    there: PlaceId | None = None
    for event in board.view.events_of(person):
        for posting in steps.get(event.id, ()):
            if posting.type in ("inferred", "entered"):
                there = _place_in(board, posting.target, posting.source) or there
                moved = _moved(board, posting.source, posting.target, language)
                nobody = _("Nobody recorded this step; it follows from the next record.")
                lines.append(Line(at=posting.at, says=nobody, moved=moved, place=there, mark=posting.type, event=None))
        posted = next((step for step in steps.get(event.id, ()) if step.type not in ("inferred", "entered")), None)
        there = happened_in(board, event) or there
        says = sentence(board, event, rights)
        if says is None:
            continue
        mark = posted.type if posted is not None and posted.type in ("suspended", "judged") else ""
        if not mark and event.received_at - event.corrected_at > LATE_MS:
            mark = "late"
        moved = _moved(board, posted.source, posted.target, language) if posted is not None else ""
        lines.append(Line(at=event.corrected_at, says=says, moved=moved, place=there, mark=mark, event=event))
    for event in voided(board, person):
        says, place = sentence(board, event, rights), happened_in(board, event)
        if says is not None:
            lines.append(Line(at=event.corrected_at, says=says, moved="", place=place, mark="voided", event=event))
    return sorted(lines, key=lambda line: line.at)  # stable: an inferred leg stays before its record


def happened_in(board: Board, event: Event) -> PlaceId | None:
    """The place where an event happened, as it says itself: where it let people in, else where it let them go, else a
    place, gate or account that its body names; None: it does not say."""
    named = (event.body.get(field) for field in ("gate", "place", "account"))
    return _place_in(board, event.target, event.source, *named)


def _place_in(board: Board, *accounts: object) -> PlaceId | None:
    """The first of these accounts, or ids of places, that is a place of the operation."""
    for account in accounts:
        name = str(account).removeprefix("place:") if account is not None else ""
        if board.operation.has_place(name):
            return PlaceId(name)
    return None


def voided(board: Board, person: PersonId) -> list[Event]:
    """The records about a person that a correction has taken back: shown struck, since nothing is ever overwritten."""
    own = {person, *board.view.also(person)}
    found = (board.view.book.find(record) for record in sorted(board.view.taken_back))
    return [
        one for one in found if one is not None and not own.isdisjoint(one.persons) and one.corrected_at <= board.at
    ]


def sentence(board: Board, event: Event, rights: frozenset[Right]) -> str | None:
    """What an event says to this reader in their language; None when they may not know that it happened."""
    kind = KINDS.get(event.kind)
    stage = kind.stage if kind is not None else ""
    right = STAGE_RIGHTS.get(stage)
    if right is not None and right not in rights:
        return _care_for_others(board, event) if event.kind in OPEN_CARE else None
    template = kind.says if kind is not None else LEDGER_KINDS.get(event.kind, event.kind)
    return _(template).format_map(_Facts(board, event.body))


def _care_for_others(board: Board, event: Event) -> str:
    """What of care everybody may know: that there is a hold, until when, and what to do; never why."""
    facts = _Facts(board, event.body)
    if event.kind == "hold_placed":
        return _("Hold until {review_at}: {instruction}").format_map(facts)
    if event.kind == "hold_reviewed":
        return _("Hold goes on until {review_at}.").format_map(facts)
    if event.kind == "hold_lifted":
        return _("Hold lifted.")
    return _("Fitness to travel: {decision}.").format_map(facts)


class _Facts(dict[str, str]):
    """A body's facts in the reader's language; missing ones read as not known."""

    def __init__(self, board: Board, body: Mapping[str, Any]) -> None:
        super().__init__(in_words(board, body))

    def __missing__(self, key: str) -> str:
        return _("not known")


def _moved(board: Board, source: Any, target: Any, language: str) -> str:
    if source == "outside":
        return where_is(board, target, language)
    arrow = "←" if get_language_bidi() else "→"
    return f"{where_is(board, source, language)} {arrow} {where_is(board, target, language)}"
