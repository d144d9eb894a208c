"""The register's fold: what each event does to a person, and that the order of arrival does not matter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.journey.register.a_history import History, arrivals, at, histories

from corridor.base.ids import PersonId
from corridor.base.refusal import Refusal
from corridor.journey.kinds import body_of, draft
from corridor.journey.register.events import KINDS, TIED, Tied
from corridor.journey.register.state import DemandStep, TieHeld, Waiver, fold
from corridor.ledger.event import Event

A, B = PersonId("anna"), PersonId("boris")

HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("registered", {"party": "f1", "citizenships": ["RUS", "PSE"], "age_band": "adult"}),
    ("registered", {"party": "f2", "citizenships": [], "age_band": "child", "sex": "female"}),
    ("registered", {"party": "f2"}),
    ("particulars_changed", {"age_band": "elder"}),
    ("identified", {"fields": ["names"], "version": 3}),
    ("identified", {"fields": ["names"], "version": 0}),
    ("joined_party", {"party": "f1", "role": "head"}),
    ("left_party", {"party": "f1", "why": "asked"}),
    ("tied", {"tie": "guardian_of", "other": "boris"}),
    ("untied", {"tie": "guardian_of", "other": "boris"}),
    ("split_waived", {"party": "f1", "said_by": "anna", "why": "asked"}),
    ("need_recorded", {"need": "wheelchair"}),
    ("need_ended", {"need": "wheelchair"}),
    ("need_recorded", {"need": "gold"}),
    ("contact_recorded", {"channel": "phone", "reachable": True}),
    ("withdrew", {"why": "declined"}),
    ("reoffered", {}),
    ("died", {}),
    ("forgotten", {"why": "asked"}),
    ("codes_revoked", {"before": 1_700_000_000, "why": "lost"}),
    ("codes_revoked", {"before": 1_700_000_900, "why": "lost again"}),
    ("merged", {"kept": "anna", "dropped": "boris", "why": "one passport"}),
    ("parted", {"kept": "anna", "dropped": "boris", "why": "a twin"}),
    ("pair_judged", {"other": "boris", "verdict": "different"}),
    ("crossed", {"gate": "rafah"}),
]


@given(arrivals(histories(HAPPENINGS, ("anna", "boris"))))
def test_the_same_events_in_any_order_give_the_same_person(arrived: tuple[list[Event], list[Event]]) -> None:
    """Shuffled and repeated events fold to the state that the history itself folds to."""
    history, otherwise = arrived
    assert fold(otherwise) == fold(history)


def test_every_kind_is_in_the_property_test() -> None:
    """No kind of the stage is left out of the shuffled histories."""
    assert {kind.name for kind in KINDS} <= {name for name, _ in HAPPENINGS}


def test_a_registered_person_has_what_was_registered() -> None:
    """Registration gives party and particulars; what was changed later counts, the rest stays."""
    history = History()
    history.register("08:00", "anna", "f1", "child", "RUS", sex="female", application="77")
    history.add("09:00", "particulars_changed", "anna", age_band="adult", citizenships=["PSE", "RUS"])
    state = fold(history.of("anna"))
    assert (state.party, state.age_band, state.citizenships) == ("f1", "adult", ("PSE", "RUS"))
    assert (state.sex, state.application, state.registered_at) == ("female", "77", at("08:00"))
    assert state.is_adult and not state.is_minor and state.travels


def test_the_last_word_on_two_ids_holds() -> None:
    """Merged and parted, different and taken back: of each two ids only the last statement stands."""
    history = History()
    history.register("08:00", "anna", "f1")
    history.add("09:00", "merged", "anna", kept="anna", dropped="boris", why="one passport")
    history.add("09:10", "merged", "anna", kept="clara", dropped="anna", why="one face")
    history.add("09:20", "parted", "anna", kept="boris", dropped="anna", why="a twin")
    history.add("09:30", "pair_judged", "anna", "dina", other="dina", verdict="unsure")
    history.add("09:40", "pair_judged", "dina", "anna", other="anna", verdict="different")
    history.add("09:50", "pair_judged", "anna", "egor", other="egor", verdict="unsure")
    history.add("09:55", "pair_judged", "anna", "egor", other="egor", verdict="open")
    state = fold(history.of("anna"))
    assert [(one.kept, one.dropped) for one in state.merges] == [("clara", "anna")]
    assert [(one.pair, one.verdict) for one in state.pairs] == [(("anna", "dina"), "different")]
    assert state.travels


def test_joining_a_party_leaves_the_one_before_and_ends_its_waiver() -> None:
    """A waiver holds for the company it was given in: who joins again is of the party again."""
    history = History()
    history.register("08:00", "anna", "f1")
    history.add("08:10", "split_waived", "anna", party="f1", said_by="anna", why="asked")
    assert fold(history.of("anna")).waivers == {Waiver(person=A, party="f1")}
    history.add("08:20", "joined_party", "anna", party="f2", role="spouse")
    assert (fold(history.of("anna")).party, fold(history.of("anna")).party_role) == ("f2", "spouse")
    history.add("08:30", "left_party", "anna", party="f1", why="an old record")
    assert fold(history.of("anna")).party == "f2"
    history.add("08:40", "joined_party", "anna", party="f1")
    assert fold(history.of("anna")).waivers == frozenset()


def test_a_tie_points_from_the_person_to_the_other() -> None:
    """Both see the tie with its direction, until it is ended."""
    history = History()
    history.add("08:00", "tied", "anna", "boris", tie="guardian_of", other="boris")
    tie = TieHeld(tie="guardian_of", person=A, other=B)
    assert fold(history.of("anna")).ties == fold(history.of("boris")).ties == {tie}
    history.add("09:00", "untied", "anna", "boris", tie="guardian_of", other="boris")
    assert fold(history.of("boris")).ties == frozenset()


def test_what_cannot_be_read_is_kept_aside() -> None:
    """An unreadable body and a tie to oneself are named with their refusals; everything else is read."""
    history = History()
    bad = history.add("08:00", "need_recorded", "anna", need="gold")
    tie = history.add("08:10", "tied", "anna", tie="spouse_of", other="anna")
    history.add("08:20", "need_recorded", "anna", need="oxygen")
    state = fold(history.of("anna"))
    assert [(one.event, one.refusal.code) for one in state.unreadable] == [
        (bad.id, "unreadable_body"),
        (tie.id, "tie_without_person"),
    ]
    assert state.needs == {"oxygen"}


def test_withdrawn_and_offered_again_are_steps_of_the_demand() -> None:
    """A person is in the demand or not, however often either is recorded."""
    history = History()
    history.register("08:00", "anna", "f1")
    history.add("09:00", "withdrew", "anna", source="place:town", target="end:withdrawn", why="declined")
    history.add("09:30", "withdrew", "anna", source="place:town", target="end:withdrawn", why="not_reachable")
    gone = fold(history.of("anna"))
    assert (gone.withdrawn, gone.travels, len(gone.demand)) == ("not_reachable", False, 2)
    history.add("10:00", "reoffered", "anna", source="end:withdrawn", target="place:town")
    again = fold(history.of("anna"))
    assert again.travels
    assert again.demand[-1] == DemandStep(at=at("10:00"), change="reoffered")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_timelines_can_say_every_kind(kind: Any) -> None:
    """The sentence of a kind needs only fields that its body always has."""
    bodies = [body_of(kind.body, kind.name, body) for name, body in HAPPENINGS if name == kind.name]
    good = next(body for body in bodies if not isinstance(body, Refusal))
    said = kind.says.format(**{name: getattr(good, name) for name in good.__dataclass_fields__})
    assert said.endswith(".") and "None" not in said


def test_a_draft_reads_back_as_its_body() -> None:
    """What an order drafts is what the fold reads."""
    body = Tied(tie="spouse_of", other=B)
    made = draft(TIED, body, at=at("08:00"), by="officer", persons=(A, B))
    assert body_of(Tied, "tied", made.body) == body
