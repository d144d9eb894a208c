"""The documents desk: permits by their clock, who lacks what for a leg, papers drawn up, issued and printed."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.desk import Desk
from corridor.hq.desks.documents.batch import batch, batch_print
from corridor.hq.desks.documents.case import case
from corridor.hq.desks.documents.cases import cases
from corridor.hq.desks.documents.lacking import lacking
from corridor.hq.desks.documents.receipt import receipt

DESK = Desk(
    stage="documents",
    urls=(
        path("", cases, name="documents"),
        path("lacking/", lacking, name="documents-lacking"),
        path("batch/", batch, name="documents-batch"),
        path("batch/print/", batch_print, name="documents-print"),
        path("<str:person>/", case, name="documents-person"),
        path("<str:person>/receipt/", receipt, name="documents-receipt"),
    ),
)
