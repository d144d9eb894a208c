"""Which changes of the road can be asked about? `KEY=VALUE`, each of them one edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

KEYS: Mapping[str, str] = {
    "gate_closed_days": "the crossing stays closed for so many days from now",
    "gate_hours": "the crossing is open so many hours a day longer",
    "gate_percent": "the crossing takes so many percent of what it would (100: as it is)",
    "flights_more": "so many more departures home each day",
    "flight_seats": "so many more seats on every flight",
    "vehicles": "so many more vehicles from the crossing to staging",
    "documents_officers": "so many more officers at the documents desk",
    "medical_officers": "so many more officers at the medical desk",
    "join": "so many people more, in parties of four, stand before the crossing now",
    "beds": "so many beds in staging, which hold people back at the crossing when they are full",
}
LARGEST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What is changed; see `KEYS`. `beds` None: beds hold nobody back."""

    gate_closed_days: int = 0
    gate_hours: int = 0
    gate_percent: int = 100
    flights_more: int = 0
    flight_seats: int = 0
    vehicles: int = 0
    documents_officers: int = 0
    medical_officers: int = 0
    join: int = 0
    beds: int | None = None


def read_edits(texts: Iterable[str]) -> Edits | str:
    """The edits of `KEY=VALUE` texts, or a sentence on the first that is none, with what could be written."""
    edits = Edits()
    for text in texts:
        key, _, value = (part.strip() for part in text.partition("="))
        if key not in KEYS:
            return f"{key!r} is nothing that can be changed. Write one of: {', '.join(KEYS)}."
        number = value.removeprefix("+")
        if not (number.isascii() and number.isdigit() and int(number) <= LARGEST):
            return f"{text!r} has no whole number. Write it like {key}=2."
        if key in ("gate_percent", "beds") and int(number) == 0:
            return f"{text!r} would let nobody through. Write 1 or more, or gate_closed_days."
        edits = replace(edits, **{key: int(number)})
    return edits


SINGLE = ("flights_more=1", "gate_hours=1", "vehicles=1", "documents_officers=1", "medical_officers=1")
"""Single additions that are ranked."""
