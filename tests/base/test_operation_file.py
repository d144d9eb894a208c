"""The operation file: what loads, and what each mistake in it is answered with."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.base import operation as types
from corridor.base.escorts import EscortPool, EscortRule
from corridor.base.ids import LegId, PlaceId
from corridor.base.limits import OPERATION_ERRORS_MAX, OPERATION_FILE_BYTES_MAX
from corridor.base.moments import parse_moment
from corridor.base.operation import Operation, name_in
from corridor.base.operation_example import example_text
from corridor.base.operation_file import OperationError, load_operation, read_operation

ROOT = Path(__file__).parents[2]
GAZA = ROOT / "operations" / "gaza-2023"
REFERENCE = ROOT / "docs" / "reference" / "operation-file.md"
TIMES = "# started = 2030-05-02T08:00:00+02:00\n# ends = 2030"

SECTIONS = {
    "The operation": types.Operation,
    "places (list)": types.Place,
    "legs (list)": types.Leg,
    "stations (list)": types.Station,
    "authorities (list)": types.Authority,
    "clearance_rules (list)": types.ClearanceRule,
    "permits (list)": types.Permit,
    "paper_rules (list)": types.PaperRule,
    "fleets (list)": types.Fleet,
    "fleets.escorts (list)": EscortRule,
    "categories (list)": types.Category,
    "categories.when (list)": types.Condition,
    "eligibility (one)": types.Eligibility,
    "partners (list)": types.Partner,
    "seat_share (one)": types.SeatShare,
    "custodians (list)": types.Custodian,
    "devices (list)": types.Device,
    "users (list)": types.User,
    "claimed_figures (list)": types.ClaimedFigure,
    "publishers (list)": types.Publisher,
    "escort_pools (list)": EscortPool,
}


def loaded(text: str | bytes) -> Operation:
    """The operation of a text that must be right."""
    answer = read_operation(text)
    assert isinstance(answer, Operation), "\n".join(map(str, answer))
    return answer


def wrong(old: str, new: str) -> tuple[OperationError, ...]:
    """What the example is answered with after one change."""
    text = example_text()
    assert old in text, f"the example has no {old!r} to change"
    answer = read_operation(text.replace(old, new, 1))
    assert not isinstance(answer, Operation), f"{new!r} was taken in"
    return answer


def test_the_example_loads() -> None:
    """What `corridor new` writes is an operation as it stands."""
    operation = loaded(example_text())
    assert operation.name == "harbour-drill"
    assert [place.id for place in operation.places] == ["harbour", "ferry-port", "camp", "home-airport", "hostel"]
    assert [place.order for place in operation.places] == [1, 2, 3, 4, 5]
    assert operation.started is None, "it begins with the first record"
    begun = loaded(example_text().replace("# started", "started"))
    assert begun.started == parse_moment("2030-05-02T06:00Z")
    assert operation.ends is None
    assert operation.leg(LegId("ferry")).capacity_persons_per_day == 400
    assert operation.clearance_rules[0].needed == 2


def test_every_section_of_the_example_is_explained() -> None:
    """Each kind of section has a remark above its first table, and every section of the types occurs."""
    lines = example_text().splitlines()
    headers = [(turn, line.strip("[]")) for turn, line in enumerate(lines) if line.startswith("[")]
    explained = {name for turn, name in headers if lines[turn - 1].startswith("#")}
    explained.add("categories.when")  # told in the remark above categories
    assert {name for _, name in headers} == explained
    sections = {key.split(" ")[0] for key in SECTIONS} - {"The"}
    assert sections == explained


def test_gaza_2023_loads() -> None:
    """The shipped operation is right, and has all it needs for the replay."""
    operation = load_operation(GAZA)
    assert isinstance(operation, Operation), "\n".join(map(str, operation))
    assert operation.name == "gaza-2023"
    assert operation.languages == ("en", "ru", "ar")
    assert {user.role for user in operation.users} == set(get_args(types.UserRole))
    assert [place.id for place in operation.places_of("origin")] == ["gaza"]
    route = operation.route_between(PlaceId("gaza"), PlaceId("domodedovo"))
    assert route is not None
    assert [leg.id for leg in route] == ["crossing", "rafah-cairo", "cairo-domodedovo"]
    for place in operation.places:
        assert set(place.names) == set(operation.languages), f"{place.id} lacks a language"


@pytest.mark.parametrize(
    ("old", "new", "key", "says", "remedy"),
    [
        ('role = "origin"', 'role = "orign"', "places[1].role", "'orign'", "'origin'"),
        ('target = "camp"', 'target = "kamp"', "legs[2].target", "'kamp'", "'camp'"),
        ('target = "camp"', 'target = "zzzz"', "legs[2].target", "'zzzz'", "harbour, ferry-port, camp"),
        ('of = ["port-authority"', 'of = ["port-autority"', "clearance_rules[1].of[1]", "autority", "'port-authority'"),
        ('zone = "Africa/Cairo"', 'zone = "Africa/Kairo"', "places[1].zone", "Kairo", "'Africa/Cairo'"),
        ('zone = "Africa/Cairo"', 'zone = "Africa"', "places[1].zone", "'Africa'", "Africa"),
        ('zone = "Africa/Cairo"', 'zone = "../../etc/passwd"', "places[1].zone", "passwd", "An example is"),
        ("seats = 200", "seets = 200", "fleets[1].seets", "not known", "'seats'"),
        ("beds = 300", 'beds = "many"', "places[3].beds", "a text ('many')", "whole number"),
        ("beds = 300", "beds = true", "places[3].beds", "yes or no", "whole number"),
        ("beds = 300", "beds = -1", "places[3].beds", "-1", "Correct"),
        ("beds = 300", "beds = 1.5", "places[3].beds", "decimal", "whole number"),
        ("latitude = 34.88", "latitude = nan", "places[3].latitude", "nan", "Correct"),
        ("latitude = 34.88", "latitude = 134.88", "places[3].latitude", "134.88", "Correct"),
        ("latitude = 34.88", "", "places[3]", "Only one", "both or none"),
        ('opens = "07:00"', 'opens = "7"', "stations[1].opens", "'7'", '"07:00"'),
        ('opens = "07:00"', 'opens = "18:00"', "stations[1]", "same time", "Leave both out"),
        ('closes = "18:00"', "", "stations[1]", "Only one", "both or none"),
        ('id = "camp-documents"', 'id = "harbour-gate"', "stations[2].id", "stations[1]", "own id"),
        ('id = "harbour"', 'id = "Har bour"', "places[1].id", "'Har bour'", "a-z"),
        ("harbour-drill", "..", "name", "'..'", "a-z"),
        ("minutes_min = 300", "minutes_min = 3000", "legs[1].minutes_min", "3000", "fastest"),
        ('target = "camp"', 'target = "ferry-port"', "legs[2]", "to itself", "target"),
        ('languages = ["en", "ru"]', 'languages = ["en", "ru", "en"]', "languages", "twice", "Remove"),
        ('languages = ["en", "ru"]', 'languages = ["en", "ru", "Englisch"]', "languages[3]", "Englisch", "two small"),
        ('ru = "Паром"', 'rus = "Паром"', "fleets[1].names.rus", "'rus'", "'ru'"),
        ('origin_country = "EGY"', 'origin_country = "EG"', "origin_country", "'EG'", "three capital"),
        ("# started = 2030-05-02T08:00:00+02:00", "started = 2030-05-02", "started", "a date", "with its zone"),
        ("# started = 2030-05-02T08:00:00+02:00", 'started = "soon"', "started", "'soon'", "with its zone"),
        ("# started = 2030-05-02T08:00:00+02:00", "started = 1970-01-01T00:00:00Z", "started", "2000", "year"),
        (TIMES, TIMES.replace("# ends = 2030", "ends = 2029").replace("# ", ""), "ends", "before it starts", "times"),
        ("needed = 2", "needed = 3", "clearance_rules[1].needed", "3 authorities", "at most 2"),
        ("needed = 2", "needed = 0", "clearance_rules[1].needed", "0", "Correct"),
        ('"port-authority", "border-guard"]', "]", "clearance_rules[1].of", "empty", "at least one"),
        ('language = "ru"', 'language = "fr"', "authorities[2].language", "'fr'", "en, ru"),
        ("per_persons = 50", "", "fleets[3].escorts[2]", "no escort", "at_least"),
        ("per_persons = 2", "at_least = 1", "fleets[3].escorts[3].counted", "without a ratio", "per_persons"),
        ("back_hours = 48", "back_hours = 0", "escort_pools[1].back_hours", "not between", "number"),
        (
            "back_hours = 48",
            '[[escort_pools]]\nrole = "doctor"\nplace = "camp"\ncount = 1',
            "escort_pools[2]",
            "already",
            "both",
        ),
        ("vehicles = 1", "vehicles = 0", "fleets[1].vehicles", "0", "Correct"),
        ('legs = ["flight"]', 'legs = ["ferry"]', "fleets[3].legs[1]", "travelled by sea", "mode"),
        ('needs = ["stretcher", "oxygen"]', "", "categories[1].when[1]", "asks nothing", "Remove"),
        ('needs = ["stretcher"', 'needs = ["strecher"', "categories[1].when[1].needs[1]", "strecher", "'stretcher'"),
        ("seat_share_percent = 10", "seat_share_percent = 101", "partners[1].seat_share_percent", "101", "Correct"),
        (
            'role = "partner_liaison"\npartner = "neighbour"',
            'role = "partner_liaison"',
            "users[5]",
            "no partner",
            "Give",
        ),
        ('kind = "headquarters"', 'kind = "convoy"', "devices", "no device of headquarters", "kind"),
        ('kind = "gate"\nplace = "harbour"', 'kind = "gate"', "devices[1]", "stands somewhere", "place"),
        ('role = "home"', 'role = "staging"', "places", "'home'", "received"),
        ('source = "camp"', 'source = "home-airport"', "legs[3]", "to itself", "target"),
        ('id = "shuttle"\nsource = "ferry-port"', 'id = "shuttle"\nsource = "home-airport"', "places", "'camp'", "leg"),
        ("[seat_share]", "[[seat_share]]", "seat_share", "a list", "table with sponsor_first"),
        (
            'relatives = ["spouse", "child", "parent"]',
            'relatives = "spouse"',
            "eligibility.relatives",
            "a text",
            "list",
        ),
        ('name = "Duty officer"', 'name = ""', "users[1].name", "empty", "text"),
        ('name = "Duty officer"', 'name = "a\\u0007b"', "users[1].name", "line", "letters"),
        ('name = "Duty officer"', f'name = "{"x" * 501}"', "users[1].name", "longer", "500"),
        ('name = "Duty officer"', "", "users[1].name", "missing", "Add name"),
    ],
)
def test_each_mistake_has_its_own_answer(old: str, new: str, key: str, says: str, remedy: str) -> None:
    """One mistake in a right file is told with its file, its key, its facts and what to do."""
    errors = wrong(old, new)
    found = next((error for error in errors if error.key == key), None)
    assert found is not None, "\n".join(map(str, errors))
    assert found.file == "operation.toml"
    assert says in found.says
    assert remedy in found.remedy
    assert str(found) == f"operation.toml, {key}: {found.says} {found.remedy}"


def test_all_mistakes_are_told_at_once() -> None:
    """Mistakes in different sections do not hide each other."""
    text = example_text().replace('"orign"', '"origin"').replace("beds = 300", "beds = -3")
    text = text.replace("needed = 2", "needed = 9").replace('place = "camp"', 'place = "kamp"')
    errors = read_operation(text)
    assert not isinstance(errors, Operation)
    assert {error.key for error in errors} == {
        "places[3].beds",
        "clearance_rules[1].needed",
        "stations[2].place",
        "escort_pools[1].place",
    }


def test_a_name_may_be_one_text() -> None:
    """A name without languages is the name in the first language."""
    operation = loaded(example_text().replace('{ en = "Ferry port", ru = "Паромный порт" }', '"Ferry port"'))
    names = operation.place(PlaceId("ferry-port")).names
    assert names == {"en": "Ferry port"}
    assert name_in(names, "ru") == "Ferry port"


def test_order_decides_left_and_right() -> None:
    """Places stand in their given order, whatever their turn in the file."""
    operation = loaded(example_text().replace('id = "harbour"\n', 'id = "harbour"\norder = 9\n', 1))
    assert [place.id for place in operation.places] == ["ferry-port", "camp", "home-airport", "hostel", "harbour"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name = 'a'\nlanguages = ['\xff']", "Line 2 is not UTF-8"),
        ("name = ", "not TOML"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = " + "9" * 5_000, "not TOML"),
        ("#" * (OPERATION_FILE_BYTES_MAX + 1), "larger"),
        ("a = 1\na = 2", "not TOML"),
        ("a = \x00", "not TOML"),
    ],
    ids=["bytes", "cut", "brackets", "digits", "size", "twice", "control"],
)
def test_what_is_no_operation_at_all(content: str | bytes, says: str) -> None:
    """Content that cannot be read gets one error about the file."""
    errors = read_operation(content, "here.toml")
    assert not isinstance(errors, Operation)
    assert [error.key for error in errors] == [""]
    assert says in errors[0].says
    assert errors[0].remedy


def test_a_byte_order_mark_is_taken() -> None:
    """Files saved by Windows editors load, as text and as bytes."""
    assert loaded(b"\xef\xbb\xbf" + example_text().encode()) == loaded("\ufeff" + example_text())


def test_endless_mistakes_end() -> None:
    """A file with fifty thousand unknown keys is answered with a hundred errors."""
    errors = read_operation("\n".join(f"key{turn} = 1" for turn in range(50_000)))
    assert not isinstance(errors, Operation)
    assert len(errors) == OPERATION_ERRORS_MAX


def test_a_folder_or_a_file(tmp_path: Path) -> None:
    """An operation is named by its folder or its file; a missing one is an error with a remedy."""
    missing = load_operation(tmp_path)
    assert not isinstance(missing, Operation)
    assert "cannot be read" in missing[0].says
    assert "corridor new" in missing[0].remedy
    file = tmp_path / "operation.toml"
    file.write_text(example_text(), encoding="utf-8")
    assert load_operation(tmp_path) == load_operation(file) == loaded(example_text())


VALUES = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.floats(), st.text(max_size=5).map(repr)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(line=st.integers(min_value=0), value=VALUES)
def test_no_value_anywhere_breaks_the_reading(line: int, value: object) -> None:
    """Any value at any key of the example is loaded or told, never raised."""
    lines = example_text().splitlines()
    keys = [turn for turn, text in enumerate(lines) if " = " in text and not text.startswith("#")]
    at = keys[line % len(keys)]
    name = lines[at].partition(" = ")[0]
    lines[at] = f"{name} = {str(value).lower() if isinstance(value, (bool, float)) else value}"
    answer = read_operation("\n".join(lines))
    assert isinstance(answer, Operation) or all(error.says and error.remedy for error in answer)


@given(content=st.binary(max_size=200))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    """No bytes are an operation by chance, and none raise."""
    answer = read_operation(content)
    assert not isinstance(answer, Operation)
    assert answer


def test_least_minutes_over_the_legs() -> None:
    """The least minutes add up along the shortest way; without a way there are none."""
    operation = loaded(example_text())
    harbour, port, home = PlaceId("harbour"), PlaceId("ferry-port"), PlaceId("home-airport")
    assert operation.minutes_min_between(harbour, harbour) == 0
    assert operation.minutes_min_between(harbour, home) == 300 + 20 + 180
    assert operation.minutes_min_between(home, harbour) is None
    assert operation.route_between(home, harbour) is None
    assert operation.route_between(harbour, harbour) == ()
    direct = (
        '[[legs]]\nid = "raft"\nsource = "harbour"\ntarget = "camp"\nmode = "sea"\nminutes = 90\nminutes_min = 60\n'
    )
    shorter = loaded(example_text().replace("[[stations]]", direct + "\n[[stations]]", 1))
    assert shorter.minutes_min_between(harbour, home) == 60 + 180
    assert shorter.minutes_min_between(harbour, port) == 300
    route = shorter.route_between(harbour, home)
    assert route is not None
    assert [leg.id for leg in route] == ["raft", "flight"]


@pytest.mark.parametrize(
    ("hours", "at", "open_then"),
    [
        ('opens = "07:00"\ncloses = "18:00"', "2023-11-17T05:00Z", True),
        ('opens = "07:00"\ncloses = "18:00"', "2023-11-17T04:59Z", False),
        ('opens = "07:00"\ncloses = "18:00"', "2023-11-17T16:00Z", False),
        ('opens = "20:00"\ncloses = "02:00"', "2023-11-17T23:30Z", True),
        ('opens = "20:00"\ncloses = "02:00"', "2023-11-17T00:00Z", False),
        ("", "2023-11-17T00:00Z", True),
    ],
)
def test_stations_open_by_their_own_clock(hours: str, at: str, open_then: bool) -> None:
    """Hours are those of the place (Cairo, two hours ahead of UTC in November), also over midnight."""
    operation = loaded(example_text().replace('opens = "07:00"\ncloses = "18:00"', hours))
    assert operation.is_open(operation.stations[0], parse_moment(at)) is open_then


@pytest.mark.parametrize(("persons", "needed"), [(0, 0), (1, 2), (80, 2), (81, 3), (120, 3)])
def test_escorts_needed(persons: int, needed: int) -> None:
    """The ratio is rounded up and never below the least number; nobody aboard needs nobody."""
    rule = EscortRule(role="doctor", at_least=2, per_persons=40, takes_seat=True)
    assert rule.needed(persons) == needed
    lying = EscortRule(role="doctor", at_least=0, per_persons=2, takes_seat=True, counted="stretchers")
    assert [lying.needed(persons, of) for of in (0, 1, 3)] == ([0, 1, 2] if persons else [0, 0, 0])


def test_every_key_is_documented_and_no_other() -> None:
    """The reference names the keys of the types, section by section, and the words each may have."""
    documented: dict[str, set[str]] = {}
    text: dict[str, str] = {}
    for section in re.split(r"^##+ ", REFERENCE.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, _, body = section.partition("\n")
        rows = [line for line in body.splitlines() if line.startswith("| `")]
        if not rows and title not in SECTIONS:
            continue  # a section of prose
        documented[title] = {key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])}
        text[title] = body
    assert documented == {title: {part.name for part in fields(cls) if part.init} for title, cls in SECTIONS.items()}
    for title, cls in SECTIONS.items():
        for name, hint in get_type_hints(cls).items():
            inner = get_args(hint)[0] if get_origin(hint) is tuple else hint
            if get_origin(inner) is Literal and not (title == "fleets (list)" and name == "mode"):
                missing = [word for word in get_args(inner) if f"`{word}`" not in text[title]]
                assert not missing, f"{title}: {name} does not tell {missing}"
