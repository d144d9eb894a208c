"""What a batch looks like on the wire, version 1, frozen: framing, event lines, the hash chain; golden vectors hold it.

A batch is UTF-8 text in lines, each ended by one line feed:

    corridor/batch/1
    {"device":"gate-1","epoch":1,"first":1,"count":2,"prev":"<64 hex>","head":"<64 hex>","alg":"ed25519"}
    <signature, 128 hex digits, over the first two lines with their line feeds>
    {"at":1699776000000,"by":"amal","kind":"crossed","persons":["p1"],"source":"place:gaza", … ,"body":{…}}
    …

The signature covers every event because the header names `head`, the hash that the events' own bytes lead to:
hash(event) = SHA-256("corridor/event/1\\n" + hash(event before, 32 bytes) + line without its line feed), and the event
before the first of an epoch hashes to 32 zero bytes. Bytes are never written again from what was read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from corridor.base.ids import AccountId, DeviceId, EventId, PersonId, UserId
from corridor.base.limits import (
    BATCH_BYTES_MAX,
    BATCH_EVENTS_MAX,
    EVENT_BYTES_MAX,
    EVENT_LEVELS_MAX,
    ID_CHARS_MAX,
    LAST_MOMENT_MS,
)
from corridor.base.moments import Moment
from corridor.ledger.device.signing import SIGNATURE_BYTES, SigningKey
from corridor.ledger.event import Draft, Event

MAGIC = b"corridor/batch/1\n"
ZERO_HASH = bytes(32)
_HASH_PREFIX = b"corridor/event/1\n"
_HEADER_BYTES_MAX = 512
EPOCH_MAX = 2**31 - 1
SEQ_MAX = 2**53 - 1  # what a browser's numbers hold exactly
_SHALLOW_BYTES = 2 * EVENT_LEVELS_MAX  # a line this short cannot nest deeper
_JSON_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?')


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second line of a batch: whose it is, which events it holds, and the hashes before and after them."""

    device: str
    epoch: int
    first: int
    count: int
    prev: str
    head: str
    alg: str = "ed25519"


class Line(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One event as it is on the wire; the body stays raw bytes until somebody asks for it."""

    at: int
    by: str
    kind: str
    persons: list[str] = msgspec.field(default_factory=list)
    source: str | None = None
    target: str | None = None
    offset_ms: int | None = None
    uncertainty_ms: int | None = None
    body: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"{}"))


@dataclass(frozen=True, slots=True)
class Frame:
    """A batch taken apart but not yet believed: `signed` are the bytes under the signature, `lines` the events'."""

    header: Header
    signed: bytes
    signature: bytes
    lines: tuple[bytes, ...]
    prev: bytes
    head: bytes


class WireError(ValueError):
    """Bytes that are no batch of version 1; the text says where."""


LINES_BYTES_MAX = BATCH_BYTES_MAX - 2048
"""Bytes of a batch's lines together, without line feeds: the rest is room for those, the header and the signature."""

UNREADABLE_LINE = Line(at=0, by="", kind="unreadable")
"""What stands for a line that cannot be read; the bytes themselves are kept in the batch."""

_header_decoder = msgspec.json.Decoder(Header)
_line_decoder = msgspec.json.Decoder(Line)
_body_decoder = msgspec.json.Decoder(dict[str, Any])
_encoder = msgspec.json.Encoder()


def unframe(raw: bytes) -> Frame:
    """Take a batch apart. Raises WireError, saying what is wrong, when it is no batch of version 1."""
    if len(raw) > BATCH_BYTES_MAX:
        raise WireError(f"a batch of {len(raw)} bytes; at most {BATCH_BYTES_MAX}")
    if not raw.startswith(MAGIC):
        raise WireError("the first line is not corridor/batch/1")
    if raw.count(b"\n") > BATCH_EVENTS_MAX + 3:
        raise WireError(f"more than {BATCH_EVENTS_MAX} events")
    lines = raw.split(b"\n")
    if lines.pop() != b"":
        raise WireError("the last line is cut off")
    if len(lines) < 4:
        raise WireError("a batch needs a header, a signature and at least one event")
    if len(lines[1]) > _HEADER_BYTES_MAX:
        raise WireError("the header is too long")
    try:
        header = _header_decoder.decode(lines[1])
        prev, head, signature = (bytes.fromhex(text) for text in (header.prev, header.head, lines[2].decode("ascii")))
    except ValueError as error:  # msgspec's errors and those of hex and ASCII are all ValueErrors
        raise WireError(f"the header or signature cannot be read: {error}") from error
    events = tuple(lines[3:])
    if len(header.prev) + len(header.head) + len(lines[2]) != 2 * (32 + 32 + SIGNATURE_BYTES):
        raise WireError("a hash or the signature has the wrong length")  # blanks between hex digits end here too
    _check_header(header, prev, head, signature, len(events))
    return Frame(header, MAGIC + lines[1] + b"\n", signature, events, prev, head)


def _check_header(header: Header, prev: bytes, head: bytes, signature: bytes, lines: int) -> None:
    if not valid_id(header.device):
        raise WireError(f"{header.device!r} is no device id")
    if not (1 <= header.epoch <= EPOCH_MAX and 1 <= header.first <= SEQ_MAX - header.count):
        raise WireError("epoch and first are whole numbers from 1")
    if not 1 <= header.count <= BATCH_EVENTS_MAX or header.count != lines:
        raise WireError(f"the header says {header.count} events, there are {lines}; at most {BATCH_EVENTS_MAX}")
    if len(prev) != 32 or len(head) != 32 or len(signature) != SIGNATURE_BYTES:
        raise WireError("a hash or the signature has the wrong length")
    if header.alg != "ed25519":
        raise WireError(f"signature algorithm {header.alg!r} is not known; ed25519 is")


def valid_id(text: str) -> bool:
    """Whether a text may be an id: 1 to 64 printable ASCII characters, no blank, quote, slash or backslash."""
    return 0 < len(text) <= ID_CHARS_MAX and text.isascii() and text.isprintable() and not set(text) & set(" \"'/\\<>")


def chain(prev: bytes, lines: Sequence[bytes]) -> list[bytes]:
    """The hash of each line in turn, starting after `prev`."""
    hashes = []
    for line in lines:
        prev = sha256(_HASH_PREFIX + prev + line).digest()
        hashes.append(prev)
    return hashes


def chain_head(prev: bytes, lines: Sequence[bytes]) -> bytes:
    """The hash the lines lead to from `prev`; what a batch's header must name as `head`."""
    for line in lines:
        prev = sha256(_HASH_PREFIX + prev + line).digest()
    return prev


def read_line(line: bytes) -> Line | None:
    """The event of one line; None when it cannot be read (it is kept and flagged, never dropped)."""
    if len(line) > EVENT_BYTES_MAX or _too_deep(line):
        return None
    try:
        return _line_decoder.decode(line)
    except ValueError:  # msgspec's errors, and bytes that are no UTF-8
        return None


def read_lines(lines: Sequence[bytes]) -> list[Line | None]:
    """The events of a batch's lines, all at once where all are well formed."""
    longest = max(map(len, lines))
    shallow = longest <= _SHALLOW_BYTES or (longest <= EVENT_BYTES_MAX and not any(map(_too_deep, lines)))
    # No JSON value goes on with { after }, so each of these lines holds a whole number of values; as many values as
    # lines then means one in each, and no line can shift the numbers of the rest.
    if shallow and all([line[:1] == b"{" and line[-1:] == b"}" for line in lines]):
        try:
            decoded = _line_decoder.decode_lines(b"\n".join(lines))
        except ValueError:  # msgspec's errors, and bytes that are no UTF-8
            pass
        else:
            if len(decoded) == len(lines):
                return decoded  # type: ignore[return-value]  # a list of Line is a list of Line | None
    return [read_line(line) for line in lines]


def _too_deep(line: bytes) -> bool:
    """Whether a line nests deeper than `EVENT_LEVELS_MAX`, which would exhaust the reader's stack."""
    if line.count(b"{") + line.count(b"[") <= EVENT_LEVELS_MAX:
        return False
    level = deepest = 0
    for mark in _JSON_TEXT.sub(b"", line):
        level += (mark in b"{[") - (mark in b"}]")
        deepest = max(deepest, level)
    return deepest > EVENT_LEVELS_MAX


def event_of(line: Line, id_: EventId, hash_: bytes, received_at: Moment) -> Event:
    """The event of a read line. An unreadable body reads as `{"unreadable": true}`, so that nothing is dropped.

    Moments come out as the columns have them: from 1970 to `LAST_MOMENT_MS`, so that they can always be shown.
    """
    try:
        body = _body_decoder.decode(line.body)
    except ValueError:  # msgspec's errors, and bytes that are no UTF-8
        body = {"unreadable": True}
    happened_at = min(max(line.at, 0), LAST_MOMENT_MS)
    corrected_at = min(max(line.at + (line.offset_ms or 0), 0), LAST_MOMENT_MS)
    uncertainty = line.uncertainty_ms
    return Event(
        id=id_,
        hash=hash_,
        happened_at=Moment(happened_at),
        clock_offset_ms=None if line.offset_ms is None else corrected_at - happened_at,
        clock_uncertainty_ms=None if uncertainty is None else min(max(uncertainty, 0), LAST_MOMENT_MS),
        by=UserId(line.by),
        kind=line.kind,
        persons=tuple(PersonId(person) for person in line.persons),
        source=None if line.source is None else AccountId(line.source),
        target=None if line.target is None else AccountId(line.target),
        body=body,
        received_at=received_at,
    )


def write_line(draft: Draft, clock_offset_ms: int | None, clock_uncertainty_ms: int | None) -> bytes:
    """The line of a new event. Asserts that it keeps within the limits: a device never mints what it cannot send."""
    line = _encoder.encode(
        Line(
            at=draft.happened_at,
            by=draft.by,
            kind=draft.kind,
            persons=list(draft.persons),
            source=draft.source,
            target=draft.target,
            offset_ms=clock_offset_ms,
            uncertainty_ms=clock_uncertainty_ms,
            body=msgspec.Raw(_encoder.encode(dict(draft.body))),
        )
    )
    assert len(line) <= EVENT_BYTES_MAX, f"an event of {len(line)} bytes; at most {EVENT_BYTES_MAX}"
    return line


def frame(
    device: DeviceId, epoch: int, first: int, prev: bytes, lines: Sequence[bytes], key: SigningKey
) -> tuple[bytes, bytes]:
    """A signed batch of these lines, and the hash of its last event."""
    assert 1 <= len(lines) <= BATCH_EVENTS_MAX, "a batch holds 1 to 256 events"
    assert sum(map(len, lines)) <= LINES_BYTES_MAX, "a device never signs a batch that is too large to be taken in"
    head = chain_head(prev, lines)
    header = Header(device, epoch, first, len(lines), prev.hex(), head.hex())
    signed = MAGIC + _encoder.encode(header) + b"\n"
    signature = key.sign(signed).hex().encode("ascii")
    return signed + b"\n".join([signature, *lines]) + b"\n", head
