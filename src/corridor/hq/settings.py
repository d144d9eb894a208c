"""How Django is set up: safe by default, one operation a process, everything it keeps beside that operation's ledger.

Read from the environment: CORRIDOR_OPERATION (name or folder), CORRIDOR_HOME, DATABASE_URL, CORRIDOR_HOSTS (host names
with commas), CORRIDOR_HTTPS (1 behind TLS), CORRIDOR_PROXIES (addresses of proxies that are believed, with commas),
CORRIDOR_SECOND_FACTOR (who must show one: identity, everybody, nobody).
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

from corridor.hq import kept, texts

_HERE = Path(__file__).resolve().parent

KEPT_IN = kept.folder(os.environ)
SECRET_KEY = kept.secret_key(KEPT_IN / "hq.key")
SECRET_KEY_FALLBACKS = kept.earlier_keys(KEPT_IN / "hq.key.old")
DATABASES = {"default": kept.database(os.environ, KEPT_IN / "hq.sqlite3")}

DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("CORRIDOR_HOSTS", "").split(",") if host] or [
    "127.0.0.1",
    "localhost",
    "[::1]",
]
# Of whom these say whom they heard from it is believed; of nobody else. A wrong one stops the start.
TRUSTED_PROXIES = frozenset(
    str(ipaddress.ip_address(one.strip())) for one in os.environ.get("CORRIDOR_PROXIES", "").split(",") if one.strip()
)
ROOT_URLCONF = "corridor.hq.urls"
WSGI_APPLICATION = "corridor.hq.wsgi.application"
INSTALLED_APPS = [
    "corridor.hq",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corridor.hq.access.guard.headers",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "corridor.hq.access.guard.idle",
    "corridor.hq.access.guard.SignedIn",
    "corridor.hq.access.guard.Confined",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corridor.hq.pages.errors.only_sent",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "corridor.hq.pages.page.frame",
                "corridor.hq.desks.desk.frame",
            ],
            "builtins": ["corridor.hq.templatetags.words"],
        },
    }
]

AUTH_USER_MODEL = "hq.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# scrypt needs memory as well as time to guess, and no package beside Python's own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
# A word of the table `hq.access.rights.SECOND_FACTOR_OF`, which asserts that it is one.
SECOND_FACTOR = os.environ.get("CORRIDOR_SECOND_FACTOR") or "identity"

_HTTPS = os.environ.get("CORRIDOR_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # a shift; the idle limit ends it earlier
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "corridor.hq.pages.errors.stale_form"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

LANGUAGE_CODE = "en"
LANGUAGES = texts.LANGUAGES
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [texts.made_ready(KEPT_IN / "locale")]
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"  # the files are served by corridor.hq.wsgi

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
