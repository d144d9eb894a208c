"""What holds people back stands on the first page by place, and every number opens into exactly its people."""

from __future__ import annotations

import re

from tests.hq.desks.conftest import SignIn
from tests.journey.test_held_back import one_by_one

SHARE = re.compile(r'place=(\w+)&amp;held=(\w+)[^>]*"><b class="number">(\d+)</b>')


def test_every_number_opens_into_its_people(as_role: SignIn) -> None:
    """Of the replay: the sets are what is in the way of each person, and a list behind a number has as many."""
    from corridor.hq.served import served  # noqa: PLC0415

    client = as_role("duty_officer")
    board = served().board_now()
    assert 'data-live="/held-back/"' in client.get("/").content.decode()
    page = client.get("/held-back/").content.decode()
    told = {(place, code): int(count) for place, code, count in SHARE.findall(page)}
    expected = {}
    for held in board.held_back:
        found = one_by_one(board, held)
        assert {code: set(people) for code, people in held.by.items()} == found
        free = set(held.standing).difference(*found.values())
        expected |= {(held.place, code): len(people) for code, people in found.items()}
        expected |= {(held.place, "free"): len(free)} if free else {}
    assert told == expected and ("gaza", "family_not_cleared") in told and ("cairo", "no_place") in told
    for (place, code), count in told.items():
        people = client.get(f"/people/?place={place}&held={code}").content.decode()
        assert re.search(rf'id="count">{count}</span>', people), (place, code)
    assert client.get("/people/?place=cairo&held=hunger").status_code == 404


def test_it_follows_the_clocks_and_the_role(as_role: SignIn) -> None:
    """At an earlier time it tells that time's people in the reader's language; a press officer reads figures alone."""
    client = as_role("duty_officer")
    client.cookies["language"] = "ru"
    before = client.get("/held-back/?at=2023-11-13T09:00Z&known=then").content.decode()
    assert ("gaza", "free", "97") in SHARE.findall(before) and "ничто не мешает" in before
    long_ago = client.get("/held-back/?known=2023-11-10T09:00Z").content.decode()
    assert SHARE.findall(long_ago) != SHARE.findall(client.get("/held-back/").content.decode()), "the switch counts"
    press = as_role("press_officer")
    assert press.get("/held-back/").status_code == 403 and "held-back" not in press.get("/").content.decode()
