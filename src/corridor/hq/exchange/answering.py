"""What every answer to a phone needs: headquarters' key, its signature under the answer, the request's own bytes."""

from __future__ import annotations

import functools
import logging
import zlib
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from corridor.base.limits import EXCHANGE_BYTES_MAX, EXCHANGE_UNPACKED_BYTES_MAX
from corridor.base.refusal import Refusal
from corridor.hq.exchange import refusals as no
from corridor.hq.exchange.refusals import refused
from corridor.hq.served import Served
from corridor.ledger.device.answer import write_answer
from corridor.ledger.device.sealed_batch import SealedBatchError, is_sealed, open_batch
from corridor.ledger.device.sealed_file import opening_key
from corridor.ledger.device.signing import SigningKey
from corridor.opening import headquarters_key

Page = Callable[[HttpRequest], HttpResponse]
_log = logging.getLogger("corridor.hq.exchange")
_GZIP = 31  # zlib's word for gzip's own header and checksum


def for_phones(page: Page) -> Page:
    """An address that phones post to: no session, no cookie and no form's token, since a signature proves who asks."""

    @csrf_exempt
    @login_not_required
    @functools.wraps(page)
    def answered(request: HttpRequest) -> HttpResponse:
        answer = page(request) if request.method == "POST" else refused(no.POST_ONLY())
        answer.headers.setdefault("Cache-Control", "no-store, private")
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return answer

    return answered


@functools.lru_cache(maxsize=4)
def _keys(headquarters: Served) -> tuple[SigningKey, ec.EllipticCurvePrivateKey] | None:
    key = headquarters_key(headquarters.opened)
    return None if key is None else (key, opening_key(key))


def keys_of(headquarters: Served) -> tuple[SigningKey, ec.EllipticCurvePrivateKey] | Refusal:
    """Headquarters' signing key and the one that opens files; a refusal where this machine records nothing."""
    return _keys(headquarters) or no.TRY_LATER()


def opened(headquarters: Served, batches: Sequence[bytes]) -> list[bytes]:
    """Batches as they were recorded: what a phone sealed while it was locked is opened. What does not open stays as it
    came, and goes to quarantine like whatever else is no batch."""
    return [_opened(headquarters, raw) if is_sealed(raw) else raw for raw in batches]


def _opened(headquarters: Served, raw: bytes) -> bytes:
    keys = _keys(headquarters)
    assert keys is not None, "whoever answers phones holds headquarters' key"
    try:
        return open_batch(raw, keys[1])
    except SealedBatchError as error:
        _log.warning("a sealed batch does not open: %s", error)
        return raw


def signed(key: SigningKey, facts: object, status: int = 200) -> HttpResponse:
    """The signed answer."""
    return HttpResponse(write_answer(key, facts), status=status, content_type="application/octet-stream")


def body_of(request: HttpRequest, most: int = EXCHANGE_BYTES_MAX) -> bytes | Refusal:
    """What was posted, unpacked; a refusal when it is larger than allowed, packed or unpacked, or no gzip."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return no.NOT_AN_EXCHANGE(why="it does not say how long it is")
    if length > most:
        return no.TOO_LARGE()
    raw = request.read(length)
    if len(raw) != length:
        return no.NOT_AN_EXCHANGE(why="it was cut off on the way")
    coding = request.headers.get("Content-Encoding", "")
    if coding in ("", "identity"):
        return raw
    return unpacked(raw) if coding == "gzip" else no.NOT_AN_EXCHANGE(why="it is packed in another way than gzip")


def unpacked(raw: bytes, most: int = EXCHANGE_UNPACKED_BYTES_MAX) -> bytes | Refusal:
    """The bytes in a gzip; never more than allowed are made, whatever the packed ones promise."""
    reader = zlib.decompressobj(_GZIP)
    try:
        found = reader.decompress(raw, most + 1)
    except zlib.error:
        return no.NOT_AN_EXCHANGE(why="the gzip is damaged")
    if len(found) > most:
        return no.TOO_LARGE()
    if not reader.eof or reader.unused_data:
        return no.NOT_AN_EXCHANGE(why="the gzip is cut off, or more follows it")
    return found
