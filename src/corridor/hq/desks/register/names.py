"""The engine of names over everybody in the identity store: built once in a process, and kept up to date."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.http import HttpRequest

from corridor.base.ids import PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal
from corridor.hq.served import Served, served
from corridor.journey.register.access import names_written_since
from corridor.names.index.people import NameIndex

AT_ONCE_MAX = 5_000
"""So many people are indexed while somebody waits, in about a second; more are in the background, some minutes at most,
and until then people are found by keys alone."""

NEAR_MAX = 10

_log = logging.getLogger("corridor.hq.names")


class KeptNames:
    """An index of names that follows the identity store of one served operation."""

    def __init__(self, headquarters: Served) -> None:
        self.headquarters = headquarters
        self._index: NameIndex | None = None  # None: not built yet
        self._people: set[PersonId] = set()
        self._read_at = Moment(0)
        self._alone = threading.Lock()
        self._building: threading.Thread | None = None

    def near(self, request: HttpRequest, name: str, least: float) -> list[PersonId]:
        """Whose name is likely the one asked for, the likeliest first; nobody while the index is being built."""
        user: Any = request.user
        if not self._ready(UserId(user.name), user.role):
            return []
        with self._alone:
            assert self._index is not None, "it is ready"
            found = self._index.search(name, NEAR_MAX)
        return [match.person for match in found if match.likeness >= least]

    def _ready(self, who: UserId, role: str) -> bool:
        """Whether the index knows everybody; begins to build it, and takes in what was written since the last look."""
        if self._building is not None and self._building.is_alive():
            return False
        count = self.headquarters.opened.identities.count()
        # Fewer rows than people in the index: somebody was forgotten, and nothing of them may stay here.
        if self._index is None or count < len(self._people):
            if count > AT_ONCE_MAX:
                self._building = threading.Thread(target=self._build, args=(who, role), daemon=True, name="names")
                self._building.start()
                return False
            return self._build(who, role)
        return self._follow(who, role)

    def _build(self, who: UserId, role: str) -> bool:
        with self._alone:
            self._index, self._people, self._read_at = None, set(), Moment(0)
        return self._take_in(who, role, NameIndex())

    def _follow(self, who: UserId, role: str) -> bool:
        rows = self.headquarters.opened.identities.written_since(self._read_at)
        if next(iter(rows), None) is None:
            return True
        assert self._index is not None, "only a built index is followed"
        return self._take_in(who, role, self._index)

    def _take_in(self, who: UserId, role: str, index: NameIndex) -> bool:
        """Read what was written since the last look into an index, and let it be the one that is asked."""
        now = self.headquarters.now()
        rows = names_written_since(self.headquarters.opened.identities, who, role, self._read_at, now)
        if isinstance(rows, Refusal):
            return False
        people = list(rows)
        with self._alone:
            fresh = [one for one in people if one[0] not in self._people]
            for person, names in people:
                if person in self._people:
                    index.change(person, names)
            index.add_many(fresh)
            self._people |= {person for person, _ in fresh}
            self._index, self._read_at = index, now
        _log.info("index of names: %d people, %d read", len(self._people), len(people))
        return True


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
