"""How the board and the situation report look to a machine: plain JSON values, times in ISO 8601, UTC."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from corridor.base.moments import Moment, iso
from corridor.journey.board.board import Board, Strip
from corridor.journey.board.movements import MovementPicture, next_departures
from corridor.journey.cross.hazards import Hazard
from corridor.journey.findings import Finding
from corridor.report.claims import Compared
from corridor.report.figures import LedgerStamp, figures
from corridor.report.sitrep import Sitrep
from corridor.report.words import Words


def board_json(board: Board, claims: Iterable[Compared], words: Words, stamp: LedgerStamp) -> dict[str, Any]:
    """The board: figures, people by account, citizenship and stage, movements, claims, what contradicts."""
    return {
        "operation": board.operation.name,
        "at": iso(board.at),
        "known": iso(board.known),
        "figures": [figure.as_json() for figure in figures(board, words, stamp)],
        "by_account": board.by_account(),
        "by_citizenship": board.by_citizenship(),
        "by_stage": board.by_stage(),
        **_story(board.strip(), next_departures(board.movements), board.hazards, claims, board.findings()),
    }


def sitrep_json(report: Sitrep) -> dict[str, Any]:
    """The situation report: the same figures, with their changes since the last report."""
    return {
        "operation": report.operation.name,
        "at": iso(report.at),
        "known": iso(report.known),
        "since": iso(report.since),
        "figures": [figure.as_json() for figure in report.figures],
        "changes": {
            figure.code: {
                "change": figure.value - report.changes[figure.code].now,
                "since_value": report.changes[figure.code].now,
                "reported_then": report.changes[figure.code].then,
            }
            for figure in report.figures
        },
        "parts": {
            part.code: {"people": part.people, "children": part.children, "citizenships": dict(part.citizenships)}
            for part in report.parts
        },
        "by_stage": dict(report.stages),
        "left": [movement_json(ride) for ride in report.left],
        "arrived": [movement_json(ride) for ride in report.arrived],
        **_story(report.strip, report.departures, report.hazards, report.claims, report.findings),
    }


def movement_json(ride: MovementPicture) -> dict[str, Any]:
    """One movement; null means not known."""
    return {
        "movement": ride.movement,
        "name": ride.name,
        "leg": ride.leg,
        "from": ride.source,
        "to": ride.target,
        "mode": ride.mode,
        "state": ride.state,
        "departs_at": _time(ride.departs_at),
        "arrives_at": _time(ride.arrives_at),
        "departed_at": _time(ride.departed_at),
        "arrived_at": _time(ride.arrived_at),
        "seats": ride.seats,
        "planned": len(ride.planned),
        "aboard": len(ride.people),
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding."""
    return {"code": finding.code, "persons": finding.persons, "says": finding.says, "remedy": finding.remedy}


def _story(
    strip: Strip,
    departures: Iterable[MovementPicture],
    hazards: Iterable[Hazard],
    claims: Iterable[Compared],
    findings: Iterable[Finding],
) -> dict[str, Any]:
    return {
        "places": {stop.place.id: len(stop.people) for stop in strip.stops},
        "movements": [movement_json(ride) for ride in strip.rides if ride.people],
        "next_departures": [movement_json(ride) for ride in departures],
        "ends": {end: len(people) for end, people in strip.ends.items()},
        "suspense": sorted(strip.suspense),
        "hazards": [
            {
                "hazard": hazard.id,
                "type": hazard.type,
                "place": hazard.place,
                "leg": hazard.leg,
                "began": iso(hazard.span.start),
                "until": _time(hazard.span.until),
            }
            for hazard in hazards
        ],
        "claims": [compared.as_json() for compared in claims],
        "discrepancies": [finding_json(finding) for finding in findings],
    }


def _time(moment: Moment | None) -> str | None:
    return None if moment is None else iso(moment)
