"""How the board reads in a terminal: figures, tables by account, citizenship and stage, and the moment's story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corridor.base.ids import AccountId, MovementId, PlaceId
from corridor.base.moments import Moment
from corridor.base.operation import name_in
from corridor.journey.board.board import Board
from corridor.journey.board.movements import next_departures
from corridor.ledger.accounts import parts, place_account
from corridor.report.claims import Compared
from corridor.report.figures import LedgerStamp, figure_name, figures, own_source
from corridor.report.words import Words

FINDINGS_SHOWN_MAX = 10
"""Discrepancies shown in a terminal; the rest are counted."""


def board_text(board: Board, claims: Sequence[Compared], words: Words, stamp: LedgerStamp) -> str:
    """The board as text, ending in a line break."""
    return "\n".join(_BoardText(board, words).lines(claims, stamp)) + "\n"


class _BoardText:
    """One board being written."""

    def __init__(self, board: Board, words: Words) -> None:
        self.board = board
        self.words = words

    def lines(self, claims: Sequence[Compared], stamp: LedgerStamp) -> Iterator[str]:
        board, words = self.board, self.words
        yield f"{board.operation.name} at {self.time(board.at)}, by what was known at {self.time(board.known)}"
        yield f"Source: {own_source(board, words, stamp)}"
        yield ""
        yield from table((figure.name, figure.value) for figure in figures(board, words, stamp))
        sizes = {code: len(board.people(code)) for code in ("registered", *board.addends)}
        yield f"  {' + '.join(str(sizes[code]) for code in board.addends)} = {sizes['registered']}"
        for title, counted in (
            ("By account", self.accounts()),
            ("By citizenship", board.by_citizenship().items()),
            ("By furthest stage", board.by_stage().items()),
        ):
            yield ""
            yield title
            yield from table(counted)
        yield from self.story()
        yield from self.claims(claims)
        yield from self.findings()

    def story(self) -> Iterator[str]:
        """What is moving, what leaves next, what is in the way."""
        board = self.board
        yield ""
        yield "Movements"
        aboard = [ride for ride in board.movements if ride.people]
        for ride in aboard:
            left = "has not left" if ride.departed_at is None else f"left {self.time(ride.departed_at)}"
            arrived = f", arrived {self.time(ride.arrived_at)}" if ride.arrived_at is not None else ""
            way = f"{self.place(ride.source)} to {self.place(ride.target)}"
            yield f"  {ride.name}, {way}: {len(ride.people)} aboard, {left}{arrived}"
        if not aboard:
            yield "  Nobody is aboard anything."
        departures = next_departures(board.movements)
        for ride in departures:
            way = f"{self.place(ride.source)} to {self.place(ride.target)}"
            when = "time not known" if ride.departs_at is None else self.time(ride.departs_at)
            yield f"  Next departure: {ride.name}, {way}, {when}, {len(ride.planned)} planned"
        if not departures:
            yield "  Next departure: not known."
        for hazard in board.hazards:
            where = hazard.place or hazard.leg or "everywhere"
            span = f"since {self.time(hazard.span.start)}, until {self.time(hazard.span.until)}"
            yield f"  In the way: {hazard.type.replace('_', ' ')} at {where} {span}"

    def claims(self, claims: Sequence[Compared]) -> Iterator[str]:
        """What others said in the last day, and about times ahead."""
        yield ""
        yield "Claims by others"
        for compared in claims:
            claim = compared.claim
            value = "not known" if claim.value is None else f"{claim.value:,}"
            yield f"  {claim.said_by}, {self.time(claim.said_at)}: {claim.definition}: {value}, {claim.certainty}"
            if compared.difference is not None and not compared.agrees:
                yield f"    our own figure for that day: {compared.own:,}; differs by {compared.difference:+,}"
        if not claims:
            yield "  None in the day before."

    def findings(self) -> Iterator[str]:
        found = self.board.findings()
        yield ""
        yield f"Discrepancies: {len(found)}"
        for finding in found[:FINDINGS_SHOWN_MAX]:
            yield f"  {finding.says} {finding.remedy}"
        if len(found) > FINDINGS_SHOWN_MAX:
            yield f"  and {len(found) - FINDINGS_SHOWN_MAX} more"

    def accounts(self) -> list[tuple[str, int]]:
        """People by account: places from left to right, what moves, the ends, suspense."""
        places = {place_account(place.id): turn for turn, place in enumerate(self.board.operation.places)}
        ranks = {"place": 0, "aboard": 1, "end": 2, "suspense": 3, "merged": 4, "outside": 5}

        def turn(item: tuple[AccountId, int]) -> tuple[int, int, str]:
            account = item[0]
            return (ranks[parts(account).type], places.get(account, len(places)), account)

        return [
            (self.account(account), number) for account, number in sorted(self.board.by_account().items(), key=turn)
        ]

    def account(self, account: AccountId) -> str:
        """An account for people: the place's name, the movement's name, or the end."""
        type_, name = parts(account)
        if type_ == "place":
            return self.place(PlaceId(name))
        if type_ == "aboard":
            names = {ride.movement: ride.name for ride in self.board.movements}
            return f"aboard {names.get(MovementId(name), name)}"
        return figure_name(name or type_, self.words)

    def place(self, place: PlaceId | None) -> str:
        if place is None:
            return "not known"
        if not self.board.operation.has_place(place):
            return place
        return name_in(self.board.operation.place(place).names, "en")

    def time(self, moment: Moment | None) -> str:
        if moment is None:
            return "not known"
        return self.words.time(moment, self.board.operation.as_of_zone)


def table(rows: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Names and numbers in two columns, numbers to the right."""
    shown = [(name.replace("_", " "), number) for name, number in rows]
    width = max((len(name) for name, _ in shown), default=0)
    for name, number in shown:
        yield f"  {name:<{width}}  {number:>7,}"
