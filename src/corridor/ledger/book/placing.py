"""In which account everybody is, of everybody at once or of some: the last move of each where moves simply chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corridor.ledger.book.path import Walk
from corridor.ledger.book.rows import Bools, Sorted, isin_sorted, last_of_each, put_in
from corridor.ledger.columns import Ints, Names

OUTSIDE, SUSPENSE, MERGED = 0, 1, -1
"""Numbers of accounts; that of merged ids is none of the columns'."""
NO_SIDE = -1


@dataclass(frozen=True, slots=True)
class Positions:
    """Where everybody is; equal-length arrays, by person number."""

    person: Ints
    account: Ints
    entered_at: Ints
    walked: Mapping[int, Walk]  # of the people whose records do not simply chain

    def with_others(self, touched: Ints, now: Positions) -> Positions:
        """The same, but of the `touched` (numbers, ascending) what is said `now`: who is left out there is not in the
        book any more."""
        index = np.searchsorted(self.person, now.person)
        there = index < len(self.person)
        there[there] = self.person[index[there]] == now.person[there]
        person, account, entered_at = self.person, self.account.copy(), self.entered_at.copy()
        account[index[there]] = now.account[there]
        entered_at[index[there]] = now.entered_at[there]
        if not there.all():
            place, new = index[~there], ~there
            person = put_in(person, place, now.person[new])
            account = put_in(account, place, now.account[new])
            entered_at = put_in(entered_at, place, now.entered_at[new])
        gone = np.setdiff1d(touched, now.person, assume_unique=True)
        if len(gone) and (left := np.flatnonzero(np.isin(person, gone))).size:
            person, account, entered_at = (np.delete(column, left) for column in (person, account, entered_at))
        others = set(touched.tolist())
        walked = {number: walk for number, walk in self.walked.items() if number not in others}
        return Positions(person, account, entered_at, {**walked, **now.walked})

    def with_walks(self, walked: Mapping[int, Walk], accounts: Names) -> Positions:
        """The same, with those who do not simply chain where their walks end."""
        account, entered_at = self.account, self.entered_at
        for person, walk in walked.items():
            index = int(np.searchsorted(self.person, person))
            account[index], entered_at[index] = accounts.number(walk.account), walk.entered_at
        return Positions(self.person, account, entered_at, walked)

    def with_merged(self, gone: Mapping[int, int]) -> Positions:
        """The same, and merged ids with when the first record of each was made."""
        if not gone:
            return self
        persons = np.array(sorted(gone), dtype=np.int64)
        places = np.searchsorted(self.person, persons)
        return Positions(
            np.insert(self.person, places, persons),
            np.insert(self.account, places, MERGED),
            np.insert(self.entered_at, places, [gone[number] for number in persons.tolist()]),
            self.walked,
        )


def placed(rows: Sorted, named: Ints, disputed: Ints, reconciled: int) -> tuple[Positions, list[int]]:
    """Where the rows at the positions `named`, all of somebody, put people, by the simple chains, and who do not simply
    chain: whose moves do not each leave where the one before ended, or that somebody disputes or judged.

    `disputed` are positions too, `reconciled` is the number of the kind of judgements.
    """
    # No column is read more often than it must be: the whole has millions of rows.
    persons = rows.person[named]
    last = last_of_each(persons)
    everybody = persons[last].astype(np.int64)
    account = np.full(len(everybody), SUSPENSE, dtype=np.int64)  # where nothing says where a person is
    first = np.append(0, last[:-1] + 1) if len(last) else last
    entered_at = rows.at[named[first]]
    moving = named[rows.target[named] >= 0]
    person, source, target = rows.person[moving], rows.source[moving], rows.target[moving]
    last = last_of_each(person)
    index = np.searchsorted(everybody, person[last])
    account[index] = target[last]
    entered_at[index] = rows.at[moving][last]
    found = Positions(everybody, account, entered_at, {})
    if len(moving) == 0:
        return found, []
    left = np.append(OUTSIDE, target[:-1])
    left[np.append(True, person[1:] != person[:-1])] = OUTSIDE
    broken = source != left
    broken |= rows.kind[moving] == reconciled
    if len(disputed):
        broken |= isin_sorted(moving, disputed.tolist())
    return found, [int(number) for number in np.unique(person[broken])]


def mark_sides(inside: Bools, rows: Sorted, named: Ints, side: Ints) -> None:
    """Mark, by number, whom the last move among the rows at `named` that decides put into an account of side 1; `side`
    is by account, NO_SIDE where an account decides nothing."""
    moving = named[(rows.target[named] >= 0) & (rows.person[named] >= 0)]
    person, target = rows.person[moving], rows.target[moving]
    decisive = side[target] != NO_SIDE
    person, target = person[decisive], target[decisive]
    last = last_of_each(person)
    inside[person[last][side[target[last]] == 1]] = True


def last_side(side: Ints, accounts: Sequence[int]) -> bool:
    """Whether the last of these accounts that decides is of side 1."""
    decided = [found for found in side[list(accounts)].tolist() if found != NO_SIDE]
    return bool(decided) and decided[-1] == 1
