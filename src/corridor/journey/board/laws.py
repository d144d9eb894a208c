"""Whether the laws of the journey hold on a board: figures add up and equal their sets, parties are not split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from corridor.journey.arrive.findings import GROUP_APART as SHELTERED_APART
from corridor.journey.board.board import FIGURES, Board
from corridor.journey.move.findings import GROUP_APART as SEATED_APART
from corridor.ledger.verify import Breach


def verify_figures(board: Board) -> Iterator[Breach]:
    """Yield whatever does not hold of laws 1 and 8 at the board's `(at, known)`."""
    registered = board.people("registered")
    seen = Counter(person for code in board.addends for person in board.people(code))
    for person in sorted(registered - seen.keys()):
        yield Breach(1, f"{person} is in the book and in no figure.")
    for person in sorted(seen.keys() - registered):
        yield Breach(1, f"{person} is in a figure and not in the book.")
    for person, times in sorted(seen.items()):
        if times > 1:
            codes = ", ".join(code for code in board.addends if person in board.people(code))
            yield Breach(1, f"{person} is counted {times} times: {codes}.")
    for code in FIGURES:
        strangers = board.people(code) - registered
        if strangers:
            yield Breach(8, f"{code} opens into {len(strangers)} people who are not in the book.")
    for name, counted in (
        ("account", board.by_account()),
        ("citizenship", board.by_citizenship()),
        ("stage", board.by_stage()),
    ):
        if sum(counted.values()) != len(registered):
            yield Breach(8, f"By {name} {sum(counted.values())} people are counted; {len(registered)} are in the book.")


def verify_parties(board: Board) -> Iterator[Breach]:
    """Yield every movement and shelter that split a party without its waiver (law 7), up to the board's `at`."""
    for finding in board.findings():
        if finding.code in (SEATED_APART.code, SHELTERED_APART.code):
            yield Breach(7, finding.says)
