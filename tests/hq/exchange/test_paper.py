"""Paper forms: every kind of line becomes the event a phone would have made, and each line counts once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.hq.exchange.conftest import Phone

from corridor.base.refusal import Refusal
from corridor.opening import OpenOperation


def desk(who: str = "alice") -> Client:
    """Somebody signed in."""
    from corridor.hq.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(name=who))
    return client


def number() -> str:
    """The number of a printed form."""
    from corridor.hq.exchange.paper import new_number  # noqa: PLC0415

    return new_number()


@pytest.fixture
def known(opened: OpenOperation, phone: Phone) -> None:
    """p1 and p2 are in the book, in town; a convoy is planned."""
    phone.exchange(
        phone.record(
            phone.drafted("registered", "p1", "p2", source="outside", target="place:town", party="f1",
                          citizenships=["RUS"], age_band="adult"),
            phone.drafted("movement_planned", movement="c1", leg="gate-camp", vehicles=[]),
        )
    )  # fmt: skip


def entered(client: Client, form: str, line: int, does: str, **more: Any) -> Any:
    """The page's answer to a line; times are typed by the clocks of the gate."""
    fields = {"token": "12345678", "form": form, "line": line, "by": "gamal", "place": "gate", "does": does,
              "at": "2030-06-01T05:30", "persons": "p1, p2", **more}  # fmt: skip
    return client.post("/operation/paper/", fields)


@pytest.mark.parametrize(
    ("does", "more", "account"),
    [
        ("at_gate", {}, "place:town"),
        ("crossed", {}, "place:gate"),
        ("turned_back", {"why": "papers"}, "place:town"),
        ("sighted", {}, "place:gate"),
        ("boarded", {"movement": "c1", "vehicle": "bus-1"}, "aboard:c1"),
        ("counted", {"count": "7", "persons": ""}, "place:town"),
    ],
)
def test_line_becomes_an_event(
    opened: OpenOperation, known: None, does: str, more: dict[str, Any], account: str
) -> None:
    """What was written down is recorded by who wrote it, when it happened, and moves people as a phone would."""
    from corridor.base.ids import PersonId  # noqa: PLC0415
    from corridor.base.moments import parse_moment  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415

    answer = entered(desk(), number(), 1, does, **more)
    assert answer.status_code == 200, answer.content.decode()
    kind = does
    events = list(served().board(parse_moment("2030-06-01T09:00Z"), served().now()).view.events((kind,)))
    assert [(one.by, one.happened_at) for one in events] == [("gamal", parse_moment("2030-06-01T02:30Z"))]
    later = served().board(parse_moment("2030-06-01T09:00Z"), served().now())
    assert later.view.account_of(PersonId("p1")) == account


def test_line_counts_once(opened: OpenOperation, known: None) -> None:
    """Another officer who enters the same line of the same form is told who did, and nothing is counted twice."""
    from corridor.hq.models import User  # noqa: PLC0415

    form, count = number(), opened.store.count()
    assert entered(desk(), form, 3, "crossed").status_code == 200
    assert opened.store.count() == count + 1
    User.objects.filter(name="officer").update(role="duty_officer")
    again = entered(desk("officer"), form.lower().replace("-", " "), 3, "crossed")
    assert again.status_code == 409
    assert form in again.content.decode()
    assert opened.store.count() == count + 1
    assert entered(desk(), form, 4, "crossed").status_code == 200


def test_process_that_ended_between_note_and_record(opened: OpenOperation, known: None) -> None:
    """A line noted and recorded, whose note does not say so, is not recorded again; one noted only is."""
    from corridor.hq.models import PaperLine  # noqa: PLC0415

    form = number()
    entered(desk(), form, 1, "crossed")
    count = opened.store.count()
    PaperLine.objects.filter(form=form).update(events=[])
    assert entered(desk(), form, 1, "crossed").status_code == 200
    assert opened.store.count() == count
    PaperLine.objects.create(form=form, line=2, who="alice", at_ms=0)
    assert entered(desk(), form, 2, "at_gate").status_code == 200
    assert opened.store.count() == count + 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"form": "F-22222222-9"}, 409),
        ({"does": "turned_back"}, 409),
        ({"does": "boarded"}, 409),
        ({"does": "counted"}, 409),
        ({"persons": ""}, 409),
        ({"persons": "p99"}, 422),
        ({"line": 21}, 422),
        ({"by": "nobody"}, 422),
    ],
)
def test_line_that_lacks_something_is_told(
    opened: OpenOperation, known: None, fields: dict[str, Any], status: int
) -> None:
    """A misread number, a line without what it needs, or people nobody knows, record nothing."""
    count = opened.store.count()
    given = {"form": number(), "line": 1, "does": "crossed", **fields}
    answer = entered(desk(), given.pop("form"), given.pop("line"), given.pop("does"), **given)
    assert answer.status_code == status
    assert opened.store.count() == count


def test_form_is_printed_with_a_number_of_its_own(opened: OpenOperation) -> None:
    """Two forms have two numbers; a number with one letter wrong is none."""
    from corridor.hq.exchange.paper import new_number, read_number  # noqa: PLC0415

    answer = desk().get("/operation/paper/form.pdf")
    assert answer.content.startswith(b"%PDF")
    one = new_number()
    assert one != new_number()
    assert read_number(one) == one
    wrong = one[:-1] + ("A" if one[-1] != "A" else "B")
    assert isinstance(read_number(wrong), Refusal)


def test_auditor_enters_nothing(opened: OpenOperation, known: None) -> None:
    """The page is the duty officer's; a medic does not come to it."""
    assert entered(desk("mark"), number(), 1, "crossed").status_code == 403


def test_stranger_on_paper_is_somebody(opened: OpenOperation, known: None) -> None:
    """Whom nobody knew is in the book under the form's number, as a phone writes it."""
    from corridor.base.ids import PersonId  # noqa: PLC0415
    from corridor.base.moments import parse_moment  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415

    form = number()
    assert entered(desk(), form, 1, "sighted", persons=f"paper-{form}").status_code == 200
    later = served().board(parse_moment("2030-06-01T09:00Z"), served().now())
    assert later.view.account_of(PersonId(f"paper-{form}")) == "place:gate"


def test_place_is_chosen_first(opened: OpenOperation) -> None:
    """The times of a form are by the clocks of where it was written, which stand beside the field."""
    page = desk().get("/operation/paper/").content.decode()
    assert 'name="form"' not in page
    page = desk().get("/operation/paper/", {"place": "gate"}).content.decode()
    assert 'name="form"' in page
    assert "Africa/Cairo" in page


def test_a_cards_code_is_read_and_its_letters_checked(opened: OpenOperation, known: None) -> None:
    """What stands on a card may be written in place of the number; a letter wrong in it is found, and nobody moves."""
    from corridor.base.ids import PersonId  # noqa: PLC0415
    from corridor.base.moments import parse_moment  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.journey.register.code import code_of  # noqa: PLC0415

    form, count = number(), opened.store.count()
    card = code_of(served().operation.name, PersonId("p1"))
    wrong = card[:-1] + ("A" if card[-1] != "A" else "B")
    refused = entered(desk(), form, 1, "crossed", persons=f"{wrong}, p2")
    assert (refused.status_code, opened.store.count()) == (422, count)
    assert wrong in refused.content.decode()
    assert entered(desk(), form, 1, "crossed", persons=f"{card}, p2").status_code == 200
    later = served().board(parse_moment("2030-06-01T09:00Z"), served().now())
    assert later.view.account_of(PersonId("p1")) == "place:gate"
