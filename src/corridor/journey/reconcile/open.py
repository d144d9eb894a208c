"""Which discrepancies are open: the book's own and what the stages find, each with a name, records, owner and age."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from corridor.base.ids import AccountId, EventId, MovementId, PersonId, UserId, parse_event_id
from corridor.base.moments import Moment, parse_moment
from corridor.journey.arrive.findings import CATALOGUE as ARRIVE
from corridor.journey.board.board import Board
from corridor.journey.care.findings import CATALOGUE as CARE
from corridor.journey.catalogue import KINDS
from corridor.journey.clear.findings import CATALOGUE as CLEAR
from corridor.journey.cross.findings import CATALOGUE as CROSS
from corridor.journey.cross.findings import PARTY_SPLIT
from corridor.journey.documents.findings import CATALOGUE as DOCUMENTS
from corridor.journey.findings import UNREADABLE_RECORD, Finding, FindingKind
from corridor.journey.move.findings import CATALOGUE as MOVE
from corridor.journey.register.findings import CATALOGUE as REGISTER
from corridor.ledger.book.discrepancies import Discrepancy
from corridor.ledger.book.marks import latest_about
from corridor.ledger.event import Event
from corridor.ledger.kinds import DISCREPANCY_ASSIGNED, DISCREPANCY_EXPLAINED

BOOK = "book"
"""Stands for the stage of a discrepancy that the ledger finds and no stage."""
CONFLICTS = ("two_places", "too_soon", "forked_record")
"""Codes whose people are in suspense until an officer judges every record."""

FINDING_KINDS: Mapping[str, tuple[str, FindingKind]] = {
    kind.code: (stage, kind)
    for stage, kinds in (
        ("register", REGISTER),
        ("clear", CLEAR),
        ("cross", CROSS),
        ("care", CARE),
        ("documents", DOCUMENTS),
        ("move", MOVE),
        ("arrive", ARRIVE),
    )
    for kind in kinds
}
"""Every finding by its code, with the stage that finds it."""

TEMPLATE = "template"
"""Among the facts of a discrepancy of the book: the row of its `SAYS` that says them."""

_SINCE_FACTS = ("at", "due_at", "review_at", "ends_at", "until")
_RECORD_FACTS = ("crossing", "event")
_RECORDS_SHOWN_MAX = 6
_IDS_KEPT_MAX = 65_536
"""Names of discrepancies that are remembered: of the largest operation's open ones, most are those of a moment ago."""
_KINDS_OF: Mapping[str, list[str]] = {
    stage: [name for name, kind in KINDS.items() if kind.stage == stage]
    for stage in {one.stage for one in KINDS.values()}
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDiscrepancy:
    """Something that contradicts and needs somebody.

    `id` is the same as long as it is the same contradiction; `records` are its sides, or for a finding the latest
    records of its stage about the people; `since` None: not known; `owner` None: nobody has taken it; `explained` is
    why it was accepted as it is, None: it is red. `data` are the facts by name, for another language.
    """

    id: str
    code: str
    stage: str
    says: str
    remedy: str
    persons: tuple[PersonId, ...]
    records: tuple[EventId, ...]
    account: AccountId | None
    since: Moment | None
    owner: UserId | None
    explained: str | None
    data: Mapping[str, object]


_found: WeakKeyDictionary[Board, tuple[OpenDiscrepancy, ...]] = WeakKeyDictionary()
_finding = threading.Lock()


def open_discrepancies(board: Board) -> tuple[OpenDiscrepancy, ...]:
    """Everything open on a board, red ones before explained ones, the oldest first, those of no known age last.

    The desk, its roll calls and the alarms ask about one board, which never changes: the first who asks works it out,
    and whoever asks meanwhile waits for it.
    """
    with _finding:
        found = _found.get(board)
        if found is None:
            found = _found[board] = _open(board)
        return found


def _open(board: Board) -> tuple[OpenDiscrepancy, ...]:
    owners = _said(board, DISCREPANCY_ASSIGNED, "owner")
    words = _said(board, DISCREPANCY_EXPLAINED, "why")
    found: dict[str, OpenDiscrepancy] = {}
    for id_, one in _all(board):
        owner, why = owners.get(id_), words.get(id_)
        found[id_] = _with(one, id_, None if owner is None else UserId(owner), why)
    never = float("inf")
    order = sorted(found.values(), key=lambda one: (one.explained is not None, one.since or never, one.code, one.id))
    return tuple(order)


@lru_cache(maxsize=_IDS_KEPT_MAX)
def id_of(code: str, *facts: object) -> str:
    """The name of a discrepancy: its code and a digest of the facts that make it the same one tomorrow."""
    return f"{code}-{hashlib.sha256(repr(facts).encode()).hexdigest()[:10]}"


def id_of_count(record: EventId) -> str:
    """The name of the difference between this head count and the book."""
    return id_of("count_differs", (str(record),), ())


def _all(board: Board) -> Iterator[tuple[str, OpenDiscrepancy]]:
    for discrepancy in board.discrepancies:
        yield _id(discrepancy), _of_book(discrepancy)
    of_stages = board.findings()[len(board.discrepancies) :]  # the first are the book's own, told with their records
    for finding, events in zip(of_stages, _records_of(board, of_stages), strict=True):
        # A split names who is left, and stays the same split while they come one by one.
        told = "" if finding.code == PARTY_SPLIT.code else finding.says
        yield id_of(finding.code, finding.persons, told), _of_stage(board, finding, events)


def _id(one: Discrepancy) -> str:
    if one.code == "count_differs":
        return id_of_count(one.records[0])
    if one.account is not None:
        return id_of(one.code, one.account)
    records = tuple(str(record) for record in one.records[:1])  # more records may join the same contradiction
    return id_of(one.code, records, one.persons if not records else (), one.since if not one.persons else 0)


def _of_book(one: Discrepancy) -> OpenDiscrepancy:
    return OpenDiscrepancy(
        id="",
        code=one.code,
        stage=BOOK,
        says=one.says,
        remedy=one.remedy,
        persons=tuple(sorted(set(one.persons))),
        records=one.records,
        account=one.account,
        since=one.since,
        owner=None,
        explained=None,
        data={**one.data, TEMPLATE: one.template},
    )


def _of_stage(board: Board, one: Finding, events: Sequence[Event]) -> OpenDiscrepancy:
    stage, _ = FINDING_KINDS[one.code]
    if one.code == UNREADABLE_RECORD.code and events and events[0].kind in KINDS:
        stage = KINDS[events[0].kind].stage  # as restricted as what could not be read
    since = next((moment for name in _SINCE_FACTS if (moment := _moment(one.data.get(name))) is not None), None)
    if since is None and not events and "movement" in one.data:
        since = board.view.movement(MovementId(str(one.data["movement"]))).departed_at
    return OpenDiscrepancy(
        id="",
        code=one.code,
        stage=stage,
        says=one.says,
        remedy=one.remedy,
        persons=one.persons,
        records=tuple(event.id for event in events),
        account=None,
        since=since if since is not None else max((event.corrected_at for event in events), default=None),
        owner=None,
        explained=None,
        data=one.data,
    )


def _records_of(board: Board, findings: Sequence[Finding]) -> list[list[Event]]:
    """The records behind each finding: those its facts name, else the latest of its stage about each person."""
    found = [_named(board, one) for one in findings]
    whom: dict[str, dict[PersonId, None]] = {}
    for one, named in zip(findings, found, strict=True):
        if not named:
            whom.setdefault(FINDING_KINDS[one.code][0], {}).update(dict.fromkeys(one.persons[:_RECORDS_SHOWN_MAX]))
    latest = {stage: latest_about(board.view, list(persons), _KINDS_OF[stage]) for stage, persons in whom.items()}
    keys = sorted({key for of_stage in latest.values() for key in of_stage.values()})
    events = dict(zip(keys, board.view.read(keys), strict=True))
    for one, named in zip(findings, found, strict=True):
        if not named:
            of_stage = latest[FINDING_KINDS[one.code][0]]
            last = dict.fromkeys(of_stage[person] for person in one.persons[:_RECORDS_SHOWN_MAX] if person in of_stage)
            named.extend(events[key] for key in last)
    return found


def _named(board: Board, one: Finding) -> list[Event]:
    """The records that the facts of a finding name."""
    named = []
    for fact in _RECORD_FACTS:
        if fact not in one.data:
            continue
        try:
            event = board.view.book.find(parse_event_id(str(one.data[fact])))
        except ValueError:
            continue
        named += [event] if event is not None else []
    return named


def _with(one: OpenDiscrepancy, id_: str, owner: UserId | None, explained: str | None) -> OpenDiscrepancy:
    return OpenDiscrepancy(
        id=id_,
        code=one.code,
        stage=one.stage,
        says=one.says,
        remedy=one.remedy,
        persons=one.persons,
        records=one.records,
        account=one.account,
        since=one.since,
        owner=owner,
        explained=explained,
        data=one.data,
    )


def _said(board: Board, kind: str, field: str) -> dict[str, str]:
    """The last word of this kind about each discrepancy; a body of the wrong shape says nothing."""
    found = {}
    for event in board.view.events((kind,)):
        id_, said = event.body.get("discrepancy"), event.body.get(field)
        if isinstance(id_, str) and isinstance(said, str):
            found[id_] = said
    return found


def _moment(fact: object) -> Moment | None:
    """A fact that is an instant, written or not; None: it is none."""
    if not isinstance(fact, str):
        return None
    try:
        return parse_moment(fact)
    except (ValueError, OverflowError):
        return None
