"""Who flipped: the people whose answer to a rule changes from yes to no, or no to yes, by another operation file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import LegId, PersonId
from corridor.base.operation import Operation
from corridor.journey.board.board import Board
from corridor.journey.board.people import Everybody
from corridor.journey.documents.state import DocumentState, missing_for, requirements_of
from corridor.journey.register.state import RegisterState
from corridor.journey.versions.eligibility import Verdict, rules_of, verdicts
from corridor.ledger.accounts import ENDS, place_account

Rule = Literal["eligibility", "clearance", "papers"]
Way = Literal["to_yes", "to_no", "to_not_known"]

READ_BY: Mapping[Rule, tuple[str, ...]] = {
    "eligibility": ("eligibility", "partners"),
    "clearance": ("authorities", "clearance_rules"),
    "papers": ("paper_rules",),
}
"""The sections of the operation file that each rule reads: where none of them differs, nobody can flip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """The people (sorted) whose answer to one rule becomes another; `leg` is the one that is asked for, None: none is.

    `asked` is of how many the rule was asked.
    """

    rule: Rule
    leg: LegId | None
    way: Way
    people: tuple[PersonId, ...]
    asked: int


def flips(board: Board, before: Operation, after: Operation) -> tuple[Flip, ...]:
    """Who flips between two operation files, by the facts of one board; ways that nobody goes are left out.

    Eligibility is asked of everybody who is not at an end; clearance and papers of who stands where the leg begins.
    """
    found: list[Flip] = []
    for rule, sections in READ_BY.items():
        if all(getattr(before, name) == getattr(after, name) for name in sections):
            continue
        if rule == "eligibility":
            answers = [_eligible(board, operation) for operation in (before, after)]
            found += _turned(rule, None, answers[0], answers[1])
            continue
        for leg in _legs(rule, before, after):
            asked = [_passes(rule, board, operation, leg) for operation in (before, after)]
            found += _turned(rule, leg, asked[0], asked[1])
    return tuple(found)


def _turned(
    rule: Rule, leg: LegId | None, before: Mapping[PersonId, Verdict], after: Mapping[PersonId, Verdict]
) -> list[Flip]:
    ways: dict[Way, list[PersonId]] = {"to_yes": [], "to_no": [], "to_not_known": []}
    to: Mapping[Verdict, Way] = {"yes": "to_yes", "no": "to_no", "not_known": "to_not_known"}
    for person in sorted(before.keys() & after.keys()):
        if before[person] != after[person]:
            ways[to[after[person]]].append(person)
    return [
        Flip(rule=rule, leg=leg, way=way, people=tuple(people), asked=len(before))
        for way, people in ways.items()
        if people
    ]


def _eligible(board: Board, operation: Operation) -> dict[PersonId, Verdict]:
    found = verdicts(board.everybody.register, rules_of(operation.eligibility, operation.partners))
    over = frozenset().union(*(board.people(end) for end in ENDS))
    return {person: verdict for person, verdict in found.items() if person not in over}


def _legs(rule: Rule, before: Operation, after: Operation) -> tuple[LegId, ...]:
    """The legs that a rule names in either file."""
    named: dict[LegId, None] = {}
    for operation in (before, after):
        for one in operation.clearance_rules if rule == "clearance" else operation.paper_rules:
            named.setdefault(one.for_leg)
    return tuple(named)


def _passes(rule: Rule, board: Board, operation: Operation, leg: LegId) -> dict[PersonId, Verdict]:
    """Whether who stands where the leg begins may pass, as far as the rule asks; nobody for a leg the file has not."""
    if not operation.has_leg(leg):
        return {}
    here = board.view.people(place_account(operation.leg(leg).source))
    if rule == "clearance":
        everybody = Everybody(operation, board.view)
        standings = {person: everybody.clearance(person, leg) for person in here}
        return {person: "yes" if one is None or one.value == "cleared" else "no" for person, one in standings.items()}
    register, documents = board.everybody.register, board.everybody.documents
    rules, nothing, nobody = requirements_of(operation), DocumentState(), RegisterState()
    return {
        person: "no"
        if missing_for(documents.get(person, nothing), register.get(person, nobody).citizenships, leg, rules, board.at)
        else "yes"
        for person in here
    }
