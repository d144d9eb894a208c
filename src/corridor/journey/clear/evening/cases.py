"""How each row of a list stands on the evening before: certain, doubtful, decided, or nobody of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from corridor.base.ids import ListId, PersonId
from corridor.journey.clear.events import Verdict
from corridor.journey.clear.lists import ListRow
from corridor.journey.clear.matching import Proposal
from corridor.journey.clear.state import ClearState

Stand = Literal["certain", "doubtful", "unsure", "same", "different", "nobody"]
"""`certain`: one person, and nothing against it, to be accepted in one go; `doubtful`: a human must look; `unsure`: one
looked and could not tell; `same`: decided; `different`: everybody proposed was judged to be somebody else; `nobody`: no
one of ours is near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCase:
    """One row beside the people it could be.

    `held` is who it is decided to be, None: nobody yet. `verdicts` are what officers said of the people proposed, and
    `elsewhere` on which other row of the same list each of them is held to be, or certain to be.
    """

    row: ListRow
    stand: Stand
    proposals: tuple[Proposal, ...]
    held: PersonId | None
    verdicts: Mapping[PersonId, Verdict]
    elsewhere: Mapping[PersonId, tuple[int, ...]]


def row_cases(
    list_id: ListId,
    rows: Iterable[ListRow],
    proposals: Iterable[Proposal],
    holders: Mapping[int, PersonId],
    states: Mapping[PersonId, ClearState],
) -> tuple[RowCase, ...]:
    """Every row of the list in its order. Nobody is certain for two rows, or beside a row they already are."""
    by_row: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        by_row.setdefault(proposal.row, []).append(proposal)
    judged = _judged(list_id, states)
    open_rows = {
        number: [one for one in found if judged.get((number, one.person)) != "different"]
        for number, found in by_row.items()
        if number not in holders
    }
    certain = {number: one for number, found in open_rows.items() if (one := _certain(found)) is not None}
    times = Counter(certain.values())
    rows_of: dict[PersonId, set[int]] = {}
    for number, person in (*holders.items(), *certain.items()):
        rows_of.setdefault(person, set()).add(number)
    cases = []
    for row in rows:
        found = tuple(by_row.get(row.number, ()))
        verdicts = {one.person: said for one in found if (said := judged.get((row.number, one.person)))}
        elsewhere = {
            one.person: others
            for one in found
            if (others := tuple(sorted(rows_of.get(one.person, set()) - {row.number})))
        }
        likely = certain.get(row.number)
        sure = likely is not None and times[likely] == 1 and likely not in elsewhere and likely not in verdicts
        stand = _stand(row.number in holders, sure, found, verdicts)
        cases.append(
            RowCase(
                row=row,
                stand=stand,
                proposals=found,
                held=holders.get(row.number),
                verdicts=verdicts,
                elsewhere=elsewhere,
            )
        )
    return tuple(cases)


def _stand(held: bool, sure: bool, found: tuple[Proposal, ...], verdicts: Mapping[PersonId, Verdict]) -> Stand:
    if held:
        return "same"
    if not found:
        return "nobody"
    if all(verdicts.get(one.person) == "different" for one in found):
        return "different"
    if "unsure" in verdicts.values():
        return "unsure"
    return "certain" if sure else "doubtful"


def _judged(list_id: ListId, states: Mapping[PersonId, ClearState]) -> dict[tuple[int, PersonId], Verdict]:
    return {
        (one.row, person): one.verdict
        for person, state in states.items()
        for one in state.verdicts
        if one.list == list_id
    }


def open_persons(case: RowCase) -> tuple[PersonId, ...]:
    """Whom a row that is not decided may yet turn out to be."""
    if case.held is not None:
        return ()
    return tuple(one.person for one in case.proposals if case.verdicts.get(one.person) != "different")


def _certain(found: list[Proposal]) -> PersonId | None:
    """The one person a row is beyond doubt: the only strong proposal, and no other has its document, or, where no
    document speaks, its name without a document or birth date that tells them apart."""
    strong = [one for one in found if is_strong(one)]
    if len(strong) != 1:
        return None
    by_document = "same_document" in strong[0].reasons
    others = [one for one in found if one is not strong[0] and _rivals(one, by_document)]
    return None if others else strong[0].person


def _rivals(proposal: Proposal, by_document: bool) -> bool:
    told_apart = {"other_document", "other_birth"} & set(proposal.doubts)
    same_name = "same_name" in proposal.reasons and not told_apart
    return "same_document" in proposal.reasons or (same_name and not by_document)


def is_strong(proposal: Proposal) -> bool:
    """Whether two things that a list rarely has by chance say it: the same document and a name that agrees in every
    part, or the same name and the same day of birth. Anything against it makes it weak, as does a near name alone:
    brothers, twins and fathers have near ones."""
    said = set(proposal.reasons)
    if proposal.doubts:
        return False
    if "same_document" in said:
        return bool(said & {"same_name", "near_name"})
    return "same_name" in said and proposal.same_day


def reason_text(proposal: Proposal) -> str:
    """Why a row is held to be a person, for the record: the reasons, and what spoke against it."""
    said = ", ".join(one.replace("_", " ") for one in proposal.reasons) or "nothing but an officer's word"
    against = ", ".join(one.replace("_", " ") for one in proposal.doubts)
    return f"{said}; against: {against}" if against else said
