"""The log of accounts: who changed whose account, what, and why; rows are added and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.base.ids import PlaceId
from corridor.base.moments import Moment
from corridor.base.operation import name_in
from corridor.hq.models import AccountChange, User
from corridor.hq.served import served


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


def fields() -> dict[str, str]:
    """What each fact of an account is called, in the reader's language."""
    return {
        "name": _("Name"),
        "role": _("Role"),
        "roles": _("Roles"),
        "place": _("Place"),
        "partner": _("Partner state"),
        "factor": _("Second factor"),
    }


def said(key: str, text: str) -> str:
    """A fact of an account in the reader's language; a text that names nothing known stays as it is."""
    from corridor.hq.access.accounts import role_names  # which logs its own changes here

    operation, language = served().operation, get_language() or "en"
    if key in ("role", "roles"):
        return ", ".join(role_names().get(one, one) for one in text.split(", ")) if text else ""
    if key == "place" and operation.has_place(text):
        return name_in(operation.place(PlaceId(text)).names, language)
    partners = (one.names for one in operation.partners if key == "partner" and one.id == text)
    return next((name_in(names, language) for names in partners), text)


def told(rows: Iterable[AccountChange]) -> list[Change]:
    """Rows of the log in the reader's language."""
    says, called = whats(), fields()
    return [
        Change(Moment(row.at_ms), row.who, row.about, says.get(row.what, row.what), row.why,
               tuple((called.get(key, key), said(key, before), said(key, after)) for key, before, after in row.changes))
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
