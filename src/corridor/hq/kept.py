"""Where this machine keeps what headquarters needs beside the ledger: accounts, sessions, its key, texts made ready."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from corridor.base.refusal import Refusal
from corridor.opening import Found, find_operation, schema_of

OPERATION_UNLESS_NAMED = "gaza-2023"


def operation_name(environ: Mapping[str, str]) -> str:
    """The operation this process serves: CORRIDOR_OPERATION, a name or a folder."""
    return environ.get("CORRIDOR_OPERATION") or OPERATION_UNLESS_NAMED


def folder(environ: Mapping[str, str]) -> Path:
    """The folder beside the operation's database, made when it is missing. Raises ValueError: no such operation."""
    home = _found(environ).home
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def _found(environ: Mapping[str, str]) -> Found:
    found = find_operation(operation_name(environ), environ)
    if isinstance(found, Refusal):
        raise ValueError(f"CORRIDOR_OPERATION: {found}")
    return found


def secret_key(file: Path) -> str:
    """The key that signs sessions, made on first use in a file that only its owner can read.

    Raises PermissionError when others can read the file, with what to do.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise PermissionError(f"{file} can be read by others. Run: chmod 600 {file}") from None
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        key = secrets.token_urlsafe(64)
        opened.write(key)
    return key


def earlier_keys(file: Path) -> list[str]:
    """Keys of before, a line each, that still open what they signed and sealed; none unless the file was put there.

    Raises PermissionError as `secret_key` does.
    """
    if not file.is_file():
        return []
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PermissionError(f"{file} can be read by others. Run: chmod 600 {file}")
    return file.read_text(encoding="ascii").split()


def database(environ: Mapping[str, str], file: Path) -> dict[str, Any]:
    """Django's database of accounts and sessions: DATABASE_URL when it is given, else a SQLite file of its own.

    A file of its own, so that sessions never wait for the ledger's writer and a copy of the ledger holds no password.
    On PostgreSQL the tables stand in the operation's schema, which opening the operation makes.
    """
    url = environ.get("DATABASE_URL", "")
    if url:
        read, schema = urlsplit(url), schema_of(_found(environ))
        if read.scheme not in ("postgres", "postgresql"):
            raise ValueError(f"DATABASE_URL begins with {read.scheme!r}; write postgresql://user@host/database.")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(read.path.lstrip("/")),
            "USER": unquote(read.username or ""),
            "PASSWORD": unquote(read.password or ""),
            "HOST": read.hostname or "",
            "PORT": read.port or "",
            "OPTIONS": {**dict(parse_qsl(read.query)), "options": f"-c search_path={schema}", "pool": True},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
