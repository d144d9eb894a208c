"""`corridor forecast backtest --operation O`: each of its days forecast from what was known then, and scored."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from corridor.base.moments import DAY_MS, HOUR_MS, Moment, datetime_of, iso, moment_of
from corridor.cli.arguments import DONE, Stop, board_of, opened, progress
from corridor.cli.forecast.backtest import of_card
from corridor.cli.forecast.operation import engine_for, range_told, time_told

HOUR = 6
"""The hour of the day, UTC, at which each forecast is issued."""


def show_operation(arguments: Namespace) -> int:
    """Forecast every day from the first crossing to the last landing, and print both bands and scores."""
    from corridor.forecast.scores import P10, P50, P90
    from corridor.journey.forecasting.edits import Edits
    from corridor.journey.forecasting.forecast import asked_of, forecast
    from corridor.journey.forecasting.kept import HORIZONS_DAYS, Issued, issue, score_cards, truth_on

    operation = opened(arguments)
    end = operation.book.last_received_at()
    final = truth_on(board_of(operation, end, end))
    if not final.homes:
        raise Stop("Nobody has come home yet: there is nothing to compare with.")
    engine = engine_for(arguments, operation.found.home)
    day = datetime_of(final.homes[0]).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    at, past, rows = Moment(moment_of(day) - DAY_MS), list[Issued](), list[dict[str, Any]]()
    while at < final.homes[-1]:
        board = board_of(operation, at, at)
        asked = asked_of(board, seed=1, runs=arguments.runs, engine=engine)
        if isinstance(asked, str):
            raise Stop(asked)
        found = forecast(asked, Edits())
        past.append(issue(found, past, truth_on(board)))
        quantiles = zip(HORIZONS_DAYS, past[-1].home, strict=True)
        rows.append(
            {
                "at": iso(at),
                "persons": found.persons,
                "all_out": range_told(found.all_out),
                "home_within_days": {
                    str(days): {
                        **{
                            name: round(float(row[place])) for name, place in (("p10", P10), ("p50", P50), ("p90", P90))
                        },
                        "happened": final.home_within(at, days),
                    }
                    for days, row in quantiles
                },
            }
        )
        progress(f"{iso(at)}: {found.persons:,} people")
        at = Moment(at + arguments.every * 24 * HOUR_MS)
    cards = score_cards(past, final)
    told = {
        "operation": operation.operation.name,
        "all_out": None if final.all_out is None else iso(final.all_out),
        "days": rows,
        "score_card": {
            "all_out": of_card(cards.all_out),
            "home_within_days": {str(days): of_card(one) for days, one in cards.home.items()},
        },
    }
    print(json.dumps(told, indent=1)) if arguments.json else _print(told)
    return DONE


def _print(told: dict[str, Any]) -> None:
    print(f"{told['operation']}: all were out by {time_told(told['all_out']) if told['all_out'] else 'no moment yet'}.")
    print(f"{'issued':<16} {'people':>7}  {'all out: P10':<20} {'P50':<20} {'P90':<20} home in 7 days")
    for row in told["days"]:
        times = " ".join(f"{time_told(row['all_out'][name])[:16]:<20}" for name in ("p10", "p50", "p90"))
        week = row["home_within_days"]["7"]
        happened = "?" if week["happened"] is None else week["happened"]
        print(f"{row['at'][:16]:<16} {row['persons']:>7,}  {times} {week['p10']}-{week['p90']}, was {happened}")
    for name, one in {"all out": told["score_card"]["all_out"], **told["score_card"]["home_within_days"]}.items():
        covered = "-" if one["coverage"] is None else f"{one['coverage']:.0%}"
        print(f"{name if name == 'all out' else f'home within {name} days'}: {covered} of {one['matured']} covered")
