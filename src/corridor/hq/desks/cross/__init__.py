"""The cross desk: gates and their devices, who is where at the crossing, exceptions to sign, hazards in the way."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.cross.calls import calls, calls_sheet
from corridor.hq.desks.cross.gates import gates
from corridor.hq.desks.cross.hazards import hazards
from corridor.hq.desks.cross.people import people
from corridor.hq.desks.cross.signing import sign
from corridor.hq.desks.desk import Desk

DESK = Desk(
    stage="cross",
    urls=(
        path("", gates, name="cross"),
        path("people/<str:gate>/", people, name="cross-people"),
        path("calls/", calls, name="cross-calls"),
        path("calls/sheet/", calls_sheet, name="cross-calls-sheet"),
        path("exceptions/", sign, name="cross-exceptions"),
        path("hazards/", hazards, name="cross-hazards"),
    ),
)
