"""The replay of gaza-2023 meets every published figure: recounted from the notes by hand, and through the ledger."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from corridor.base.ids import AccountId, DeviceId, MovementId, PersonId
from corridor.base.moments import Moment, parse_moment
from corridor.base.operation import Operation
from corridor.base.operation_file import load_operation
from corridor.base.refusal import Refusal
from corridor.drill.people.invented import Person
from corridor.drill.plan import ReplayPlan
from corridor.drill.plan_file import load_claims, load_replay
from corridor.drill.replay import Replay, generate
from corridor.drill.story.homecoming import choose
from corridor.journey.board.board import Board
from corridor.journey.catalogue import KINDS, LEDGER_KINDS
from corridor.journey.kinds import body_of
from corridor.ledger.book.reading import Book
from corridor.ledger.book.view import View
from corridor.ledger.book.ways import OperationWays
from corridor.ledger.intake import Intake

FOLDER = Path(__file__).parents[2] / "operations" / "gaza-2023"
LATER = parse_moment("2024-02-01")

CROSSED = {
    "2023-11-12": 70, "2023-11-13": 98, "2023-11-14": 41, "2023-11-15": 107, "2023-11-16": 12, "2023-11-17": 205,
    "2023-11-18": 20, "2023-11-21": 18, "2023-11-22": 82, "2023-11-23": 97, "2023-11-24": 15, "2023-12-03": 133,
    "2023-12-06": 53, "2023-12-09": 101, "2023-12-12": 22, "2023-12-13": 28, "2023-12-15": 23, "2023-12-28": 33,
}  # fmt: skip
FLOWN = (70, 98, 120, 120, 117, 28, 103, 105, 120, 68, 102, 73, 33)
CHILDREN_FLOWN = {1: 27, 7: 47, 8: 54, 9: 30, 10: 31, 11: 52, 12: 45, 13: 14}


@pytest.fixture(scope="module")
def operation() -> Operation:
    read = load_operation(FOLDER)
    assert isinstance(read, Operation), read
    return read


@pytest.fixture(scope="module")
def plan() -> ReplayPlan:
    read = load_replay(FOLDER)
    assert isinstance(read, ReplayPlan), read
    return read


@pytest.fixture(scope="module")
def replay(operation: Operation, plan: ReplayPlan) -> Replay:
    claims = load_claims(FOLDER)
    assert not isinstance(claims, Refusal), claims
    return generate(operation, plan, claims)


@pytest.fixture(scope="module")
def people(replay: Replay) -> dict[PersonId, Person]:
    return {person.id: person for party in replay.parties for person in party.members}


Recount = Callable[[str], dict[PersonId, str]]


@pytest.fixture(scope="module")
def recount(replay: Replay) -> Recount:
    """Where everybody is at a moment, by walking the notes in time: nothing of the ledger is used."""
    moves = sorted(
        ((note.draft.happened_at, turn, note.draft) for turn, note in enumerate(replay.notes) if note.draft.target),
        key=lambda each: each[:2],
    )

    def at(text: str) -> dict[PersonId, str]:
        where: dict[PersonId, str] = {}
        for happened_at, _, draft in moves:
            if happened_at <= parse_moment(text):
                for person in draft.persons:
                    where[person] = str(draft.target)
        return where

    return at


def count(where: dict[PersonId, str], *beginnings: str) -> int:
    """How many are in accounts that begin so."""
    return sum(account.startswith(beginnings) for account in where.values())


@pytest.mark.parametrize(
    ("at", "received", "staging", "on_the_way", "open_"),
    [
        ("2023-11-14T06:00Z", 70, 98, 0, None),
        ("2023-11-14T18:00Z", 70, 98, 41, None),
        ("2023-11-14", 70, 0, 139, None),
        ("2023-11-17T05:00Z", 288, 28, 12, 887),
        ("2023-11-22T12:00Z", 553, 18, 0, None),
        ("2023-11-24T15:00Z", 656, 0, 105, None),
        ("2023-12-18T09:00Z", 1124, 0, 0, 0),
        ("2023-12-19", 1124, 0, 0, 0),
        ("2023-12-30", 1157, 0, 0, 0),
    ],
)
def test_recount(recount: Recount, at: str, received: int, staging: int, on_the_way: int, open_: int | None) -> None:
    """Counted by hand from the notes, everybody is where the published figures have them."""
    where = recount(at)
    assert count(where, "end:received") == received
    assert count(where, "place:cairo") == staging
    assert count(where, "place:rafah", "aboard:") == on_the_way
    assert open_ is None or count(where, "place:gaza") == open_


def test_crossings_by_day(replay: Replay, people: dict[PersonId, Person]) -> None:
    """As many cross on each day as the chain of figures has, everybody once."""
    crossed = [(note.draft.happened_at, person) for note in replay.notes if note.draft.kind == "crossed"
               for person in note.draft.persons]  # fmt: skip
    days = Counter(_day(at) for at, _ in crossed)
    assert days == CROSSED
    assert len({person for _, person in crossed}) == len(crossed) == 1158
    before_seventeenth = [
        at for at, _ in crossed if _day(at) == "2023-11-17" and at < parse_moment("2023-11-17T05:00Z")
    ]
    assert not before_seventeenth
    late = [at for at, _ in crossed if _day(at) == "2023-11-15" and at >= parse_moment("2023-11-15T15:00Z")]
    assert len(late) == 19


def test_flights(replay: Replay, people: dict[PersonId, Person]) -> None:
    """Thirteen flights of at most 120 carry the published numbers, and the published children where they are told."""
    boarded = _by_movement(replay, "boarded")
    for number, souls in enumerate(FLOWN, start=1):
        aboard = boarded[MovementId(f"flight-{number}")]
        assert len(aboard) == souls <= 120
        if number in CHILDREN_FLOWN:
            assert sum(people[person].minor for person in aboard) == CHILDREN_FLOWN[number]
    six = [person for number in range(1, 7) for person in boarded[MovementId(f"flight-{number}")]]
    assert sum(people[person].minor for person in six) == 259
    assert len(boarded[MovementId("convoy-1117")]) == 170
    # Two got into the convoy of 3 December unseen.
    alighted = _by_movement(replay, "alighted")
    assert (len(boarded[MovementId("convoy-1203")]), len(alighted[MovementId("convoy-1203")])) == (131, 133)


def test_children_received(recount: Recount, people: dict[PersonId, Person]) -> None:
    """518 of the 1,124 received on 18 December are children, about 46 percent of everybody registered too."""
    received = [person for person, account in recount("2023-12-19").items() if account == "end:received"]
    assert sum(people[person].minor for person in received) == 518
    assert sum(person.minor for person in people.values()) / len(people) == pytest.approx(0.46, abs=0.01)


def test_citizenships(recount: Recount, people: dict[PersonId, Person]) -> None:
    """The ministry's 1,125 are 644 + 473 + 8, the minister's 571 are 484 + 87, and the 40 of 14 November 37 + 3."""

    def of(persons: list[PersonId]) -> Counter[str]:
        return Counter(people[person].citizenship for person in persons)

    def out(at: str) -> list[PersonId]:
        inside = ("place:gaza", "end:withdrawn")
        return [person for person, account in recount(at).items() if account not in inside]

    ministry = of(out("2023-12-28T09:00Z"))
    assert (ministry["RUS"], ministry["PSE"], ministry.total()) == (644, 473, 1125)
    assert set(ministry) == {"RUS", "PSE", "KGZ", "UKR", "SWE", "MAR"}
    assert of(out("2023-11-22T12:00Z")) == {"RUS": 484, "PSE": 87}
    crossed = [person.id for person in people.values() if person.group == "g14"]
    assert of(crossed) == {"RUS": 37, "PSE": 3}


def test_demand_grows(recount: Recount) -> None:
    """Applications grow as told: about 500 and 700 on 10 and 12 November, 1,215 on the 17th, 1,300 by 18 December."""
    assert len(recount("2023-11-10T09:00Z")) == pytest.approx(505, abs=10)
    assert len(recount("2023-11-12T09:00Z")) == pytest.approx(700, abs=10)
    assert len(recount("2023-11-17T05:00Z")) == 1215
    assert len(recount("2023-12-18T09:00Z")) == 1300
    assert len(recount("2023-12-30")) == 1333


def test_moves_chain(replay: Replay) -> None:
    """Every move leaves the account that the person was in, except for the two nobody saw getting in."""
    where: dict[PersonId, AccountId] = {}
    broken = []
    moves = [note.draft for note in replay.notes if note.draft.target]
    for draft in sorted(moves, key=lambda each: each.happened_at):
        for person in draft.persons:
            if where.get(person, AccountId("outside")) != draft.source:
                broken.append((person, draft.kind))
            assert draft.target is not None
            where[person] = draft.target
    assert [kind for _, kind in broken] == ["alighted", "alighted"]


def test_parties_stay_together(replay: Replay, people: dict[PersonId, Person]) -> None:
    """No party is split between crossings, vehicles or shelters; children have a guardian; sizes are as published."""
    for kind, field in (("crossed", "list"), ("boarded", "vehicle"), ("placed", "shelter"), ("received", "custodian")):
        seen: dict[tuple[str, str], set[str]] = {}
        for note in replay.notes:
            if note.draft.kind == kind and field in note.draft.body:
                for person in note.draft.persons:
                    key = (people[person].party, str(note.draft.body.get("movement")))
                    seen.setdefault(key, set()).add(str(note.draft.body[field]))
        assert seen and all(len(values) == 1 for values in seen.values()), kind
    guarded = {note.draft.body["other"] for note in replay.notes if note.draft.body.get("tie") == "guardian_of"}
    assert guarded == {person.id for person in people.values() if person.minor}
    sizes = [len(party.members) for party in replay.parties if len(party.members) > 1]
    assert 5.5 <= sum(sizes) / len(sizes) <= 6.7
    assert all(any(not person.minor for person in party.members) for party in replay.parties)


def test_papers_and_names(replay: Replay, people: dict[PersonId, Person]) -> None:
    """12.5 percent are born on 1 January, 8.8 percent have no document number, names come in three scripts."""
    identities = {person: identity for person, identity, _ in replay.identities}
    assert set(identities) == set(people)
    new_year = sum(one.birth is not None and (one.birth.month, one.birth.day) == (1, 1) for one in identities.values())
    assert new_year / len(people) == pytest.approx(0.125, abs=0.001)
    assert sum(not one.documents for one in identities.values()) / len(people) == pytest.approx(0.088, abs=0.001)
    scripts = Counter(name.script for one in identities.values() for name in one.names)
    assert scripts["arabic"] == scripts["latin"] == len(people)
    assert scripts["cyrillic"] > len(people) / 2
    nameless = sum(person.called.family is None for person in people.values()) / len(people)
    assert 0.005 <= nameless <= 0.007


def test_lists(replay: Replay, plan: ReplayPlan) -> None:
    """Lists yield 58 to 88 percent, every file is kept under its hash, and some rows are nobody's of ours."""
    archived = {hashlib.sha256(raw).hexdigest(): raw for raw in replay.archive}
    rows = Counter(str(note.draft.body["list"]) for note in replay.notes if note.draft.kind == "listed")
    crossed = Counter(str(note.draft.body.get("list")) for note in replay.notes if note.draft.kind == "crossed")
    unmatched = 0
    for note in replay.notes:
        if note.draft.kind == "list_received":
            body = note.draft.body
            raw = archived[body["sha256"]]
            assert len(raw.decode("utf-8-sig").splitlines()) == body["rows"] + 1
            unmatched += body["rows"] - rows[body["list"]]
            if body["authority"] == plan.crossing_authority:
                assert 0.58 <= crossed[body["list"]] / body["rows"] <= 0.88, body["list"]
    assert unmatched > 0
    first = next(note.draft.body for note in replay.notes if note.draft.body.get("list") == "gaza-crossings-2023-11-10")
    assert (first["rows"], crossed["gaza-crossings-2023-11-10"]) == (85, 70)
    assert crossed["None"] == 3
    assert sum(note.draft.kind == "exception_signed" for note in replay.notes) == 3
    permitted = {person for note in replay.notes if note.draft.kind == "listed" for person in note.draft.persons}
    assert 1250 <= len(permitted) <= 1333


def test_who_crosses_is_cleared(replay: Replay, plan: ReplayPlan) -> None:
    """Whoever crosses on a row was listed by all three authorities before, and was registered before that."""
    listed: dict[PersonId, dict[str, Moment]] = {}
    registered = {note.draft.persons[0]: note.draft.happened_at for note in replay.notes
                  if note.draft.kind == "registered"}  # fmt: skip
    for note in replay.notes:
        if note.draft.kind == "listed":
            authority = str(note.draft.body["list"])[: -len("-2023-11-10")]
            firsts = listed.setdefault(note.draft.persons[0], {})
            firsts[authority] = min(firsts.get(authority, note.draft.happened_at), note.draft.happened_at)
            assert registered[note.draft.persons[0]] < note.draft.happened_at
    for note in replay.notes:
        if note.draft.kind == "crossed" and "list" in note.draft.body:
            words = listed[note.draft.persons[0]]
            assert set(words) == {form.authority for form in plan.list_forms}
            assert max(words.values()) < note.draft.happened_at


def test_care_before_flying(replay: Replay) -> None:
    """Everybody who flies was found fit between reaching staging and boarding, all 70 of the first flight too."""
    fit = {note.draft.persons[0]: note.draft.happened_at for note in replay.notes
           if note.draft.kind == "fitness_decided" and note.draft.body["decision"] != "unfit"}  # fmt: skip
    flying = [note.draft for note in replay.notes
              if note.draft.kind == "boarded" and str(note.draft.body["movement"]).startswith("flight")]  # fmt: skip
    assert len(flying) == 1157
    assert all(fit[draft.persons[0]] < draft.happened_at for draft in flying)


def test_permits_never_run_out(replay: Replay) -> None:
    """A transit permit is extended before its 72 hours are over, for whoever had to wait longer."""
    stays: dict[PersonId, list[tuple[Moment, str, Moment]]] = {}
    for note in replay.notes:
        if note.draft.kind.startswith("permit_"):
            ends = Moment(note.draft.body.get("ends_at", 0))
            word = (note.draft.happened_at, str(note.draft.body.get("why", "started")), ends)
            stays.setdefault(note.draft.persons[0], []).append(word)
    extended = 0
    for words in stays.values():
        words.sort()
        for started, ended in zip(words[::2], words[1::2], strict=True):
            assert started[1] == "started" and ended[1] != "started" and ended[0] <= started[2]
            extended += ended[1] == "extended"
    assert extended > 0


def test_housing_and_hospital(replay: Replay, people: dict[PersonId, Person]) -> None:
    """313 of the first 553 are housed, 161 of them minors; Kaluga has 99 with 56; nine go to hospital, six minors."""
    placed = [(str(note.draft.body["shelter"]), person) for note in replay.notes if note.draft.kind == "placed"
              for person in note.draft.persons]  # fmt: skip
    first = {f"flight-{number}" for number in range(1, 7)}
    flight = {person: movement for movement, aboard in _by_movement(replay, "boarded").items()
              for person in aboard if movement.startswith("flight")}  # fmt: skip
    early = [person for _, person in placed if flight[person] in first]
    assert (len(early), sum(people[person].minor for person in early)) == (313, 161)
    for shelter, persons, children in (("kaluga", 99, 56), ("ingushetia", 55, 34), ("dagestan", 50, 24)):
        there = [person for name, person in placed if name == shelter]
        assert (len(there), sum(people[person].minor for person in there)) == (persons, children)
    assert len(placed) / 1157 == pytest.approx(0.57, abs=0.005)
    admitted = [note.draft.persons[0] for note in replay.notes
                if note.draft.body.get("disposition") == "admitted" and note.draft.body["place"] == "domodedovo"
                and note.draft.happened_at < parse_moment("2023-11-23T12:00Z")]  # fmt: skip
    assert (len(admitted), sum(people[person].minor for person in admitted)) == (9, 6)


def test_bodies_fit_their_kinds(replay: Replay) -> None:
    """Every body reads as its kind's, nothing is of a kind that nobody knows, and restricted words are sealed."""
    kinds = Counter(note.draft.kind for note in replay.notes)
    assert 25_000 <= kinds.total() <= 40_000
    for note in replay.notes:
        if note.draft.kind in KINDS:
            body = body_of(KINDS[note.draft.kind].body, note.draft.kind, note.draft.body)
            assert not isinstance(body, Refusal), body
        else:
            assert note.draft.kind in LEDGER_KINDS
    assert kinds["claimed"] == len(FOLDER.joinpath("claims.csv").read_text(encoding="utf-8").splitlines()) - 1


def test_same_seed_same_bytes(operation: Operation, plan: ReplayPlan, replay: Replay) -> None:
    """The same seed gives the same bytes; another seed other people and the same counts."""
    claims = load_claims(FOLDER)
    assert not isinstance(claims, Refusal)
    again = generate(operation, plan, claims)
    assert again.deliveries == replay.deliveries
    assert again.identities == replay.identities
    assert again.archive == replay.archive
    other = generate(operation, plan, claims, Random(7))
    assert other.deliveries != replay.deliveries
    crossed = Counter(_day(note.draft.happened_at) for note in other.notes if note.draft.kind == "crossed")
    assert crossed == CROSSED


def test_choose_meets_both_counts(replay: Replay) -> None:
    """A choice of whole parties has exactly the people and children asked for, where parties can make them."""
    parties = replay.parties[:60]
    chosen = choose(parties, 101, 47, Random(1))
    assert sum(len(party.members) for party in chosen) == 101
    assert sum(party.children for party in chosen) == 47
    assert len({party.id for party in chosen}) == len(chosen)
    assert choose(parties[:1], 0, 0, Random(1)) == ()


# ------------------------------------------------------------------------------------------ through the ledger

BoardAt = Callable[..., Board]


@pytest.fixture(scope="module")
def board_at(operation: Operation, plan: ReplayPlan, replay: Replay) -> BoardAt:
    """The board at (at, known), from the replay's bytes taken in as they came."""
    raws = [delivery.raw for delivery in replay.deliveries]
    intake = Intake(plan.headquarters, replay.headquarters_key.public, lambda number: raws[number - 1])
    verdicts = Counter(
        intake.take(number, delivery.raw, delivery.received_at).status
        for number, delivery in enumerate(replay.deliveries, start=1)
    )
    intake.columns.seal()
    assert verdicts == {"accepted": len(raws) - len(plan.repeats), "duplicate": len(plan.repeats)}
    ways = OperationWays(
        minutes_min=operation.minutes_min_between,
        knows_place=operation.has_place,
        leg_ends={leg.id: (leg.source, leg.target) for leg in operation.legs},
    )
    book = Book(ways, intake, lambda number: raws[number - 1])

    def board(at: str, known: str | None = None) -> Board:
        return Board(operation, View(book, parse_moment(at), parse_moment(known) if known else LATER))

    return board


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize(
    ("at", "figures"),
    [
        ("2023-11-14T06:00Z", {"received": 70, "staging": 98, "out": 168}),
        (
            "2023-11-17T05:00Z",
            {
                "registered": 1215,
                "out": 328,
                "received": 288,
                "staging": 28,
                "on_the_way": 12,
                "applications_open": 887,
            },
        ),
        ("2023-11-22T12:00Z", {"out": 571, "received": 553}),
        ("2023-11-24T15:00Z", {"out": 761, "received": 656}),
        ("2023-12-19", {"received": 1124, "out": 1125, "applications_open": 0, "handed_over": 1}),
        ("2023-12-30", {"received": 1157, "out": 1158, "applications_open": 0}),
    ],
)
def test_golden_figures(board_at: BoardAt, at: str, figures: dict[str, int], live: bool) -> None:
    """The board says the published figures, in hindsight and with what was known at the time; nobody is in suspense."""
    board = board_at(at, at if live else None)
    assert {code: len(board.people(code)) for code in figures} == figures
    assert not board.people("suspense")


def test_late_knowledge(board_at: BoardAt) -> None:
    """On 14 November 40 people were known to have crossed that day; the forty-first was known on the 16th."""
    assert len(board_at("2023-11-14T20:30Z", "2023-11-14T20:30Z").people("crossed_day")) == 40
    assert len(board_at("2023-11-14T20:30Z", "2023-11-16").people("crossed_day")) == 41
    assert len(board_at("2023-11-15T15:10Z", "2023-11-15T15:30Z").people("crossed_day")) == 88
    assert len(board_at("2023-11-15T20:30Z", "2023-11-15T20:30Z").people("crossed_day")) == 107


def test_first_reports(board_at: BoardAt) -> None:
    """All day on 14 November 70 are received and 98 in Cairo or in the air; the hour of flight 3 is not known."""
    for hour in range(24):
        board = board_at(f"2023-11-14T{hour:02}:30Z")
        assert len(board.people("received")) == 70
    aboard = board_at("2023-11-14T20:00Z").by_account()[AccountId("aboard:flight-2")]
    assert aboard == 98
    planned = [event for event in board_at("2023-11-14").view.events(("movement_planned", "movement_changed"))
               if event.body["movement"] == "flight-3"]  # fmt: skip
    assert len(planned) == 1 and "departs_at" not in planned[0].body


def test_unscanned_are_found(board_at: BoardAt) -> None:
    """The two whom nobody saw getting in are found getting out, and the manifest says so; nothing else is amiss."""
    board = board_at("2023-12-04T12:00Z")
    assert not board.people("suspense")
    codes = Counter(finding.code for finding in board.findings())
    assert codes["alighted_not_boarded"] == 1
    assert not {"crossed_without_list", "crossed_waiting", "crossed_on_other_row", "party_split", "guardian_missing",
                "permit_breached", "triage_colour_disagrees", "crossed_closed_gate"} & set(codes)  # fmt: skip


# ------------------------------------------------------------------------------------------------ bad files


def test_bad_files_are_named(tmp_path: Path) -> None:
    """A wrong key, group, count or cell is named with its file; the shipped folder reads."""
    good = FOLDER.joinpath("replay.toml").read_text(encoding="utf-8")
    (tmp_path / "names").symlink_to(FOLDER / "names")
    for broken, named in (
        (good.replace("persons = 70", 'persons = "70"', 1), "persons"),
        (good.replace('convoy = "convoy-1112"\n', 'convoy = "convoy-9"\n', 1), "groups[0].convoy"),
        (good.replace("count = { RUS = 1 }", "count = { RUS = 2 }", 1), "citizenships[1].count"),
        (good.replace("T06:00:00Z        # headq", "T06:00:00        # headq", 1), "zone"),
        (good.replace("rows = 85", "rows = 60", 1), "lists[0].rows"),
    ):
        assert broken != good
        (tmp_path / "replay.toml").write_text(broken, encoding="utf-8")
        answer = load_replay(tmp_path)
        assert isinstance(answer, Refusal)
        assert "replay.toml" in answer.says and named in answer.says
    (tmp_path / "replay.toml").write_text(good, encoding="utf-8")
    assert isinstance(load_replay(tmp_path), ReplayPlan)
    (tmp_path / "claims.csv").write_text("code,value,at\nout,many,2023-11-12T00:00Z\n", encoding="utf-8")
    claims = load_claims(tmp_path)
    assert isinstance(claims, Refusal) and "row 2" in claims.says


def test_unknown_device_is_an_assertion(operation: Operation, plan: ReplayPlan) -> None:
    """A plan whose devices the operation does not have breaks an invariant instead of losing events."""
    wrong = replace(plan, devices=replace(plan.devices, care=DeviceId("nowhere")))
    with pytest.raises(AssertionError, match="nowhere"):
        generate(operation, wrong, ())


def _day(at: Moment) -> str:
    return str(next(day for day in (*CROSSED, "later") if day == "later" or at <= parse_moment(day)))


def _by_movement(replay: Replay, kind: str) -> dict[MovementId, list[PersonId]]:
    found: dict[MovementId, list[PersonId]] = {}
    for note in replay.notes:
        if note.draft.kind == kind:
            found.setdefault(MovementId(str(note.draft.body["movement"])), []).extend(note.draft.persons)
    return found
