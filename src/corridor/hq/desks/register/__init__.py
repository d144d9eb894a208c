"""The register desk: look first and then create, parties and ties, identities and zones, applications by age, cards."""

from __future__ import annotations

from django.urls import path

from corridor.hq.desks.desk import Desk
from corridor.hq.desks.register.applications import applications, withdrawn
from corridor.hq.desks.register.cards import cards
from corridor.hq.desks.register.create import create
from corridor.hq.desks.register.duplicates.page import duplicates
from corridor.hq.desks.register.editor import editor, near
from corridor.hq.desks.register.party import party
from corridor.hq.desks.register.search import search
from corridor.hq.desks.register.zone import zone

DESK = Desk(
    stage="register",
    urls=(
        path("", search, name="register"),
        path("new/", create, name="register-new"),
        path("applications/", applications, name="register-applications"),
        path("withdrawn/", withdrawn, name="register-withdrawn"),
        path("duplicates/", duplicates, name="register-duplicates"),
        path("cards/", cards, name="register-cards"),
        path("<str:person>/", editor, name="register-person"),
        path("<str:person>/party/", party, name="register-party"),
        path("<str:person>/zone/", zone, name="register-zone"),
        path("<str:person>/near/", near, name="register-near"),
    ),
)
