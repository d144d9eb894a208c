"""A board of a book that was asked before, and one of a book read from zero, are the same board."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.a_road import Road, ways_of

from corridor.base.moments import iso, parse_moment
from corridor.journey.board.board import FIGURES, GROUPS, Board
from corridor.journey.board.folding import changes
from corridor.journey.care.state import active_holds, open_tracings
from corridor.journey.care.support import talks
from corridor.journey.catalogue import KINDS
from corridor.journey.clear.rules import rows_held
from corridor.journey.clear.state import persons_by_list
from corridor.journey.kinds import STAGES
from corridor.journey.reconcile.open import open_discrepancies
from corridor.ledger.book.marks import latest_about
from corridor.ledger.book.reading import Book
from corridor.ledger.book.rows import distinct
from corridor.ledger.book.view import View

START = parse_moment("2030-05-02T06:00Z")
MINUTE = 60_000
PERSONS = ("anna", "boris", "clara", "denis", "emil")
MOVEMENTS = ("bus", "plane")

happenings = st.sampled_from(
    (
        "registered",
        "registered apart",
        "joined_party",
        "left_party",
        "tied",
        "untied",
        "split_waived",
        "withdrew",
        "crossed",
        "planned_aboard",
        "taken_off",
        "boarded",
        "movement_planned",
        "departed",
        "seats_offered",
        "seats_taken",
        "list_received",
        "listed",
        "unlisted",
        "hold_placed",
        "hold_lifted",
        "tracing_opened",
        "tracing_closed",
        "permit_started",
        "follow_up_due",
        "placed",
        "merged",
        "parted",
    )
)
steps = st.tuples(happenings, st.sampled_from(PERSONS), st.sampled_from(PERSONS), st.sampled_from(MOVEMENTS))


def happen(road: Road, number: int, what: str, one: str, other: str, movement: str) -> None:
    """Record one thing; what makes no sense is recorded all the same."""
    when = iso(START + number * 7 * MINUTE)  # type: ignore[arg-type]
    both = tuple(dict.fromkeys((one, other)))
    match what:
        case "registered":
            road.register(when, one, age_band="child" if one == "emil" else "adult")
        case "registered apart":
            road.register(when, one, party=f"of-{other}", application=f"a-{other}")
        case "joined_party" | "left_party":
            left = {"why": "own"} if what == "left_party" else {}
            road.add(what, when, one, facts={"party": f"of-{other}", **left})
        case "tied" | "untied":
            road.add(what, when, one, tie="guardian_of", other=other)
        case "split_waived":
            road.add(what, when, one, party="family", said_by=other, why="own wish")
        case "withdrew":
            road.add(what, when, one, source="place:town", target="end:withdrawn", why="declined")
        case "crossed":
            road.add(what, when, *both, source="place:town", target="place:gate", gate="gate", list="l1", row=1)
        case "planned_aboard":
            road.add(what, when, *both, movement=movement, place_type="seat")
        case "taken_off":
            road.add(what, when, one, movement=movement, why="ill")
        case "boarded":
            aboard = f"aboard:{movement}"
            road.add(what, when, *both, source="place:gate", target=aboard, movement=movement, place_type="seat")
        case "movement_planned":
            road.add(what, when, movement=movement, leg="gate-camp" if movement == "bus" else "camp-home")
        case "departed":
            road.add(what, when, movement=movement, place="gate")
        case "seats_offered":
            road.add(what, when, offer="o1", movement=movement, partner="kz", seats=number + 1)
        case "seats_taken":
            road.add(what, when, offer="o1", seats=1)
        case "list_received":
            digest = "0" * 64
            facts = {"list": "l1", "authority": "egypt", "for_date": "2030-05-03", "sha256": digest, "rows": 2}
            road.add(what, when, facts={**facts, "source": "embassy", "rows_sha256": digest})
        case "listed" | "unlisted":
            why = "reason" if what == "listed" else "why"
            road.add(what, when, one, facts={"list": "l1", "row": 1 + number % 3, why: "name"})
        case "hold_placed":
            hold = {"hold": f"h{number}", "reason": "medical", "instruction": "rest", "owner": "medic"}
            road.add(what, when, one, facts={**hold, "review_at": START + (number + 9) * 7 * MINUTE})
        case "hold_lifted":
            road.add(what, when, one, facts={"hold": f"h{number - 1}", "why": "well"})
        case "tracing_opened":
            road.add(what, when, one, facts={"tracing": f"t{number % 3}", "sealed": "x"})
        case "tracing_closed":
            road.add(what, when, one, facts={"tracing": f"t{number % 3}", "outcome": "found"})
        case "permit_started":
            ends_at = START + (number + 5) * 7 * MINUTE
            road.add(what, when, one, facts={"permit": "transit", "starts_at": START, "ends_at": ends_at})
        case "follow_up_due":
            due = {"follow_up": f"f{number}", "type": "medical", "due_at": START + (number + 4) * 7 * MINUTE}
            road.add(what, when, one, facts=due)
        case "placed":
            road.add(what, when, one, facts={"shelter": "camp", "until": START + (number + 3) * 7 * MINUTE})
        case _:
            if len(both) == 2:
                road.add(what, when, *both, kept=one, dropped=other, why="same papers")


def everything(board: Board) -> object:
    """All that a board says, in a form that can be compared."""
    everybody = board.everybody
    codes = [*FIGURES, *(f"{code}_{group}" for code in ("registered", "out") for group in GROUPS)]
    people = sorted(board.people("registered"))
    return (
        {code: sorted(board.people(code)) for code in codes},
        board.by_stage(),
        [dict(states.all) for states in everybody.stages()],
        [(person, board.standing(person)) for person in people],
        everybody.groups,
        dict(everybody.group_of),
        board.movements,
        everybody.move,
        everybody.in_parties(board.people("registered"), 0, 3),
        (everybody.holds, everybody.waiting, dict(everybody.permits_running), dict(everybody.sheltered)),
        (dict(everybody.could_talk), dict(everybody.listed_on), dict(everybody.yields)),
        sorted((one.code, one.persons, one.says) for one in board.findings()),
        open_discrepancies(board),
    )


@settings(max_examples=12, deadline=None)
@given(st.lists(steps, min_size=4, max_size=24), st.integers(1, 4), st.integers(0, 24))
def test_a_board_kept_up_is_the_board_from_zero(
    happened: list[tuple[str, str, str, str]], every: int, back: int
) -> None:
    """Law 4 for boards: asked after every few records, now and at an earlier time, each says what a new book would."""
    road = peopled()
    with patch.object(changes, "_PART", 0):  # however many have changed, only they are looked at again
        compare(road, happened, every, back)


def peopled() -> Road:
    """A road on which everybody is registered, each in a party of their own."""
    road = Road()
    for person in PERSONS:
        road.register(iso(START - MINUTE), person, party=f"of-{person}")  # type: ignore[arg-type]
    return road


def compare(road: Road, happened: list[tuple[str, str, str, str]], every: int, back: int) -> None:
    """Let things happen, and compare boards that are kept up with those of new books; others ask in between."""
    for number, step in enumerate(happened):
        happen(road, number, *step)
        now = START + number * 7 * MINUTE
        for states in road.board_at(now, now).everybody.stages():  # type: ignore[arg-type]
            assert len(states.all) == len(states)
        if number % every == 0 or number == len(happened) - 1:
            for at in (now, max(START, now - back * 7 * MINUTE)):
                kept_up = road.board_at(at, now)  # type: ignore[arg-type]
                anew = Book(ways_of(road.operation), road._intake, lambda number: road.raw[number - 1])
                from_zero = Board(road.operation, View(anew, at, now))  # type: ignore[arg-type]
                assert everything(kept_up) == everything(from_zero)


@settings(max_examples=12, deadline=None)
@given(st.lists(steps, min_size=4, max_size=24))
def test_one_asked_alone_is_the_one_among_all(happened: list[tuple[str, str, str, str]]) -> None:
    """Asked for one person's states and group, a board says what it says of them when it has folded everybody."""
    road = peopled()
    for number, step in enumerate(happened):
        happen(road, number, *step)
    now = START + len(happened) * 7 * MINUTE
    whole = road.board_at(now, now).everybody  # type: ignore[arg-type]
    told = [dict(states.all) for states in whole.stages()]
    groups = dict(whole.group_of)
    for person in PERSONS:
        anew = Book(ways_of(road.operation), road._intake, lambda number: road.raw[number - 1])
        alone = Board(road.operation, View(anew, now, now)).everybody  # type: ignore[arg-type]
        assert alone.group_of.get(person) == groups.get(person)  # type: ignore[call-overload]
        for states, all_states in zip(alone.stages(), told, strict=True):
            assert states.get(person) == all_states.get(person)


@settings(max_examples=12, deadline=None)
@given(st.lists(steps, min_size=4, max_size=24), st.integers(1, 6))
def test_what_is_looked_up_is_what_looking_everybody_through_finds(
    happened: list[tuple[str, str, str, str]], every: int
) -> None:
    """Who may be talked to, whose permit runs and which record of a stage is somebody's last, on boards kept up."""
    road = peopled()
    for number, step in enumerate(happened):
        happen(road, number, *step)
        if number % every and number < len(happened) - 1:
            continue
        now = START + number * 7 * MINUTE
        board = road.board_at(now, now)  # type: ignore[arg-type]
        everybody = board.everybody
        assert talks(everybody.could_talk, board.at) == talks(everybody.care.all, board.at)
        held = {person for person, state in everybody.care.items() if active_holds(state, board.at)}
        assert {person for person, _hold in everybody.holds} == held
        traced = {(one, tracing) for one, state in everybody.care.items() for tracing in open_tracings(state)}
        assert set(everybody.searches) == traced
        running = {
            person: state
            for person, state in everybody.documents.items()
            if any(stay.ended_at is None for stay in state.stays)
        }
        assert everybody.permits_running == running
        assert everybody.rows_held == rows_held(everybody.clear.all)
        assert everybody.listed_on == persons_by_list(everybody.clear.all)
        for stage in STAGES:
            kinds = [name for name, kind in KINDS.items() if kind.stage == stage]
            last = {
                person: events[-1]
                for person in PERSONS
                if (events := [one for one in board.view.events_of(person) if one.kind in kinds])  # type: ignore[arg-type]
            }
            keys = latest_about(board.view, PERSONS, kinds)  # type: ignore[arg-type]
            assert dict(zip(keys, board.view.read(list(keys.values())), strict=True)) == last


def test_distinct_numbers_are_those_of_numpy() -> None:
    """Each once and ascending, of none none."""
    for values in ([], [3], [5, 1, 5, 5, 2, 1]):
        numbers = np.array(values, dtype=np.int64)
        assert distinct(numbers).tolist() == np.unique(numbers).tolist()


def test_a_merge_is_read_by_whoever_was_tied_to_the_merged_id() -> None:
    """Of anna only a tie to boris was recorded; when boris turns out to be clara, the next board ties her to clara."""
    road = peopled()
    happen(road, 1, "tied", "anna", "boris", "bus")
    before = road.board_at(START + 60 * MINUTE, START + 60 * MINUTE).everybody  # type: ignore[arg-type]
    assert [tie.other for tie in before.register.all["anna"].ties] == ["boris"]  # type: ignore[index]
    happen(road, 10, "merged", "clara", "boris", "bus")
    after = road.board_at(START + 90 * MINUTE, START + 90 * MINUTE).everybody  # type: ignore[arg-type]
    assert [tie.other for tie in after.register.all["anna"].ties] == ["clara"]  # type: ignore[index]
    assert after.group_of["anna"] == {"anna", "clara"}  # type: ignore[index]
