"""Who can sign in: the users of the operation file, and demo accounts for a shipped operation with invented people."""

from __future__ import annotations

import ipaddress

from django.db import transaction
from django.utils.translation import gettext as _

from corridor.base.operation import Operation
from corridor.base.operation import User as NamedUser
from corridor.hq.models import User

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
    """Headquarters knows exactly the users of the operation file, with their roles; passwords stay as they are.

    A user who left the file can no longer sign in; a new one has no password until one is set.
    """
    known = {user.name: user for user in User.objects.all()}
    for named in operation.users:
        user = known.pop(named.id, None) or User(name=named.id)
        facts = (named.name, named.role, named.place or "", named.partner or "", True)
        if (user.full_name, user.role, user.place, user.partner, user.is_active) != facts or user.pk is None:
            user.full_name, user.role, user.place, user.partner, user.is_active = facts
            if user.pk is None:
                user.set_unusable_password()
            user.save()
    for user in known.values():
        user.is_active = False
        user.save(update_fields=["is_active"])


def ensure_demo_accounts(operation: Operation) -> None:
    """The demo accounts exist with the password that is printed; an account given a password of its own keeps it."""
    ensure_accounts(operation)
    for name, _role, password in demo_accounts(operation):
        user = User.objects.get(name=name)
        if not user.has_usable_password():
            user.set_password(password)
            user.demo = True
            user.save(update_fields=["password", "demo"])


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
        "consul": _("Consul"),
        "movement_officer": _("Movement officer"),
        "reception_officer": _("Reception officer"),
        "partner_liaison": _("Partner liaison"),
        "press_officer": _("Press officer"),
        "auditor": _("Auditor"),
    }
