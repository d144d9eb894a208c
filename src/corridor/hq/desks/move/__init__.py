"""The desk of Move: convoys, flights and sailings, their manifests, standby lists, seats for partners, and plans."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.desk import Desk
from corridor.hq.desks.move.change import change
from corridor.hq.desks.move.manifest import manifest
from corridor.hq.desks.move.overview import overview
from corridor.hq.desks.move.papers import as_pdf, as_spreadsheet
from corridor.hq.desks.move.people import add, waive
from corridor.hq.desks.move.plan import plan
from corridor.hq.desks.move.plans.asking import plans
from corridor.hq.desks.move.plans.beside import compare
from corridor.hq.desks.move.plans.flights import flights
from corridor.hq.desks.move.plans.issue import issue
from corridor.hq.desks.move.plans.left_out import left_out
from corridor.hq.desks.move.plans.manifest import manifest as plan_manifest
from corridor.hq.desks.move.plans.party import party
from corridor.hq.desks.move.plans.picture import as_json, picture
from corridor.hq.desks.move.seats import seats
from corridor.hq.desks.move.standby import standby

DESK = Desk(
    stage="move",
    urls=(
        path("", overview, name="move"),
        path("plan/", plan, name="move-plan"),
        path("plans/", plans, name="move-plans"),
        path("plans/<str:plan>/", picture, name="move-plan-one"),
        path("plans/<str:plan>/out/", left_out, name="move-plan-out"),
        path("plans/<str:plan>/flights/", flights, name="move-plan-flights"),
        path("plans/<str:plan>/beside/", compare, name="move-plan-beside"),
        path("plans/<str:plan>/issue/", issue, name="move-plan-issue"),
        path("plans/<str:plan>/movement/<str:movement>/", plan_manifest, name="move-plan-movement"),
        path("plans/<str:plan>/party/<str:party>/", party, name="move-plan-party"),
        path("plans/<str:plan>/<str:what>.json", as_json, name="move-plan-json"),
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
