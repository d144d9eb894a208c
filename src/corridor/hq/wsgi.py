"""What a web server loads: `corridor.hq.wsgi:application`, for one operation and one process with several threads."""

from __future__ import annotations

import os
from pathlib import Path
from wsgiref.headers import Headers

from django.core.wsgi import get_wsgi_application
from servestatic import ServeStatic  # type: ignore[import-untyped]

from corridor.field.serving import with_field
from corridor.hq.exchange.front import with_exchange
from corridor.hq.exercise import begin

STATIC = Path(__file__).resolve().parent / "static"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.hq.settings")


def _never_guess(headers: Headers, path: str, url: str) -> None:
    """A browser takes a file for what it is said to be, and for nothing else."""
    headers["X-Content-Type-Options"] = "nosniff"


# In front of Django rather than among its middleware, where it would take every page through an event loop.
_pages = ServeStatic(
    get_wsgi_application(), root=STATIC, prefix="static/", max_age=60, add_headers_function=_never_guess
)
application = with_exchange(with_field(_pages))
begin(os.environ)
