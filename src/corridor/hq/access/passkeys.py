"""Passkeys: what a browser is asked to make or show, and whether what it answers is right (WebAuthn, by fido2)."""

from __future__ import annotations

import ipaddress
import logging
import struct
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.crypto import salted_hmac
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from corridor.hq.access.factors import count_up
from corridor.hq.models import Factor, User

State = Mapping[str, Any]
"""What must be kept in the session between asking and answering: the challenge, good for one answer."""

_WRONG = (ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, struct.error, InvalidSignature)
"""What fido2 raises for an answer that is not right, or not an answer at all."""

_VERIFIED = UserVerificationRequirement.REQUIRED
_log = logging.getLogger("corridor.hq.access")


def offered(request: HttpRequest) -> bool:
    """Whether browsers make passkeys for this address: a host name behind TLS, or `localhost`."""
    host = _host(request)
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost" or host.endswith(".localhost")
    return False


def ask_to_make(request: HttpRequest, user: User) -> tuple[dict[str, Any], State]:
    """What the browser is asked to make for somebody who is signed in, and the state to keep."""
    known = [AttestedCredentialData(bytes(one.secret)) for one in Factor.objects.filter(user=user, type="passkey")]
    asked, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=handle_of(user), name=user.name, display_name=user.full_name),
        known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    return dict(asked), state


def made(request: HttpRequest, state: State, answer: Any) -> tuple[str, bytes, int] | None:
    """Of a passkey made as asked: its id, its public credential, its counter; None when the answer is wrong."""
    try:
        told = _server(request).register_complete(state, answer)
        assert told.credential_data is not None
        return websafe_encode(told.credential_data.credential_id), bytes(told.credential_data), told.counter
    except _WRONG as error:
        _log.info("a passkey was not made as asked: %s", type(error).__name__)
        return None


def ask_to_show(request: HttpRequest, user: User | None) -> tuple[dict[str, Any], State]:
    """What the browser is asked to show: a passkey of this user, or any of ours when nobody has said who they are."""
    known = None
    if user is not None:
        known = [AttestedCredentialData(bytes(one.secret)) for one in Factor.objects.filter(user=user, type="passkey")]
    asked, state = _server(request).authenticate_begin(known, user_verification=_VERIFIED)
    return dict(asked), state


def shown(request: HttpRequest, state: State, answer: Any, now_ms: int) -> Factor | None:
    """Whose passkey answered as asked; None when it is not known or not right.

    A passkey that counts its uses must count on: one that does not was copied, and is refused.
    """
    try:
        told = AuthenticationResponse.from_dict(answer)
        assert told is not None
        factor = Factor.objects.select_related("user").filter(credential=websafe_encode(told.raw_id)).first()
        if factor is None:
            return None
        handle = told.response.user_handle
        if handle is not None and handle != handle_of(factor.user):
            return None
        _server(request).authenticate_complete(state, [AttestedCredentialData(bytes(factor.secret))], answer)
        counter = told.response.authenticator_data.counter
    except _WRONG as error:
        _log.info("a passkey did not answer as asked: %s", type(error).__name__)
        return None
    if counter == 0 and factor.counter == 0:  # most passkeys that are kept on several devices do not count
        Factor.objects.filter(pk=factor.pk).update(used_at_ms=now_ms)
        return factor
    if not count_up(factor, counter, now_ms):
        _log.warning("a passkey of %s counted back: it may have been copied", factor.user.name)
        return None
    return factor


def handle_of(user: User) -> bytes:
    """What a passkey knows its owner by: always the same, and nothing that says who it is."""
    return salted_hmac("corridor.hq.passkey", str(user.pk), algorithm="sha256").digest()


def _host(request: HttpRequest) -> str:
    return split_domain_port(request.get_host())[0]


def _server(request: HttpRequest) -> Fido2Server:
    """The checker for the address that the page was asked at, which Django has held against CORRIDOR_HOSTS."""
    origin = f"{request.scheme}://{request.get_host()}"
    party = PublicKeyCredentialRpEntity(name="Corridor", id=_host(request))
    return Fido2Server(party, attestation=None, verify_origin=lambda told: told == origin)
