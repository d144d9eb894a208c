"""What cannot all be right: every code is reached by a case, says the facts, and goes away by its remedy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.ledger.a_ledger import LATER, Ledger, crossed, draft, enrolment, mint, moment, phone, registered
from tests.ledger.histories import device_key

from corridor.base.limits import CLOCK_AHEAD_MS_MAX
from corridor.base.moments import MINUTE_MS, Moment
from corridor.ledger.book.discrepancies import ALIGHTING_MINUTES_MAX, REMEDIES, discrepancies
from corridor.ledger.device import wire
from corridor.ledger.event import Draft

Step = Callable[[Ledger], None]


def _records(*drafts: Draft, received: str = "20:00") -> Step:
    """An enrolled gate records these and they come in; its chain goes on from call to call."""

    def step(ledger: Ledger) -> None:
        chain = ledger.intake.chains.get(("gate-1", 1))
        seq, head = chain.last() if chain else (0, wire.ZERO_HASH)
        if chain is None:
            ledger.enrol("gate-1")
        ledger.take(mint(phone("gate-1", seq=seq, head=head), *drafts), received)

    return step


def _orders(*drafts: Draft) -> Step:
    return lambda ledger: ledger.order(*drafts) and None


def _both(*steps: Step) -> Step:
    def step(ledger: Ledger) -> None:
        for one in steps:
            one(ledger)

    return step


def _judged(person: str, target: str, *records: str) -> Step:
    return _orders(draft("reconciled", "19:00", person, target=target, records=list(records), says="looked"))


def _aboard(bus: str, clock: str, person: str) -> Draft:
    return draft("boarded", clock, person, source="place:rafah", target=f"aboard:{bus}")


def _gap(ledger: Ledger) -> None:
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1")))
    mint(gate, draft("called", "09:30", "p1"))
    ledger.take(mint(gate, draft("called", "10:00", "p1")))


def _gap_closed(ledger: Ledger) -> None:
    gate = phone("gate-1")
    mint(gate, registered("09:00", "p1"))
    ledger.take(mint(gate, draft("called", "09:30", "p1")))


def _fork(ledger: Ledger) -> None:
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, registered("09:00", "p1")))
    ledger.take(mint(phone("gate-1"), registered("09:00", "p2")))


def _believed(ledger: Ledger) -> None:
    gate = phone("gate-1")
    mint(gate, registered("09:00", "p1"))
    body = {"device": "gate-1", "epoch": 1, "head": gate.head.hex(), "why": "asked"}
    ledger.order(draft("branch_believed", "19:00", **body))


def _unreadable(ledger: Ledger) -> None:
    gate = ledger.enrol("gate-1")
    raw, _ = wire.frame(gate.device, 1, 1, wire.ZERO_HASH, [b"crossed, p1"], device_key("gate-1"))
    ledger.take(raw)


def _stranger(ledger: Ledger) -> None:
    ledger.take(mint(phone("gate-1"), registered("09:00", "p1")))


ON_A_BUS = _both(
    _orders(registered("09:00", "p1", place="rafah"), draft("movement_planned", "09:00", movement="bus", leg="road")),
    _records(_aboard("bus", "10:00", "p1")),
)
MERGED = draft("merged", "10:00", "p1", "p2", kept="p1", dropped="p2", why="looks alike")
WRONG = draft("corrected", "19:00", of="gate-1/1/1", why="a slip")

# code: (what goes wrong, what an officer does about it; None: the remedy is no event of the ledger)
CASES: dict[str, tuple[Step, Step | None]] = {
    "two_places": (
        _both(ON_A_BUS, _records(_aboard("bus-2", "10:10", "p1"))),
        _judged("p1", "aboard:bus", "gate-1/1/1", "gate-1/1/2"),
    ),
    "too_soon": (
        _both(_orders(registered("09:58", "p1")), _records(_aboard("bus", "10:00", "p1"))),
        _judged("p1", "place:rafah", "headquarters/1/1", "gate-1/1/1"),
    ),
    "forked_record": (_fork, _believed),
    "not_registered": (
        _records(draft("sighted", "10:00", "p1", target="place:rafah")),
        _orders(registered("11:00", "p1", place="rafah")),
    ),
    "not_alighted": (
        _both(ON_A_BUS, _orders(draft("arrived", "12:00", movement="bus", place="cairo"))),
        _records(draft("alighted", "12:30", "p1", source="aboard:bus", target="place:cairo")),
    ),
    "count_differs": (
        _both(_orders(registered("09:00", "p1")), _records(draft("counted", "10:00", account="place:gaza", count=2))),
        _records(draft("counted", "11:00", account="place:gaza", count=1)),
    ),
    "gap": (_gap, _gap_closed),
    "fork": (_fork, _believed),
    "quarantined": (_stranger, _orders(enrolment("gate-1"))),
    "clock_ahead": (_records(draft("gate_opened", "20:06", gate="rafah"), received="20:00"), None),
    "clock_behind": (_records(Draft(kind="gate_opened", happened_at=Moment(5), by=registered("09:00", "p").by)), None),
    "unreadable": (_unreadable, None),
    "correction_ignored": (_records(draft("corrected", "10:00", of="office-1/1/1", why="not mine")), None),
    "by_another": (
        _both(
            _orders(enrolment("gate-1", user="omar")),
            lambda ledger: (
                ledger.take(mint(phone("gate-1"), draft("gate_opened", "10:00", gate="rafah")), "20:00") and None
            ),
        ),
        None,
    ),
    "place_unknown": (_records(draft("sighted", "10:00", "p1", target="place:atlantis")), _records(WRONG)),
    "not_headquarters": (
        _both(_orders(registered("09:00", "p1"), registered("09:00", "p2")), _records(MERGED)),
        _orders(draft("pair_judged", "19:00", "p1", "p2", other="p2", verdict="different")),
    ),
}


def test_every_code_has_a_case() -> None:
    """No code is named that nothing produces, and none is produced without a remedy."""
    assert set(CASES) == set(REMEDIES)


@pytest.mark.parametrize("code", REMEDIES)
def test_a_code_is_reached(code: str) -> None:
    """What goes wrong is told once, in a sentence, with the remedy of its code; before it there was nothing."""
    ledger = Ledger()
    assert ledger.codes() == []
    CASES[code][0](ledger)
    found = [one for one in ledger.discrepancies() if one.code == code]
    assert len(found) == (2 if code == "forked_record" else 1)
    for one in found:
        assert one.remedy == REMEDIES[code]
        assert one.says.endswith(".")
        assert one.since <= LATER
        assert set(one.persons) <= set(ledger.view().everybody())


@pytest.mark.parametrize("code", [code for code, (_, remedy) in CASES.items() if remedy is not None])
def test_a_remedy_closes_it(code: str) -> None:
    """The event that the remedy names makes the discrepancy go away; as known before, it was open."""
    goes_wrong, remedy = CASES[code]
    assert remedy is not None
    ledger = Ledger()
    goes_wrong(ledger)
    assert code in ledger.codes()
    remedy(ledger)
    assert code not in ledger.codes()


@pytest.mark.parametrize("code", REMEDIES)
def test_nothing_is_told_before_it_is_known(code: str) -> None:
    """As known before the records came, there is no discrepancy."""
    ledger = Ledger()
    CASES[code][0](ledger)
    assert code not in ledger.codes(moment("08:00"))


# --- Just and not quite -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "told"), [(ALIGHTING_MINUTES_MAX - 1, False), (ALIGHTING_MINUTES_MAX, True)])
def test_people_have_time_to_alight(minutes: int, told: bool) -> None:
    """Within the hour after arrival nobody is missed; then everybody still aboard is named."""
    ledger = Ledger()
    CASES["not_alighted"][0](ledger)
    at = Moment(moment("12:00") + minutes * MINUTE_MS)
    found = [one for one in discrepancies(ledger.view(at)) if one.code == "not_alighted"]
    assert [one.persons for one in found] == ([("p1",)] if told else [])


@pytest.mark.parametrize(("late_ms", "told"), [(CLOCK_AHEAD_MS_MAX, False), (CLOCK_AHEAD_MS_MAX + 1, True)])
def test_a_clock_may_be_a_little_ahead(late_ms: int, told: bool) -> None:
    """Five minutes ahead of the receipt are borne; a millisecond more is told, with the record."""
    ledger = Ledger()
    ahead = Draft(kind="called", happened_at=Moment(moment("20:00") + late_ms), by=registered("09:00", "p").by)
    ledger.take(mint(ledger.enrol("gate-1"), ahead), "20:00")
    found = [one for one in ledger.discrepancies() if one.code == "clock_ahead"]
    assert [list(map(str, one.records)) for one in found] == ([["gate-1/1/1"]] if told else [])


def test_a_clock_is_told_once_a_device() -> None:
    """Many records of one wrong clock are one discrepancy, which names the worst."""
    ledger = Ledger()
    gate = ledger.enrol("gate-1")
    ledger.take(mint(gate, *(draft("called", f"21:{minute}", "p1") for minute in (10, 50, 30))), "20:00")
    (found,) = [one for one in ledger.discrepancies() if one.code == "clock_ahead"]
    assert list(map(str, found.records)) == ["gate-1/1/2"]
    assert "(3 such records)" in found.says


def test_the_last_count_holds() -> None:
    """A head count is compared with the book at the moment of the count, whatever happened since."""
    ledger = Ledger()
    ledger.order(registered("09:00", "p1", "p2"))
    count = draft("counted", "10:00", account="place:gaza", count=2)
    ledger.take(mint(ledger.enrol("gate-1"), count, crossed("11:00", "p1")))
    assert ledger.codes() == []
    ledger.order(draft("counted", "12:00", account="place:gaza", count=3, unidentified=1))
    (found,) = ledger.discrepancies()
    assert found.says == (
        "3 people (1 of them not identified) were counted in place:gaza at 2023-11-12T12:00:00Z; the book has 1."
    )


def test_held_batches_are_told_by_device_and_reason() -> None:
    """One line a device and reason, with how many batches and events wait."""
    ledger = Ledger()
    ledger.enrol("gate-1")
    gate, stranger = phone("gate-1"), phone("gate-9")
    good = mint(gate, registered("09:00", "p1"), registered("09:01", "p2"))
    for raw in (good.replace(b"p1", b"p7"), mint(stranger, crossed("10:00", "p1")), b"noise", b"more noise"):
        assert ledger.take(raw).status == "quarantined"
    assert sorted(one.says for one in ledger.discrepancies()) == [
        "1 batches of gate-1 (2 events) are held: broken chain.",
        "1 batches of gate-9 (1 events) are held: unknown device.",
        "2 batches of nobody (0 events) are held: malformed.",
    ]
