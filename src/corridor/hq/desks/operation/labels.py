"""What the parts of an operation file are called on screen: its sections, their keys, and what needs a signature."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

GROUPS: Mapping[str, tuple[str, ...]] = {
    "road": ("places", "legs", "stations"),
    "passing": ("eligibility", "authorities", "clearance_rules", "permits", "paper_rules"),
    "moving": ("fleets", "escort_pools", "categories", "partners", "seat_share"),
    "working": ("operation", "custodians", "devices", "users", "claimed_figures", "publishers"),
}
"""The sections of the file as the desk shows them; every one is in one group."""


def group_title(group: str) -> str:
    """A group of sections in the reader's language."""
    return {
        "road": _("The road"),
        "passing": _("Who may pass"),
        "moving": _("How people travel"),
        "working": _("Who works here"),
    }[group]


def section_title(section: str) -> str:
    """A section in the reader's language."""
    return _sections(get_language() or "en").get(section, section)


def key_title(key: str) -> str:
    """A key in the reader's language; one that is not known here as it is written."""
    return _keys(get_language() or "en").get(key, key)


def signed_title(name: str) -> str:
    """A row of `signing.SIGNED` in the reader's language."""
    return {
        "eligibility": _("who may come"),
        "authorities": _("authorities"),
        "clearance_rules": _("how many authorities must agree"),
        "paper_rules": _("which papers are asked for"),
        "permits": _("permits that run out"),
        "ways_out": _("the legs out of danger"),
        "place_roles": _("places and their roles"),
        "users": _("users and their roles"),
        "escorts": _("how many escorts go along"),
    }[name]


@cache
def _sections(language: str) -> Mapping[str, str]:
    """Worked out once for a language, which is the one that is active."""
    return {
        "operation": _("The operation"),
        "places": _("Places"),
        "legs": _("Legs"),
        "stations": _("Stations"),
        "eligibility": _("Who may come"),
        "authorities": _("Authorities"),
        "clearance_rules": _("Rules of clearance"),
        "permits": _("Permits"),
        "paper_rules": _("Rules of papers"),
        "fleets": _("Fleets"),
        "categories": _("Categories"),
        "partners": _("Partner states"),
        "seat_share": _("Share of seats"),
        "custodians": _("Custodians"),
        "devices": _("Devices"),
        "users": _("Users"),
        "claimed_figures": _("Figures that others publish"),
        "publishers": _("Who publishes figures"),
        "escort_pools": _("Escorts there are"),
    }


@cache
def _keys(language: str) -> Mapping[str, str]:
    """As above."""
    return {
        "name": _("Name"),
        "names": _("Name"),
        "said_by": _("As claims name them"),
        "titles": _("Title"),
        "id": _("Id"),
        "languages": _("Languages"),
        "as_of_zone": _("Time zone in which days are counted"),
        "started": _("Began"),
        "ends": _("Ends"),
        "origin_country": _("Country of danger"),
        "role": _("Role"),
        "zone": _("Time zone"),
        "country": _("Country"),
        "latitude": _("Latitude"),
        "longitude": _("Longitude"),
        "beds": _("Beds"),
        "order": _("Turn on the corridor"),
        "source": _("From"),
        "target": _("To"),
        "mode": _("Mode"),
        "minutes": _("Usual minutes"),
        "minutes_min": _("Least minutes possible"),
        "capacity_persons_per_day": _("People a day"),
        "place": _("Place"),
        "service": _("Service"),
        "opens": _("Opens"),
        "closes": _("Closes"),
        "persons_per_hour": _("People an hour"),
        "officers": _("Officers"),
        "persons_max": _("Room for people"),
        "own_citizenships": _("Our citizenships"),
        "relatives": _("Relatives who may come"),
        "counts_for": _("Counts for citizenships"),
        "list_policy": _("What a new list does"),
        "language": _("Language of letters"),
        "for_leg": _("Before the leg"),
        "of": _("Authorities asked"),
        "needed": _("How many must agree"),
        "valid_hours": _("Hours a listing holds"),
        "hours": _("Hours"),
        "starts_at": _("Starts on arriving at"),
        "any_of": _("Any of these papers"),
        "for_citizenships": _("Asked of citizenships"),
        "issued_by_own": _("Issued by their own state"),
        "kind": _("Kind"),
        "vehicles": _("Vehicles"),
        "seats": _("Seats of one"),
        "stretchers": _("Stretchers of one"),
        "wheelchairs": _("Wheelchairs of one"),
        "turnaround_minutes": _("Minutes from arriving to leaving"),
        "legs": _("Legs it may serve"),
        "partner": _("Partner state"),
        "escorts": _("Escorts"),
        "at_least": _("At least"),
        "per_persons": _("One for every so many people"),
        "takes_seat": _("Takes a seat"),
        "counted": _("Of whom counted"),
        "count": _("How many there are"),
        "back_hours": _("Hours until back from a flight"),
        "priority": _("Priority"),
        "when": _("Conditions"),
        "needs": _("Needs"),
        "age_bands": _("Ages"),
        "ties": _("Ties"),
        "seat_share_percent": _("Percent of our seats"),
        "own_first": _("Own people first"),
        "sponsor_first": _("Our people first"),
        "offered_to_partners_percent_min": _("Percent to offer partners at least"),
    }
