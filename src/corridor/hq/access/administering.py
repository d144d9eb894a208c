"""Accounts changed by somebody else: made, given roles and places, closed, helped in again; each with who and why."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from django.db import transaction

from corridor.base.limits import ONE_TIME_PASSWORD_SECONDS_MAX
from corridor.base.operation import Operation, UserRole
from corridor.base.refusal import Refusal
from corridor.hq.access.changes import note_change
from corridor.hq.access.factors import end_sessions, forget_factors
from corridor.hq.access.refusals import (
    ACCOUNT_CLOSED,
    NAME_TAKEN,
    NAME_WRONG,
    NO_REASON,
    NOT_ADMINISTRATOR,
    NOT_YOURSELF,
    PARTNER_WRONG,
    PLACE_WRONG,
    ROLES_WRONG,
)
from corridor.hq.access.rights import ALONE, may_change_operation
from corridor.hq.models import User

_NAME = re.compile(r"[a-z][a-z0-9-]{1,63}")
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an account says of somebody: `roles` with the one they act in first; '' for any place, for no partner."""

    full_name: str
    roles: tuple[str, ...]
    place: str
    partner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """An account with the one-time password to hand over; it is shown once and kept nowhere readable."""

    user: User
    password: str


def facts_of(user: User) -> Facts:
    """What an account says now."""
    return Facts(full_name=user.full_name, roles=user.roles, place=user.place, partner=user.partner)


@transaction.atomic
def create(by: User, operation: Operation, name: str, facts: Facts, why: str, now_ms: int) -> Handed | Refusal:
    """A new account with a one-time password."""
    refused = _may(by, None, why) or _wrong(operation, facts)
    if refused is not None:
        return refused
    if _NAME.fullmatch(name) is None:
        return NAME_WRONG(name=name)
    if User.objects.filter(name=name).exists() or any(one.id == name for one in operation.users):
        return NAME_TAKEN(name=name)
    user = User(name=name)
    _put(user, facts)
    password = _one_time(user, now_ms)
    user.save()
    note_change(now_ms, by, user, "created", why, [(key, "", after) for key, after in _words(facts).items() if after])
    return Handed(user=user, password=password)


@transaction.atomic
def change(by: User, operation: Operation, user: User, facts: Facts, why: str, now_ms: int) -> Refusal | None:
    """Give and take roles, name another place or partner; open sessions end where roles or partner differ."""
    refused = _may(by, user, why) or _wrong(operation, facts)
    if refused is not None:
        return refused
    before, after = _words(facts_of(user)), _words(facts)
    differ = [(key, before[key], after[key]) for key in after if before[key] != after[key]]
    if not differ:
        return None
    _put(user, facts)
    user.save(update_fields=["full_name", "role", "more_roles", "place", "partner"])
    if {key for key, _before, _after in differ} & {"roles", "partner"}:
        end_sessions(user)
    note_change(now_ms, by, user, "changed", why, differ)
    return None


@transaction.atomic
def close(by: User, user: User, why: str, now_ms: int) -> Refusal | None:
    """The account opens no more and its sessions are over; what it did stays. It can be opened again."""
    refused = _may(by, user, why)
    if refused is not None:
        return refused
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    note_change(now_ms, by, user, "closed", why)
    return None


@transaction.atomic
def reopen(by: User, user: User, why: str, now_ms: int) -> Refusal | None:
    """A closed account opens again, with the password and the factors it had."""
    refused = _may(by, user, why)
    if refused is not None:
        return refused
    user.is_active = True
    user.save(update_fields=["is_active"])
    note_change(now_ms, by, user, "opened", why)
    return None


@transaction.atomic
def hand_password(by: User, user: User, why: str, now_ms: int) -> Handed | Refusal:
    """A one-time password for somebody who has none, or forgot it; their sessions end, their second factor stays."""
    refused = _may(by, user, why)
    if refused is None and not user.is_active:
        refused = ACCOUNT_CLOSED(name=user.name)
    if refused is not None:
        return refused
    password = _one_time(user, now_ms)
    user.save()
    note_change(now_ms, by, user, "one_time_password", why)
    return Handed(user=user, password=password)


@transaction.atomic
def first_password(now_ms: int) -> Handed | None:
    """A one-time password for the first who may change accounts, while nobody at all has a password: whoever starts
    headquarters of a new operation lets themselves in and the others from there. None: somebody has one."""
    users = list(User.objects.select_for_update().filter(is_active=True).order_by("pk"))
    first = next((user for user in users if may_change_operation(user)), None)
    if first is None or any(user.has_usable_password() for user in users):
        return None
    password = _one_time(first, now_ms)
    first.save()
    note_change(now_ms, None, first, "one_time_password", "")
    return Handed(user=first, password=password)


@transaction.atomic
def end_all_sessions(by: User, user: User, why: str, now_ms: int) -> Refusal | None:
    """Sign somebody out everywhere; they may sign in again."""
    refused = _may(by, user, why)
    if refused is not None:
        return refused
    end_sessions(user)
    note_change(now_ms, by, user, "sessions_ended", why)
    return None


@transaction.atomic
def reset_factors(by: User | None, user: User, why: str, now_ms: int) -> Refusal | None:
    """Take somebody's lost factors away, and their sessions; where one is demanded they set up a new one at sign-in.

    `by` is None for the shell: whoever has this machine has the database too.
    """
    refused = _may(by, user, why) if by is not None else (None if why.strip() else NO_REASON())
    if refused is not None:
        return refused
    forget_factors(user)
    note_change(now_ms, by, user, "factors_reset", why)
    return None


def _may(by: User, user: User | None, why: str) -> Refusal | None:
    """Whether somebody may change this account; asked of the database as it is now, both rows held until the end.

    So the last who may change accounts is never lost: they cannot change their own, and of two who would close each
    other's the second is refused, being closed.
    """
    both = sorted({by.pk} | ({user.pk} if user is not None else set()))
    held = {one.pk: one for one in User.objects.select_for_update().filter(pk__in=both).order_by("pk")}
    now = held.get(by.pk)
    if now is None or not now.is_active or not may_change_operation(now):
        return NOT_ADMINISTRATOR(role=by.role)
    if user is not None and user.pk == by.pk:
        return NOT_YOURSELF()
    if user is not None:
        user.refresh_from_db()  # what was done to the account since the page was opened stays done
    return None if why.strip() else NO_REASON()


def _wrong(operation: Operation, facts: Facts) -> Refusal | None:
    roles = set(facts.roles)
    if not roles or not roles <= set(get_args(UserRole)) or (len(roles) > 1 and roles & ALONE):
        return ROLES_WRONG(roles=", ".join(facts.roles) or "–")
    partners = {one.id for one in operation.partners}
    if ("partner_liaison" in roles) != bool(facts.partner) or (facts.partner and facts.partner not in partners):
        return PARTNER_WRONG()
    if facts.place and all(place.id != facts.place for place in operation.places):
        return PLACE_WRONG(place=facts.place)
    return None


def _put(user: User, facts: Facts) -> None:
    acting = user.role if user.role in facts.roles else facts.roles[0]
    user.full_name, user.role, user.place, user.partner = facts.full_name, acting, facts.place, facts.partner
    user.more_roles = [role for role in facts.roles if role != acting]


def _words(facts: Facts) -> dict[str, str]:
    roles = ", ".join(sorted(facts.roles))
    return {"name": facts.full_name, "roles": roles, "place": facts.place, "partner": facts.partner}


def _one_time(user: User, now_ms: int) -> str:
    letters: Sequence[str] = [secrets.choice(_LETTERS) for _ in range(12)]  # 59 bits, and no letter like another
    password = "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))
    user.set_password(password)
    user.must_change, user.password_until_ms = True, now_ms + ONE_TIME_PASSWORD_SECONDS_MAX * 1000
    return password
