"""The clear desk: the evening run, from tomorrow's lists to who is called, what is asked for, and what to expect."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.clear.calls import call_forward, call_sheet
from corridor.hq.desks.clear.changes import changes
from corridor.hq.desks.clear.columns import columns, receive_file
from corridor.hq.desks.clear.decide import decide
from corridor.hq.desks.clear.letters import letters
from corridor.hq.desks.clear.overview import overview
from corridor.hq.desks.desk import Desk

DESK = Desk(
    stage="clear",
    urls=(
        path("", overview, name="clear"),
        path("file/", receive_file, name="clear-file"),
        path("columns/<str:sha256>/", columns, name="clear-columns"),
        path("list/<str:list_id>/", decide, name="clear-list"),
        path("changes/", changes, name="clear-changes"),
        path("calls/", call_forward, name="clear-calls"),
        path("calls/sheet/", call_sheet, name="clear-sheet"),
        path("letters/", letters, name="clear-letters"),
    ),
)
