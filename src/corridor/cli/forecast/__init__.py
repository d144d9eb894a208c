"""`corridor forecast`: when will everyone be out, and how good were forecasts of a daily series."""

from __future__ import annotations

from corridor.cli.arguments import Commands
from corridor.cli.forecast import series


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("forecast", help="when will everyone be out; how good were earlier forecasts")
    does = command.add_subparsers(title="what", metavar="backtest", required=True)
    series.add(does.add_parser("backtest", help="forecast every day of a daily series as of that day, and score it"))
