"""Which operation this process serves, and its boards at the two clocks, kept while the ledger does not grow."""

from __future__ import annotations

import gc
import os
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import psycopg

from corridor.base.ids import PersonId
from corridor.base.limits import BOARDS_KEPT_MAX
from corridor.base.moments import DAY_MS, HOUR_MS, Moment, parse_moment
from corridor.base.operation import Operation
from corridor.base.refusal import Refusal
from corridor.hq.erasing import erase_forgotten
from corridor.hq.kept import operation_name
from corridor.journey.board.board import Board
from corridor.journey.reconcile.open import open_discrepancies
from corridor.journey.register.code import read_code
from corridor.journey.roster.wristband import PREFIX as SIGNED
from corridor.journey.roster.wristband import read_wristband
from corridor.ledger.book.view import View
from corridor.opening import OpenOperation, open_operation

BOARD_NOW_MS = 10_000
"""How old the board of a desk may be by the clock, as long as nothing was recorded: a live region asks as often."""


class Served:
    """An open operation with its boards. One for each process, shared by the threads that answer requests."""

    def __init__(self, opened: OpenOperation, practice_from: Moment | None = None, speed: int = 1) -> None:
        """`practice_from`: headquarters' clock starts then instead of now, and runs `speed` times as fast as this
        machine's; None: it is the clock of this machine."""
        self.opened = opened
        self.practice_from = practice_from
        self._speed = speed
        self._began = _machine_now()
        self._latest: tuple[tuple[int, int], Board] | None = None
        self._boards: OrderedDict[tuple[Moment, Moment, tuple[int, int]], Board] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    @property
    def operation(self) -> Operation:
        """The operation as its file is in force now."""
        now = self.now()
        return self.opened.operation_at(now, now)

    def now(self) -> Moment:
        """Headquarters' clock: this machine's, or the one of the practice, which runs on from where it started."""
        if self.practice_from is None:
            return _machine_now()
        return Moment(self.practice_from + (_machine_now() - self._began) * self._speed)

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever the ledger has grown; costs nothing to ask."""
        return self.opened.book.columns.version

    def read_code(self, text: str) -> PersonId | Refusal:
        """The person of a card or wristband as scanned or typed, the signed code or the short one."""
        if text.strip().upper().startswith(f"{SIGNED}/"):
            band = read_wristband(self.opened.writer.root_key, self.operation.name, text)
            return band if isinstance(band, Refusal) else band.person
        return read_code(self.operation.name, text)

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
        """Where a page starts that is not told when: now, or the end of an operation that is over.

        Now is that of `board_now`: what was recorded a second ago is there, and everybody's pages share one board.
        """
        now, end = self.now(), self.span[1]
        return end if now > end else self.board_now().at

    def board(self, at: Moment, known: Moment) -> Board:
        """The board at the two clocks; built once for each pair and size of the ledger, the least used forgotten."""
        book = self.opened.book  # before the lock: it may wait for the writer, who may be waiting for a board
        with self._one_at_a_time:
            columns = book.columns
            # Whatever was received by now is all there is, so every later `known` gives the same board.
            newest = max(columns.batches.known_at, default=0)
            key = (at, Moment(min(known, newest)), columns.version)
            found = self._boards.get(key)
            if found is None:
                operation = self.opened.operation_at(at, known)
                # Boards of a smaller ledger are asked for by nobody any more: every key ends with today's version.
                for stale in [kept for kept in self._boards if kept[2] != key[2]]:
                    del self._boards[stale]
                found = self._boards[key] = Board(operation, View(book, at, known))
                if len(self._boards) > BOARDS_KEPT_MAX:
                    self._boards.popitem(last=False)
            self._boards.move_to_end(key)
            return found

    def board_now(self) -> Board:
        """The board as it is now, for desks and for the door: never older than the ledger, and at most ten seconds
        older than the clock, so that everybody's work shares one board."""
        now, version, latest = self.now(), self.version, self._latest
        if latest is not None and latest[0] == version and 0 <= now - latest[1].at < BOARD_NOW_MS:
            return latest[1]
        board = self.board(now, now)
        self._latest = (version, board)
        return board

    def get_ready(self) -> None:
        """Fold everybody once, beside the first requests, so that no desk has to wait for it; later boards fold only
        what is new. Whoever was forgotten when the last process ended is erased now. What is folded then stays: the
        collector of garbage need not look through it while it grows, nor ever again."""
        gc.disable()
        try:
            with suppress(sqlite3.Error, psycopg.Error):  # closed while it was being read
                board = self.board_now()
                for states in board.everybody.stages():
                    _ = states.all
                open_discrepancies(board)
                if self.opened.records:
                    erase_forgotten(self.opened, board.view)
            gc.collect()
            gc.freeze()
            gc.collect()  # of nothing: the collector goes by how much it found the last time
        finally:
            gc.enable()


def _machine_now() -> Moment:
    return Moment(time.time_ns() // 1_000_000)


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
            speed = int(os.environ.get("CORRIDOR_PRACTICE_SPEED") or 1)
            _served = Served(opened, practice_start(opened, os.environ), speed)
            threading.Thread(target=_served.get_ready, name="getting ready", daemon=True).start()
        return _served


def practice_start(opened: OpenOperation, environ: Mapping[str, str]) -> Moment | None:
    """When the clock of a practice starts: at CORRIDOR_PRACTICE, or after what a practice that was kept has recorded;
    None when this is no practice."""
    asked = environ.get("CORRIDOR_PRACTICE")
    return None if not asked else Moment(max(parse_moment(asked), opened.book.last_received_at()))


def serve(opened: Any, practice_from: Moment | None = None) -> Served:
    """Serve an operation that is open already."""
    global _served
    with _opening:
        _served = Served(opened, practice_from)
        return _served
