"""One request of a phone: what it pushes is durable before the answer names it, and it hears what it needs."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
from django.http import HttpRequest, HttpResponse

from corridor.base.ids import DeviceId
from corridor.base.limits import REVOKED_BYTES_MAX
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.exchange import refusals as no
from corridor.hq.exchange.answering import body_of, for_phones, keys_of, opened, signed
from corridor.hq.exchange.enrol import account_refused
from corridor.hq.exchange.phones import Phones, phones_of
from corridor.hq.exchange.pulling import pulled
from corridor.hq.exchange.refusals import plain, refused
from corridor.hq.served import Served, served
from corridor.journey.devices.refusals import DEVICE_REVOKED
from corridor.ledger.device.request import Header, Request, RequestError, read_request

_log = logging.getLogger("corridor.hq.exchange")


@for_phones
def exchange(request: HttpRequest) -> HttpResponse:
    """Take in what a phone pushes and answer what it asks for."""
    headquarters = served()
    keys = keys_of(headquarters)
    if isinstance(keys, Refusal):
        return refused(keys)
    raw = body_of(request)
    if isinstance(raw, Refusal):
        return refused(raw)
    answered = answer_to(headquarters, raw)
    if isinstance(answered, Refusal):
        seconds = answered.data.get("seconds")
        return refused(answered, wait_seconds=seconds if isinstance(seconds, int) else None)
    return signed(keys[0], answered, status=403 if _tells(answered, DEVICE_REVOKED.code) else 200)


def answer_to(headquarters: Served, raw: bytes, *, in_person: bool = False) -> dict[str, Any] | Refusal:
    """What a request is answered, whichever way it came; a refusal when nothing of it is taken in.

    `in_person`: it came in a file that somebody brought, so it is not counted among the device's requests, and it tells
    nothing of how the device does now.
    """
    received_at = headquarters.now()
    try:
        request = read_request(raw)
    except RequestError as error:
        return no.NOT_AN_EXCHANGE(why=str(error))
    header, phones = request.header, phones_of(headquarters)
    device = DeviceId(header.device)
    unproved = _unproved(headquarters, request)
    if unproved is not None:
        return unproved
    wait = 0 if in_person else phones.wait_seconds(device, received_at)
    if wait:
        return no.TOO_MANY_TRIES(seconds=wait)
    revoked = device in headquarters.opened.writer.intake.trust.revocations
    try:
        if revoked and request.batches:
            held = phones.hold(header, received_at, sum(header.batches))
            if held > REVOKED_BYTES_MAX:
                return no.HELD_ENOUGH(device=device)
        verdicts = _verdicts(headquarters, opened(headquarters, request.batches), received_at)
        if not revoked and not in_person:
            phones.note(header, received_at)
    except (sqlite3.Error, psycopg.Error):
        _log.exception("what %s sent could not be written", device)
        return no.TRY_LATER()
    facts = {
        "type": "exchanged",
        "nonce": header.nonce,
        "device": device,
        "received_at": received_at,
        "verdicts": verdicts,
        "tips": _tips(headquarters, device),
        "token": None,
        "roster": None,
        "instructions": None,
        "refusal": None,
    }
    if revoked:
        facts["refusal"] = plain(DEVICE_REVOKED(device=device))
    elif not in_person:
        facts |= _pulled(headquarters, phones, header, received_at)
    return {**facts, "answered_at": headquarters.now()}


def _unproved(headquarters: Served, request: Request) -> Refusal | None:
    """Why nothing in a request is looked at: no key of its device is known, or none of them made the signature."""
    intake, device = headquarters.opened.writer.intake, request.header.device
    with intake.lock:
        keys = [] if device == intake.trust.root_device else list(intake.trust.keys.get(device, ()))
    if not keys:
        return no.NOT_ENROLLED(device=device)
    if not any(request.proved(one.public_key) for one in reversed(keys)):
        return no.EXCHANGE_NOT_PROVED(device=device)
    return None


def _verdicts(headquarters: Served, batches: Sequence[bytes], received_at: Moment) -> list[dict[str, Any]]:
    """What became of each batch, once all of them are durable, with the receipts."""
    if not batches:
        return []
    writer = headquarters.opened.writer
    found = []
    for verdict in writer.receive(batches, received_at):
        receipt = None
        if verdict.status != "quarantined":
            made = writer.receipt(verdict, received_at)
            receipt = {"text": made.text.decode(), "signature": made.signature.hex()}
        found.append({"status": verdict.status, "code": verdict.code, "receipt": receipt})
    return found


def _tips(headquarters: Served, device: DeviceId) -> dict[str, list[list[Any]]]:
    """What headquarters holds of a device, by epoch."""
    intake = headquarters.opened.writer.intake
    with intake.lock:
        chains = [(epoch, chain.tips()) for (name, epoch), chain in intake.chains.items() if name == device]
    return {str(epoch): [[seq, head.hex()] for seq, head in tips] for epoch, tips in sorted(chains) if tips}


def _pulled(headquarters: Served, phones: Phones, header: Header, received_at: Moment) -> dict[str, Any]:
    """The token for the next request, and what this one asks for, as far as its own token is good."""
    device = DeviceId(header.device)
    fresh = phones.take_token(device, header.token, received_at)
    facts: dict[str, Any] = {"token": phones.new_token(device, received_at)}
    if header.roster is None:
        return facts
    binding = phones.binding_of(headquarters, device)
    refusal = account_refused(binding.user) if binding.user is not None else no.ACCOUNT_NOT_GOOD(user="")
    if refusal is None and not fresh:
        refusal = no.TOKEN_NEEDED()
    if refusal is not None:
        return {**facts, "refusal": plain(refusal)}
    page, told = pulled(headquarters, device, binding, header.roster, header.instructions)
    if isinstance(page, Refusal):
        return {**facts, "refusal": plain(page)}
    return {**facts, "roster": page, "instructions": told}


def _tells(answered: dict[str, Any], code: str) -> bool:
    return answered["refusal"] is not None and answered["refusal"]["code"] == code
