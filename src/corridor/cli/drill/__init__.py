"""`corridor drill`: whole evacuations in which phones and headquarters fail, and whether every law held."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Callable

from corridor.base.moments import iso
from corridor.cli.arguments import DONE, REFUSED, Commands
from corridor.drill.trial.playing import play, shrunk
from corridor.drill.trial.schedule import LEVELS, Setting, schedule_of
from corridor.drill.trial.truth import PLACES

_FAILURES_SHOWN_MAX = 10


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser(
        "drill", help="play invented evacuations where everything goes wrong; check every law"
    )
    size = Setting()
    command.add_argument("--seed", type=int, default=1, metavar="N", help="which drill (1)")
    command.add_argument("--seeds", type=_count(1_000_000), default=1, metavar="K", help="how many, from --seed on (1)")
    command.add_argument("--people", type=_count(2_000), default=size.people, metavar="N", help=f"({size.people})")
    command.add_argument("--devices", type=_count(200), default=size.devices, metavar="N", help=f"({size.devices})")
    command.add_argument("--days", type=_count(60), default=size.days, metavar="N", help=f"({size.days})")
    command.add_argument("--faults", choices=LEVELS, default=size.faults, help=f"how much goes wrong ({size.faults})")
    command.set_defaults(run=drill)


def drill(arguments: Namespace) -> int:
    """Play; a drill that breaks a law is named by its seed, with the steps that are enough for it."""
    setting = Setting(people=arguments.people, devices=arguments.devices, days=arguments.days, faults=arguments.faults)
    counts: Counter[str] = Counter()
    failures = 0
    for seed in range(arguments.seed, arguments.seed + arguments.seeds):
        outcome = play(schedule_of(seed, setting))
        counts += outcome.counts
        if outcome.breaches:
            failures += 1
            if failures <= _FAILURES_SHOWN_MAX:
                _show(seed, setting, outcome.breaches, shrink=arguments.seeds == 1)
    for name, count in sorted(counts.items()):
        print(f"{count:>12,}  {name}")
    size = f"people {setting.people:,}, devices {setting.devices:,}, days {setting.days:,}, faults {setting.faults}"
    if failures:
        print(f"{size}: drills {arguments.seeds:,}; {failures:,} broke a law.")
        return REFUSED
    print(f"{size}: drills {arguments.seeds:,}; every law holds in each.")
    return DONE


def _show(seed: int, setting: Setting, breaches: tuple[str, ...], *, shrink: bool) -> None:
    for breach in breaches:
        print(f"Seed {seed}: {breach}")
    again = f"--people {setting.people} --devices {setting.devices} --days {setting.days} --faults {setting.faults}"
    if not shrink:
        print(f"  Play it again: corridor drill --seed {seed} {again}")
        return
    least = shrunk(schedule_of(seed, setting), breaches[0])
    print(f"  These {len(least.steps)} steps are enough:")
    for step in least.steps:
        what = f"device {step.number}"
        if step.name == "happen":
            fact = least.facts[step.number]
            what = f"{fact.kind} at {fact.place or PLACES[0]}, {len(fact.persons)} people"
        print(f"  {iso(step.at)}  {step.name}  {what}")


def _count(most: int) -> Callable[[str], int]:
    """Reads a whole number from 1 to `most`."""

    def count(text: str) -> int:
        number = int(text)
        if not 1 <= number <= most:
            raise ArgumentTypeError(f"from 1 to {most:,}")
        return number

    return count
