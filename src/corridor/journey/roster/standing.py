"""How a person stands for whoever meets them on the road: one colour, why, who said so, and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from corridor.base.ids import AccountId, AuthorityId, LegId, ListId, MovementId, PartyId, PersonId, VehicleId
from corridor.base.moments import Moment
from corridor.base.operation import Leg
from corridor.base.refusal import Refusal
from corridor.journey.board.board import Board
from corridor.journey.board.standing import next_leg
from corridor.journey.care.refusals import FITNESS_EXPIRED, NOT_EXAMINED, UNFIT
from corridor.journey.care.state import CareState, active_holds, may_travel
from corridor.journey.clear.standing import Standing
from corridor.journey.register.state import RegisterState
from corridor.ledger.accounts import SUSPENSE

Colour = Literal["cleared", "not", "hold", "none"]
_WHY = {FITNESS_EXPIRED.code: "fitness_expired", NOT_EXAMINED.code: "not_examined", UNFIT.code: "unfit"}
_TO_COME = ("planned", "boarding", "closed", "departed")
FORGOTTEN = -1


class RosterStanding(NamedTuple):
    """One person as a roster tells them, without the identity, of which only the version stands here.

    None: there is none, or it is not known. `until` is when `cleared` ends; `says` a hold's instruction;
    `list` is the list that lets them pass. `identity_version` is `FORGOTTEN` of whoever was forgotten.
    """

    party: PartyId | None
    account: AccountId
    colour: Colour
    until: Moment | None
    why: str
    by: tuple[AuthorityId, ...]
    list: ListId | None
    says: str | None
    movement: MovementId | None
    vehicle: VehicleId | None
    codes_from: int | None
    also: tuple[PersonId, ...]
    identity_version: int


def standings(board: Board, people: Collection[PersonId]) -> dict[PersonId, RosterStanding]:
    """How each of these people stands at the board's moment."""
    everybody, view = board.everybody, board.view
    berths = berths_of(board)
    others: dict[PersonId, tuple[PersonId, ...]] = {}
    for dropped, kept in sorted(view.merged.items()):
        others[kept] = (*others.get(kept, ()), dropped)
    legs: dict[AccountId, Leg | None] = {}
    found: dict[PersonId, RosterStanding] = {}
    nobody, untreated = RegisterState(), CareState()
    register, care = everybody.register.for_many, everybody.care.for_many
    clear = everybody.clear.for_many  # `clearance` asks it for each of them
    of_unlisted: dict[
        tuple[LegId, tuple[str, ...]], Standing | None
    ] = {}  # most stand alike: nothing of a list or refusal is recorded
    for person in people:
        account = view.account_of(person)
        if account is None:
            continue
        if account not in legs:
            legs[account] = next_leg(board.operation, view, account)
        leg = legs[account]
        state = register.get(person, nobody)
        movement, vehicle = berths.get(person, (None, None))
        if leg is None:
            clearance = None
        elif person in clear:
            clearance = everybody.clearance(person, leg.id)
        else:
            unlisted = (leg.id, state.citizenships)
            if unlisted not in of_unlisted:
                of_unlisted[unlisted] = everybody.clearance(person, leg.id)
            clearance = of_unlisted[unlisted]
        colour, why, by, until, says = _colour(account, leg, care.get(person, untreated), clearance, view.at)
        found[person] = RosterStanding(
            party=state.party,
            account=account,
            colour=colour,
            until=until,
            why=why,
            by=by,
            list=_list_of(clearance) if colour == "cleared" else None,
            says=says,
            movement=movement,
            vehicle=vehicle,
            codes_from=state.codes_from,
            also=others.get(person, ()),
            identity_version=FORGOTTEN if state.forgotten else state.identity_version,
        )
    return found


def berths_of(board: Board) -> Mapping[PersonId, tuple[MovementId, VehicleId | None]]:
    """On whose manifest, and in which vehicle, people are planned, of movements that have not arrived; the one that
    leaves first where there are several."""
    movements = [one for one in board.everybody.move.movements.values() if one.status in _TO_COME]
    soonest = sorted(movements, key=lambda one: (one.departs_at is None, one.departs_at or 0, one.movement))
    found: dict[PersonId, tuple[MovementId, VehicleId | None]] = {}
    for movement in soonest:
        for row in movement.rows:
            if row.planned is not None:
                found.setdefault(row.person, (movement.movement, row.planned.vehicle))
    return found


_Coloured = tuple[Colour, str, tuple[AuthorityId, ...], Moment | None, str | None]


def _colour(account: AccountId, leg: Leg | None, care: CareState, clearance: Standing | None, at: Moment) -> _Coloured:
    """The colour, its reason, the authorities behind it, until when it is good, and what to do."""
    if account == SUSPENSE:
        return "hold", "in_suspense", (), None, None
    holds = active_holds(care, at)
    if holds:
        return "hold", "on_hold", (), None, " ".join(dict.fromkeys(one.instruction for one in holds))
    if leg is None:
        return "none", "no_leg", (), None, None
    allowed = may_travel(care, at, examined=leg.mode == "air")
    if isinstance(allowed, Refusal):
        return "hold", _WHY[allowed.code], (), None, None
    fit_until = care.fitness.until if care.fitness is not None else None
    if clearance is None:
        return "cleared", "not_asked", (), fit_until, None
    if clearance.value == "cleared":
        until = min((one for one in (clearance.valid_until, fit_until) if one is not None), default=None)
        return "cleared", "cleared", _who(clearance, ("listed",)), until, None
    words = ("refused",) if clearance.value == "refused" else ()
    by = _who(clearance, words) if words else tuple(clearance.waiting_for)
    return "not", clearance.value, by, None, None


def _list_of(clearance: Standing | None) -> ListId | None:
    """The list by which somebody is cleared: the first authority's that listed them."""
    words = () if clearance is None else clearance.words
    return next((one.list for one in words if one.word == "listed"), None)


def _who(clearance: Standing, words: Iterable[str]) -> tuple[AuthorityId, ...]:
    said = frozenset(words)
    return tuple(one.authority for one in clearance.words if one.word in said)
