"""Which operation this process serves, and its boards at the two clocks, kept while the ledger does not grow."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from typing import Any

from corridor.base.limits import BOARDS_KEPT_MAX
from corridor.base.moments import DAY_MS, HOUR_MS, MINUTE_MS, Moment
from corridor.base.operation import Operation
from corridor.base.refusal import Refusal
from corridor.hq.kept import operation_name
from corridor.journey.board import Board
from corridor.opening import OpenOperation, open_operation


class Served:
    """An open operation with its boards. One for each process, shared by the threads that answer requests."""

    def __init__(self, opened: OpenOperation) -> None:
        self.opened = opened
        self._boards: OrderedDict[tuple[Moment, Moment, tuple[int, int]], Board] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    @property
    def operation(self) -> Operation:
        """The operation as its file describes it."""
        return self.opened.operation

    @staticmethod
    def now() -> Moment:
        """The clock of this machine."""
        return Moment(time.time_ns() // 1_000_000)

    @property
    def span(self) -> tuple[Moment, Moment]:
        """From where to where the slider goes, in whole hours: the operation's span, where it is not known from the
        first record to now."""
        started, ends = self.operation.started, self.operation.ends
        if started is None:
            recorded = self.opened.book.sorted().at
            started = Moment(int(recorded.min())) if len(recorded) else Moment(self.now() - DAY_MS)
        ends = max(ends if ends is not None else self.now(), Moment(started + HOUR_MS))
        return Moment(started // HOUR_MS * HOUR_MS), Moment(-(-ends // HOUR_MS) * HOUR_MS)

    def default_at(self) -> Moment:
        """Where a page starts that is not told when: now, or the end of an operation that is over; whole minutes."""
        return Moment(min(self.now(), self.span[1]) // MINUTE_MS * MINUTE_MS)

    def board(self, at: Moment, known: Moment) -> Board:
        """The board at the two clocks; built once for each pair and size of the ledger, the least used forgotten."""
        with self._one_at_a_time:
            columns = self.opened.book.columns
            # Whatever was received by now is all there is, so every later `known` gives the same board.
            newest = max(columns.batches.known_at, default=0)
            key = (at, Moment(min(known, newest)), columns.version)
            found = self._boards.get(key)
            if found is None:
                found = self._boards[key] = Board(self.operation, self.opened.view(at, known))
                if len(self._boards) > BOARDS_KEPT_MAX:
                    self._boards.popitem(last=False)
            self._boards.move_to_end(key)
            return found


_served: Served | None = None
_opening = threading.Lock()


def served() -> Served:
    """What this process serves; opened at the first request from CORRIDOR_OPERATION."""
    global _served
    with _opening:
        if _served is None:
            opened = open_operation(operation_name(os.environ), os.environ)
            if isinstance(opened, Refusal):
                raise RuntimeError(str(opened))
            _served = Served(opened)
        return _served


def serve(opened: Any) -> Served:
    """Serve an operation that is open already."""
    global _served
    with _opening:
        _served = Served(opened)
        return _served
