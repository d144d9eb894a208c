"""The desk of the reception at home: who lands and needs what, received, placed, handed over, followed up."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.arrive import flight, follow_ups, handovers, overview, person, sheets, shelters
from corridor.hq.desks.desk import Desk

DESK = Desk(
    stage="arrive",
    urls=(
        path("", overview.page, name="arrive"),
        path("shelters/", shelters.page, name="arrive-shelters"),
        path("handovers/", handovers.page, name="arrive-handovers"),
        path("handovers.pdf", handovers.as_pdf, name="arrive-handovers-pdf"),
        path("follow-ups/", follow_ups.page, name="arrive-follow-ups"),
        path("flights/<str:movement>/", flight.page, name="arrive-flight"),
        path("flights/<str:movement>/list.pdf", sheets.as_pdf, name="arrive-flight-pdf"),
        path("flights/<str:movement>/list.xlsx", sheets.as_spreadsheet, name="arrive-flight-xlsx"),
        path("people/<str:person>/", person.page, name="arrive-person"),
        path("people/<str:person>/<slug:does>/", person.work, name="arrive-work"),
    ),
)
