"""Small lists for tests of clearance: as received, and as events."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.journey.register.a_history import History, at

from corridor.base.ids import AuthorityId, ListId
from corridor.base.operation import Authority, ClearanceRule
from corridor.journey.clear.lists import AuthorityList, ListRow
from corridor.journey.clear.standing import StandingRules
from corridor.journey.clear.state import fold_lists
from corridor.journey.register.identity import BirthDate
from corridor.ledger.event import Event


def row(number: int, name: str, born: str | None = None, document: str | None = None) -> ListRow:
    """A row; `born` is a day or only a year."""
    birth: BirthDate | None = None
    if born is not None and "-" in born:
        day = date.fromisoformat(born)
        birth = BirthDate(year=day.year, month=day.month, day=day.day, precision="day")
    elif born is not None:
        birth = BirthDate(year=int(born), precision="year")
    return ListRow(number=number, name=name, birth=birth, document=document)


def a_list(name: str, *rows: ListRow, authority: str = "crossings", day: int = 15, **fields: Any) -> AuthorityList:
    """A list as received on the evening before."""
    return AuthorityList(
        id=ListId(name),
        authority=AuthorityId(authority),
        for_date=date(2023, 11, day),
        source="https://example.org/lists",
        received_at=at(f"{day - 1}T18:00"),
        sha256=name.encode().hex().ljust(64, "0"),
        rows=rows,
        **fields,
    )


def receive(
    history: History, when: str, name: str, authority: str, for_date: str = "2023-11-15", rows: int = 100, **more: Any
) -> Event:
    """Record that a list came in."""
    return history.add(
        when,
        "list_received",
        list=name,
        authority=authority,
        for_date=for_date,
        told_by="published",
        sha256=name.encode().hex().ljust(64, "0"),
        rows=rows,
        rows_sha256="0" * 64,
        **more,
    )


def rules_of(
    history: History,
    *,
    of: tuple[str, ...] = ("crossings", "embassy"),
    needed: int = 2,
    valid_hours: int | None = None,
    policy: str = "add",
    embassy_counts: tuple[str, ...] = (),
) -> StandingRules:
    """Two authorities, both of whom must list a person, unless told otherwise."""
    authorities = {
        AuthorityId(name): Authority(
            id=AuthorityId(name),
            names={"en": name},
            counts_for=embassy_counts if name == "embassy" else (),
            list_policy=policy,  # type: ignore[arg-type]
        )
        for name in ("crossings", "embassy", "ministry")
    }
    rule = ClearanceRule(
        for_leg="town-gate",  # type: ignore[arg-type]
        of=tuple(AuthorityId(name) for name in of),
        needed=needed,
        valid_hours=valid_hours,
    )
    return StandingRules(rule=rule, authorities=authorities, lists=fold_lists(history.events))
