"""The evening run of one day: its lists, split families, who is ready, who cannot be reached, what to expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import AuthorityId, PersonId
from corridor.base.moments import Moment, datetime_of
from corridor.base.operation import Authority, Leg, name_in
from corridor.hq.desks.clear.lists import RowsOfList, lists_for, rows_of_list
from corridor.hq.desks.clear.matched import cases_of
from corridor.hq.served import Served
from corridor.journey.board.board import Board
from corridor.journey.clear.differences import SplitGroup, split_groups
from corridor.journey.clear.evening.cases import RowCase, open_persons
from corridor.journey.clear.standing import Standing
from corridor.journey.clear.yields import Expected, expected
from corridor.journey.cross.state import Call

TO_DECIDE = ("doubtful", "unsure")
SHARES = ("same", "certain", "doubtful", "unsure", "different", "nobody")
"""How rows can stand, in the order in which a list's bar shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOfDay:
    """One list beside our people."""

    authority: Authority
    received: RowsOfList
    cases: tuple[RowCase, ...]

    @property
    def id(self) -> str:
        """The list's id."""
        return self.received.statement.list

    @property
    def counts(self) -> Counter[str]:
        """How many rows stand how."""
        return Counter(case.stand for case in self.cases)

    @property
    def to_decide(self) -> int:
        """Rows that wait for a human."""
        return sum(self.counts[stand] for stand in TO_DECIDE)

    @property
    def certain(self) -> int:
        """Rows that can be accepted in one go."""
        return self.counts["certain"]

    @property
    def bar(self) -> list[tuple[str, int, str, str]]:
        """How rows stand: word, number, and start and width in percent as an SVG writes them; empty ones left out."""
        before, found, counts = 0, [], self.counts
        for stand in SHARES:
            if counts[stand]:
                parts = (100 * before / len(self.cases), 100 * counts[stand] / len(self.cases))
                found.append((stand, counts[stand], *(f"{part:.3f}" for part in parts)))
            before += counts[stand]
        return found  # type: ignore[return-value]


class Evening:
    """The evening before `day`. Worked out part by part, when first asked, from one board."""

    def __init__(self, request: HttpRequest, headquarters: Served, board: Board, day: date) -> None:
        self.request = request
        self.headquarters = headquarters
        self.board = board
        self.day = day

    @cached_property
    def lists(self) -> tuple[ListOfDay, ...]:
        """The day's lists, with how each row stands."""
        authorities = {one.id: one for one in self.board.operation.authorities}
        found = []
        for statement in lists_for(self.board, self.day):
            received = rows_of_list(self.headquarters, statement)
            cases = cases_of(self.request, self.headquarters, self.board, received)
            found.append(ListOfDay(authority=authorities[statement.authority], received=received, cases=cases))
        return tuple(found)

    @property
    def awaited(self) -> tuple[Authority, ...]:
        """The authorities of which no list for the day has come in."""
        there = {one.authority.id for one in self.lists}
        return tuple(one for one in self.board.operation.authorities if one.id not in there)

    @cached_property
    def leg(self) -> Leg | None:
        """The leg that the lists let people pass: the first with a rule; None: no leg asks for clearance."""
        rules = self.board.operation.clearance_rules
        return self.board.operation.leg(rules[0].for_leg) if rules else None

    @cached_property
    def gone(self) -> Set[PersonId]:
        """Who needs no list any more: out, or at an end."""
        return self.board.people("registered") - self.board.people("applications_open")

    @cached_property
    def listed(self) -> frozenset[PersonId]:
        """Our people on any of the day's lists who have not left."""
        by_list = self.board.everybody.listed_on
        on_any = (by_list.get(one.received.statement.list, frozenset()) for one in self.lists)
        return frozenset().union(*on_any) - self.gone

    @cached_property
    def groups(self) -> tuple[frozenset[PersonId], ...]:
        """The travel groups of whoever is listed, without those who left."""
        group_of = self.board.everybody.group_of.all
        theirs = {group_of[person] for person in self.listed if person in group_of}
        return tuple(group - self.gone for group in sorted(theirs, key=min))

    @cached_property
    def standings(self) -> dict[PersonId, Standing]:
        """The clearance of everybody in these groups."""
        if self.leg is None:
            return {}
        everybody, leg = self.board.everybody, self.leg.id
        asked = ((person, everybody.clearance(person, leg)) for group in self.groups for person in group)
        return {person: standing for person, standing in asked if standing is not None}

    @cached_property
    def minors(self) -> frozenset[PersonId]:
        """The children among them."""
        register = self.board.everybody.register
        return frozenset(person for group in self.groups for person in group if register[person].is_minor)

    def missing_from(self, person: PersonId, group: frozenset[PersonId]) -> tuple[AuthorityId, ...]:
        """The authorities that list others of the group for the day and, having a say, do not list this person."""
        standing = self.standings.get(person)
        silent = set() if standing is None else {one.authority for one in standing.words if one.word != "listed"}
        return tuple(authority for authority in self._listing(group) if authority in silent)

    def _listing(self, group: frozenset[PersonId]) -> tuple[AuthorityId, ...]:
        return tuple(dict.fromkeys(one.authority.id for one in self.lists if self._held[one.id] & group))

    @cached_property
    def _held(self) -> dict[str, frozenset[PersonId]]:
        rows = self.board.everybody.rows_held
        return {one.id: frozenset(rows.get(one.received.statement.list, {}).values()) for one in self.lists}

    @cached_property
    def splits(self) -> tuple[SplitGroup, ...]:
        """The groups that the day's lists split, most children left out first."""
        whole = {person for group in self.groups for person in group if not self.missing_from(person, group)}
        return split_groups(whole, self.groups, self.minors, self.gone)

    @cached_property
    def perhaps(self) -> dict[PersonId, tuple[tuple[ListOfDay, int], ...]]:
        """The rows not yet decided that somebody is the likeliest for."""
        found: dict[PersonId, tuple[tuple[ListOfDay, int], ...]] = {}
        for one in self.lists:
            for case in one.cases:
                likeliest = next((who for who in open_persons(case) if who not in case.elsewhere), None)
                if likeliest is not None:
                    found[likeliest] = (*found.get(likeliest, ()), (one, case.row.number))
        return found

    @cached_property
    def still_cleared(self) -> tuple[frozenset[PersonId], ...]:
        """The groups on none of the day's lists that earlier lists let pass as a whole, and who have not left."""
        everybody, leg = self.board.everybody, self.leg
        if leg is None:
            return ()
        known = {person for person, state in everybody.clear.items() if state.listings} - self.gone - self.listed
        groups = (group - self.gone for group in everybody.groups if group & known and not group & self.listed)
        clearances = ((group, [everybody.clearance(person, leg.id) for person in group]) for group in groups)
        return tuple(group for group, all_ in clearances if all(one and one.value == "cleared" for one in all_))

    @cached_property
    def planned(self) -> tuple[frozenset[PersonId], ...]:
        """The groups that an issued plan calls on the day, are cleared as a whole and have not left."""
        everybody, leg = self.board.everybody, self.leg
        if leg is None:
            return ()
        called = {person for person in everybody.cross if self.planned_at(person) is not None} - self.gone
        groups = {everybody.group_of[person] - self.gone for person in called if person in everybody.group_of}
        clearances = ((group, [everybody.clearance(person, leg.id) for person in group]) for group in groups)
        return tuple(
            sorted(
                (group for group, all_ in clearances if all(one and one.value == "cleared" for one in all_)), key=min
            )
        )

    @cached_property
    def ready(self) -> tuple[frozenset[PersonId], ...]:
        """The groups that are cleared as a whole."""
        return tuple(group for group in self.groups if all(self._cleared(person) for person in group))

    @cached_property
    def taken_back(self) -> tuple[frozenset[PersonId], ...]:
        """The groups that are ready and were called for the day, and whose call was taken back since."""
        return tuple(group for group in self.ready if any(self._taken_back(person) for person in group))

    @property
    def to_call(self) -> tuple[frozenset[PersonId], ...]:
        """The groups that are ready and to be called: all but those whose call was taken back."""
        return tuple(group for group in self.ready if group not in self.taken_back)

    def _taken_back(self, person: PersonId) -> bool:
        """Whether somebody was called for the day, and no call for it stands."""
        state = self.board.everybody.cross.get(person)
        called = state is not None and any(call.for_date == self.day for call in state.calls)
        return called and not self._calls_for_day(person)

    def _cleared(self, person: PersonId) -> bool:
        standing = self.standings.get(person)
        return standing is None or standing.value == "cleared"

    @property
    def waiting(self) -> tuple[frozenset[PersonId], ...]:
        """The groups that no list splits and that are not cleared either."""
        split = {frozenset((*one.listed, *one.left_out)) for one in self.splits}
        return tuple(group for group in self.groups if group not in split and group not in self.ready)

    def reach(self, group: frozenset[PersonId]) -> str:
        """Whether a group can be told: ``yes``, ``no_contact`` (none is known) or ``not_reached`` (all were tried)."""
        register = self.board.everybody.register
        marks = [mark for person in group for mark in register[person].contacts]
        if not marks:
            return "no_contact"
        return "yes" if any(mark.reachable is not False for mark in marks) else "not_reached"

    @cached_property
    def unreachable(self) -> tuple[tuple[frozenset[PersonId], str], ...]:
        """The groups that are listed and cannot be told, and why."""
        return tuple((group, reach) for group in self.groups if (reach := self.reach(group)) != "yes")

    @cached_property
    def expected(self) -> Expected | None:
        """How many will cross, from the operation's own yield; None: too few days are known."""
        return expected(len(self.listed), self.board.everybody.yields, self.day)

    def called(self, person: PersonId) -> bool:
        """Whether somebody was told to come on the day: where a plan calls them for another hour, since then."""
        calls = self._calls_for_day(person)
        plan = next((call for call in reversed(calls) if not call.told), None)
        told = [call for call in calls if call.told]
        return any(plan is None or one.at >= plan.at or one.there_at in (None, plan.there_at) for one in told)

    def planned_at(self, person: PersonId) -> Moment | None:
        """When the last issued plan calls somebody on the day; None: none does."""
        return next((call.there_at for call in reversed(self._calls_for_day(person)) if not call.told), None)

    def _calls_for_day(self, person: PersonId) -> list[Call]:
        state = self.board.everybody.cross.get(person)
        return [] if state is None else [call for call in state.standing_calls if call.for_date == self.day]


def asked_day(text: str | None, headquarters: Served) -> date:
    """The day of the address, tomorrow in the operation's zone unless it says. Raises Http404 for what is no day."""
    if text:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Http404(_("This is no day of the calendar.")) from None
    return datetime_of(headquarters.now(), headquarters.operation.as_of_zone).date() + timedelta(days=1)


def days_offered(board: Board, day: date, tomorrow: date) -> list[date]:
    """Days an officer may want to turn to: the one shown, tomorrow, and the last five with a list."""
    known = sorted({one.for_date for one in board.everybody.lists.statements.values()})
    return sorted({day, tomorrow, *known[-5:]})


def authority_name(board: Board, authority: str, language: str | None = None) -> str:
    """An authority's name in a language, the reader's unless given."""
    names = {one.id: one.names for one in board.operation.authorities}
    found = names.get(AuthorityId(authority))
    return authority if found is None else name_in(found, language or get_language() or "en")
