"""What was said about a person's clearance, and which lists came in, from events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from corridor.base.ids import AuthorityId, EventId, ListId, PersonId
from corridor.base.moments import Moment
from corridor.journey.clear import events as happened
from corridor.journey.clear.events import CheckResult, Verdict
from corridor.journey.reading import Unreadable, by_name, read
from corridor.ledger.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStatement:
    """What is known of a list without its rows; `at` is the list's time: when headquarters received it."""

    list: ListId
    authority: AuthorityId
    for_date: date
    at: Moment
    source: str
    sha256: str
    rows: int
    last_row: int
    valid_until: Moment | None  # None: the list does not say
    replaces: ListId | None  # None: no earlier edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The lists that came in; `clashes` are events that give a list's id to another list: the first one stands."""

    statements: Mapping[ListId, ListStatement]
    clashes: tuple[EventId, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """That a row of a list is the person; `unlisted_at` None: it still is."""

    list: ListId
    row: int
    reason: str
    valid_from: Moment | None  # None: from the list's time
    valid_until: Moment | None  # None: as long as the list
    matched_at: Moment
    unlisted_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVerdict:
    """That an officer does not hold a row to be the person: `different`, or `unsure`."""

    list: ListId
    row: int
    verdict: Verdict
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRefusal:
    """That an authority said no."""

    authority: AuthorityId
    why: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The last result of one check."""

    check: str
    against: str
    result: CheckResult
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearState:
    """One person in clearance: everything said, so that the standing at any moment can be worked out."""

    listings: tuple[Listing, ...] = ()  # by the time of their matching
    verdicts: tuple[RowVerdict, ...] = ()  # the last of each row; one taken back is not here
    refusals: tuple[AuthorityRefusal, ...] = ()  # by time
    checks: tuple[Check, ...] = ()  # one of each, by check and what it was against
    unreadable: tuple[Unreadable, ...] = ()

    def check_result(self, check: str, against: str) -> CheckResult:
        """The last result of a check. One that nobody made is `not_checked`, which never means clear."""
        found = next((one for one in self.checks if (one.check, one.against) == (check, against)), None)
        return "not_checked" if found is None else found.result


_KINDS = by_name(happened.KINDS)
_LISTS = by_name((happened.LIST_RECEIVED,))


def fold_lists(events: Iterable[Event]) -> Lists:
    """The lists that came in, from their events: a pure function of the set."""
    unreadable: list[Unreadable] = []
    statements: dict[ListId, ListStatement] = {}
    clashes: list[EventId] = []
    for event, body in read(events, _LISTS, unreadable):
        statement = ListStatement(
            list=body.list,
            authority=body.authority,
            for_date=date.fromisoformat(body.for_date),
            at=event.corrected_at,
            source=body.source,
            sha256=body.sha256,
            rows=body.rows,
            last_row=body.rows if body.last_row is None else body.last_row,
            valid_until=body.valid_until,
            replaces=body.replaces,
        )
        first = statements.setdefault(body.list, statement)
        if (first.sha256, first.authority, first.for_date) != (body.sha256, body.authority, statement.for_date):
            clashes.append(event.id)
    return Lists(statements=statements, clashes=tuple(clashes), unreadable=tuple(unreadable))


def fold(events: Iterable[Event]) -> ClearState:
    """Where one person stands with the authorities, from everything that names them: a pure function of the set."""
    unreadable: list[Unreadable] = []
    listings: list[Listing] = []
    verdicts: dict[tuple[ListId, int], RowVerdict] = {}
    refusals: list[AuthorityRefusal] = []
    checks: dict[tuple[str, str], Check] = {}
    for event, body in read(events, _KINDS, unreadable):
        at = event.corrected_at
        match body:
            case happened.Listed():
                # A row matched again says the latest about its reason and validity; it does not list the person twice.
                listings = [one for one in listings if not _holds(one, body.list, body.row)]
                listings.append(
                    Listing(
                        list=body.list,
                        row=body.row,
                        reason=body.reason,
                        valid_from=body.valid_from,
                        valid_until=body.valid_until,
                        matched_at=at,
                    )
                )
            case happened.Unlisted():
                listings = [
                    replace(one, unlisted_at=at) if _holds(one, body.list, body.row) else one for one in listings
                ]
            case happened.RowJudged():
                verdicts.pop((body.list, body.row), None)
                if body.verdict != "open":
                    verdicts[body.list, body.row] = RowVerdict(
                        list=body.list, row=body.row, verdict=body.verdict, at=at
                    )
            case happened.ClearanceRefused():
                refusals.append(AuthorityRefusal(authority=body.authority, why=body.why, at=at))
            case happened.CheckMade():
                made = Check(check=body.check, against=body.against, result=body.result, at=at)
                checks[body.check, body.against] = made
            case happened.ListReceived():
                pass  # a list is about nobody; an event that names people all the same says nothing about them
            case _:
                raise AssertionError(f"no rule for {event.kind}")
    return ClearState(
        listings=tuple(listings),
        verdicts=tuple(verdicts.values()),
        refusals=tuple(refusals),
        checks=tuple(checks[key] for key in sorted(checks)),
        unreadable=tuple(sorted(unreadable, key=lambda one: one.event)),
    )


def _holds(listing: Listing, list_id: ListId, row: int) -> bool:
    return (listing.list, listing.row) == (list_id, row) and listing.unlisted_at is None


def persons_by_list(states: Mapping[PersonId, ClearState]) -> Mapping[ListId, frozenset[PersonId]]:
    """Who is on each list, by the rows held to be them."""
    found: dict[ListId, set[PersonId]] = {}
    for person, state in states.items():
        for listing in state.listings:
            if listing.unlisted_at is None:
                found.setdefault(listing.list, set()).add(person)
    return {list_id: frozenset(persons) for list_id, persons in found.items()}
