"""Who may come, by the operation's rules: by citizenship, as a partner's citizen, or as a relative of which kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import PersonId
from corridor.base.operation import Eligibility, Partner
from corridor.base.operation import Relation as Kinship
from corridor.journey.register.events import TieType
from corridor.journey.register.state import RegisterState

Verdict = Literal["yes", "no", "not_known"]
"""`not_known`: no citizenship is on record, or somebody is a relative and no tie says of which kind."""

_DOWN: Mapping[TieType, Kinship] = {"parent_of": "child", "spouse_of": "spouse", "guardian_of": "ward"}
"""What the other one is to whom a tie starts from."""
_UP: Mapping[TieType, Kinship] = {"parent_of": "parent", "spouse_of": "spouse", "guardian_of": "guardian"}
"""What whom a tie starts from is to the other one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityRules:
    """What eligibility is judged by: the operation's own section of that name, and the partners' countries."""

    own_citizenships: frozenset[str]
    relatives: frozenset[Kinship]
    partner_countries: frozenset[str]


def rules_of(eligibility: Eligibility, partners: Collection[Partner]) -> EligibilityRules:
    """The rules of an operation file."""
    return EligibilityRules(
        own_citizenships=frozenset(eligibility.own_citizenships),
        relatives=frozenset(eligibility.relatives),
        partner_countries=frozenset(partner.country for partner in partners),
    )


def verdicts(register: Mapping[PersonId, RegisterState], rules: EligibilityRules) -> dict[PersonId, Verdict]:
    """Whether each registered person may come.

    A holder of one of our citizenships or of a partner's may. Of the others, who is tied to one of our citizens may as
    the relative that the ties make them: spouse, parent, child, guardian, ward, and over one more tie sibling,
    grandparent, grandchild. Who was registered as a relative and has no such tie may if every kind of relative may, may
    not if none may, and else it is not known. Somebody without a known citizenship or tie: not known.
    """
    kin = _kinships(register, rules.own_citizenships)
    return {person: _verdict(state, kin.get(person, frozenset()), rules) for person, state in register.items()}


def _verdict(state: RegisterState, kinships: Collection[Kinship], rules: EligibilityRules) -> Verdict:
    citizenships = set(state.citizenships)
    if citizenships & rules.own_citizenships or citizenships & rules.partner_countries:
        return "yes"
    if kinships:
        return "yes" if rules.relatives & set(kinships) else "no"
    if state.relation == "relative":
        return "no" if not rules.relatives else "yes" if rules.relatives >= _EVERY_KIND else "not_known"
    return "no" if citizenships else "not_known"


_EVERY_KIND: frozenset[Kinship] = frozenset(
    ("spouse", "child", "parent", "sibling", "grandchild", "grandparent", "guardian", "ward", "other")
)


def _kinships(register: Mapping[PersonId, RegisterState], own: Collection[str]) -> dict[PersonId, frozenset[Kinship]]:
    """What each person who is tied to one of our citizens is to them: of which kinds a relative."""
    near: dict[PersonId, list[tuple[PersonId, Kinship]]] = {}
    for person, other, to_other in _ties(register):
        near.setdefault(person, []).append((other, to_other))
    ours = {person for person, state in register.items() if not set(own).isdisjoint(state.citizenships)}
    found: dict[PersonId, set[Kinship]] = {}
    for citizen in ours & near.keys():
        for other, kinship in near[citizen]:
            found.setdefault(other, set()).add(kinship)
            for further, next_kinship in near.get(other, ()):
                over = _OVER.get((kinship, next_kinship))
                if over is not None and further != citizen:
                    found.setdefault(further, set()).add(over)
    return {person: frozenset(kinships) for person, kinships in found.items()}


_OVER: Mapping[tuple[Kinship, Kinship], Kinship] = {
    ("parent", "child"): "sibling",
    ("parent", "parent"): "grandparent",
    ("child", "child"): "grandchild",
}
"""What somebody is who is reached over one more person: the child of a citizen's parent is a sibling."""


def _ties(register: Mapping[PersonId, RegisterState]) -> Iterator[tuple[PersonId, PersonId, Kinship]]:
    """Every tie both ways: a person, another, and what that other is to the person."""
    seen = {tie for state in register.values() for tie in state.ties}
    for tie in seen:
        if tie.tie in _DOWN:
            yield tie.person, tie.other, _DOWN[tie.tie]
            yield tie.other, tie.person, _UP[tie.tie]
