"""Take somebody's second factors away from the shell: the way back in for the last duty officer who lost theirs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corridor.hq.access.accounts import now_ms
from corridor.hq.access.administering import reset_factors
from corridor.hq.models import User


class Command(BaseCommand):
    """`django-admin forget_factors NAME --why WHY`."""

    help = "Take a user's second factors and recovery codes away, and end their sessions. It is logged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name they sign in with")
        parser.add_argument("--why", required=True, help="the reason, for the log")

    def handle(self, *args: Any, name: str, why: str, **options: Any) -> None:
        user = User.objects.filter(name=name).first()
        if user is None:
            raise CommandError(f"There is no user {name}. Write the name they sign in with.")
        refused = reset_factors(None, user, why, now_ms())
        if refused is not None:
            raise CommandError(str(refused))
        self.stdout.write(f"{name} has no second factor now; their sessions have ended.")
