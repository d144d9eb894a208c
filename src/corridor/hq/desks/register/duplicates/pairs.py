"""Which pairs of people in the book may be one person: all compared once in a process, then whoever changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from corridor.base.ids import PersonId, UserId
from corridor.base.refusal import Refusal
from corridor.hq.desks.register.names import AT_ONCE_MAX, KeptNames, kept_names
from corridor.hq.served import Served, served
from corridor.journey.board.board import Board
from corridor.journey.register.access import everybody_known, find_persons, see_persons
from corridor.journey.register.duplicates.comparing import Duplicate, Pair, compared, same_name, worth_comparing
from corridor.journey.register.duplicates.weighing import Register, weighed, weighed_again
from corridor.journey.register.identity import Identity, full_names
from corridor.journey.register.search import resembling
from corridor.names.reasons import Match

NEAR_MAX = 10
"""How many near names of somebody whose identity changed are compared with them."""
WHY = "possible duplicates"

_log = logging.getLogger("corridor.hq.pairs")


class KeptPairs:
    """The proposals for one served operation, by the ids as they were registered; no name is kept but in reasons."""

    def __init__(self, headquarters: Served) -> None:
        self.headquarters = headquarters
        self._found: dict[Pair, Duplicate] | None = None  # None: not compared yet
        self._register: Register | None = None  # what everybody showed when last compared
        self._version = 0
        self._alone = threading.Lock()
        self._building: threading.Thread | None = None
        self._percent = 0

    def percent(self, request: HttpRequest) -> int:
        """How far the comparing has come: 100 when the proposals are there. Begins it, and follows what changed."""
        names, user = kept_names(), request.user
        if not names.ready(request):
            return names.percent(request) // 2
        with self._alone:
            if self._building is not None and self._building.is_alive():
                return 50 + self._percent // 2
            changed = names.changed_since(self._version) if self._found is not None else None
            if changed is not None:
                self._follow(user, names, changed)
            elif self.headquarters.opened.identities.count() <= AT_ONCE_MAX:
                self._build(user, names)
            else:
                self._building = threading.Thread(target=self._build, args=(user, names), daemon=True, name="pairs")
                self._building.start()
                return 50
        return 100

    def proposals(self, board: Board) -> list[Duplicate]:
        """Every proposal, the likeliest first, of the ids that are kept; pairs that are one person already are not
        here."""
        merged = board.view.merged
        found: dict[Pair, Duplicate] = {}
        for duplicate in sorted((self._found or {}).values(), key=lambda one: one.order):
            one, other = sorted(merged.get(person, person) for person in duplicate.pair)
            there = one in board.everybody.register and other in board.everybody.register
            if one != other and there:
                found.setdefault((one, other), replace(duplicate, pair=(one, other)))
        return list(found.values())

    def of(self, board: Board, pair: Pair) -> Duplicate | None:
        """The proposal of two people; None: none was made."""
        return next((one for one in self.proposals(board) if one.pair == pair), None)

    def _build(self, user: Any, names: KeptNames) -> None:
        version, now = names.version, self.headquarters.now()
        store = self.headquarters.opened.identities
        rows = everybody_known(store, UserId(user.name), user.role, now, why=WHY)
        if isinstance(rows, Refusal):
            return
        identities = dict(rows)
        register = self.headquarters.board_now().everybody.register
        everybody = weighed(identities, register)
        partners: dict[PersonId, list[PersonId]] = {}
        for one, other in sorted({*worth_comparing(identities), *everybody.probable}):
            partners.setdefault(one, []).append(other)
        found: dict[Pair, Duplicate] = {}
        for turn, (person, others) in enumerate(partners.items()):
            found |= _of_person(names, person, others, identities, register, everybody.probable)
            self._percent = 50 + 50 * turn // len(partners)
        self._found, self._register, self._version = found, everybody, version
        _log.info("possible duplicates: %d people, %d pairs", len(identities), len(found))

    def _follow(self, user: Any, names: KeptNames, changed: frozenset[PersonId]) -> None:
        if not changed:
            return
        assert self._found is not None and self._register is not None, "only what was compared is followed"
        version, now, store = names.version, self.headquarters.now(), self.headquarters.opened.identities
        who, role, there = UserId(user.name), user.role, store.ids()
        own = see_persons(store, who, role, sorted(changed & there), WHY, now) if changed & there else {}
        if isinstance(own, Refusal):
            return
        found = {pair: one for pair, one in self._found.items() if not changed & set(pair)}
        register = self.headquarters.board_now().everybody.register
        for person, identity in own.items():
            by_keys = find_persons(store, who, role, resembling(identity), now, most=40)
            near = [match.person for some in names.near_each(full_names(identity), NEAR_MAX) for match in some]
            others = sorted({*near, *(() if isinstance(by_keys, Refusal) else by_keys)} - {person})
            seen = see_persons(store, who, role, others, WHY, now) if others else {}
            if not isinstance(seen, Refusal):
                every = {**seen, person: identity}
                probable = weighed_again(person, sorted(seen), every, register, self._register.chances)
                found |= _of_person(names, person, sorted(seen), every, register, probable)
        self._found, self._version = found, version


def _of_person(
    names: KeptNames,
    person: PersonId,
    others: Collection[PersonId],
    identities: Mapping[PersonId, Identity],
    register: Mapping[PersonId, Any],
    probable: Mapping[Pair, float],
) -> dict[Pair, Duplicate]:
    """The proposals of one person with some others."""
    best: dict[PersonId, Match] = {}
    unlike = [other for other in others if not same_name(identities[person], identities[other])]
    for match in _matches(names, full_names(identities[person]), unlike):
        if match.person not in best or best[match.person].likeness < match.likeness:
            best[match.person] = match
    found = {}
    for other in others:
        pair = (person, other) if person < other else (other, person)
        made = compared(pair, identities, register, best.get(other), probable.get(pair))
        if made is not None:
            found[pair] = made
    return found


def _matches(names: KeptNames, asked: Iterable[str], others: Collection[PersonId]) -> Iterable[Match]:
    return (match for some in names.alike_each((name, others) for name in asked if others) for match in some)


_kept: KeptPairs | None = None
_making = threading.Lock()


def kept_pairs() -> KeptPairs:
    """The proposals of the operation that this process serves."""
    global _kept
    headquarters = served()
    with _making:
        if _kept is None or _kept.headquarters is not headquarters:
            _kept = KeptPairs(headquarters)
        return _kept
