"""The door of headquarters' pages: who may give an order, whether it may be done now, and that it is done once."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from corridor.base.ids import EventId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.access.names import own_people
from corridor.hq.access.rights import may_give, may_hold, may_write
from corridor.hq.desks.refusals import NOT_RECORDING, NOT_YOUR_PEOPLE, NOT_YOURS
from corridor.hq.erasing import erase
from corridor.hq.models import GivenOrder
from corridor.hq.served import Served, served
from corridor.hq.working import at_work
from corridor.journey.board.board import Board
from corridor.journey.kinds import draft
from corridor.journey.orders import Order, decide
from corridor.journey.register.access import Part, keep_person
from corridor.journey.register.events import IDENTIFIED, Identified
from corridor.journey.register.identity import Identity
from corridor.journey.register.orders import Forget
from corridor.journey.register.refusals import IDENTITY_FORGOTTEN, MERGED_INTO
from corridor.ledger.event import Draft

TOKEN_FIELD = "token"
_log = logging.getLogger("corridor.hq.door")


@dataclass(frozen=True, slots=True)
class Given:
    """What became of an order: the events that carry it out; `again` when the same form had done it before."""

    events: tuple[EventId, ...]
    again: bool = False


def fresh_token() -> str:
    """A new form's token."""
    return secrets.token_urlsafe(12)


def fresh_id(prefix: str) -> str:
    """A new id that nobody can guess or count by, e.g. ``h-4f7k2m9q``: for what an order brings into being."""
    letters = "23456789abcdefghjkmnpqrstuvwxyz"
    return f"{prefix}-{''.join(secrets.choice(letters) for _ in range(8))}"


def by(request: HttpRequest) -> UserId:
    """Who is at the screen, as events name them."""
    user: Any = request.user
    return UserId(user.name)


def give(request: HttpRequest, order: Order, *, step: str = "") -> Given | Refusal:
    """Give one order: the only way a page changes anything.

    The role must be allowed the order; it is decided against the board as it is now while nobody else writes, recorded
    at headquarters' clock, and logged. The form's token (`OrderForm` has it) makes it happen once: the same token sent
    again answers what the first did. A page that gives several orders of one type from one form names each with `step`,
    or uses `give_all`. Raises BadRequest when the form has no token.
    """
    return give_all(request, [order], step=step)[0]


def give_all(request: HttpRequest, orders: Sequence[Order], *, step: str = "") -> list[Given | Refusal]:
    """Give many orders from one form; each answer stands where its order stood.

    Orders that name nobody in common are decided against one board and recorded in one commit; an order about somebody
    (or a row of a list, or a movement) that an earlier one of the same call has just changed waits for the next board.
    """
    headquarters, token = served(), request.POST.get(TOKEN_FIELD, "")
    if not 8 <= len(token) <= 64:
        raise BadRequest("the form has no token")
    assert all(order.by == by(request) for order in orders), "an order is given by whoever is at the screen"
    answers: dict[int, Given | Refusal] = {}
    steps = [f"{type(order).__name__}{step}:{number}" for number, order in enumerate(orders)]
    with headquarters.opened.writer.alone():
        done = {row.order: row for row in GivenOrder.objects.filter(who=by(request), token=token, refused="")}
        waiting: list[int] = []
        for number, name in enumerate(steps):
            if name in done:
                answers[number] = Given(tuple(EventId(*event) for event in done[name].events), again=True)
            else:
                waiting.append(number)
        while waiting:
            waiting = _round(request, headquarters, orders, waiting, answers)
        fresh = [number for number in answers if steps[number] not in done]
        now = headquarters.now()
        GivenOrder.objects.bulk_create(_logged(request, token, steps[number], answers[number], now) for number in fresh)
    return [answers[number] for number in range(len(orders))]


def _round(
    request: HttpRequest,
    headquarters: Served,
    orders: Sequence[Order],
    waiting: Iterable[int],
    answers: dict[int, Given | Refusal],
) -> list[int]:
    """Decide what can be decided on one board and record it; answers what must wait for the next."""
    board, now = headquarters.board_now(), headquarters.now()
    touched: set[object] = set()
    later: list[int] = []
    accepted: list[tuple[int, tuple[Draft, ...]]] = []
    for number in waiting:
        subjects = _subjects(orders[number])
        if touched & subjects:
            later.append(number)
            continue
        decided = _decide(request, headquarters, orders[number], board, now)
        if isinstance(decided, Refusal):
            answers[number] = decided
        else:
            touched |= subjects
            accepted.append((number, decided))
    if accepted:
        recorded = headquarters.opened.writer.record([one for _, drafts in accepted for one in drafts], now)
        events = iter(recorded.events)
        for number, drafts in accepted:
            answers[number] = Given(tuple(next(events) for _ in drafts))
            order = orders[number]
            if isinstance(order, Forget):
                erase(headquarters.opened, board.view, order.persons)
    return later


def _decide(
    request: HttpRequest, headquarters: Served, order: Order, board: Board, now: Moment
) -> tuple[Draft, ...] | Refusal:
    user: Any = request.user
    if not may_give(user, type(order)) or not _own_hold(user, order, board):
        return NOT_YOURS(role=user.role, order=type(order).__name__)
    if not headquarters.opened.records:
        return NOT_RECORDING(operation=headquarters.operation.name)
    named = frozenset(one for one in _subjects(order) if isinstance(one, str) and one in board.everybody.register)
    persons = frozenset(PersonId(one) for one in named)
    if own_people(user, board, persons) != persons or not _own_offer(user, order, board):
        return NOT_YOUR_PEOPLE(role=user.role)
    users = frozenset(UserId(one.id) for one in at_work(headquarters.operation))
    return decide(order, board, now, users)


def _own_hold(user: Any, order: Order, board: Board) -> bool:
    """Whether a hold that is placed, reviewed or lifted is of a reason that the role sees to."""
    if getattr(order, "hold", None) is None:
        return True
    placed = (hold.reason for _person, hold in board.everybody.holds if hold.hold == getattr(order, "hold", None))
    reason = getattr(order, "reason", None) or next(placed, "")
    return may_hold(user, reason)


def _own_offer(user: Any, order: Order, board: Board) -> bool:
    """Whether an offer of seats that a liaison answers was made to their own state."""
    offer = getattr(order, "offer", None)
    if user.role != "partner_liaison" or offer is None:
        return True
    made = (one for movement in board.everybody.move.movements.values() for one in movement.offers)
    return any(one.offer == offer and one.partner == user.partner for one in made)


def _subjects(order: Any) -> set[object]:
    """What an order is about: the people it names, its movement, its list's row, its gate or hazard."""
    found: set[object] = set(getattr(order, "persons", ()))
    found |= {getattr(one, "person", one) for one in found}
    found |= {
        getattr(order, field)
        for field in ("person", "other", "kept", "dropped", "party", "gate", "hazard")
        if hasattr(order, field)
    }
    found |= {passenger.person for passenger in getattr(order, "passengers", ())}
    found |= {person for person, _ in getattr(order, "members", ())}
    if hasattr(order, "row"):
        found.add((order.list, order.row))
    elif hasattr(order, "movement"):
        found.add(order.movement)
    if hasattr(order, "shelter"):
        found.add(order.shelter)
    return found


def _logged(request: HttpRequest, token: str, step: str, answer: Given | Refusal, now: Moment) -> GivenOrder:
    user: Any = request.user
    refused = answer.code if isinstance(answer, Refusal) else ""
    events = [] if isinstance(answer, Refusal) else [list(event) for event in answer.events]
    _log.info("%s (%s) gave %s: %s", user.name, user.role, step, refused or f"{len(events)} events")
    return GivenOrder(at_ms=now, who=user.name, role=user.role, order=step, token=token, refused=refused, events=events)


def nobody_to_write_of(board: Board, person: PersonId) -> Refusal | None:
    """Why nothing may be written of who somebody is, in a row or sealed; None: it may. What is written after forgetting
    is erased by nothing."""
    if person in board.view.merged:
        return MERGED_INTO(person=person, kept=board.view.merged[person])
    state = board.everybody.register.get(person)
    return IDENTITY_FORGOTTEN(person=person) if state is not None and state.forgotten else None


def keep_identity(
    request: HttpRequest, person: PersonId, parts: frozenset[Part], change: Callable[[Identity], Identity]
) -> Given | Refusal:
    """Write parts of a person's identity (names, birth, documents, contacts), with the event that says so.

    `change` gets the identity as the role may read it and answers it with these parts written anew; the other parts
    stay as they were. Values never reach an event. Nothing is written of who was forgotten, or of a merged id.
    """
    user: Any = request.user
    headquarters = served()
    if not parts or not all(may_write(user, part) for part in parts):
        return NOT_YOURS(role=user.role, order="keep_identity")
    if not headquarters.opened.records:
        return NOT_RECORDING(operation=headquarters.operation.name)
    with headquarters.opened.writer.alone():
        now, board = headquarters.now(), headquarters.board_now()
        if not own_people(user, board, frozenset((person,))):
            return NOT_YOUR_PEOPLE(role=user.role)
        refused = nobody_to_write_of(board, person)
        if refused is not None:
            return refused
        kept = keep_person(headquarters.opened.identities, by(request), user.role, person, parts, change, now)
        if isinstance(kept, Refusal):
            return kept
        body = Identified(fields=tuple(sorted(parts)), version=kept.version)
        event = draft(IDENTIFIED, body, at=now, by=by(request), persons=(person,))
        given = Given(headquarters.opened.writer.record([event], now).events)
        _logged(request, request.POST.get(TOKEN_FIELD, "")[:64], f"keep_identity:{person}", given, now).save()
        return given
