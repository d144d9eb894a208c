"""Merged ids: one human being's records on one path, nobody lost, everything taken back by a parting."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.histories import (
    HEADQUARTERS,
    HEADQUARTERS_KEY,
    START,
    History,
    device_key,
    histories,
    intake_of,
    merge,
    straight,
    view_of,
)

from corridor.base.ids import DeviceId, EventId, PersonId, UserId
from corridor.base.moments import MINUTE_MS, Moment
from corridor.ledger.accounts import MERGED
from corridor.ledger.book.discrepancies import discrepancies
from corridor.ledger.book.merged import Statement, merged_ids
from corridor.ledger.book.view import View
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.event import Draft

ANNA, OTHER = PersonId("anna"), PersonId("anna-2")
minutes = st.integers(0, 1_100)


def at_minute(minute: int) -> Moment:
    """A moment of the small world."""
    return Moment(START + minute * MINUTE_MS)


def book_of(*batches: list[Draft]) -> tuple[View, list[tuple[Moment, bytes]]]:
    """The book after headquarters recorded these, batch by batch, an hour apart."""
    recorder = Recorder(HEADQUARTERS, HEADQUARTERS_KEY)
    deliveries = [(at_minute(60 * number), recorder.mint(drafts)[0]) for number, drafts in enumerate(batches)]
    return view_of(intake_of(deliveries), deliveries, at_minute(2_000), at_minute(2_000)), deliveries


def statement(kept: str, dropped: str, time: int, holds: bool = True) -> Statement:
    """A statement made at a time."""
    return Statement(((time, "hq", 1, time), b""), PersonId(kept), PersonId(dropped), holds)


def test_a_late_record_of_the_merged_id_moves_the_human_being() -> None:
    """What a phone records of the merged id, before or after the merge, is a record of the id kept."""
    road = straight("anna", START)
    late = [replace(draft, persons=(OTHER,)) for draft in road[2:4]]
    view, _ = book_of(road[:2], [replace(road[0], persons=(OTHER,))], [merge("anna", "anna-2", START)], late)
    assert view.account_of(ANNA) == "place:cairo"
    assert view.account_of(OTHER) == MERGED
    assert view.accounts() == {"place:cairo": 1, MERGED: 1}
    assert view.people(MERGED) == (OTHER,)
    assert [event.kind for event in view.events_of(ANNA)].count("boarded") == 1
    assert view.events_of(OTHER) == ()
    assert all(OTHER not in event.persons for event in view.events(("boarded", "alighted", "registered")))


def test_before_the_merge_is_known_there_are_two() -> None:
    """A merge holds for every `at`, and only from the moment it is known."""
    road = straight("anna", START)
    _, deliveries = book_of([road[0], replace(road[0], persons=(OTHER,))], [merge("anna", "anna-2", at_minute(50))])
    intake = intake_of(deliveries)
    then = view_of(intake, deliveries, at_minute(5), at_minute(59))
    now = view_of(intake, deliveries, at_minute(5), at_minute(60))
    assert (then.merged, then.account_of(OTHER)) == ({}, "place:gaza")
    assert (now.merged, now.account_of(OTHER)) == ({OTHER: ANNA}, MERGED)
    assert then.registered == now.registered == 2
    assert then.fingerprint(("registered",)) != now.fingerprint(("registered",))


def test_records_that_cannot_be_one_human_beings_put_them_in_suspense() -> None:
    """Two ids in two towns at one time are one human being in suspense, for an officer to judge: nothing is hidden."""
    road = straight("anna", START)
    elsewhere = replace(road[0], persons=(OTHER,), target=road[3].target)
    view, _ = book_of([road[0], elsewhere], [merge("anna", "anna-2", START)])
    assert view.account_of(ANNA) == "suspense"


def test_an_event_that_names_both_ids_is_one_record_of_one_human_being() -> None:
    """A family's bus that carried both ids carried the human being once."""
    road = straight("anna", START)
    both = [replace(draft, persons=(ANNA, OTHER)) for draft in road[:4]]
    view, _ = book_of(both, [merge("anna-2", "anna", START)])
    assert view.account_of(OTHER) == "place:cairo"
    path = view.path_of(OTHER)
    assert path is not None and path.conflict is None and len(path.postings) == 4 and not path.unposted
    assert next(event for event in view.events(("boarded",))).persons == (OTHER,)


def test_ties_and_words_of_others_follow_the_human_being() -> None:
    """A field of a body that names the merged id is read as the id kept; the merge itself stays as it was said."""
    tied = Draft(
        kind="tied",
        happened_at=START,
        by=UserId("amal"),
        persons=(PersonId("boris"), OTHER),
        body={"tie": "guardian_of", "other": "anna-2"},
    )
    view, _ = book_of([tied], straight("anna", START), [merge("anna", "anna-2", START)])
    (event,) = view.events(("tied",))
    assert (event.persons, event.body["other"]) == ((PersonId("boris"), ANNA), "anna")
    (said,) = view.events(("merged",))
    assert (said.persons, said.body["dropped"]) == ((ANNA,), "anna-2")


@pytest.mark.parametrize("other", [["anna-2"], {"id": "anna-2"}, 7, None])
def test_a_body_that_names_nobody_is_kept_as_it_is(other: object) -> None:
    """A device that writes no text where a person should stand stops nobody from reading a book with merged ids."""
    tied = Draft(
        kind="tied", happened_at=START, by=UserId("amal"), persons=(OTHER,), body={"tie": "spouse_of", "other": other}
    )
    view, _ = book_of([tied], straight("anna", START), [merge("anna", "anna-2", START)])
    (event,) = view.events(("tied",))
    assert (event.persons, event.body["other"]) == ((ANNA,), other)


def test_chains_of_merges_have_one_end() -> None:
    """Ids merged one after the other are one human being; of several that nobody drops the least is kept."""
    there = {PersonId(name) for name in "abcd"}
    chain = [statement("b", "c", 1), statement("a", "b", 2)]
    assert merged_ids(chain, there) == {"b": "a", "c": "a"}
    assert merged_ids([statement("b", "c", 1), statement("a", "c", 2)], there) == {"b": "a", "c": "a"}
    circle = [statement("b", "a", 1), statement("c", "b", 2), statement("a", "c", 3)]
    assert merged_ids(circle, there) == {"b": "a", "c": "a"}
    assert merged_ids(chain, {PersonId("b"), PersonId("c")}) == {"c": "b"}
    assert merged_ids([*chain, statement("c", "b", 3, holds=False)], there) == {"b": "a"}


SAID = [statement(*pair, time=time, holds=time != 2) for time, pair in enumerate(["ab", "bc", "ab", "cd"])]


@given(st.permutations(SAID))
def test_the_order_of_statements_does_not_matter(statements: list[Statement]) -> None:
    """Which ids are merged is a function of the set of statements."""
    there = {PersonId(name) for name in "abcd"}
    assert merged_ids(statements, there) == {"c": "b", "d": "b"}


@given(histories(), minutes, st.randoms(use_true_random=False))
def test_a_parting_restores_everything(history: History, minute: int, rng: random.Random) -> None:
    """A merge taken back leaves every account, path and figure as if it had never been; with it nobody is lost."""
    deliveries = [one for one in history.deliveries if b'"merged"' not in one[1] and b'"parted"' not in one[1]]
    before = view_of(intake_of(deliveries), deliveries, at_minute(minute), history.end)
    people = list(before.everybody())
    if len(people) < 2:
        return
    kept, dropped = rng.sample(people, 2)
    recorder = Recorder(HEADQUARTERS, HEADQUARTERS_KEY, epoch=9)
    together, _ = recorder.mint([merge(kept, dropped, history.end)])
    apart, _ = recorder.mint([merge(dropped, kept, Moment(history.end + 1), holds=False)])
    with_merge = [*deliveries, (history.end, together)]
    merged = view_of(intake_of(with_merge), with_merge, at_minute(minute), history.end)
    assert merged.everybody() == before.everybody()
    assert merged.account_of(dropped) == MERGED
    assert sum(merged.accounts().values()) == merged.registered == before.registered
    others = [person for person in people if person not in (kept, dropped)]
    assert [merged.path_of(person) for person in others] == [before.path_of(person) for person in others]
    records = {event.id for person in (kept, dropped) for event in before.events_of(person)}
    assert {event.id for event in merged.events_of(kept)} >= records, "no record is lost"
    with_both = [*with_merge, (history.end, apart)]
    after = view_of(intake_of(with_both), with_both, at_minute(minute), history.end)
    assert (after.merged, after.accounts()) == ({}, before.accounts())
    assert [after.path_of(person) for person in people] == [before.path_of(person) for person in people]
    assert [after.events_of(person) for person in people] == [before.events_of(person) for person in people]


@given(histories(), minutes)
def test_the_path_is_the_walk_over_both_ids_moves(history: History, minute: int) -> None:
    """Where a human being is follows from the moves of all their ids together, by the book's one rule."""
    view = view_of(intake_of(history.deliveries), history.deliveries, at_minute(minute), history.end)
    for kept in set(view.merged.values()):
        moves = {event.id for event in view.events_of(kept) if event.target is not None}
        path = view.path_of(kept)
        if path is None:
            assert not moves and view.account_of(kept) == "suspense"
        else:
            assert path.account == view.account_of(kept)
            assert {step.event for step in path.postings} | set(path.unposted) == moves


def test_only_headquarters_merges_and_parts() -> None:
    """A phone's word that two are one, or are not, moves nobody and stays until headquarters has said its own."""
    office, gate = Recorder(HEADQUARTERS, HEADQUARTERS_KEY), Recorder(DeviceId("gate-1"), device_key("gate-1"))
    key = {"device": "gate-1", "public_key": device_key("gate-1").public.hex()}
    there = [Draft(kind="device_enrolled", happened_at=START, by=UserId("root"), body=key), straight("anna", START)[0]]
    said: list[tuple[Recorder, list[Draft]]] = [
        (office, [*there, replace(straight("anna", START)[0], persons=(OTHER,))]),
        (gate, [merge("anna-2", "anna", at_minute(60))]),
        (office, [merge("anna", "anna-2", at_minute(120))]),
        (gate, [merge("anna", "anna-2", at_minute(180), holds=False)]),
    ]
    deliveries = [(at_minute(60 * hour), recorder.mint(drafts)[0]) for hour, (recorder, drafts) in enumerate(said)]
    found = []
    for hour in range(len(said)):
        view = view_of(intake_of(deliveries), deliveries, at_minute(60 * hour), at_minute(60 * hour))
        told = [(one.persons, one.records) for one in discrepancies(view) if one.code == "not_headquarters"]
        found.append((dict(view.merged), told))
    both = (ANNA, OTHER)
    assert found == [
        ({}, []),
        ({}, [(both, (EventId(gate.device, 1, 1),))]),
        ({OTHER: ANNA}, []),
        ({OTHER: ANNA}, [(both, (EventId(gate.device, 1, 2),))]),
    ]
