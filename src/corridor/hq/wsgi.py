"""What a web server loads: `corridor.hq.wsgi:application`, for one operation and one process with several threads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.hq.settings")

application = get_wsgi_application()
