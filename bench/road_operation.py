"""The invented operation of the benches: four towns, a gate, a camp, an airport at home and six shelters."""

from __future__ import annotations

from corridor.base.ids import PlaceId
from corridor.base.operation import Operation
from corridor.base.operation_file import read_operation

TOWNS = tuple(PlaceId(f"town-{number}") for number in range(1, 5))
FAR_SIDE, CAMP, HOME = PlaceId("far-side"), PlaceId("camp"), PlaceId("airport")
SHELTERS = tuple(PlaceId(f"shelter-{number}") for number in range(1, 7))

_HEAD = """
name = "bench"
titles = { en = "Bench" }
languages = ["en", "ru"]
as_of_zone = "Europe/Moscow"
started = 2023-11-12T00:00:00Z
ends = 2024-01-15T00:00:00Z
origin_country = "PSE"

[eligibility]
own_citizenships = ["RUS"]
relatives = ["spouse", "child"]

[[custodians]]
id = "ministry"
names = { en = "Ministry" }
place = "airport"

[[devices]]
id = "hq"
kind = "headquarters"

[[users]]
id = "duty"
name = "Duty officer"
role = "duty_officer"
"""


def operation_text() -> str:
    """The operation file."""
    places = [(str(town), "origin", "Asia/Gaza", "PSE") for town in TOWNS]
    places += [(FAR_SIDE, "transit", "Africa/Cairo", "EGY"), (CAMP, "staging", "Africa/Cairo", "EGY")]
    places += [(HOME, "home", "Europe/Moscow", "RUS")]
    places += [(shelter, "shelter", "Europe/Moscow", "RUS") for shelter in SHELTERS]
    legs = [(f"{a}-{b}", a, b, "foot", 120, 30) for a in TOWNS for b in TOWNS if a != b]
    legs += [(f"{town}-far", town, FAR_SIDE, "foot", 60, 5) for town in TOWNS]
    legs += [("far-camp", FAR_SIDE, CAMP, "bus", 360, 240), ("camp-home", CAMP, HOME, "air", 300, 240)]
    legs += [(f"home-{shelter}", HOME, shelter, "bus", 60, 30) for shelter in SHELTERS]
    legs += [(f"{a}-{b}", a, b, "bus", 60, 30) for a in SHELTERS for b in SHELTERS if a != b]
    text = _HEAD
    for id_, role, zone, country in places:
        text += f'\n[[places]]\nid = "{id_}"\nnames = {{ en = "{id_}" }}\nrole = "{role}"\n'
        text += f'zone = "{zone}"\ncountry = "{country}"\n'
    for id_, source, target, mode, minutes, minutes_min in legs:
        text += f'\n[[legs]]\nid = "{id_}"\nsource = "{source}"\ntarget = "{target}"\nmode = "{mode}"\n'
        text += f"minutes = {minutes}\nminutes_min = {minutes_min}\n"
    return text


def bench_operation() -> Operation:
    """The operation, read."""
    operation = read_operation(operation_text())
    assert isinstance(operation, Operation), operation
    return operation
