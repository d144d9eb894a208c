"""The desk where what contradicts is brought together: discrepancies with their sides and owners, and roll calls."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.desk import Desk
from corridor.hq.desks.reconcile import one, queue, roll_calls

DESK = Desk(
    stage="reconcile",
    urls=(
        path("", queue.queue, name="reconcile"),
        path("roll-calls/", roll_calls.page, name="reconcile-roll-calls"),
        path("roll-calls/schedule/", roll_calls.schedule, name="reconcile-schedule"),
        path("roll-calls/count/", roll_calls.count, name="reconcile-count"),
        path("roll-calls/end/", roll_calls.end, name="reconcile-end"),
        path("<slug:discrepancy>/", one.page, name="reconcile-one"),
        path("<slug:discrepancy>/assign/", one.assign, name="reconcile-assign"),
        path("<slug:discrepancy>/explain/", one.explain, name="reconcile-explain"),
        path("<slug:discrepancy>/judge/", one.judge, name="reconcile-judge"),
        path("<slug:discrepancy>/correct/", one.correct, name="reconcile-correct"),
    ),
)
