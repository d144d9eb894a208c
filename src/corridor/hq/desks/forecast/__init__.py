"""The desk of the forecast: when all are out, what a change would do, what is believed, and how good it was."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.desk import Desk
from corridor.hq.desks.forecast.beliefs import beliefs
from corridor.hq.desks.forecast.block import block
from corridor.hq.desks.forecast.issued import issued
from corridor.hq.desks.forecast.overview import overview
from corridor.hq.desks.forecast.what_if import answer, what_if

DESK = Desk(
    stage="forecast",
    urls=(
        path("", overview, name="forecast"),
        path("block/", block, name="forecast-block"),
        path("what-if/", what_if, name="forecast-what-if"),
        path("what-if/answer/", answer, name="forecast-answer"),
        path("beliefs/", beliefs, name="forecast-beliefs"),
        path("issued/", issued, name="forecast-issued"),
    ),
)
