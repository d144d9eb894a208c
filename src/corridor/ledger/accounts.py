"""Where a person can be in the book: the accounts, as text and taken apart."""

from __future__ import annotations

from typing import Literal, NamedTuple

from corridor.base.ids import AccountId, MovementId, PlaceId

AccountType = Literal["outside", "place", "aboard", "end", "suspense"]
End = Literal["received", "handed_over", "withdrawn", "died"]
ENDS: tuple[End, ...] = ("received", "handed_over", "withdrawn", "died")

OUTSIDE = AccountId("outside")
"""Where everybody comes from: the opening account, never counted."""
SUSPENSE = AccountId("suspense")
"""Where a person is whose records cannot all be right, until an officer closes the discrepancy."""


class AccountParts(NamedTuple):
    """An account taken apart: its type, and the place, movement or end it names ('' for outside and suspense)."""

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


def parts(account: AccountId) -> AccountParts:
    """Take an account apart. Raises ValueError when the text is no account."""
    kind, colon, name = account.partition(":")
    if account in (OUTSIDE, SUSPENSE):
        return AccountParts("outside" if account == OUTSIDE else "suspense", "")
    if colon and name and (kind in ("place", "aboard") or (kind == "end" and name in ENDS)):
        return AccountParts(kind, name)  # type: ignore[arg-type]  # just compared with the literals
    raise ValueError(
        f"{account!r} is no account; expected place:ID, aboard:ID, end:{'|'.join(ENDS)}, outside or suspense"
    )
