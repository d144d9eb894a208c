"""The peer: the same events kept with an ORM, a row an event, by Django's `bulk_create`.

The model has what a ledger of rows needs and no more: each device's number once, and a person's events found quickly.
It keeps no accounts and finds no discrepancy, so it does less than Corridor's intake, never more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import connections, models, transaction

from bench.databases import Site
from bench.workload import Workload, groups
from corridor.base.ids import DeviceId
from corridor.ledger.device import wire
from corridor.ledger.device.signing import signed_by

_BATCH_SIZE = 1_000

if not settings.configured:
    settings.configure(DATABASES={}, INSTALLED_APPS=[], USE_TZ=True, DEBUG=False)
    django.setup()


class Row(models.Model):
    """One event."""

    device: Any = models.CharField(max_length=64)
    seq: Any = models.BigIntegerField()
    happened_at: Any = models.BigIntegerField()
    by: Any = models.CharField(max_length=64)
    kind: Any = models.CharField(max_length=64)
    person: Any = models.CharField(max_length=64)
    source: Any = models.CharField(max_length=64, null=True)
    target: Any = models.CharField(max_length=64, null=True)
    body: Any = models.TextField()
    received_at: Any = models.BigIntegerField()

    class Meta:
        app_label = "bench"
        db_table = "orm_row"
        indexes = (models.Index(fields=["person"], name="orm_row_person"),)
        constraints = (models.UniqueConstraint(fields=["device", "seq"], name="orm_row_device_seq"),)


class Position(models.Model):
    """Where a person is by the latest of their events: what a book says, kept with every request."""

    person: Any = models.CharField(max_length=64, primary_key=True)
    account: Any = models.CharField(max_length=64)
    at: Any = models.BigIntegerField()

    class Meta:
        app_label = "bench"
        db_table = "orm_position"


def open_orm(site: Site) -> None:
    """An empty table on the site's database, with the same durability as Corridor's own."""
    if "default" in connections.settings:
        connections["default"].close()
        del connections["default"]
    connections.settings["default"] = connections.configure_settings({"default": settings_of(site)})["default"]
    with connections["default"].schema_editor() as editor:
        editor.create_model(Row)
        editor.create_model(Position)


def close_orm() -> None:
    """Close the connection."""
    connections["default"].close()


def settings_of(site: Site) -> dict[str, Any]:
    if site.name == "SQLite":
        pragmas = "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": site.file, "OPTIONS": options}
    assert site.server is not None
    url = urlsplit(site.server.url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": url.username,
        "HOST": url.hostname,
        "PORT": url.port,
        "OPTIONS": {"options": "-c search_path=bench -c synchronous_commit=on"},
    }


def take_in(workload: Workload) -> None:
    """Verify each batch's signature and chain, decode its events and keep them; 64 batches a commit."""
    for raws, received_at in groups(workload):
        with transaction.atomic():
            rows = [row for raw in raws for row in rows_of(raw, received_at, workload.keys)]
            Row.objects.bulk_create(rows, batch_size=_BATCH_SIZE)


def decoded(workload: Workload) -> list[list[dict[str, Any]]]:
    """The events as the columns of the model, by group of 64 batches; for `only_keep`."""
    return [[_values(row) for raw in raws for row in rows_of(raw, at, workload.keys)] for raws, at in groups(workload)]


def only_keep(found: Sequence[Sequence[Mapping[str, Any]]]) -> Callable[[], None]:
    """`bulk_create` alone: nothing verified, nothing decoded."""

    def keep() -> None:
        for group in found:
            with transaction.atomic():
                Row.objects.bulk_create([Row(**values) for values in group], batch_size=_BATCH_SIZE)

    return keep


def post(rows: Sequence[Row]) -> None:
    """Move the people of these rows to where the latest of their events has them; inside a transaction."""
    latest: dict[str, Row] = {}
    for row in rows:
        if row.target is not None and (row.person not in latest or latest[row.person].happened_at <= row.happened_at):
            latest[row.person] = row
    before = Position.objects.in_bulk(list(latest))
    moved = [
        Position(person=person, account=row.target, at=row.happened_at)
        for person, row in sorted(latest.items())  # in one order, or two requests wait for each other
        if person not in before or before[person].at <= row.happened_at
    ]
    Position.objects.bulk_create(
        moved, update_conflicts=True, unique_fields=["person"], update_fields=["account", "at"], batch_size=_BATCH_SIZE
    )


def rows_of(raw: bytes, received_at: int, keys: Mapping[DeviceId, bytes]) -> Iterator[Row]:
    frame = wire.unframe(raw)
    header = frame.header
    assert signed_by(keys[DeviceId(header.device)], frame.signed, frame.signature), "the bench's own signature is good"
    assert wire.chain_head(frame.prev, frame.lines) == frame.head, "the bench's own chain holds"
    for index, line in enumerate(wire.read_lines(frame.lines)):
        assert line is not None, "the bench's own events can be read"
        yield Row(
            device=header.device,
            seq=header.first + index,
            happened_at=line.at + (line.offset_ms or 0),
            by=line.by,
            kind=line.kind,
            person=line.persons[0],
            source=line.source,
            target=line.target,
            body=bytes(line.body).decode(),
            received_at=received_at,
        )


def _values(row: Row) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in Row._meta.concrete_fields if not field.primary_key}
