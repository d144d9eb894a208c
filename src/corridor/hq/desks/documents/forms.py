"""The short forms of a person's documents: what each asks for, and the order it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, get_args
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import PaperId, PermitId, PersonId, UserId
from corridor.base.moments import Moment, moment_of
from corridor.base.operation import PaperType, name_in
from corridor.hq.desks.door import fresh_id
from corridor.hq.desks.form import Chosen, Day, OrderForm, People, Text, When
from corridor.hq.served import served
from corridor.hq.templatetags.words import word
from corridor.journey.documents.events import PermitEnd
from corridor.journey.documents.rules import (
    DocumentOrder,
    DrawUpPaper,
    EndPermit,
    IssuePaper,
    RecordPaper,
    ReportMissing,
    StartPermit,
    VoidPaper,
)


def types() -> list[tuple[str, str]]:
    """The types of papers by their words."""
    return [(one, str(word(one))) for one in get_args(PaperType)]


def permits() -> list[tuple[str, str]]:
    """The operation's permits by their names."""
    language = get_language() or "en"
    return [(one.id, name_in(one.names, language)) for one in served().operation.permits]


def end_of(day: date | None) -> Moment | None:
    """The last minute of a day in the operation's zone: a paper is valid through its last day."""
    if day is None:
        return None
    return moment_of(datetime.combine(day, time(23, 59), ZoneInfo(served().operation.as_of_zone)))


class CaseForm(OrderForm):
    """A short form about one person; `ordered` makes its order."""

    def labels(self) -> Mapping[str, str]:
        """The label of each field, in the reader's language."""
        raise NotImplementedError

    def ordered(self, person: PersonId, by: UserId) -> DocumentOrder:
        """The order as filled in."""
        raise NotImplementedError

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        for name, label in self.labels().items():
            self.fields[name].label = label


class RecordForm(CaseForm):
    """A paper the person showed."""

    type = Chosen(types)
    issuer = Text(required=False, max_length=64)
    valid_until = Day(required=False)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"type": _("Paper"), "issuer": _("Issued by"), "valid_until": _("Valid until")}

    def ordered(self, person: PersonId, by: UserId) -> DocumentOrder:
        """The order as filled in."""
        filled = self.cleaned_data
        return RecordPaper(
            person=person,
            by=by,
            paper=PaperId(fresh_id("d")),
            type=filled["type"],
            issuer=filled["issuer"],
            valid_until=end_of(filled["valid_until"]),
        )


class DrawUpForm(CaseForm):
    """A paper to prepare; two citizens vouch for whoever has nothing with a photograph."""

    type = Chosen(types)
    valid_until = Day(required=False)
    witnesses = People(required=False)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"type": _("Paper"), "valid_until": _("Valid until"), "witnesses": _("Witnesses")}

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["witnesses"].help_text = _("Two citizens in the book who vouch, when no paper has a photograph.")

    def ordered(self, person: PersonId, by: UserId) -> DocumentOrder:
        """The order as filled in."""
        filled = self.cleaned_data
        return DrawUpPaper(
            person=person,
            by=by,
            paper=PaperId(fresh_id("d")),
            type=filled["type"],
            valid_until=end_of(filled["valid_until"]),
            witnesses=filled["witnesses"],
        )


class MissingForm(CaseForm):
    """A paper that is needed and not there."""

    type = Chosen(types)
    why = Text(required=False, max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"type": _("Paper"), "why": _("Reason")}

    def ordered(self, person: PersonId, by: UserId) -> DocumentOrder:
        """The order as filled in."""
        return ReportMissing(person=person, by=by, type=self.cleaned_data["type"], why=self.cleaned_data["why"])


class StartForm(CaseForm):
    """A permit whose hours begin."""

    permit = Chosen(permits)
    starts_at = When(required=False)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"permit": _("Permit"), "starts_at": _("Entered at")}

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["starts_at"].help_text = _("Leave it out for now.")

    def ordered(self, person: PersonId, by: UserId) -> DocumentOrder:
        """The order as filled in."""
        filled = self.cleaned_data
        return StartPermit(person=person, by=by, permit=filled["permit"], starts_at=filled["starts_at"])


class VoidForm(CaseForm):
    """Why a paper counts no more."""

    which = Text(max_length=64)
    why = Text(max_length=200)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"which": _("Paper"), "why": _("Reason")}

    def ordered(self, person: PersonId, by: UserId) -> DocumentOrder:
        """The order as filled in."""
        filled = self.cleaned_data
        return VoidPaper(person=person, by=by, paper=PaperId(filled["which"]), why=filled["why"])


class IssueForm(CaseForm):
    """A paper put into the person's hand."""

    which = Text(max_length=64)

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"which": _("Paper")}

    def ordered(self, person: PersonId, by: UserId) -> DocumentOrder:
        """The order as filled in."""
        return IssuePaper(person=person, by=by, paper=PaperId(self.cleaned_data["which"]))


class EndForm(CaseForm):
    """Why a permit's hours stop."""

    which = Text(max_length=64)
    why = Chosen(lambda: [(one, str(word(one))) for one in get_args(PermitEnd)])

    def labels(self) -> Mapping[str, str]:
        """The label of each field."""
        return {"which": _("Permit"), "why": _("Reason")}

    def ordered(self, person: PersonId, by: UserId) -> DocumentOrder:
        """The order as filled in."""
        filled = self.cleaned_data
        return EndPermit(person=person, by=by, permit=PermitId(filled["which"]), why=filled["why"])


FORMS: Mapping[str, type[CaseForm]] = {
    "record": RecordForm,
    "draw_up": DrawUpForm,
    "missing": MissingForm,
    "start": StartForm,
    "void": VoidForm,
    "issue": IssueForm,
    "end": EndForm,
}
"""The forms by what they do."""
