"""What a kind of event is: its name, its stage, the typed body it carries, and how bodies are read and drafted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import msgspec

from corridor.base.ids import AccountId, PersonId, UserId
from corridor.base.moments import Moment
from corridor.base.refusal import Refusal, RefusalKind
from corridor.ledger.event import Draft

Stage = Literal["register", "clear", "cross", "care", "documents", "move", "arrive"]
STAGES: tuple[Stage, ...] = ("register", "clear", "cross", "care", "documents", "move", "arrive")

Body = TypeVar("Body")

UNREADABLE_BODY = RefusalKind(
    "unreadable_body",
    "The body of a {kind} event cannot be read: {why}.",
    "Keep the event, and correct it with a new one.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of event.

    `body` is the frozen dataclass of its facts; `moves` says whether it carries source and target accounts; `says` is
    the sentence a timeline shows, a `str.format` template over the body's fields; `restricted` bodies are sealed and
    open only to those who may read care notes or testimony.
    """

    name: str
    stage: Stage
    body: type[Any]
    moves: bool
    says: str
    restricted: bool = False


def body_of(body_type: type[Body], kind: str, body: Mapping[str, Any]) -> Body | Refusal:
    """The typed body; a Refusal naming the field when it does not fit, since a device may send anything."""
    try:
        return msgspec.convert(body, body_type)
    except (msgspec.ValidationError, AssertionError) as error:
        return UNREADABLE_BODY(kind=kind, why=str(error))


def draft(
    kind: Kind,
    body: object,
    *,
    at: Moment,
    by: UserId,
    persons: tuple[PersonId, ...] = (),
    source: AccountId | None = None,
    target: AccountId | None = None,
) -> Draft:
    """A draft of this kind; asserts that the body is of the kind's type and that it moves people only if it may."""
    assert isinstance(body, kind.body), f"a {kind.name} event carries {kind.body.__name__}"
    assert kind.moves == (target is not None), f"{kind.name} {'moves' if kind.moves else 'does not move'} people"
    plain = {key: value for key, value in msgspec.to_builtins(body).items() if value is not None}
    return Draft(kind=kind.name, happened_at=at, by=by, persons=persons, source=source, target=target, body=plain)
