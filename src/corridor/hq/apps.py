"""What Django calls headquarters."""

from __future__ import annotations

from django.apps import AppConfig


class HeadquartersConfig(AppConfig):
    """The only application of its own that headquarters has."""

    name = "corridor.hq"
    label = "hq"
    default_auto_field = "django.db.models.BigAutoField"
