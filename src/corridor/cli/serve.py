"""`corridor run`: headquarters in the browser, with the shipped operation loaded when it is not yet."""

from __future__ import annotations

import json
import os
import socket
from argparse import Namespace

from corridor.base.moments import iso, parse_moment
from corridor.base.refusal import Refusal
from corridor.cli.arguments import DONE, REFUSED, Commands, Stop, add_operation, moment, now, opened, progress
from corridor.drill.trial.schedule import LEVELS
from corridor.opening import Found, find_operation, read_found
from corridor.practice import make_practice, practice_environment

PORT = 8000
UNLESS_NAMED = "gaza-2023"
THREADS = 4
SPEEDS = range(1, 61)


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser("run", help="serve headquarters; loads gaza-2023 on first use")
    add_operation(command, needed=False)
    command.add_argument("--host", default="127.0.0.1", help="address to serve on (this machine only, unless given)")
    command.add_argument("--port", type=int, default=PORT, help=f"port to serve on ({PORT}, unless given)")
    command.add_argument(
        "--practice", type=moment, metavar="T", help="work on a copy of a shipped operation whose clock starts at T"
    )
    command.add_argument(
        "--speed",
        type=int,
        choices=SPEEDS,
        default=1,
        metavar="N",
        help="how many times as fast the practice's clock runs",
    )
    command.add_argument(
        "--exercise", action="store_true", help="the story goes on: invented phones record the rest of the operation"
    )
    command.add_argument(
        "--leave", action="append", default=[], metavar="PLACE", help="what happens there is left to those who train"
    )
    command.add_argument("--faults", choices=LEVELS, default="light", help="how bad the invented phones' network is")
    command.add_argument("--seed", type=int, default=1, metavar="N", help="which luck the invented phones have (1)")
    command.add_argument("--keep", action="store_true", help="go on with the last practice instead of a fresh copy")
    command.set_defaults(run=serve)


def serve(arguments: Namespace) -> int:
    """Serve until stopped."""
    arguments.operation = arguments.operation or os.environ.get("CORRIDOR_OPERATION") or UNLESS_NAMED
    _free_or_stop(arguments.host, arguments.port)
    if arguments.practice is None and (arguments.exercise or arguments.leave or arguments.speed != 1):
        raise Stop("An exercise is part of a practice: say --practice T too, for example 2023-11-14T12:00Z.")
    exercise = _exercise(arguments) if arguments.exercise else ""
    if arguments.practice is not None:
        _practise(arguments)
    if exercise:
        os.environ["CORRIDOR_EXERCISE"] = exercise
    operation = opened(arguments)
    operation.close()
    os.environ["CORRIDOR_OPERATION"] = arguments.operation
    os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.hq.settings"
    import django
    from django.core.management import call_command
    from django.utils.module_loading import import_string

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    print(f"Headquarters of {operation.operation.name}: http://{host}:{arguments.port}", flush=True)
    # Named, not imported, like its settings and its server: shell and headquarters know nothing of each other's parts.
    if operation.found.shipped:
        import_string("corridor.hq.access.accounts.ensure_demo_accounts")(operation.operation)
        accounts = import_string("corridor.hq.access.accounts.demo_accounts")(operation.operation)
        print("Demo accounts, from this machine only (the people are invented):")
        for name, role, password in accounts:
            print(f"  {role.replace('_', ' '):<20} {name:<16} password {password}")
    else:
        import_string("corridor.hq.access.accounts.ensure_accounts")(operation.operation)
        handed = import_string("corridor.hq.access.administering.first_password")(now())
        if handed is not None:
            print(f"Nobody can sign in yet. Sign in first as: {handed.user.name}, one-time password {handed.password}")
    if arguments.practice is not None:
        print(f"Practice: nothing here is real. The clock starts at {arguments.practice}.")
    print("Stop with Ctrl-C.", flush=True)
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "corridor.hq.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_access=False,
    ).serve()
    return DONE


def _practise(arguments: Namespace) -> None:
    """From here on the operation's name means its practice, and headquarters' clock starts when the practice does."""
    at = parse_moment(arguments.practice)
    refused = make_practice(arguments.operation, at, os.environ, progress, keep=arguments.keep)
    if refused is not None:
        raise Stop(str(refused))
    os.environ.update(practice_environment(os.environ), CORRIDOR_PRACTICE=iso(at))
    os.environ["CORRIDOR_PRACTICE_SPEED"] = str(arguments.speed)


def _exercise(arguments: Namespace) -> str:
    """What the server is told of the exercise; nobody plays the places that are left to people."""
    if arguments.keep:
        raise Stop("An exercise begins with a fresh practice: leave out --keep.")
    found = find_operation(arguments.operation, os.environ)
    operation = read_found(found) if isinstance(found, Found) else found
    if isinstance(operation, Refusal):
        raise Stop(str(operation))
    places = {device.place for device in operation.devices if device.kind != "headquarters" and device.place}
    for place in arguments.leave:
        if place not in places:
            raise Stop(f"No phone stands at {place}: leave one of {', '.join(sorted(places))}.")
    host = "127.0.0.1" if arguments.host in ("0.0.0.0", "::") else arguments.host
    plan = {
        "address": f"http://[{host}]:{arguments.port}" if ":" in host else f"http://{host}:{arguments.port}",
        "left": arguments.leave,
        "faults": arguments.faults,
        "seed": arguments.seed,
    }
    return json.dumps(plan)


def _free_or_stop(host: str, port: int) -> None:
    """A sentence instead of a stack of errors when something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = error.strerror or "it cannot be used"
            raise Stop(f"{host}:{port} cannot be served on: {why}. Use another with --port.", REFUSED) from None
