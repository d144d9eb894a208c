"""Where a person stands: whether enough authorities let them pass at a moment, until when, and who is still silent."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from corridor.base.ids import AuthorityId, ListId
from corridor.base.moments import HOUR_MS, Moment
from corridor.base.operation import Authority, ClearanceRule
from corridor.journey.clear.state import ClearState, Listing, Lists, ListStatement

Word = Literal["listed", "refused", "expired", "not_yet", "dropped", "silent"]
"""What an authority says of a person: listed; refused; listed until before now; from later on; not on its newer list;
nothing."""
Value = Literal["cleared", "waiting", "refused", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityWord:
    """What one authority says; the times are None where there is no end or nothing was said."""

    authority: AuthorityId
    word: Word
    list: ListId | None = None  # None: no list of it names the person
    row: int | None = None  # None: as above
    valid_from: Moment | None = None
    valid_until: Moment | None = None  # None: no end is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person's clearance for one leg at one moment.

    `needed` of the authorities in `words` must list them (0: none has a say, nobody checked anything). `waiting_for`
    are those that could still. `valid_until` is when a cleared person would no longer be; None: not cleared, or no end
    known.
    """

    value: Value
    needed: int
    words: tuple[AuthorityWord, ...]
    waiting_for: tuple[AuthorityId, ...]
    valid_until: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRules:
    """What a standing is judged by: the rule of the leg, the operation's authorities and the lists that came in."""

    rule: ClearanceRule
    authorities: Mapping[AuthorityId, Authority]
    lists: Lists
    _came_in: dict[AuthorityId, list[Moment]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _current: dict[tuple[AuthorityId, int], frozenset[ListId]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def current(self, authority: Authority, at: Moment) -> frozenset[ListId]:
        """The lists of an authority that hold at `at`; worked out once for as many as had come in by then."""
        came_in = self._came_in.get(authority.id)
        if came_in is None:
            of_authority = (one.at for one in self.lists.statements.values() if one.authority == authority.id)
            came_in = self._came_in[authority.id] = sorted(of_authority)
        key = (authority.id, bisect_right(came_in, at))
        if key not in self._current:
            self._current[key] = current_lists(self.lists, authority, at)
        return self._current[key]


def standing(state: ClearState, citizenships: Collection[str], rules: StandingRules, at: Moment) -> Standing:
    """The standing of a person with these citizenships at `at`.

    An authority that counts for any of them has a say; with no citizenship known all have. A listing counts from the
    list's time, or the row's own, also when the row was matched later; it counts until the row's end, else the list's,
    else `valid_hours` after the list's time. The later of an authority's listing and its refusal holds. A list for a
    later day drops who is not on it where the authority's policy is `replace`; a second list for one day adds, unless
    it says which one it replaces.
    """
    asked = [
        rules.authorities[authority]
        for authority in rules.rule.of
        if not citizenships or any(rules.authorities[authority].counts(country) for country in citizenships)
    ]
    words = tuple(_word(state, authority, rules, at) for authority in asked)
    needed = min(rules.rule.needed, len(asked))
    by_word = {word: [one for one in words if one.word == word] for word in ("listed", "refused", "expired")}
    listed = by_word["listed"]
    valid_until: Moment | None = None
    value: Value
    if len(listed) >= needed:
        value = "cleared"
        # Cleared until the first moment at which fewer than `needed` of them hold.
        ends = sorted(one.valid_until for one in listed if one.valid_until is not None)
        losable = len(listed) - needed
        valid_until = ends[losable] if needed and losable < len(ends) else None
    elif len(asked) - len(by_word["refused"]) < needed:
        value = "refused"
    elif len(listed) + len(by_word["expired"]) >= needed:
        value = "expired"
    else:
        value = "waiting"
    waiting_for = tuple(one.authority for one in words if one.word not in ("listed", "refused"))
    return Standing(
        value=value,
        needed=needed,
        words=words,
        waiting_for=() if value == "cleared" else waiting_for,
        valid_until=valid_until,
    )


def current_lists(lists: Lists, authority: Authority, at: Moment) -> frozenset[ListId]:
    """The lists of an authority that hold at `at`: neither replaced by an edition nor dropped by a later day's list."""
    known = [one for one in lists.statements.values() if one.authority == authority.id and one.at <= at]
    replaced = {one.replaces for one in known if one.replaces is not None}
    standing_lists = [one for one in known if one.list not in replaced]
    if authority.list_policy == "replace" and standing_lists:
        newest = max(one.for_date for one in standing_lists)
        standing_lists = [one for one in standing_lists if one.for_date == newest]
    return frozenset(one.list for one in standing_lists)


_BEST: tuple[Word, ...] = ("listed", "not_yet", "expired", "dropped", "silent")


def _word(state: ClearState, authority: Authority, rules: StandingRules, at: Moment) -> AuthorityWord:
    """What an authority says of the person: the best of its listings, unless it refused later than it listed."""
    found: list[tuple[AuthorityWord, Moment]] = []
    for listing in state.listings:
        statement = rules.lists.statements.get(listing.list)
        if statement is None or statement.authority != authority.id or statement.at > at:
            continue
        current = rules.current(authority, at)
        found.append((_listing_word(listing, statement, current, rules.rule.valid_hours, at), statement.at))
    listed_at = max((said_at for word, said_at in found if word.word in ("listed", "not_yet", "expired")), default=None)
    refused_at = max((one.at for one in state.refusals if one.authority == authority.id and one.at <= at), default=None)
    if refused_at is not None and (listed_at is None or refused_at >= listed_at):
        return AuthorityWord(authority=authority.id, word="refused", valid_from=refused_at)
    silent = AuthorityWord(authority=authority.id, word="silent")
    return min((word for word, _ in found), key=_rank, default=silent)


def _rank(word: AuthorityWord) -> tuple[int, float, str, int]:
    """Sorts the best word first; of two listings the one that holds longer."""
    until = float("inf") if word.valid_until is None else float(word.valid_until)
    return (_BEST.index(word.word), -until, word.list or "", word.row or 0)


def _listing_word(
    listing: Listing, statement: ListStatement, current: frozenset[ListId], valid_hours: int | None, at: Moment
) -> AuthorityWord:
    """What one listing is worth at `at`."""
    start = statement.at if listing.valid_from is None else listing.valid_from
    until = statement.valid_until if listing.valid_until is None else listing.valid_until
    if until is None and valid_hours is not None:
        until = Moment(statement.at + valid_hours * HOUR_MS)
    word: Word = "listed"
    if statement.list not in current or (listing.unlisted_at is not None and listing.unlisted_at <= at):
        word = "dropped"
    elif until is not None and until <= at:
        word = "expired"
    elif at < start:
        word = "not_yet"
    return AuthorityWord(
        authority=statement.authority,
        word=word,
        list=statement.list,
        row=listing.row,
        valid_from=start,
        valid_until=until,
    )
