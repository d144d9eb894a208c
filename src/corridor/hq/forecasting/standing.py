"""Which forecast stands now? Kept by a thread that has futures walked when the book has grown, and never by a page."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from corridor.base.moments import HOUR_MS, Moment
from corridor.hq.forecasting.tasks import Ask, Prepare, Rank, Walk, Walks
from corridor.journey.board.board import Board
from corridor.journey.forecasting.answers import Answer, Ranked
from corridor.journey.forecasting.edits import SINGLE, Edits
from corridor.journey.forecasting.forecast import asked_of
from corridor.journey.forecasting.kept import issued_on, truth_on
from corridor.journey.forecasting.outlook import Outlook

_log = logging.getLogger("corridor.hq.forecast")

Version = tuple[int, int]
SEED = 1
LOOKED_SECONDS = 90.0
"""How long after somebody last looked a forecast is kept up to date."""
PAUSE_SECONDS = 20.0
PAUSE_TIMES = 15.0
"""Between two forecasts at least this many times what one took: the book may grow every second."""
AGE_MS = HOUR_MS
"""How old a forecast may be while nothing is recorded: time itself is news."""
AFTER_FAILING_SECONDS = 60.0
ANSWERS_KEPT = 200
ASKED_MOST = 20
"""Questions that wait for an answer; whoever waits still asks again."""
MOMENTS_KEPT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A forecast as it stands. `number` tells it from every other; `says` is why there is none (`outlook` None then),
    or walking it has `failed`.

    `ranking` are the single additions compared so far, `SINGLE` when all are.
    """

    number: int
    version: Version
    at: Moment
    outlook: Outlook | None
    says: str = ""
    failed: bool = False
    ranking: tuple[Ranked, ...] = ()


class Forecaster:
    """Keeps the forecast of one operation. Pages ask it and get what there is at once.

    `board_now` is the board that pages show now, `board_at` one of other clocks, `version` the ledger's;
    `issue` is told of every forecast that stands, to issue one a day. `clock` counts seconds.
    """

    def __init__(
        self,
        walks: Walks,
        *,
        board_now: Callable[[], Board],
        board_at: Callable[[Moment, Moment], Board],
        version: Callable[[], Version],
        issue: Callable[[Board, Outlook], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._walks = walks
        self._board_now, self._board_at, self._version, self._issue = board_now, board_at, version, issue
        self._clock = clock
        self._latest: Standing | None = None
        self._moments: OrderedDict[tuple[Moment, Moment], Standing] = OrderedDict()
        self._wanted: OrderedDict[tuple[Moment, Moment], None] = OrderedDict()
        self._asked: OrderedDict[tuple[int, Edits], None] = OrderedDict()
        self._answers: OrderedDict[tuple[int, Edits], Answer | None] = OrderedDict()
        self._numbers = 0
        self._looked = self._not_before = -1e9
        self._prepare: Prepare | None = None
        self._changed = threading.Condition()
        self._ended = False

    # What pages ask.

    def latest(self) -> Standing | None:
        """The forecast that stands; None while there is none yet. Whoever asks has it kept up to date."""
        looked, self._looked = self._looked, self._clock()
        if self._looked - looked > 1.0:
            with self._changed:
                self._changed.notify_all()
        return self._latest

    def at(self, at: Moment, known: Moment) -> Standing | None:
        """The forecast as of another moment, if it was walked; None: `want` has it walked."""
        return self._moments.get((at, known))

    def want(self, at: Moment, known: Moment) -> Standing | None:
        """The same, and have it walked where it was not yet."""
        found = self.at(at, known)
        if found is None:
            with self._changed:
                self._wanted[at, known] = None
                while len(self._wanted) > MOMENTS_KEPT:
                    self._wanted.popitem(last=False)
                self._changed.notify_all()
        return found

    def numbered(self, number: int) -> Standing | None:
        """The forecast of a number, if it still stands."""
        with self._changed:
            found = [one for one in (self._latest, *self._moments.values()) if one is not None and one.number == number]
        return found[0] if found else None

    def answer(self, number: int, edits: Edits, wait_seconds: float) -> Answer | None:
        """What changes would do to a forecast; None: it is not known yet (ask again) or the forecast stands no more."""
        key = (number, edits)
        with self._changed:
            if key not in self._answers:
                self._asked[key] = None
                while len(self._asked) > ASKED_MOST:
                    self._asked.popitem(last=False)
                self._changed.notify_all()
                self._changed.wait_for(lambda: key in self._answers or self._ended, wait_seconds)
            return self._answers.get(key)

    def hurry(self) -> None:
        """Something was done that everybody waits to see in the forecast."""
        with self._changed:
            self._not_before, self._looked = -1e9, self._clock()
            self._changed.notify_all()

    def use(self, prepare: Prepare) -> None:
        """The compiled engine is there: use it from the next task on."""
        with self._changed:
            self._prepare = prepare
            self._changed.notify_all()

    def end(self) -> None:
        """Walk no more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    # What its thread does.

    def keep(self) -> None:
        """Keep the forecast until `end`; the thread's whole life."""
        while not self._ended:
            if not self.attempt() and not self._ended:
                with self._changed:
                    if not self._asked and not self._wanted:
                        self._changed.wait(1.0)
        self._walks.end()

    def attempt(self) -> bool:
        """A step; one that fails is logged and tried again after a minute, and what stands goes on standing."""
        try:
            return self.step()
        except Exception:
            _log.exception("no forecast")
            with self._changed:
                self._not_before = self._clock() + AFTER_FAILING_SECONDS
                if self._latest is None:
                    self._numbers += 1
                    self._latest = Standing(
                        number=self._numbers, version=(-1, -1), at=Moment(0), outlook=None, failed=True
                    )
            return False

    def step(self) -> bool:
        """Do the most urgent thing there is to do: whether there was one."""
        if self._prepare is not None:
            prepare, self._prepare = self._prepare, None
            if self._walks.do(prepare):
                self._not_before = -1e9
                self._latest = None if self._latest is None else replace(self._latest, version=(-1, -1))
            return True
        with self._changed:
            asked = self._asked.popitem(last=False)[0] if self._asked else None
            wanted = self._wanted.popitem(last=False)[0] if asked is None and self._wanted else None
        if asked is not None:
            self._answered(*asked)
        elif wanted is not None:
            self._walked_at(*wanted)
        elif self._stale():
            self._walked_now()
        else:
            return self._ranked_next()
        return True

    def _answered(self, number: int, edits: Edits) -> None:
        found = self._walks.do(Ask(number=number, edits=edits))
        assert found is None or isinstance(found, Answer)
        with self._changed:
            self._answers[number, edits] = found
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
            self._changed.notify_all()

    def _stale(self) -> bool:
        now, latest = self._clock(), self._latest
        if now < self._not_before or now - self._looked > LOOKED_SECONDS:
            return False
        return latest is None or latest.version != self._version() or self._board_now().at - latest.at > AGE_MS

    def _walked_now(self) -> None:
        began = self._clock()
        version, board = self._version(), self._board_now()
        standing = self._walked(board, version)
        with self._changed:
            self._latest = standing
            self._changed.notify_all()
        took = self._clock() - began
        self._not_before = self._clock() + max(PAUSE_SECONDS, PAUSE_TIMES * took)
        if standing.outlook is not None:
            self._issue(board, standing.outlook)

    def _walked_at(self, at: Moment, known: Moment) -> None:
        standing = self._walked(self._board_at(at, known), self._version())
        with self._changed:
            self._moments[at, known] = standing
            while len(self._moments) > MOMENTS_KEPT:
                self._moments.popitem(last=False)
            self._changed.notify_all()

    def _walked(self, board: Board, version: Version) -> Standing:
        self._numbers += 1
        number = self._numbers
        asked = asked_of(board, seed=SEED, runs=1)  # whoever walks says how many futures
        if isinstance(asked, str):
            return Standing(number=number, version=version, at=board.at, outlook=None, says=asked)
        task = Walk(number=number, asked=asked, past=tuple(issued_on(board)), truth=truth_on(board))
        found = self._walks.do(task)
        assert isinstance(found, Outlook)
        return Standing(number=number, version=version, at=board.at, outlook=found)

    def _ranked_next(self) -> bool:
        """Compare one more single addition with the forecast that stands."""
        latest = self._latest
        if latest is None or latest.outlook is None or not latest.outlook.persons:
            return False
        done = {one.addition for one in latest.ranking}
        addition = next((one for one in SINGLE if one not in done), None)
        if addition is None or self._clock() - self._looked > LOOKED_SECONDS:
            return False
        found = self._walks.do(Rank(number=latest.number, addition=addition))
        if not isinstance(found, Ranked):
            return False
        best_first = sorted((*latest.ranking, found), key=lambda one: (-one.minutes, one.addition))
        with self._changed:
            self._latest = replace(latest, ranking=tuple(best_first))
            self._changed.notify_all()
        return True
