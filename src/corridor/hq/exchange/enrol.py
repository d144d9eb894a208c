"""How a phone is admitted: it shows a one-time code and proves its key; the order is that of whoever made the code."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpRequest, HttpResponse

from corridor.base.ids import DeviceId, PlaceId, UserId
from corridor.base.limits import ENROL_FAILURES_MAX, ROSTER_HOURS_MAX, SIGN_IN_WINDOW_SECONDS
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.access.accounts import now_ms
from corridor.hq.access.agreeing import held_back
from corridor.hq.access.attempts import address_of, failed
from corridor.hq.access.rights import PHONES, may_give
from corridor.hq.exchange import refusals as no
from corridor.hq.exchange.answering import body_of, for_phones, keys_of, signed
from corridor.hq.exchange.codes import find_code
from corridor.hq.exchange.refusals import refused
from corridor.hq.models import EnrolCode, FailedSignIn, GivenOrder, User
from corridor.hq.served import Served, served
from corridor.hq.working import at_work
from corridor.journey.devices.orders import EnrolDevice
from corridor.journey.orders import decide
from corridor.ledger.device.request import HEADER_BYTES_MAX, EnrolRequest, RequestError, read_enrolment
from corridor.ledger.device.sealed_file import public_point
from corridor.ledger.device.signing import SigningKey

PIN_DIGITS_MIN = 6
_log = logging.getLogger("corridor.hq.exchange")


@for_phones
def enrol(request: HttpRequest) -> HttpResponse:
    """Admit a phone, or say why not; the same call again answers the same."""
    headquarters = served()
    received_at = headquarters.now()
    keys = keys_of(headquarters)
    if isinstance(keys, Refusal):
        return refused(keys)
    address = f"phone {address_of(request)}"[:64]  # counted apart from sign-ins: neither can lock the other out
    wait = _wait_seconds(address, now_ms())
    if wait:
        return refused(no.TOO_MANY_TRIES(seconds=wait), wait_seconds=wait)
    raw = body_of(request, HEADER_BYTES_MAX)
    if isinstance(raw, Refusal):
        return refused(raw)
    try:
        asked = read_enrolment(raw)
    except RequestError as error:
        return refused(no.NOT_AN_EXCHANGE(why=str(error)))
    code = find_code(asked.code, received_at)
    if code is None or code.used_key not in ("", asked.public_key):
        failed("", address, now_ms())
        return refused(no.CODE_NOT_GOOD())
    if not asked.proved():
        failed("", address, now_ms())
        return refused(no.NOT_PROVED())
    try:
        epoch = _admitted(headquarters, code, asked.public_key)
    except (sqlite3.Error, psycopg.Error):
        _log.exception("a phone could not be enrolled")
        return refused(no.TRY_LATER())
    return refused(epoch) if isinstance(epoch, Refusal) else _told(headquarters, code, asked, epoch, keys, received_at)


def _admitted(headquarters: Served, code: EnrolCode, public_key: str) -> int | Refusal:
    """The epoch from which the key is good, once headquarters' order has enrolled it; it is given once."""
    with headquarters.opened.writer.alone():
        code.refresh_from_db()
        if code.used_key not in ("", public_key):
            return no.CODE_NOT_GOOD()
        epoch = _epoch_of(headquarters, code.device, public_key)
        if epoch is None:
            refusal = _ordered(headquarters, code, public_key)
            if refusal is not None:
                return refusal
            epoch = _epoch_of(headquarters, code.device, public_key)
            assert epoch is not None, "it was enrolled a line ago"
        if not code.used_key:
            code.used_key = public_key
            code.save(update_fields=["used_key"])
        return epoch


def _ordered(headquarters: Served, code: EnrolCode, public_key: str) -> Refusal | None:
    """Give the order in the name of the officer who made the code, as far as they still may; None: it is done."""
    officer = User.objects.filter(name=code.by, is_active=True).first()
    if officer is None or not may_give(officer, EnrolDevice):
        return no.CODE_NOT_GOOD()
    if (refusal := account_refused(code.user)) is not None:
        return refusal
    order = EnrolDevice(
        by=UserId(code.by),
        device=DeviceId(code.device),
        public_key=public_key,
        place=PlaceId(code.place) if code.place else None,
        user=UserId(code.user),
    )
    board, now = headquarters.board_now(), headquarters.now()
    users = frozenset(UserId(one.id) for one in at_work(headquarters.operation))
    decided = decide(order, board, now, users)
    events: list[Any] = []
    if not isinstance(decided, Refusal):
        recorded = headquarters.opened.writer.record(decided, now)
        events = [list(event) for event in recorded.events]
    GivenOrder.objects.create(
        at_ms=now,
        who=code.by,
        role=officer.role,
        order="EnrolDevice:phone",
        token=code.hashed,
        refused=decided.code if isinstance(decided, Refusal) else "",
        events=events,
    )
    return decided if isinstance(decided, Refusal) else None


def account_refused(user: str) -> Refusal | None:
    """Why an account takes no phone: it is closed, its role records nothing in the field, or it waits for a second
    person, as on screen; None: it does."""
    found = User.objects.filter(name=user, is_active=True).first()
    good = found is not None and found.role in PHONES and not held_back(found)
    return None if good else no.ACCOUNT_NOT_GOOD(user=user)


def _epoch_of(headquarters: Served, device: str, public_key: str) -> int | None:
    intake = headquarters.opened.writer.intake
    with intake.lock:
        keys = intake.trust.keys.get(device, ())
        return next((one.epoch for one in keys if one.public_key.hex() == public_key), None)


def _told(
    headquarters: Served,
    code: EnrolCode,
    asked: EnrolRequest,
    epoch: int,
    keys: tuple[SigningKey, ec.EllipticCurvePrivateKey],
    received_at: Moment,
) -> HttpResponse:
    operation = headquarters.operation
    user = User.objects.get(name=code.user)
    facts = {
        "type": "enrolled",
        "nonce": asked.nonce,
        "device": code.device,
        "epoch": epoch,
        "user": code.user,
        "user_name": user.full_name,
        "role": user.role,
        "place": code.place or None,
        "operation": operation.name,
        "titles": dict(operation.titles),
        "languages": list(operation.languages),
        "zone": operation.as_of_zone,
        "headquarters_key": keys[0].public.hex(),
        "export_key": public_point(keys[1]).hex(),
        "received_at": received_at,
        "answered_at": headquarters.now(),
        "pin_digits_min": PIN_DIGITS_MIN,
        "roster_hours": ROSTER_HOURS_MAX,
    }
    _log.info("%s is enrolled for %s by %s", code.device, code.user, code.by)
    return signed(keys[0], facts)


def _wait_seconds(address: str, now: int) -> int:
    """Seconds until codes may be tried again from an address; 0 when they may be now."""
    window = SIGN_IN_WINDOW_SECONDS * 1000
    recent = FailedSignIn.objects.filter(address=address, at_ms__gt=now - window).order_by("-at_ms")
    latest = list(recent.values_list("at_ms", flat=True)[:ENROL_FAILURES_MAX])
    return -(-(latest[-1] + window - now) // 1000) if len(latest) == ENROL_FAILURES_MAX else 0
