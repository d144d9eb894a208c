"""The desk of Move: convoys, flights and sailings, their manifests, standby lists and seats for partners."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.desk import Desk
from corridor.hq.desks.move.change import change
from corridor.hq.desks.move.manifest import manifest
from corridor.hq.desks.move.overview import overview
from corridor.hq.desks.move.papers import as_pdf, as_spreadsheet
from corridor.hq.desks.move.people import add, waive
from corridor.hq.desks.move.plan import plan
from corridor.hq.desks.move.seats import seats
from corridor.hq.desks.move.standby import standby

DESK = Desk(
    stage="move",
    urls=(
        path("", overview, name="move"),
        path("plan/", plan, name="move-plan"),
        path("<str:movement>/", manifest, name="move-manifest"),
        path("<str:movement>/people/", add, name="move-people"),
        path("<str:movement>/waiver/", waive, name="move-waiver"),
        path("<str:movement>/standby/", standby, name="move-standby"),
        path("<str:movement>/seats/", seats, name="move-seats"),
        path("<str:movement>/change/", change, name="move-change"),
        path("<str:movement>/manifest.pdf", as_pdf, name="move-pdf"),
        path("<str:movement>/manifest.xlsx", as_spreadsheet, name="move-spreadsheet"),
    ),
)
