"""`corridor forecast --operation O`: when will everyone be out, by the board as of T, and what would a change buy."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.base.moments import iso
from corridor.cli.arguments import DONE, USAGE, Stop, board_of, clocks, opened, progress
from corridor.cli.forecast.backtest import of_card

if TYPE_CHECKING:
    from corridor.forecast.beliefs.priors import ByHand
    from corridor.forecast.engine import Engine
    from corridor.journey.forecasting.edits import Edits
    from corridor.journey.forecasting.forecast import Difference, Forecast, Range
    from corridor.journey.forecasting.kept import Issued, ScoreCards

KEPT = "forecasts.jsonl"
BOTTLENECK_DAYS = 7
COMPILED_FROM_RUNS = 4_000
"""Futures for which compiling the engine, where that was not done yet, takes no longer than walking without it."""
WHAT_IF_BYTES_MOST = 100_000


def show(arguments: Namespace) -> int:
    """Forecast, answer what was asked, and store the forecast for scoring unless it is of a changed road."""
    from corridor.journey.forecasting.edits import SINGLE, Edits
    from corridor.journey.forecasting.forecast import asked_of, difference, forecast, ranking
    from corridor.journey.forecasting.kept import both_kept, issue, issued_on, score_cards, truth_on

    if arguments.operation is None:
        raise Stop("Name the operation with --operation, or a series with forecast backtest.", USAGE)
    by_hand, edits = _by_hand(arguments.belief), _edits(arguments.what_if)
    operation = opened(arguments)
    at, known = clocks(arguments, operation)
    if arguments.known is None:
        known = min(at, known)  # what came to be known after T is hindsight, which no forecast of T had
    board = board_of(operation, at, known)
    asked = asked_of(
        board,
        seed=arguments.seed,
        runs=arguments.runs,
        by_hand=by_hand,
        engine=engine_for(arguments, operation.found.home),
    )
    if isinstance(asked, str):
        raise Stop(asked)
    file = operation.found.home / KEPT
    past = [one for one in both_kept(issued_on(board), _kept(file)) if one.at < at and one.known <= known]
    base, truth = forecast(asked, Edits()), truth_on(board)
    issued, cards = issue(base, past, truth), score_cards(past, truth)
    changed = None if edits is None else forecast(asked, edits)
    told: dict[str, Any] = {
        "operation": operation.operation.name,
        **_plain(base, issued, cards),
        "what_if": None
        if changed is None or edits is None
        else {
            "edits": {key: value for key, value in asdict(edits).items() if value != getattr(Edits(), key)},
            "all_out": range_told(changed.all_out),
            "difference": asdict(difference(base, changed)),
        },
        "ranking": [{"addition": text, **asdict(one)} for text, one in ranking(base, SINGLE)]
        if arguments.rank
        else None,
    }
    if arguments.arrivals:
        told["arrivals"] = _arrivals(base)
    if not arguments.no_keep and edits is None and not by_hand:
        _keep(file, issued)
    if arguments.json:
        print(json.dumps(told, indent=1))
    else:
        _print(told)
        if changed is not None:
            _print_difference(difference(base, changed), changed)
    return DONE


def engine_for(arguments: Namespace, home: Path) -> Engine:
    """The engine asked for, made ready; its machine code is kept beside the operation's data."""
    from corridor.forecast.engine import fast_engine_is_there, prepare

    if arguments.engine == "pure" or not fast_engine_is_there():
        if arguments.engine == "fast":
            raise Stop("The compiled engine is not installed. Install the extra `fast`, or leave out --engine.")
        return "pure"
    cache = home / "engine"
    if not cache.exists():
        if arguments.engine is None and arguments.runs < COMPILED_FROM_RUNS:
            return "pure"
        progress("Compiling the forecast's engine, once: some 30 seconds of the processor.")
    try:
        prepare(cache)
    except (OSError, RuntimeError) as error:
        progress(f"The compiled engine cannot be used here ({error}): walking without it.")
        return "pure"
    return "fast"


def _edits(texts: list[str]) -> Edits | None:
    """The changes asked for; None: none."""
    from corridor.journey.forecasting.edits import read_edits

    lines: list[str] = []
    for text in texts:
        if "=" in text:
            lines.append(text)
            continue
        try:
            with Path(text).open("rb") as stream:
                data = stream.read(WHAT_IF_BYTES_MOST + 1)
            if len(data) > WHAT_IF_BYTES_MOST:
                raise Stop(f"{text} is too long for changes of a road. Write one KEY=VALUE a line.", USAGE)
            rows = data.decode("utf-8-sig").splitlines()
        except OSError as error:
            raise Stop(
                f"{text} cannot be read: {error.strerror}. Give KEY=VALUE or the path of a file.", USAGE
            ) from None
        except UnicodeDecodeError:
            raise Stop(f"{text} is not UTF-8 text. Write one KEY=VALUE a line.", USAGE) from None
        lines += [row.split("#")[0].strip() for row in rows if row.split("#")[0].strip()]
    if not texts:
        return None
    edits = read_edits(lines)
    if isinstance(edits, str):
        raise Stop(edits, USAGE)
    return edits


def _by_hand(texts: list[str]) -> tuple[ByHand, ...]:
    """The priors set by hand, each with its reason."""
    from math import isfinite

    from corridor.forecast.beliefs.priors import ByHand, names

    found = []
    for text in texts:
        name, _, rest = text.partition("=")
        number, _, why = rest.partition(":")
        if name not in names():
            raise Stop(f"{name!r} is no belief. Write one of: {', '.join(names())}.", USAGE)
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        if not isfinite(value) or (value <= 0 and not name.endswith(".mean")) or abs(value) > 1e6 or not why.strip():
            raise Stop(f"{text!r} has no number that can be, or no reason. Write it like {name}=0.5:why.", USAGE)
        found.append(ByHand(belief=name, value=value, why=why.strip()))
    return tuple(found)


def _kept(file: Path) -> list[Issued]:
    from corridor.journey.forecasting.kept import read_kept

    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}.") from None
    found, faults = read_kept(text, str(file))
    for fault in faults:
        progress(fault)
    return found


def _keep(file: Path, issued: Issued) -> None:
    from corridor.journey.forecasting.kept import written

    if any((one.at, one.known) == (issued.at, issued.known) for one in _kept(file)):
        return
    try:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(written(issued) + "\n")
    except OSError as error:
        progress(f"{file} cannot be written ({error.strerror}): this forecast will not be scored.")


def range_told(found: Range) -> dict[str, str | None]:
    """The range for a machine; null: later than ninety days."""
    return {key: None if value is None else iso(value) for key, value in asdict(found).items()}


def _plain(base: Forecast, issued: Issued, cards: ScoreCards) -> dict[str, Any]:
    """The forecast for a machine. Null times: later than ninety days from `at`."""
    from corridor.forecast.scores import NOT_CALIBRATED, P10, P50, P90
    from corridor.journey.forecasting.beliefs import shown
    from corridor.journey.forecasting.kept import HORIZONS_DAYS

    by_hand = {one.belief.partition(".")[0]: one for one in base.asked.by_hand}
    return {
        "at": iso(base.asked.at),
        "known": iso(base.asked.known),
        "model": issued.model,
        "runs": len(base.last_out_minutes),
        "persons": base.persons,
        "all_out": range_told(base.all_out),
        "says": NOT_CALIBRATED if cards.withdrawn else None,
        "stages": {name: range_told(one) for name, one in base.stages.items()},
        "home_within_days": {
            str(days): {
                "p10": round(float(row[P10])),
                "p50": round(float(row[P50])),
                "p90": round(float(row[P90])),
                "says": NOT_CALIBRATED if cards.home[days].withdrawn else None,
            }
            for days, row in zip(HORIZONS_DAYS, issued.home, strict=True)
        },
        "departures": [_departure(base, number) for number in range(base.loads.shape[1])],
        "bottlenecks": [
            {"day": day, "stage": stage, "part": round(part, 3)}
            for day, (stage, part) in enumerate(base.bottlenecks(BOTTLENECK_DAYS), start=1)
        ],
        "beliefs": [
            {
                "name": name,
                "unit": unit,
                "p10": round(low, 4),
                "p50": round(middle, 4),
                "p90": round(high, 4),
                "seen": seen,
                "by_hand": asdict(by_hand[name]) if name in by_hand else None,
            }
            for name, unit, low, middle, high, seen in shown(base.asked.beliefs)
        ],
        "score_card": {
            "all_out": of_card(cards.all_out),
            "home_within_days": {str(days): of_card(one) for days, one in cards.home.items()},
        },
    }


def _departure(base: Forecast, number: int) -> dict[str, Any]:
    """One of the next departures home that carry anybody: when, and persons aboard where it leaves at all (null: in no
    future)."""
    from corridor.forecast.road import NEVER
    from corridor.journey.forecasting.forecast import range_of

    minutes = base.load_minutes[:, number]
    loads = sorted(base.loads[minutes < NEVER, number].tolist())
    levels = (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))
    return {
        "leaves": range_told(range_of(base.asked.at, minutes)),
        "aboard": {name: loads[int(level * (len(loads) - 1))] if loads else None for name, level in levels},
    }


def _arrivals(base: Forecast) -> list[dict[str, Any]]:
    """When each party is home, if it goes on; `gives_up` is the part of futures in which it does not."""
    import numpy as np

    from corridor.journey.forecasting.forecast import range_of
    from corridor.journey.forecasting.road import on_the_road

    found = []
    for number, party in enumerate(on_the_road(base.asked.problem)):
        minutes = base.party_out[:, number].astype(np.float64)
        comes = minutes[~np.isnan(minutes)]
        home = range_told(range_of(base.asked.at, comes if len(comes) else np.array([np.inf])))
        gives_up = round(1.0 - len(comes) / len(minutes), 3)
        found.append({"persons": list(party.members), "stands": party.stands, "home": home, "gives_up": gives_up})
    return found


def time_told(text: str | None) -> str:
    """A time of a range, for a person."""
    return "later than 90 days" if text is None else f"{text[:16].replace('T', ' ')} UTC"


def _print(told: dict[str, Any]) -> None:
    print(f"{told['operation']}, as of {told['at']}: {told['persons']:,} people on the road; {told['runs']:,} futures.")
    if told["says"] is None:
        print(f"All out   P10 {time_told(told['all_out']['p10'])}")
        print(f"          P50 {time_told(told['all_out']['p50'])}")
        print(f"          P90 {time_told(told['all_out']['p90'])}")
    else:
        print(f"All out   {told['says']}")
    for name, one in told["stages"].items():
        print(f"  {name:<10} clear by {time_told(one['p50'])} ({time_told(one['p10'])} to {time_told(one['p90'])})")
    for days, one in told["home_within_days"].items():
        says = one["says"] or f"{one['p50']:,} ({one['p10']:,} to {one['p90']:,})"
        print(f"  home within {days} days: {says}")
    first = told["departures"][0]
    if first["aboard"]["p50"] is not None:
        aboard = " ".join(f"{first['aboard'][name]:,}" for name in ("p10", "p50", "p90"))
        print(f"  next departure home by {time_told(first['leaves']['p50'])}; aboard (P10, P50, P90): {aboard}")
    for one in told["bottlenecks"]:
        if one["stage"] is not None:
            print(f"  day {one['day']}: people wait longest before {one['stage']} in {one['part']:.0%} of futures")
    print("Believed (P10, P50, P90; cases seen):")
    for one in told["beliefs"]:
        why = f"; by hand: {one['by_hand']['why']}" if one["by_hand"] else ""
        levels = " ".join(f"{one[name]:>9,.3g}" for name in ("p10", "p50", "p90"))
        print(f"  {one['name']:<14} {levels}  {one['unit']}; {one['seen']}{why}")
    print("Score card of earlier forecasts (covered by P10 to P90, promised 80%):")
    cards = {f"home within {days} days": one for days, one in told["score_card"]["home_within_days"].items()}
    for name, one in {"all out": told["score_card"]["all_out"], **cards}.items():
        covered = "-" if one["coverage"] is None else f"{one['coverage']:.0%}"
        few = "" if one["judged"] else "; too few to judge"
        print(f"  {name:<20} {covered} of {one['matured']} matured{few}")
    for row in told["ranking"] or ():
        print(f"  {row['addition']:<22} {_sooner(row)}")


def _sooner(row: dict[str, Any]) -> str:
    """A paired difference in words."""
    low, middle, high = (row[f"hours_sooner_{name}"] for name in ("p10", "p50", "p90"))
    if middle is None:
        return "no future ends within 90 days"
    return f"{middle:+,.0f} hours sooner ({low:+,.0f} to {high:+,.0f}); sooner in {row['sooner']:.0%} of futures"


def _print_difference(found: Difference, changed: Forecast) -> None:
    print(
        f"With the changes: all out by {time_told(range_told(changed.all_out)['p50'])} (P50), {_sooner(asdict(found))}."
    )
