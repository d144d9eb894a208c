"""`corridor forecast backtest`: every day of a daily series or an operation forecast as of that day, and scored."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.cli.arguments import DONE, REFUSED, USAGE, Stop, add_json, add_operation, progress

if TYPE_CHECKING:
    from corridor.forecast.scores import Card
    from corridor.forecast.series.backtest import Backtest, Issued
    from corridor.forecast.series.reading import Series

BYTES_MOST = 100_000_000
FAULTS_SHOWN = 20


def add(command: ArgumentParser) -> None:
    """The arguments of the command."""
    command.add_argument(
        "series", type=Path, nargs="?", metavar="SERIES.csv", help="date,count,kind or date,individuals,vintage"
    )
    add_operation(command, needed=False)
    command.add_argument("--every", type=_whole, default=1, metavar="N", help="of an operation, only every Nth day (1)")
    command.add_argument("--kind", metavar="KIND", help="which rows (the flow with the most days, unless given)")
    command.add_argument("--runs", type=_whole, default=200, metavar="N", help="of an operation, futures a day (200)")
    command.add_argument(
        "--engine", choices=("fast", "pure"), help="who walks: compiled or not (compiled, if that was done)"
    )
    add_json(command)
    command.set_defaults(run=show)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000):
        raise ArgumentTypeError(f"{text!r} is no whole number from 1 to 1000; write it like 2")
    return int(text)


def show(arguments: Namespace) -> int:
    """Exit code 1 when the series is too short for one forecast to mature."""
    from corridor.cli.forecast.days import show_operation
    from corridor.forecast.series.backtest import DAYS_LEAST, backtest

    if (arguments.series is None) == (arguments.operation is None):
        raise Stop("Give a SERIES.csv or an --operation, one of them.", USAGE)
    if arguments.series is None:
        return show_operation(arguments)
    file, series = arguments.series, read(arguments.series, arguments.kind)
    result = backtest(series)
    says = None
    if result.too_short:
        says = (
            f"Too short: {result.days} days of {series.kind} have a figure. "
            f"A forecast needs {DAYS_LEAST} before it and every day it speaks of."
        )
    if arguments.json:
        print(json.dumps({"series": str(file), **told(result), "says": says}, indent=1))
    elif says is None:
        _print(file, result)
    else:
        raise Stop(f"{file}: {says}")
    return DONE if says is None else REFUSED


def read(file: Path, kind: str | None) -> Series:
    """The series of a file; what is wrong with single rows goes to standard error, and the good rows go on."""
    from corridor.forecast.series.reading import read_series

    try:
        with file.open("rb") as stream:
            data = stream.read(BYTES_MOST + 1)
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}. Give the path of a CSV file.", USAGE) from None
    if len(data) > BYTES_MOST:
        raise Stop(f"{file} has over {BYTES_MOST:,} bytes. Split it.")
    found = read_series(data, kind)
    for fault in found.faults[:FAULTS_SHOWN]:
        progress(f"{file}, {fault}")
    if len(found.faults) > FAULTS_SHOWN:
        progress(f"{file}: {len(found.faults) - FAULTS_SHOWN:,} more rows are not understood.")
    if found.series is None or not found.series.figures:
        kinds = f" Its rows are {', '.join(found.kinds)}; name one with --kind." if found.kinds and not kind else ""
        raise Stop(f"{file}: No daily counts were found.{kinds}")
    return found.series


def told(result: Backtest) -> dict[str, object]:
    """The result for a machine; days are ISO dates, coverages fractions, CRPS and WIS people."""
    return {
        "kind": result.kind,
        "days": result.days,
        "first": date.fromordinal(result.first).isoformat(),
        "last": date.fromordinal(result.last).isoformat(),
        "as_of": "vintages" if result.revised else "end of each day",
        "nominal": 0.8,
        "horizons": {
            str(one.days): {
                **of_card(one.issued),
                "before_recalibration": of_card(one.before_recalibration),
                "poisson": of_card(one.poisson),
                "random_walk": of_card(one.random_walk),
                "forecasts": [_of_forecast(forecast) for forecast in one.forecasts],
            }
            for one in result.horizons
        },
    }


def _of_forecast(forecast: Issued) -> dict[str, object]:
    from corridor.forecast.scores import P10, P50, P90

    p10, p50, p90 = (round(float(forecast.quantiles[place]), 1) for place in (P10, P50, P90))
    issued = date.fromordinal(forecast.day).isoformat()
    return {"issued": issued, "p10": p10, "p50": p50, "p90": p90, "happened": forecast.happened}


def of_card(card: Card) -> dict[str, object]:
    """A score card for a machine; null: nothing has matured."""
    from corridor.forecast.scores import NOT_CALIBRATED

    return {
        "matured": card.matured,
        "coverage": _rounded(card.covered, 4),
        "recent_coverage": _rounded(card.recent, 4),
        "crps": _rounded(card.crps, 3),
        "wis": _rounded(card.wis, 3),
        "pit": list(card.pit_counts),
        "judged": card.judged,
        "says": NOT_CALIBRATED if card.withdrawn else None,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _print(file: Path, result: Backtest) -> None:
    from corridor.forecast.scores import ENOUGH, NOT_CALIBRATED

    first, last = date.fromordinal(result.first), date.fromordinal(result.last)
    known = "published until then" if result.revised else "known at the end of it"
    print(f"{file}: {result.days:,} days of {result.kind}, {first} to {last}.")
    print(f"Each day the total of the next days is forecast from what was {known}. P10 to P90 should cover 80%.")
    print(f"{'days':>5}  {'range':<22} {'matured':>8} {'covered':>8} {'WIS':>12} {'CRPS':>12}")
    for one in result.horizons:
        named = (
            ("as issued", one.issued),
            ("before recalibration", one.before_recalibration),
            ("Poisson at pace", one.poisson),
            ("random walk", one.random_walk),
        )
        for name, card in named:
            if card.covered is None or card.wis is None or card.crps is None:
                print(f"{one.days:>5}  {name:<22} {0:>8} {'-':>8} {'-':>12} {'-':>12}")
                continue
            line = f"{one.days:>5}  {name:<22} {card.matured:>8} {card.covered:>8.0%} {card.wis:>12,.1f}"
            print(f"{line} {card.crps:>12,.1f}")
        if one.issued.withdrawn:
            recent = one.issued.recent or 0.0
            print(f"       {NOT_CALIBRATED}: {recent:.0%} of the last {ENOUGH} are covered")
        elif not one.issued.judged:
            print(f"       too few to judge: {one.issued.matured} of {ENOUGH}")
        else:
            print(f"       levels of what happened, by tenths: {' '.join(map(str, one.issued.pit_counts))}")
