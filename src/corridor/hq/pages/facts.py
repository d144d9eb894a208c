"""What a fact is called by its reader: names for ids, local times for moments, words for closed lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext as _

from corridor.base.ids import AccountId, EventId, PersonId, PlaceId
from corridor.base.moments import is_moment, parse_moment
from corridor.base.operation import Authority, Custodian, Operation, PaperRule, Partner, Permit, name_in
from corridor.hq.templatetags.words import calendar_day, in_zone, movement_name, place_of, word
from corridor.hq.working import name_of
from corridor.journey.board.blocks import Block
from corridor.journey.board.board import Board
from corridor.ledger.accounts import parts

_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z")
_WORD = re.compile(r"[a-z]+(_[a-z]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_WORDS = frozenset(("detail", "note", "says", "instruction", "problem", "name", "said_by", "file", "present", "format"))
_PEOPLE = frozenset(("person", "persons", "kept", "dropped"))
_IDS = frozenset(
    ("device", "record", "records", "crossing", "event", "account_id", "paper", "party", "hold", "plan", "version")
)
AS_WRITTEN = _WORDS | _PEOPLE | _IDS
"""Facts that somebody wrote in their own words, people, and ids that nothing else is called by: said as they are."""

USERS = frozenset(("by", "owner", "recorder", "user"))
"""Facts that name somebody who works here."""

MANY = frozenset(("authorities", "permits", "lacking", "vehicles"))
"""Facts that rules write as a list with commas."""

PLACES = frozenset(("place", "gate", "where", "shelter", "nearest", "source", "target"))


def in_words(board: Board, facts: Mapping[str, object]) -> dict[str, str]:
    """All facts of one sentence in the reader's language, times in the zone of the place they speak of."""
    zone = zone_of(board, facts)
    return {name: fact_in_words(board, name, fact, zone) for name, fact in facts.items()}


def in_the_way(board: Board, blocks: Iterable[Block], person: PersonId) -> list[str]:
    """What stands in a person's way, each as a sentence in the reader's language, by the clocks where they are."""
    return [gettext(block.template).format(**in_words(board, {**block.data, "person": person})) for block in blocks]


def zone_of(board: Board, facts: Mapping[str, object]) -> str:
    """The zone by whose clocks a sentence with these facts tells its times: of `place_named`, else the operation's."""
    place = place_named(board, facts)
    return board.operation.as_of_zone if place is None else board.operation.place(place).zone


def place_named(board: Board, facts: Mapping[str, object]) -> PlaceId | None:
    """The first place that facts name, the beginning of their movement's leg, or where the first person is that they
    name; None: none of them is known."""
    operation = board.operation
    for name, fact in facts.items():
        if not isinstance(fact, str):
            continue
        if name in PLACES and operation.has_place(fact):
            return PlaceId(fact)
        if name == "movement":
            for one in board.movements:
                if one.movement == fact and one.source is not None:
                    return one.source
        if name in ("account", "account_id", "target"):
            type_, _colon, place = fact.partition(":")
            if type_ == "place" and operation.has_place(place):
                return PlaceId(place)
    first = str(facts.get("person") or facts.get("persons") or "").partition(", ")[0]
    return place_of(board, PersonId(first)) if first else None


def fact_in_words(board: Board, name: str, fact: object, zone: str) -> str:
    """One fact: `name` says what it is, as the fields of events, refusals and findings do."""
    if isinstance(fact, bool):
        return _("yes") if fact else _("no")
    if is_moment(fact) and (name.endswith("_at") or name in ("until", "at", "valid_until", "valid_from")):
        return in_zone(fact, zone)
    if isinstance(fact, EventId):
        return str(fact)
    if isinstance(fact, (list, tuple)) or (name in MANY and isinstance(fact, str) and ", " in fact):
        several = fact.split(", ") if isinstance(fact, str) else fact
        return pgettext("between things", ", ").join(fact_in_words(board, name, one, zone) for one in several)
    if fact is None:
        return _("not known")
    if not isinstance(fact, str) or not fact or name in AS_WRITTEN:
        return str(fact)
    if when := _when(fact, zone):
        return when
    number, _space, thing = fact.partition(" ")
    if name == "lacking" and number.isdigit():
        return f"{number} {word(thing)}"
    if said := called(board, name, fact):
        return said
    if name == "why" and not _WORD.fullmatch(fact):
        return gettext(fact)  # in somebody's own words, or a sentence of ours
    return word(fact) if _WORD.fullmatch(fact) else pgettext("word", fact)


def _when(fact: str, zone: str) -> str:
    """A time or a day written as text, in words; '' for what is neither, or looks like one that no calendar has."""
    try:
        if _ISO.fullmatch(fact):
            return in_zone(parse_moment(fact), zone)
        return calendar_day(fact) if _DAY.fullmatch(fact) else ""
    except (ValueError, OverflowError):
        return ""


def called(board: Board, field: str, name: str) -> str:
    """What the operation calls the thing that a field names by its id; '' when it names nothing known."""
    operation, language = board.operation, get_language() or "en"
    if field in USERS:
        return name_of(operation, name)
    if field == "account":
        return _account(board, name)
    if field in PLACES and operation.has_place(name):
        return name_in(operation.place(PlaceId(name)).names, language)
    if field in ("movement", "where", "first", "second"):
        found = next((movement_name(one) for one in board.movements if one.movement == name), "")
        if found:
            return found
    if field == "role":
        from corridor.hq.access.accounts import role_names  # the catalogue of refusals is read without Django, too

        return role_names().get(name, "")
    if field == "leg" and (leg := next((one for one in operation.legs if one.id == name), None)) is not None:
        ends = (operation.place(leg.source), operation.place(leg.target))
        return " – ".join(name_in(place.names, language) for place in ends)
    return next((name_in(one.names, language) for one in _named(operation, field) if one.id == name), "")


def _account(board: Board, account: str) -> str:
    """An account by the name of its place or movement; '' for what is neither."""
    type_, name = parts(AccountId(account))
    return {"place": lambda: called(board, "place", name), "aboard": lambda: called(board, "movement", name)}.get(
        type_, str
    )()


def _named(operation: Operation, field: str) -> Sequence[Authority | Permit | PaperRule | Custodian | Partner]:
    """What a field may name that has an id and names in the operation file."""
    if field in ("authority", "authorities"):
        return operation.authorities
    if field in ("permit", "permits"):
        return operation.permits
    if field == "paper_rule":
        return operation.paper_rules
    if "custodian" in field or field in ("giver", "receiver", "signer"):
        return operation.custodians
    if field == "partner":
        return operation.partners
    return ()
