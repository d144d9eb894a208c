"""Every bound of the program in one place, each with its reason."""

from __future__ import annotations

from corridor.base.moments import LAST, MINUTE_MS, SECOND_MS

BATCH_EVENTS_MAX = 256
"""Events in one batch: what a bad 2G minute carries, and one signature for all of them."""

EVENT_BYTES_MAX = 16_384
"""Bytes of one event's line: a sealed medical note with room to spare; more is a mistake or an attack."""

BATCH_BYTES_MAX = 1_048_576
"""Bytes of one framed batch: far above any honest one, so that hostile input is refused before it is parsed."""

EVENT_LEVELS_MAX = 200
"""JSON levels in one event: honest ones use five; deeper ones would exhaust the reader's stack."""

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

LAST_MOMENT_MS = LAST
"""Latest moment that is told apart, in the year 3084: a clock that says more is read as this, and flagged as ahead; a
body that says more cannot be read."""

PEOPLE_COUNTED_MAX = 1_000_000_000
"""People that one head count may name: a greater number was counted by nobody."""

BOOK_EVENTS_KEPT_MAX = 250_000
"""Events whose bodies the book keeps once it has read them: the registrations of 100,000 people and what moved them,
about a kilobyte each; beyond it they are read again from the ledger."""

FIRST_MOMENT_MS = 946_684_800 * SECOND_MS
"""Earliest believable event, 2000-01-01: a phone that lost its battery starts in 1970."""

OPERATION_FILE_BYTES_MAX = 1_048_576
"""Bytes of an operation file: a hundred times an honest one, so that hostile input is refused before it is parsed."""

OPERATION_ERRORS_MAX = 100
"""Problems told of one operation file: nobody mends more before reading it again."""

SHEET_FILE_BYTES_MAX = 33_554_432
"""Bytes of an imported table: 32 MiB holds every person of the largest operation as text; more is not a list."""

SHEET_UNPACKED_BYTES_MAX = 268_435_456
"""Bytes of a workbook unpacked: a spreadsheet packs about 8 to 1; more is a bomb, refused before it is parsed."""

SHEET_PARTS_MAX = 1_000
"""Parts inside a workbook: an honest one has tens."""

SHEET_TAGS_MAX = 12_000_000
"""XML tags in a workbook: 200,000 rows of 15 cells with room to spare; each tag costs memory when parsed."""

SHEET_ROWS_MAX = 250_000
"""Rows of one sheet that hold anything: twice the largest registration seen, and a bound on memory."""

SHEET_COLUMNS_MAX = 256
"""Columns of one sheet: registration forms have under 100."""

SHEET_CELL_CHARS_MAX = 32_767
"""Characters of one cell: what a spreadsheet itself allows."""

SHEET_NAME_CHARS_MAX = 300
"""Characters of one name: the longest full names in passports stay under 120."""

SHEET_LINES_MAX = 1_048_576
"""Lines of a text table, and the highest row number of a sheet: what a spreadsheet itself can hold."""

SHEET_QUOTED_LINES_MAX = 50
"""Lines one quoted cell may run over before its quote is taken as never closed."""

IDLE_SECONDS_MAX = 30 * 60
"""Seconds a session at headquarters may stand untouched: long enough for a telephone call, short enough for a break."""

SIGN_IN_FAILURES_MAX = 5
"""Wrong passwords for one name from one address before it must wait: a tired officer's, not a guesser's, number."""

SIGN_IN_FAILURES_OF_ADDRESS_MAX = 30
"""Wrong passwords from one address over all names: a headquarters behind one address has about thirty people."""

SIGN_IN_WINDOW_SECONDS = 15 * 60
"""Seconds after which a wrong password is forgotten."""

SECOND_FAILURES_MAX = 20
"""Wrong answers to the second step for one name from all addresses: only who has the password gets there, and guessing
one code in a million stays hopeless however many addresses they come from."""

SECOND_STEP_SECONDS_MAX = 5 * 60
"""Seconds between the password and the second step: time to find the phone, not to leave the screen."""

PROOF_SECONDS_MAX = 10 * 60
"""Seconds for which a proof of who is there is enough to change a factor or a password: one errand on one page."""

ONE_TIME_PASSWORD_SECONDS_MAX = 24 * 3600
"""Seconds a one-time password is good: handed over today, used by tomorrow's shift."""

RECOVERY_CODES = 10
"""Recovery codes made at once: they fit on one slip of paper."""

AUDIT_ROWS_MAX = 100_000
"""Rows of the audit in one spreadsheet, the latest first: what a spreadsheet program still opens; days narrow it."""

PEOPLE_PER_PAGE = 100
"""People of one page of a list: a planeload at a glance, and a bound on the names one look reads and logs."""

BOARDS_KEPT_MAX = 48
"""Boards kept ready for the slider: two days of hours, some megabytes each for the largest operation."""

EXCHANGE_BYTES_MAX = 1_048_576
"""Bytes of one request of a phone as sent: fifteen bad 2G minutes; what is longer is sent in several."""

EXCHANGE_UNPACKED_BYTES_MAX = 8_388_608
"""Bytes of one request of a phone, or of its file, unpacked: 16,000 records; what is larger is a bomb."""

EXCHANGE_BATCHES_MAX = GROUP_COMMIT_BATCHES_MAX
"""Batches of one request of a phone: those that share one commit."""

SEALED_BATCH_KEYS_MAX = 16
"""Keys of one sealed batch: opening each costs headquarters 0.1 ms, and a phone makes one each time it is unlocked."""

EXCHANGE_REQUESTS_PER_MINUTE_MAX = 60
"""Requests of one device in a minute: a phone that asks more often is broken, and waits."""

EXCHANGE_TOKEN_SECONDS_MAX = 10 * 60
"""Seconds for which a phone may ask for its roster with the last answer's token: the pages of one download."""

REVOKED_BYTES_MAX = 33_554_432
"""Bytes that a revoked device may put in quarantine: all that an honest one has kept, a bound for a stolen one."""

ENROL_CODE_SECONDS_MAX = 30 * 60
"""Seconds a phone's one-time code is good: both people stand beside each other."""

ENROL_FAILURES_MAX = 30
"""Wrong one-time codes from one address within the time of sign-ins: a shift behind one address mistypes less."""

ROSTER_ROWS = 1_000
"""People of one page of a phone's roster unless it asks for another number: about what a bad 2G minute carries."""

ROSTER_ROWS_MAX = 5_000
"""People of one page of a phone's roster: a bound on the memory of one answer."""

ROSTER_HOURS_MAX = 72
"""Hours a phone's roster is good without an exchange: three nights at a gate without network."""

ROSTER_SECONDS = 20
"""Seconds for which phones share one making of a roster: what was recorded meanwhile comes with their next exchange."""
