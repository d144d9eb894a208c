"""What a finding is: field facts that contradict a rule, with the people concerned and one thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corridor.base.ids import PersonId
from corridor.journey.reading import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Facts that stand and break a rule. The facts are never refused for it; somebody is asked to act.

    `code` is the rule's name, `persons` everybody concerned, sorted; `says` is one sentence with the facts and ids,
    never names of people, and `remedy` is one thing to do; `data` carries the facts by name, so that a page can say the
    same in another language from the templates of the `FindingKind`.
    """

    code: str
    persons: tuple[PersonId, ...]
    says: str
    remedy: str
    data: Mapping[str, object] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        assert self.persons == tuple(sorted(set(self.persons))), "the persons of a finding are sorted and named once"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One row of the catalogue of findings: its code and the templates (`str.format`) of its two sentences.

    Every template may use `{persons}` (their ids with commas); the other names are the kind's own facts.
    """

    code: str
    says: str
    remedy: str

    def __call__(self, persons: Iterable[PersonId], **facts: object) -> Finding:
        """The finding about these people; every name in the templates must be given."""
        concerned = tuple(sorted(set(persons)))
        named = {**facts, "persons": ", ".join(concerned)}
        says, remedy = self.says.format(**named), self.remedy.format(**named)
        return Finding(code=self.code, persons=concerned, says=says, remedy=remedy, data=named)


UNREADABLE_RECORD = FindingKind(
    "unreadable_record",
    "The record {event} cannot be read: {why}",
    "Ask whoever recorded it, and correct it with a new record.",
)
"""A finding of every stage, told to whoever reads the stage of the record."""


def unreadable_records(persons: Iterable[PersonId], unreadable: Iterable[Unreadable]) -> tuple[Finding, ...]:
    """A finding for every record about these people that could not be read."""
    concerned = tuple(persons)
    return tuple(UNREADABLE_RECORD(concerned, event=item.event, why=item.refusal.says) for item in unreadable)
