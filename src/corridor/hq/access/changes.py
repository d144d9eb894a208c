"""The log of accounts: who changed whose account, what, and why; rows are added and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.base.moments import Moment
from corridor.hq.models import AccountChange, User


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an account: `who` is '' for the shell; `changes` are the facts that differ, before and after."""

    at: Moment
    who: str
    about: str
    says: str
    why: str
    changes: tuple[tuple[str, str, str], ...]


def note_change(
    at_ms: int, who: User | None, about: User, what: str, why: str, changes: Sequence[Sequence[str]] = ()
) -> None:
    """Log a change, in the transaction that makes it; `who` is None for the shell. No secret may stand in it."""
    assert what in whats(), what
    AccountChange.objects.create(
        at_ms=at_ms, who=who.name if who else "", role=who.role if who else "", about=about.name, what=what, why=why,
        changes=[list(one) for one in changes],
    )  # fmt: skip


def told(rows: Iterable[AccountChange]) -> list[Change]:
    """Rows of the log in the reader's language."""
    says = whats()
    return [
        Change(Moment(row.at_ms), row.who, row.about, says.get(row.what, row.what), row.why,
               tuple((key, before, after) for key, before, after in row.changes))
        for row in rows
    ]  # fmt: skip


def changes_about(name: str, most: int) -> list[Change]:
    """The latest changes of one account, the latest first."""
    return told(AccountChange.objects.filter(about=name).order_by("-id")[:most])


def latest_changes(most: int) -> list[Change]:
    """The latest changes of all accounts, the latest first."""
    return told(AccountChange.objects.order_by("-id")[:most])


def whats() -> dict[str, str]:
    """What can be done to an account, in the reader's language."""
    return {
        "created": _("account created"),
        "changed": _("account changed"),
        "closed": _("account closed"),
        "opened": _("account opened again"),
        "one_time_password": _("one-time password made"),
        "sessions_ended": _("sessions ended"),
        "factors_reset": _("second factors taken away"),
        "agreed": _("looked at by a second person"),
        "file_changed": _("changed by the operation file"),
        "own_password": _("own password changed"),
        "app_added": _("app set up"),
        "passkey_added": _("passkey set up"),
        "app_removed": _("app taken away"),
        "passkey_removed": _("passkey taken away"),
        "codes_made": _("recovery codes made"),
        "recovery_used": _("signed in with a recovery code"),
        "acts_as": _("acts in another role"),
    }
