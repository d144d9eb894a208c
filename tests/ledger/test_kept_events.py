"""The book keeps the events it has read, up to a bound, and answers the same with any bound."""

from __future__ import annotations

import pytest
from bench.road_operation import bench_operation
from bench.workload import ROOT_DEVICE, road, root_key

from corridor.ledger.book import reading as book_module
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.intake import Intake
from corridor.opening import ways_of


def test_same_events_whatever_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for ten events or for all, the same events come in the same order; with room, batches are read once."""
    workload = road(2_000)
    raws = [*workload.enrolment, *(sent.raw for sent in workload.batches)]
    asked: list[int] = []

    def raw_of(number: int) -> bytes:
        asked.append(number)
        return raws[number - 1]

    intake = Intake(ROOT_DEVICE, root_key().public, raw_of)
    for number, raw in enumerate(raws, start=1):
        intake.take(number, raw, workload.end)
    kinds = ("registered", "crossed", "sighted")

    def read_twice() -> list[object]:
        asked.clear()
        view = View(Book(ways_of(bench_operation()), intake, raw_of), workload.end, workload.end)
        return [*view.events(kinds), *view.events(kinds)]

    roomy = read_twice()
    once = len(asked)
    monkeypatch.setattr(book_module, "BOOK_EVENTS_KEPT_MAX", 10)
    assert read_twice() == roomy
    assert len(roomy) > 2_000
    assert once < len(asked)
