"""Which accounts wait for a second person: who was let in, raised or helped in again by one, and not looked at yet.

What waits is read from the log of accounts and kept nowhere else: everything since the last row `agreed`. The operation
file's own changes do not wait, a second person signed them; nor do the shell's, whoever has the machine has the log.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from corridor.base.refusal import Refusal
from corridor.hq.access.changes import note_change
from corridor.hq.access.refusals import NOT_AGREEING, NOTHING_WAITS
from corridor.hq.access.rights import AGREED, may
from corridor.hq.models import AccountChange, User

AGREED_TO = "agreed"
LETS_IN = frozenset({"created", "changed", "opened", "one_time_password", "factors_reset"})
"""What somebody could use to work under another name, so that a second person looks at it."""


def waiting(user: User) -> list[AccountChange]:
    """What was done to an account by somebody and no second person has looked at, the earliest first."""
    return _waiting([user.name]).get(user.name, [])


def all_waiting() -> dict[str, list[AccountChange]]:
    """The same of every open account that has something waiting, by name."""
    return _waiting(list(User.objects.filter(is_active=True).values_list("name", flat=True)))


def held_back(user: User) -> bool:
    """Whether somebody must wait for a second person before they can act: one made their account, or gave it a role,
    that reads restricted notes or signs versions. A new password alone holds nobody back, a medic at night least."""
    return bool(set(user.roles) & AGREED) and any(_gives(change) for change in waiting(user))


def may_agree(by: User, user: User) -> bool:
    """Whether somebody can be the second person: they read the accounts, changed nothing of what waits, it is not their
    own account, and nothing of their own waits, so that no account vouches for the one that made it or for itself."""
    changed_by = {change.who for change in waiting(user)}
    return by.is_active and may(by, "users") and by.pk != user.pk and by.name not in changed_by and not waiting(by)


@transaction.atomic
def agree(by: User, user: User, up_to: int, why: str, now_ms: int) -> Refusal | None:
    """Put on record that a second person looked; `up_to` is the last change that they saw (`AccountChange.pk`)."""
    held = {one.pk: one for one in User.objects.select_for_update().filter(pk__in=[by.pk, user.pk]).order_by("pk")}
    by, user = held[by.pk], held[user.pk]
    if not may_agree(by, user):
        return NOT_AGREEING()
    changes = waiting(user)
    if not changes or changes[-1].pk != up_to:
        return NOTHING_WAITS()
    note_change(now_ms, by, user, AGREED_TO, why)
    return None


def _waiting(names: Sequence[str]) -> dict[str, list[AccountChange]]:
    found: dict[str, list[AccountChange]] = {}
    rows = AccountChange.objects.filter(about__in=names, what__in=LETS_IN | {AGREED_TO}).exclude(who="")
    for row in rows.order_by("id"):
        if row.what == AGREED_TO:
            found.pop(row.about, None)
        elif row.what != "changed" or _gives(row):
            found.setdefault(row.about, []).append(row)
    return found


def _gives(change: AccountChange) -> bool:
    """Whether a change gives a role of those agreed to; what takes roles away, or moves somebody, gives nothing."""
    roles = {key: (_roles(before), _roles(after)) for key, before, after in change.changes}
    before, after = roles.get("roles", (frozenset(), frozenset()))
    return bool((after - before) & AGREED)


def _roles(text: str) -> frozenset[str]:
    return frozenset(text.split(", "))
