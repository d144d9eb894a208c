"""What is asked of whoever walks the futures, and how it is done; the same within this process or beside it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from corridor.forecast.engine import Engine, prepare
from corridor.journey.forecasting.answers import Answer, Ranked, answer, ranked
from corridor.journey.forecasting.edits import Edits, read_edits
from corridor.journey.forecasting.forecast import Asked, Forecast, forecast
from corridor.journey.forecasting.kept import Issued, Truth
from corridor.journey.forecasting.outlook import Outlook, outlook_of

FORECASTS_KEPT = 3
"""Forecasts that can still be asked about: the one that stands, the one before, one of another moment."""
RUNS_MOST: dict[Engine, int] = {"fast": 1_000, "pure": 120}
RUNS_LEAST: dict[Engine, int] = {"fast": 200, "pure": 40}
PARTIES_WALKED: dict[Engine, int] = {"fast": 4_000_000, "pure": 40_000}
"""Parties times futures that are walked in about a second of the processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare:
    """Use the compiled engine from here on; its machine code lies in `cache`."""

    cache: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Walk a forecast, and keep it as `number`. `runs` None: as many futures as about a second walks."""

    number: int
    asked: Asked
    past: tuple[Issued, ...]
    truth: Truth
    runs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What would these changes do to the forecast kept as `number`?"""

    number: int
    edits: Edits


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """What would this single addition (`KEY=VALUE`) gain?"""

    number: int
    addition: str


Task = Prepare | Walk | Ask | Rank
Done = Outlook | Answer | Ranked | bool | None


class Walks(Protocol):
    """Somebody who walks futures."""

    def do(self, task: Task) -> Done:
        """Do a task. None: it could not be done (the forecast is kept no more). Raises OSError when nobody walks."""
        ...

    def end(self) -> None:
        """Walk no more."""
        ...


class Walking:
    """Walks futures in the process it is in; keeps the last forecasts to compare with."""

    def __init__(self) -> None:
        self._engine: Engine = "pure"
        self._kept: OrderedDict[int, Forecast] = OrderedDict()

    def do(self, task: Task) -> Done:
        """See `Walks`."""
        if isinstance(task, Prepare):
            self._engine = "fast" if prepare(task.cache) else "pure"
            return self._engine == "fast"
        if isinstance(task, Walk):
            found = forecast(
                replace(task.asked, engine=self._engine, runs=task.runs or self._runs(task.asked)), Edits()
            )
            self._kept[task.number] = found
            while len(self._kept) > FORECASTS_KEPT:
                self._kept.popitem(last=False)
            return outlook_of(found, list(task.past), task.truth)
        base = self._kept.get(task.number)
        if base is None:
            return None
        if isinstance(task, Ask):
            return answer(base, task.edits)
        edits = read_edits([task.addition])
        assert isinstance(edits, Edits), task.addition
        return ranked(base, task.addition, edits)

    def end(self) -> None:
        """Nothing is left behind."""
        self._kept.clear()

    def _runs(self, asked: Asked) -> int:
        """As many futures as about a second of the processor walks."""
        parties = max(len(asked.problem.parties), 1)
        return min(max(PARTIES_WALKED[self._engine] // parties, RUNS_LEAST[self._engine]), RUNS_MOST[self._engine])
