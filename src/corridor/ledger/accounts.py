"""Where a person can be in the book: the accounts, as text and taken apart."""

from __future__ import annotations

from typing import Literal, NamedTuple

from corridor.base.ids import AccountId, MovementId, PlaceId

AccountType = Literal["outside", "place", "aboard", "end", "suspense", "merged"]
End = Literal["received", "handed_over", "withdrawn", "died"]
ENDS: tuple[End, ...] = ("received", "handed_over", "withdrawn", "died")

OUTSIDE = AccountId("outside")
"""Where everybody comes from: the opening account, never counted."""
SUSPENSE = AccountId("suspense")
"""Where a person is whose records cannot all be right, until an officer closes the discrepancy."""
MERGED = AccountId("merged")
"""Where an id is that is one human being with another id: nobody goes there, a merge puts them there and its undoing
takes them out."""


class AccountParts(NamedTuple):
    """An account taken apart: its type, and the place, movement or end it names ('' where it names none)."""

    type: AccountType
    name: str


def place_account(place: PlaceId) -> AccountId:
    """The account of people standing at a place."""
    return AccountId(f"place:{place}")


def aboard_account(movement: MovementId) -> AccountId:
    """The account of people aboard a movement, from boarding until each is seen alighting."""
    return AccountId(f"aboard:{movement}")


def end_account(end: End) -> AccountId:
    """The account of people whose road has ended in this way."""
    return AccountId(f"end:{end}")


def is_account(text: str) -> bool:
    """Whether a text, which a device may have written, is an account."""
    try:
        parts(AccountId(text))
    except ValueError:
        return False
    return True


def parts(account: AccountId) -> AccountParts:
    """Take an account apart. Raises ValueError when the text is no account."""
    kind, colon, name = account.partition(":")
    if account in (OUTSIDE, SUSPENSE, MERGED):
        return AccountParts(kind, "")  # type: ignore[arg-type]  # just compared with the literals
    if colon and name and (kind in ("place", "aboard") or (kind == "end" and name in ENDS)):
        return AccountParts(kind, name)  # type: ignore[arg-type]  # just compared with the literals
    raise ValueError(
        f"{account!r} is no account; expected place:ID, aboard:ID, end:{'|'.join(ENDS)}, outside, suspense or merged"
    )
