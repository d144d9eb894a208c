"""What in registration contradicts a rule: minors without an adult or a guardian, ties to people who do not come."""

from __future__ import annotations

from collections.abc import Mapping

from corridor.base.ids import PartyId, PersonId
from corridor.journey.findings import Finding, FindingKind
from corridor.journey.register.groups import company_of, travel_groups
from corridor.journey.register.state import RegisterState

UNACCOMPANIED_MINOR = FindingKind(
    "unaccompanied_minor",
    "{persons}, under age, would travel without any adult.",
    "Find a guardian and tie them, or hand the child to who cares for unaccompanied minors.",
)
PARTY_WITHOUT_ADULT = FindingKind(
    "party_without_adult",
    "Nobody in party {party} who travels is known to be an adult: {persons}.",
    "Add the adult who travels with them to the party.",
)
GUARDIAN_MISSING = FindingKind(
    "guardian_missing",
    "{persons}, under age, travels with adults, but none of them is recorded as parent or guardian.",
    "Ask who answers for the child, and record the tie.",
)
TIED_TO_ABSENT = FindingKind(
    "tied_to_absent",
    "{person} will not travel without {other}, who withdrew or died.",
    "Ask {person} whether they still come, and end the tie or record that they withdrew.",
)

CATALOGUE: tuple[FindingKind, ...] = (UNACCOMPANIED_MINOR, PARTY_WITHOUT_ADULT, GUARDIAN_MISSING, TIED_TO_ABSENT)


def findings(states: Mapping[PersonId, RegisterState]) -> tuple[Finding, ...]:
    """What stands against a rule among these people, everybody of their parties and ties included."""
    company = company_of(states)
    answered_for = {tie.other for tie in company.ties if tie.tie in ("guardian_of", "parent_of")}
    with_adult = {company.parties[person] for person in company.parties if states[person].is_adult} - {None}
    found: list[Finding] = []
    for group in travel_groups(company):
        minors = sorted(person for person in group if states[person].is_minor)
        if minors and not any(states[person].is_adult for person in group):
            found.extend(UNACCOMPANIED_MINOR([minor]) for minor in minors)
            continue
        for minor in minors:
            # A minor in a party with an adult is taken to be that family's, unless recorded as `other` in it.
            of_family = company.parties[minor] in with_adult and states[minor].party_role != "other"
            if not of_family and minor not in answered_for:
                found.append(GUARDIAN_MISSING([minor]))
    members: dict[PartyId, list[PersonId]] = {}
    for person, party in company.parties.items():
        if party is not None and party not in with_adult:
            members.setdefault(party, []).append(person)
    for party, persons in sorted(members.items()):
        if any(states[person].is_minor for person in persons):
            found.append(PARTY_WITHOUT_ADULT(persons, party=party))
    for tie in sorted(company.ties, key=lambda tie: (tie.person, tie.other)):
        if tie.tie == "will_not_travel_without" and tie.other in states and not states[tie.other].travels:
            found.append(TIED_TO_ABSENT([tie.person, tie.other], person=tie.person, other=tie.other))
    return tuple(found)
