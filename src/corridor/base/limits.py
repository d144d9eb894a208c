"""Every bound of the program in one place, each with its reason."""

from __future__ import annotations

from corridor.base.moments import MINUTE_MS, SECOND_MS

BATCH_EVENTS_MAX = 256
"""Events in one batch: what a bad 2G minute carries, and one signature for all of them."""

EVENT_BYTES_MAX = 16_384
"""Bytes of one event's line: a sealed medical note with room to spare; more is a mistake or an attack."""

BATCH_BYTES_MAX = 1_048_576
"""Bytes of one framed batch: far above any honest one, so that hostile input is refused before it is parsed."""

EVENT_PERSONS_MAX = 64
"""Persons one event names: the largest party seen with room to spare; a busload is recorded party by party."""

ID_CHARS_MAX = 64
"""Characters of any id: enough for a UUID with a prefix, short enough for a QR code on a wristband."""

CLOCK_UNMEASURED_UNCERTAINTY_MS = 10 * MINUTE_MS
"""How wrong a device clock may be that was never compared: phones left without network drift by minutes."""

CLOCK_AHEAD_MS_MAX = 5 * MINUTE_MS
"""How far after its receipt an event may claim to have happened before it is flagged as a wrong clock."""

REORDER_EVENTS_MAX = 7
"""Events overlapping in time that are tried in every order (7! = 5,040); more go to suspense for a person to judge."""

GROUP_COMMIT_BATCHES_MAX = 64
"""Batches made durable by one commit: beyond this the wait for the acknowledgement grows and the gain does not."""

GROUP_COMMIT_WAIT_MS = 5
"""Longest wait for company before a commit: below what a person or a phone notices."""

BOOK_CHECKPOINT_EVENTS = 100_000
"""Events read since the last checkpoint of the book before a new one is written: about a second of replay."""

FIRST_MOMENT_MS = 946_684_800 * SECOND_MS
"""Earliest believable event, 2000-01-01: a phone that lost its battery starts in 1970."""

OPERATION_FILE_BYTES_MAX = 1_048_576
"""Bytes of an operation file: a hundred times an honest one, so that hostile input is refused before it is parsed."""

OPERATION_ERRORS_MAX = 100
"""Problems told of one operation file: nobody mends more before reading it again."""
