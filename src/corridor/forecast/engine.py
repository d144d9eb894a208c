"""How are many futures of a road walked and counted, with the compiled engine where there is one?

`futures` is what the rest of the forecast calls. Which engine walked makes no difference to the counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np

from corridor.forecast import events, recursion
from corridor.forecast.draws import draw
from corridor.forecast.road import NEVER, Floats, Ints, Road
from corridor.forecast.tally import Grid, counted

Engine = Literal["pure", "fast"]
PARTIES_KEPT = 40_000_000
"""Most out-times of single parties kept at once, in parties times replications: 160 MB."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Futures:
    """Many futures of one road, counted. R replications; other letters and columns as in `tally.Tally`.

    `party_out[r, i]` is when party i is out in replication r, minutes, for the first replications only where there
    are many parties; NaN where it does not come, and in columns of parties that may yet come most are.
    """

    engine: Engine
    seed: int
    grid: Grid
    last_out: Floats  # (R,)
    never: Ints  # (R,)
    clear: Floats  # (R, S)
    out_persons: Ints  # (R, H)
    present: Ints  # (R, S, H)
    waited: Floats  # (R, S, D)
    over: Ints  # (R, C)
    left_persons: Ints  # (R, H)
    loads: Ints  # (R, K)
    load_minutes: Floats  # (R, K)
    party_out: np.ndarray[Any, np.dtype[np.float32]]  # (R or fewer, n)


def fast_engine_is_there() -> bool:
    """Whether the extra `fast` is installed."""
    return find_spec("numba") is not None


def prepare(cache: Path | None) -> bool:
    """Load the compiled engine, keeping its machine code under `cache` (None: numba's own place). Whether it is there.

    Takes some 20 seconds of processor time the first time and half a second afterwards; `futures` does it by itself
    when it was not done. Must come before the first forecast of a process, since numba reads its place once.
    """
    if not fast_engine_is_there():
        return False
    if cache is not None:
        from numba import config  # noqa: PLC0415 - an extra

        vars(config)["CACHE_DIR"] = str(cache / _sources())
    _walks().warm()
    return True


def futures(
    road: Road,
    *,
    seed: int,
    runs: int,
    grid: Grid,
    engine: Engine | None = None,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Futures:
    """Walk replications 0 .. runs - 1 of the road and count them.

    `engine` None takes the compiled one where it is installed. Neither the engine nor `threads` changes a count.
    `progress` hears how many of how many replications are done.
    """
    assert runs > 0, "a forecast needs a future"
    chosen: Engine = engine or ("fast" if fast_engine_is_there() else "pure")
    counts = _Counts.of(road, runs, grid)
    span = max(1, min(50, runs // max(threads, 1)))
    spans = [(first, min(first + span, runs)) for first in range(0, runs, span)]
    walked = _walks().span if chosen == "fast" else _pure_span
    done = 0
    with ThreadPoolExecutor(max_workers=threads) as pool:
        tasks = [pool.submit(walked, road, seed, first, last, grid, counts) for first, last in spans]
        for task, (first, last) in zip(tasks, spans, strict=True):
            task.result()
            done += last - first
            if progress is not None:
                progress(done, runs)
    return Futures(
        engine=chosen, seed=seed, grid=grid,
        last_out=counts.last[:, 0].copy(), never=counts.last[:, 1].astype(np.int64),
        clear=counts.clear, out_persons=counts.outs[:, :-1], present=counts.present[:, :, :-1], waited=counts.waited,
        over=counts.over, left_persons=counts.left[:, :-1], loads=counts.loads, load_minutes=counts.load_minutes,
        party_out=counts.party_out,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Counts:
    """Where replications write their rows; one step more than asked, for what comes after the last."""

    last: Floats
    clear: Floats
    outs: Ints
    present: Ints
    waited: Floats
    over: Ints
    left: Ints
    loads: Ints
    load_minutes: Floats
    party_out: np.ndarray[Any, np.dtype[np.float32]]

    @classmethod
    def of(cls, road: Road, runs: int, grid: Grid) -> _Counts:
        stages, people = len(road.stages), len(road.parties)
        if road.demand is not None:
            people += road.demand.days * road.demand.slots
        kept = runs if people == 0 else max(1, min(runs, PARTIES_KEPT // people))
        return cls(
            last=np.zeros((runs, 2)),
            clear=np.full((runs, stages), -NEVER),
            outs=np.zeros((runs, grid.steps + 2), dtype=np.int64),
            present=np.zeros((runs, stages, grid.steps + 2), dtype=np.int64),
            waited=np.zeros((runs, stages, grid.days)),
            over=np.zeros((runs, len(grid.stays)), dtype=np.int64),
            left=np.zeros((runs, grid.steps + 2), dtype=np.int64),
            loads=np.zeros((runs, grid.departures), dtype=np.int64),
            load_minutes=np.full((runs, grid.departures), NEVER),
            party_out=np.empty((kept, people), dtype=np.float32),
        )


def _pure_span(road: Road, seed: int, first: int, last: int, grid: Grid, counts: _Counts) -> None:
    """Walk and count some replications with the specification."""
    walk_one = recursion.walk if road.feed_forward else events.walk
    for replication in range(first, last):
        inputs = draw(road, seed, replication)
        walk = walk_one(road, inputs)
        tally = counted(walk, inputs.size, grid)
        counts.last[replication] = tally.last_out, tally.never
        counts.clear[replication] = tally.clear
        counts.outs[replication, :-1] = tally.out_persons
        counts.present[replication, :, :-1] = tally.present
        counts.waited[replication] = tally.waited
        counts.over[replication] = tally.over
        counts.left[replication, :-1] = tally.left_persons
        counts.loads[replication], counts.load_minutes[replication] = tally.loads, tally.load_minutes
        if replication < len(counts.party_out):
            counts.party_out[replication] = walk.out


def _walks() -> Any:
    """The compiled engine, which is an extra."""
    from corridor.forecast.fast import walks  # noqa: PLC0415 - an extra

    return walks


def _sources() -> str:
    """A name for the compiled engine's sources: numba would go on using machine code of older ones."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "fast").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
