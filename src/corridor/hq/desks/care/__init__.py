"""The desk of medics and psychologists: who is seen next, holds, who may fly, the missing, contacts, the day's form."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.care import contacts, daily, flights, holds, person, queue, searches, talks
from corridor.hq.desks.desk import Desk

DESK = Desk(
    stage="care",
    urls=(
        path("", queue.page, name="care"),
        path("talks/", talks.page, name="care-talks"),
        path("holds/", holds.page, name="care-holds"),
        path("flights/", flights.page, name="care-flights"),
        path("searches/", searches.page, name="care-searches"),
        path("daily/", daily.page, name="care-daily"),
        path("daily.csv", daily.as_csv, name="care-daily-csv"),
        path("<str:person>/", person.page, name="care-person"),
        path("<str:person>/colour/", person.colour, name="care-colour"),
        path("<str:person>/sealed/", person.opened, name="care-sealed"),
        path("<str:person>/contacts/", contacts.page, name="care-contacts"),
        path("<str:person>/contacts.pdf", contacts.as_pdf, name="care-contacts-pdf"),
        path("<str:person>/<slug:does>/", person.work, name="care-work"),
    ),
)
