"""Who can sign in: the users that the operation file begins with, and demo accounts where people are invented."""

from __future__ import annotations

import ipaddress
import time

from django.db import transaction
from django.utils.translation import gettext as _

from corridor.base.operation import Operation
from corridor.base.operation import User as NamedUser
from corridor.hq.access.changes import note_change
from corridor.hq.models import User


def now_ms() -> int:
    """This machine's clock: accounts are real in a practice too."""
    return int(time.time() * 1000)


ROLE_ORDER = ("duty_officer", "list_officer", "press_officer", "auditor")
"""Who a newcomer should try first; the other roles follow in the order of the file."""


def demo_accounts(operation: Operation) -> list[tuple[str, str, str]]:
    """Name, role and password of a demo account for each role of an operation, the first user of each role.

    The password is no secret, it is printed by `corridor run`; such an account signs in from this machine only.
    """
    first: dict[str, NamedUser] = {}
    for user in operation.users:
        first.setdefault(user.role, user)
    roles = [role for role in ROLE_ORDER if role in first] + [role for role in first if role not in ROLE_ORDER]
    return [(first[role].id, role, f"{operation.name}-{first[role].id}") for role in roles]


@transaction.atomic
def ensure_accounts(operation: Operation) -> None:
    """Headquarters knows the users of the operation file; of the file and the screen the later word counts.

    What the file says of somebody is taken when it says something new: a user it did not know, other facts, or that
    they left, and can no longer sign in. What was changed on screen since stays. Somebody made on screen is not the
    file's concern. Passwords and factors stay as they are; a new user has no password until one is set.
    """
    known = {user.name: user for user in User.objects.all()}
    for named in operation.users:
        user = known.pop(named.id, None)
        says = {"name": named.name, "role": named.role, "place": named.place or "", "partner": named.partner or ""}
        if user is not None and user.of_file == says:
            continue
        if user is None:
            user = User(name=named.id)
            user.set_unusable_password()
        _follow(user, says)
    for user in known.values():
        if user.of_file is not None:
            _left(user)


def _follow(user: User, says: dict[str, str]) -> None:
    """Take what the file says of somebody; their sessions end where it takes or gives rights."""
    before = {"name": user.full_name, "role": user.role, "place": user.place, "partner": user.partner}
    is_new = user.pk is None
    user.full_name, user.role, user.more_roles, user.place, user.partner = (
        says["name"], says["role"], [], says["place"], says["partner"],
    )  # fmt: skip
    user.of_file, user.is_active = says, True
    if not is_new and (before["role"], before["partner"]) != (says["role"], says["partner"]):
        user.sessions_began += 1
    user.save()
    differ = [
        (key, "" if is_new else before[key], says[key])
        for key in says
        if (says[key] if is_new else before[key] != says[key])
    ]
    if differ:
        note_change(now_ms(), None, user, "created" if is_new else "file_changed", "", differ)


def _left(user: User) -> None:
    """Somebody is no longer in the file; their sessions are over, should they come back too."""
    user.of_file, user.is_active = None, False
    user.sessions_began += 1
    user.save(update_fields=["of_file", "is_active", "sessions_began"])
    note_change(now_ms(), None, user, "closed", "")


def ensure_demo_accounts(operation: Operation) -> None:
    """The demo accounts exist with the password that is printed; an account given a password of its own keeps it."""
    ensure_accounts(operation)
    for name, _role, password in demo_accounts(operation):
        user = User.objects.get(name=name)
        if not user.has_usable_password():
            user.set_password(password)
            user.demo = True
            user.save(update_fields=["password", "demo", "must_change", "password_until_ms"])


def is_this_machine(address: str) -> bool:
    """Whether an address is of the machine that serves; a text that is no address is not."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def role_names() -> dict[str, str]:
    """Each role in the reader's language."""
    return {
        "duty_officer": _("Duty officer"),
        "list_officer": _("List officer"),
        "gate_officer": _("Gate officer"),
        "medic": _("Medic"),
        "psychologist": _("Psychologist"),
        "consul": _("Consul"),
        "movement_officer": _("Movement officer"),
        "reception_officer": _("Reception officer"),
        "partner_liaison": _("Partner liaison"),
        "press_officer": _("Press officer"),
        "auditor": _("Auditor"),
    }
