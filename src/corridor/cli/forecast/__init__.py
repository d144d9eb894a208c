"""`corridor forecast`: when will everyone be out, what would one change buy, and how good were earlier forecasts."""

from __future__ import annotations

from argparse import ArgumentTypeError

from corridor.cli.arguments import Commands, add_clocks, add_json, add_operation
from corridor.cli.forecast import backtest, operation

RUNS = 1_000
RUNS_MOST = 100_000


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("forecast", help="when will everyone be out; how good were earlier forecasts")
    add_operation(command, needed=False)
    add_clocks(command)
    command.add_argument("--runs", type=_runs, default=RUNS, metavar="N", help=f"futures that are walked ({RUNS})")
    command.add_argument("--seed", type=_seed, default=1, metavar="N", help="the same seed, the same futures (1)")
    command.add_argument(
        "--what-if",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE|KEY=VALUE",
        help="changes of the road, or a file with one a line; the answer is the difference they make",
    )
    command.add_argument("--arrivals", action="store_true", help="when each party is home, in --json")
    command.add_argument("--rank", action="store_true", help="which single addition would help most")
    command.add_argument(
        "--belief",
        action="append",
        default=[],
        metavar="NAME=VALUE:WHY",
        help="a prior set by hand with its reason, such as gate_pace.mean=-0.7:two halls are open",
    )
    command.add_argument("--no-keep", action="store_true", help="do not store this forecast for scoring")
    command.add_argument(
        "--engine", choices=("fast", "pure"), help="who walks: compiled or not (compiled, if that was done)"
    )
    add_json(command)
    command.set_defaults(run=operation.show)
    does = command.add_subparsers(title="what", metavar="backtest", required=False)
    backtest.add(does.add_parser("backtest", help="forecast every day of a series or an operation as of that day"))


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 1_000_000_000):
        raise ArgumentTypeError(f"{text!r} is not a seed; write a whole number such as 1")
    return int(text)


def _runs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= RUNS_MOST):
        raise ArgumentTypeError(f"{text!r} is not a number of futures; write 1 to {RUNS_MOST}")
    return int(text)
