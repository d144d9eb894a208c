"""Zones of nobody, to draw: true in form with every digit right, or any characters at all, so that all are learned."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from corridor.base.refusal import Refusal
from corridor.names.mrz.checking import ALPHABET
from corridor.names.mrz.dates import ZoneDate
from corridor.names.mrz.layouts import LAYOUTS
from corridor.names.mrz.writing import WrittenFormat, ZoneContent, write

FORMATS: Final[tuple[WrittenFormat, ...]] = ("TD3", "TD3", "TD3", "TD1", "TD2", "MRV-A", "MRV-B")
_STATES: Final = (
    "RUS",
    "EGY",
    "PSE",
    "KAZ",
    "UKR",
    "JOR",
    "TUR",
    "USA",
    "GBR",
    "POL",
    "SRB",
    "IND",
    "BRA",
    "QAT",
    "XXX",  # a citizenship that is not known, as ICAO 9303 part 3 writes it
)
_ONSETS: Final = (
    "B",
    "D",
    "F",
    "G",
    "H",
    "J",
    "K",
    "L",
    "M",
    "N",
    "Q",
    "R",
    "S",
    "SH",
    "T",
    "V",
    "W",
    "Y",
    "Z",
    "KH",
    "CH",
    "P",
    "X",
)
_VOWELS: Final = ("A", "A", "E", "I", "O", "U", "AI", "OU", "YA")


def zone(rng: np.random.Generator) -> tuple[str, ...]:
    """The lines of an invented document of one of ICAO's formats, all check digits right."""
    format = FORMATS[rng.integers(len(FORMATS))]
    long = format in ("TD1", "TD3")
    content = ZoneContent(
        document_type={"TD3": "P", "TD1": "I", "TD2": "I"}.get(format, "V"),
        issuing_state=_pick(rng, _STATES),
        surname=_name(rng, int(rng.integers(1, 3))),
        given_names=_name(rng, int(rng.integers(1, 4))),
        number=_any(rng, 9) if rng.random() < 0.4 else _digits(rng, int(rng.integers(8, 10))),
        nationality=_pick(rng, _STATES),
        birth_date=ZoneDate(
            year=int(rng.integers(1930, 2023)), month=int(rng.integers(1, 13)), day=int(rng.integers(1, 29))
        ),
        sex=_sex(rng),
        expiry_date=ZoneDate(
            year=int(rng.integers(2023, 2034)), month=int(rng.integers(1, 13)), day=int(rng.integers(1, 29))
        ),
        optional=_any(rng, int(rng.integers(3, 11))) if long and rng.random() < 0.4 else "",
    )
    written = write(content, format)
    assert not isinstance(written, Refusal), written
    return written.lines


def characters(rng: np.random.Generator) -> tuple[str, ...]:
    """Lines of one of the formats' sizes with characters drawn evenly: what names rarely hold is learned too."""
    layout = LAYOUTS[FORMATS[rng.integers(len(FORMATS))]]
    return tuple(_any(rng, layout.width, ALPHABET) for _ in range(layout.lines))


def _name(rng: np.random.Generator, parts: int) -> str:
    def part() -> str:
        return "".join(_pick(rng, _ONSETS) + _pick(rng, _VOWELS) for _ in range(int(rng.integers(1, 5))))

    return " ".join(part() + (_pick(rng, _ONSETS) if rng.random() < 0.5 else "") for _ in range(parts))


def _pick(rng: np.random.Generator, some: tuple[str, ...]) -> str:
    return some[rng.integers(len(some))]


def _any(rng: np.random.Generator, length: int, alphabet: str = ALPHABET[:-1]) -> str:
    return "".join(alphabet[at] for at in rng.integers(len(alphabet), size=length))


def _digits(rng: np.random.Generator, length: int) -> str:
    return _any(rng, length, ALPHABET[:10])


def _sex(rng: np.random.Generator) -> Literal["f", "m", "x"]:
    return ("f", "m", "m", "f", "x")[rng.integers(5)]
