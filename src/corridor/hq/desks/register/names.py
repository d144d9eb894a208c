"""The engine of names over everybody in the identity store: built once in a process, and kept up to date."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.served import Served, served
from corridor.journey.register.access import names_written_since
from corridor.names.index.people import NameIndex
from corridor.names.reasons import Match

AT_ONCE_MAX = 5_000
"""So many people are indexed while somebody waits, in about half a second; more are in the background, 100,000 in some
ten seconds, and until then people are found by numbers and keys alone."""
SLICE = 10_000
"""People indexed between two words about how far the building has come."""

NEAR_MAX = 10
CHANGES_KEPT = 64
"""How many of the last changes are remembered person by person; who asks for older ones looks at everybody again."""

_log = logging.getLogger("corridor.hq.names")


class KeptNames:
    """An index of names that follows the identity store of one served operation.

    `version` grows whenever anybody's row came, changed or went. It is 0 while nothing is indexed.
    """

    def __init__(self, headquarters: Served) -> None:
        self.headquarters = headquarters
        self.version = 0
        self._index: NameIndex | None = None  # None: not built yet
        self._versions: dict[PersonId, int] = {}  # of each person's row, as it was indexed
        self._changes: deque[tuple[int, frozenset[PersonId]]] = deque(maxlen=CHANGES_KEPT)
        self._read_at = Moment(0)
        self._alone, self._starting = threading.Lock(), threading.Lock()
        self._building: threading.Thread | None = None
        self._percent = 0

    def near(self, request: HttpRequest, name: str, least: float) -> list[PersonId]:
        """Whose name is likely the one asked for, the likeliest first; nobody while the index is being built."""
        (found,) = self.search(request, [name], NEAR_MAX)
        return [match.person for match in found if match.likeness >= least]

    def search(self, request: HttpRequest, names: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """For each name the `k` people whose names are likeliest it, with reasons; nobody while the index is built."""
        if not self.ready(request):
            return [() for _ in names]
        with self._alone:
            assert self._index is not None, "it is ready"
            return [self._index.search(names[0], k)] if len(names) == 1 else self._index.search_many(names, k)

    def alike(self, request: HttpRequest, name: str, persons: Collection[PersonId]) -> tuple[Match, ...]:
        """How likely each of these people bears a name; nobody while the index is being built."""
        if not self.ready(request):
            return ()
        with self._alone:
            assert self._index is not None, "it is ready"
            return self._index.alike(name, persons)

    def alike_each(self, asked: Iterable[tuple[str, Collection[PersonId]]]) -> Iterator[tuple[Match, ...]]:
        """The same for many names, of an index that is ready; others ask between two of them."""
        for name, persons in asked:
            with self._alone:
                found = () if self._index is None else self._index.alike(name, persons)
            yield found

    def near_each(self, names: Sequence[str], k: int) -> list[tuple[Match, ...]]:
        """For each name the `k` people whose names are likeliest it, of an index that is ready."""
        with self._alone:
            return [() for _ in names] if self._index is None else self._index.search_many(names, k)

    def percent(self, request: HttpRequest) -> int:
        """How much of everybody is indexed: 100 when the index is ready."""
        return 100 if self.ready(request) else min(self._percent, 99)

    def changed_since(self, version: int) -> frozenset[PersonId] | None:
        """Whose row came, changed or went since then; None: too long ago to tell."""
        later = [persons for at, persons in self._changes if at > version]
        return frozenset().union(*later) if len(later) == self.version - version else None

    def ready(self, request: HttpRequest) -> bool:
        """Whether the index knows everybody; begins to build it, and takes in what was written since the last look."""
        user: Any = request.user
        who, role, store = UserId(user.name), user.role, self.headquarters.opened.identities
        with self._starting:
            if self._index is None and self._building is not None and self._building.is_alive():
                return False
            if self._index is None and store.count() > AT_ONCE_MAX:
                self._building = threading.Thread(target=self._build, args=(who, role), daemon=True, name="names")
                self._building.start()
                return False
            if self._index is None:
                return self._build(who, role)
        if next(iter(store.written_since(self._read_at)), None) is not None and not self._follow(who, role):
            return False
        # Another number of rows: somebody was forgotten, and nothing of them may stay here; or rows were written by
        # another process, by a clock that was read before ours.
        return store.count() == len(self._versions) or self._compare(who, role)

    def _build(self, who: UserId, role: str) -> bool:
        index, versions, store = NameIndex(), dict[PersonId, int](), self.headquarters.opened.identities
        now, count = self._now(), store.count()
        rows = names_written_since(store, who, role, Moment(0), now)
        if isinstance(rows, Refusal):
            return False
        waiting: list[tuple[PersonId, tuple[str, ...]]] = []
        for person, names, version in rows:
            versions[person] = version
            waiting.append((person, names))
            if len(waiting) == SLICE:
                index.add_many(waiting)
                waiting.clear()
                self._percent = 100 * len(versions) // max(count, 1)
        index.add_many(waiting)
        with self._alone:
            self._index, self._versions, self._read_at = index, versions, now
            self._changes.clear()  # nothing of before can be told person by person
            self.version += 1
        _log.info("index of names: %d people", len(versions))
        return True

    def _follow(self, who: UserId, role: str, since: Moment | None = None) -> bool:
        """Take in what was written since the last look, or since a moment."""
        now = self._now()
        store, since = self.headquarters.opened.identities, self._read_at if since is None else since
        rows = names_written_since(store, who, role, since, now)
        if isinstance(rows, Refusal):
            return False
        fresh = [row for row in rows if self._versions.get(row[0]) != row[2]]
        with self._alone:
            assert self._index is not None, "only a built index is followed"
            for person, names, _ in fresh:
                self._index.change(person, names)
            self._versions |= {person: version for person, _, version in fresh}
            self._read_at = now
            self._changed(frozenset(person for person, _, _ in fresh))
        return True

    def _compare(self, who: UserId, role: str) -> bool:
        """Forget whoever has no row any more, and take in whoever was missed."""
        there = self.headquarters.opened.identities.ids()
        with self._alone:
            assert self._index is not None, "only a built index is compared"
            gone = self._versions.keys() - there
            for person in gone:
                self._index.forget(person)
                del self._versions[person]
            self._changed(frozenset(gone))
        return there <= self._versions.keys() or self._follow(who, role, Moment(0))

    def _changed(self, persons: frozenset[PersonId]) -> None:
        if persons:
            self.version += 1
            self._changes.append((self.version, persons))

    def _now(self) -> Moment:
        """Headquarters' clock while none of its own writings is under way: a later one is of this moment or later."""
        with self.headquarters.opened.writer.alone():
            return self.headquarters.now()


_kept: KeptNames | None = None
_making = threading.Lock()


def kept_names() -> KeptNames:
    """The index of the operation that this process serves."""
    global _kept
    headquarters = served()
    with _making:
        if _kept is None or _kept.headquarters is not headquarters:
            _kept = KeptNames(headquarters)
        return _kept
