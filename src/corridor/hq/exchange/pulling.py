"""What a phone is told of people and of the road: a page of its roster, and the instructions that it does not have."""

from __future__ import annotations

import functools
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from corridor.base.ids import DeviceId, PersonId, PlaceId
from corridor.base.limits import ROSTER_HOURS_MAX, ROSTER_SECONDS
from corridor.base.moments import HOUR_MS, SECOND_MS, Moment
from corridor.base.refusal import Refusal
from corridor.hq.access.rights import FIELDS
from corridor.hq.exchange.phones import Binding
from corridor.hq.exchange.roster_steps import keep, load
from corridor.hq.models import User
from corridor.hq.served import Served
from corridor.journey.register.access import see_persons
from corridor.journey.register.identity import Identity, full_names
from corridor.journey.roster.changes import Changes
from corridor.journey.roster.document_hash import folded, hash_of, last_of
from corridor.journey.roster.instructions import instructions
from corridor.journey.roster.near import people_near
from corridor.journey.roster.standing import RosterStanding, standings
from corridor.ledger.device.request import RosterWanted
from corridor.opening import headquarters_key

REST_TIMES = 20
"""A roster that took long to make is made again after so many times as long: at most a twentieth of a processor."""
NAMES_MAX = 6
DOCUMENTS_MAX = 4
SALT_BYTES = 16


class Roster:
    """The roster of one place, shared by its phones: brought up to date when one of them asks, at most so often."""

    def __init__(self, place: PlaceId | None) -> None:
        self.lock = threading.Lock()
        self._place = place
        self._changes: Changes | None = None  # None: nobody has asked since this process began
        self._made_at: Moment | None = None
        self._told: dict[str, Any] = {}
        self._good_for_ms = 0.0

    def now(self, headquarters: Served) -> tuple[Changes, Mapping[str, Any]]:
        """The changes and the instructions as of at most some seconds ago; the caller holds the lock."""
        now = headquarters.now()
        good_for_ms = max(ROSTER_SECONDS * SECOND_MS, self._good_for_ms)
        if self._made_at is None or not 0 <= now - self._made_at < good_for_ms:
            began = time.thread_time()
            board = headquarters.board_now()
            if self._changes is None:
                self._changes = Changes(secrets.token_hex(4), load(self._place))
            changed = self._changes.bring_up(standings(board, people_near(board, self._place)))
            keep(self._place, self._changes.generation, self._changes.run, changed)
            self._told = instructions(board, self._place)
            self._made_at = now
            self._good_for_ms = REST_TIMES * SECOND_MS * (time.thread_time() - began)
        assert self._changes is not None, "it was made with the first board"
        return self._changes, self._told


_rosters: WeakKeyDictionary[Served, dict[str, Roster]] = WeakKeyDictionary()
_making = threading.Lock()


def _roster_of(headquarters: Served, place: PlaceId | None) -> Roster:
    with _making:
        return _rosters.setdefault(headquarters, {}).setdefault(place or "", Roster(place))


def pulled(
    headquarters: Served, device: DeviceId, binding: Binding, wanted: RosterWanted, digest: str | None
) -> tuple[dict[str, Any] | Refusal, Mapping[str, Any] | None]:
    """A page of the roster, read in the name of whoever the phone is bound to and logged; and the instructions, None
    where the phone has these."""
    user = User.objects.get(name=binding.user)
    place = binding.place or (PlaceId(user.place) if user.place else None)
    roster = _roster_of(headquarters, place)
    with roster.lock:
        changes, told = roster.now(headquarters)
        page = changes.page(wanted.cursor, wanted.rows)
        rows = [(person, changes.standings[person]) for person in page.people]
        number, generation = len(changes.standings), changes.generation
    columns = _columns(headquarters, device, user, rows)
    if isinstance(columns, Refusal):
        return columns, None
    answer = {
        "generation": generation,
        "full": page.full,
        "cursor": page.cursor,
        "more": page.more,
        "persons": number,
        "expires_at": headquarters.now() + ROSTER_HOURS_MAX * HOUR_MS,
        "salt": _salt_of(headquarters).hex(),
        "columns": columns,
        "gone": list(page.gone),
    }
    return answer, None if digest == told["digest"] else told


def _columns(
    headquarters: Served, device: DeviceId, user: User, rows: list[tuple[PersonId, RosterStanding]]
) -> dict[str, list[Any]] | Refusal:
    """The rows as columns; what the role may not read is None for everybody."""
    may = {field for field in ("clearance", "numbers", "birth", "hold_until") if user.role in FIELDS[field]}
    persons, why = [person for person, _ in rows], f"roster of {device}"
    store, now = headquarters.opened.identities, headquarters.now()
    seen = see_persons(store, user.name, user.role, persons, why, now) if rows else {}
    if isinstance(seen, Refusal):
        return seen
    salt, unknown = _salt_of(headquarters), Identity(version=0)
    identities = [seen.get(person, unknown) for person, _ in rows]
    stands = [_as_the_role_may(standing, may) for _, standing in rows]
    return {
        "person": persons,
        "party": [one.party for one in stands],
        "names": [list(full_names(one))[:NAMES_MAX] for one in identities],
        "birth_year": [one.birth.year if one.birth and "birth" in may else None for one in identities],
        "documents": [_documents(one, salt) if "numbers" in may else None for one in identities],
        "account": [one.account for one in stands],
        "colour": [one.colour for one in stands],
        "until": [one.until for one in stands],
        "why": [one.why for one in stands],
        "by": [list(one.by) for one in stands],
        "list": [one.list for one in stands],
        "says": [one.says for one in stands],
        "movement": [one.movement for one in stands],
        "vehicle": [one.vehicle for one in stands],
        "codes_from": [one.codes_from for one in stands],
        "also": [list(one.also) for one in stands],
    }


def _as_the_role_may(standing: RosterStanding, may: set[str]) -> RosterStanding:
    """Without the clearance for a role that does not read it: such a phone shows holds, and nobody as cleared."""
    if "clearance" in may or standing.colour == "hold":
        return standing
    return standing._replace(colour="none", why="not_for_role", by=(), list=None, until=None)


def _documents(identity: Identity, salt: bytes) -> list[str]:
    """Hash and last characters of each document's number, one after the other."""
    numbers = dict.fromkeys(one.number for one in identity.documents if one.number and folded(one.number))
    return [text for number in list(numbers)[:DOCUMENTS_MAX] for text in (hash_of(salt, number), last_of(number))]


@functools.lru_cache(maxsize=4)
def _salt_of(headquarters: Served) -> bytes:
    """The salt of the operation's rosters: it follows from headquarters' key, so that it outlives a restart."""
    key = headquarters_key(headquarters.opened)
    assert key is not None, "whoever answers phones holds headquarters' key"
    return HKDF(hashes.SHA256(), SALT_BYTES, salt=None, info=b"corridor/roster/1").derive(key.seed)
