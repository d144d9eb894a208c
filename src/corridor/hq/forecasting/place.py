"""Where this process keeps its forecast: started at the first question, one for the operation that is served.

CORRIDOR_FORECAST says how: `fast` (unless said otherwise) walks with the compiled engine once it has been compiled in
the background, `pure` without it, `off` makes no forecast.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from corridor.base.ids import UserId
from corridor.base.moments import HOUR_MS, Moment, datetime_of
from corridor.base.refusal import Refusal
from corridor.forecast.engine import fast_engine_is_there
from corridor.hq.forecasting.standing import Forecaster
from corridor.hq.forecasting.tasks import Prepare, Walks
from corridor.hq.forecasting.walker import Beside, compiling
from corridor.hq.served import Served, served
from corridor.journey.board.board import Board
from corridor.journey.forecasting.kept import issued_on, order_for
from corridor.journey.forecasting.outlook import Outlook
from corridor.journey.issuing.rules import decide, issuing_facts

HEADQUARTERS = UserId("headquarters")
"""Who issues the daily forecast: nobody's id, since accounts' ids name people."""
DAILY_HOUR = 6
"""The hour of the operation's day from which its forecast is issued: before the day's work is planned."""
_log = logging.getLogger("corridor.hq.forecast")
_kept: tuple[Served, Forecaster] | None = None
_starting = threading.Lock()


def forecaster() -> Forecaster | None:
    """The forecaster of what this process serves; None: no forecast is made here."""
    global _kept
    how = os.environ.get("CORRIDOR_FORECAST") or "fast"
    if how == "off":
        return None
    headquarters = served()
    with _starting:
        if _kept is None or _kept[0] is not headquarters:
            started = forecaster_of(headquarters, Beside())
            threading.Thread(target=started.keep, name="forecast", daemon=True).start()
            if how != "pure" and fast_engine_is_there():
                cache = engine_folder(os.environ, headquarters.opened.found.home)
                threading.Thread(target=_compiled, args=(started, cache), name="compiling", daemon=True).start()
            _keep(headquarters, started)
        assert _kept is not None
        return _kept[1]


def engine_folder(environ: Mapping[str, str], home: Path) -> Path:
    """Where the engine's machine code lies: compiled once for all operations of a user, in the user's cache; beside the
    operation's data where there is no such folder."""
    given = environ.get("XDG_CACHE_HOME") or (Path(environ["HOME"]) / ".cache" if environ.get("HOME") else None)
    if given is not None:
        folder = Path(given) / "corridor" / "engine"
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    return home / "engine"


def put(headquarters: Served, started: Forecaster | None) -> None:
    """Use this forecaster for what is served, or none."""
    with _starting:
        _keep(headquarters, started)


def _keep(headquarters: Served, started: Forecaster | None) -> None:
    global _kept
    if _kept is not None:
        _kept[1].end()
    _kept = None if started is None else (headquarters, started)


def forecaster_of(headquarters: Served, walks: Walks) -> Forecaster:
    """A forecaster for an operation; its thread is whoever calls `keep`."""

    def board_now() -> Board:
        at = headquarters.default_at()  # now, or the end of an operation that is over
        now = headquarters.now()
        return headquarters.board_now() if now - at < HOUR_MS else headquarters.board(at, now)

    def issue(board: Board, outlook: Outlook) -> None:
        issue_daily(headquarters, board, outlook)

    return Forecaster(
        walks,
        board_now=board_now,
        board_at=headquarters.board,
        version=lambda: headquarters.version,
        issue=issue,
    )


def issue_daily(headquarters: Served, board: Board, outlook: Outlook) -> None:
    """Issue the first forecast of a day that is made after its sixth hour; none once nobody is on the road."""
    zone = headquarters.operation.as_of_zone
    here = datetime_of(outlook.at, zone)
    told = (datetime_of(one.at, zone).date() for one in issued_on(board))
    if not headquarters.opened.records or not outlook.persons or here.hour < DAILY_HOUR or here.date() in told:
        return
    if headquarters.now() - outlook.at > HOUR_MS:
        return  # of an operation that is over
    order = order_for(outlook.issued, by=HEADQUARTERS, runs=outlook.runs, persons=outlook.persons)
    with headquarters.opened.writer.alone():
        now: Moment = headquarters.now()
        decided = decide(order, issuing_facts(headquarters.board_now()), now)
        if not isinstance(decided, Refusal):
            headquarters.opened.writer.record(decided, now)
            _log.info("issued the forecast of %s", here.date())


def _compiled(started: Forecaster, cache: Path) -> None:
    """Compile beside, then use it; where that does not work, futures are walked without it."""
    process = compiling(cache)
    if process.wait() == 0:
        started.use(Prepare(cache=cache))
    else:
        _log.warning("the compiled engine cannot be used here: futures are walked without it")
