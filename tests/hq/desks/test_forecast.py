"""The forecast's pages: what they say is what stands, nobody waits for it, and what is ordered is on record."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.hq.desks.conftest import AFTERNOON, SignIn, posted

from corridor.base.moments import DAY_MS, HOUR_MS, Moment, parse_moment
from corridor.opening import OpenOperation

__all__ = ["AFTERNOON"]

NOW = parse_moment(AFTERNOON)


@pytest.fixture
def keeper(practice: OpenOperation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The forecaster of the practice, walking in this process, one step at a time as the test says."""
    from corridor.hq.forecasting import place, tasks  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.served import served  # noqa: PLC0415

    monkeypatch.setenv("CORRIDOR_FORECAST", "pure")
    monkeypatch.setattr(tasks, "RUNS_MOST", {"fast": 40, "pure": 40})
    keeper = place.forecaster_of(served(), tasks.Walking())
    place.put(served(), keeper)
    yield keeper
    place.put(served(), None)


def walked(keeper: Any) -> Any:
    """Somebody looks, and the forecaster does what is most urgent."""
    keeper.latest()
    keeper.step()
    return keeper.latest()


def dots(page: str) -> int:
    """How many futures are drawn as dots."""
    drawn = re.search(r'<svg class="futures".*?</svg>', page, re.DOTALL)
    return 0 if drawn is None else drawn[0].count("<circle")


def text(response: Any) -> str:
    """What a page answered."""
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def test_first_page_leads_with_what_stands(as_role: SignIn, keeper: Any) -> None:
    """Before the first forecast the page says that it is coming; then a sentence and twenty dots; it never walks."""
    client = as_role("press_officer")
    assert "The forecast is being walked" in text(client.get("/"))
    standing = walked(keeper)
    page = text(client.get("/"))
    assert "of 20 futures are out by" in page
    assert dots(page) == 20
    assert page.index("of 20 futures are out by") < page.index("Where everybody is")
    assert standing.outlook.persons == 1_004


def test_what_stands_costs_little(as_role: SignIn, keeper: Any) -> None:
    """The block takes under five milliseconds of the processor, in the middle of many times; a region that has what
    there is gets 304, and the new forecast once there is one."""
    client = as_role("duty_officer")
    walked(keeper)
    from django.template.loader import render_to_string  # noqa: PLC0415

    from corridor.hq.desks.forecast.asked import Asked  # noqa: PLC0415
    from corridor.hq.desks.forecast.block import block_facts  # noqa: PLC0415

    took = []
    for _ in range(21):
        began = time.thread_time()
        facts = block_facts(Asked(standing=keeper.latest(), now=True))
        render_to_string("hq/desks/forecast/_block.html", facts)
        took.append(time.thread_time() - began)
    assert sorted(took)[10] < 0.005
    first = client.get("/forecast/", headers={"X-Fragment": "forecast"})
    again = {"X-Fragment": "forecast", "If-None-Match": first.headers["ETag"]}
    assert client.get("/forecast/", headers=again).status_code == 304
    keeper.hurry()
    keeper._latest = None  # a book that has grown
    walked(keeper)
    assert client.get("/forecast/", headers=again).status_code == 200


def test_page_shows_every_part(as_role: SignIn, keeper: Any) -> None:
    """Stages, staging beside its beds, the next flights' loads, the narrow place, the score card; for the press no
    person; and where a range ends beyond the last day, in how many of twenty futures."""
    standing = walked(keeper)
    page = text(as_role("press_officer").get("/forecast/"))
    for said in ("When each stage is clear", "450 beds", "of 120 seats", "The crossing", "too few to judge: 0 of 20"):
        assert said in page, said
    assert page.count('class="path"') == 2 * 12
    assert "/people/" not in page
    late = standing.outlook.all_out.late
    assert late > 0
    assert f"in {late} of 20 not within 90 days" in page
    assert "later than 90 days" in page
    assert "None" not in page


def test_a_family_is_told_when_it_is_likely_home(as_role: SignIn, keeper: Any) -> None:
    """The page of somebody on the road says when, of somebody at home nothing. With a failed score card there is no
    range: the first page says so, and nobody's own page says when."""
    from dataclasses import replace  # noqa: PLC0415

    from corridor.hq.served import served  # noqa: PLC0415

    standing = walked(keeper)
    client = as_role("duty_officer")
    assert "Likely home" in text(client.get(f"/people/{min(standing.outlook.arriving)}/"))
    assert "Likely home" in text(client.get(f"/register/{min(standing.outlook.arriving)}/party/"))
    home = min(served().board_now().people("received"))
    assert "Likely home" not in text(client.get(f"/people/{home}/"))
    cards = standing.outlook.cards
    failed = replace(cards, home={**cards.home, 7: replace(cards.home[7], withdrawn=True, judged=True, matured=20)})
    keeper._latest = replace(standing, outlook=replace(standing.outlook, cards=failed))
    page = text(client.get("/"))
    assert "When all are out: not calibrated here." in page
    assert dots(page) == 0
    person = min(standing.outlook.arriving)
    assert "Likely home" not in text(client.get(f"/people/{person}/"))


def test_what_if_answers_with_the_paired_difference(as_role: SignIn, keeper: Any) -> None:
    """A question is answered once it is walked, the same for the same; without a change there is nothing to say."""
    walked(keeper)
    client = as_role("press_officer")
    assert keeper.step()  # the first single addition is compared
    ask = "/forecast/what-if/answer/?on=gate_closed_days&gate_closed_days=10&flights_more=3"
    assert client.get(ask).status_code == 202
    assert keeper.step()
    answer = client.get(ask)
    assert ", 0 later" not in text(answer)
    assert "Of 20 futures 0 end sooner" in text(answer)
    assert "one more flight home a day" in text(answer)
    assert "Switch a change on" in text(client.get("/forecast/what-if/answer/"))
    whole = text(client.get("/forecast/what-if/?on=gate_closed_days&gate_closed_days=10"))
    assert 'value="gate_closed_days" checked' in whole
    assert "Of 20 futures 0 end sooner" in whole


def test_numbers_that_cannot_be(django: None) -> None:
    """A number that is none, or none that can be asked, is taken for one that is; what is not on is not asked."""
    from django.http import QueryDict  # noqa: PLC0415

    from corridor.hq.desks.forecast.what_if import edits_in  # noqa: PLC0415

    for number in ("", "0", "-1", "1e9", "99999999", "٣", "two"):
        edits = edits_in(QueryDict(f"on=beds&beds={number}&on=luck&flights_more=3"))
        assert edits is not None
        assert edits.beds is not None
        assert 1 <= edits.beds <= 100_000
        assert edits.flights_more == 0
    assert edits_in(QueryDict("flights_more=3")) is None


def test_belief_is_set_with_a_reason(as_role: SignIn, keeper: Any) -> None:
    """The event says who and why; the next forecast believes it; a reader of figures sees no form."""
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.journey.issuing.state import beliefs_set  # noqa: PLC0415

    walked(keeper)
    fields = {"belief": "flights", "typical": "5", "worth": "100", "why": "five a day are promised"}
    given = posted(as_role("movement_officer"), "/forecast/beliefs/", fields)
    assert given.status_code == 302
    assert beliefs_set(served().board_now().view)["flights"].by == "movement"
    assert "The forecast is being walked" in text(as_role("duty_officer").get("/forecast/beliefs/"))
    before = keeper.latest().number
    assert walked(keeper).number > before
    page = text(as_role("duty_officer").get("/forecast/beliefs/"))
    assert "five a day are promised" in page
    assert "five a day are promised" not in text(as_role("press_officer").get("/forecast/beliefs/"))
    assert 'name="typical"' not in text(as_role("auditor").get("/forecast/beliefs/"))
    refused = posted(as_role("duty_officer"), "/forecast/beliefs/", {**fields, "typical": "0"})
    assert refused.status_code == 409
    assert "This value cannot be believed" in refused.content.decode()


def test_one_forecast_a_day_is_issued_by_itself(as_role: SignIn, keeper: Any) -> None:
    """The first of a day is on record, later ones are not, an officer issues another one, and once; an
    auditor reads them and issues none."""
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.journey.forecasting.kept import issued_on  # noqa: PLC0415

    walked(keeper)
    assert len(issued_on(served().board_now())) == 1
    keeper.hurry()
    walked(keeper)
    assert len(issued_on(served().board_now())) == 1
    client = as_role("duty_officer")
    answers = [posted(client, "/forecast/issued/", {}).status_code for _ in range(2)]
    assert answers[0] in (302, 409)  # the daily one may have been as of this very moment
    assert answers[1] == 409
    page = text(client.get("/forecast/issued/"))
    assert "by itself" in page
    assert "not yet known" in page
    page = text(as_role("auditor").get("/forecast/issued/"))
    assert "Issue the forecast that stands" not in page
    assert "14 Nov 2023" in page


def test_forecast_of_another_moment(as_role: SignIn, keeper: Any) -> None:
    """The page has the forecast of its clocks walked, by what was known then; the first page only shows it."""
    client = as_role("duty_officer")
    then = "at=2023-11-13T12:00Z"
    assert "Forecast as of this moment" in text(client.get(f"/?{then}"))
    assert not keeper._wanted
    assert "The forecast is being walked" in text(client.get(f"/forecast/?{then}"))
    walked(keeper)
    standing = keeper.at(Moment(NOW - 27 * HOUR_MS), Moment(NOW - 27 * HOUR_MS))
    assert standing is not None
    assert "of 20 futures" in text(client.get(f"/?{then}"))
    assert "of 20 futures" in text(client.get(f"/forecast/?{then}&known=now"))


class Canned:
    """Walks that were walked before."""

    def __init__(self, outlook: Any) -> None:
        self.outlook = outlook

    def do(self, task: object) -> Any:
        """The same for every forecast, nothing for the rest."""
        return self.outlook if type(task).__name__ == "Walk" else None

    def end(self) -> None:
        """Nothing to end."""


class Failing:
    """Walks that have ended in an error."""

    def do(self, task: object) -> None:
        """Nobody walks."""
        raise OSError("the process that walks futures has ended")

    def end(self) -> None:
        """Nothing to end."""


def test_without_a_forecast(as_role: SignIn, keeper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where walking fails the pages say so, and so does the log; where no forecast is made they say that."""
    client = as_role("duty_officer")
    keeper._walks = Failing()
    keeper.latest()
    assert not keeper.attempt()
    assert "The forecast could not be walked" in text(client.get("/forecast/"))
    monkeypatch.setenv("CORRIDOR_FORECAST", "off")
    for address in ("/", "/forecast/", "/forecast/what-if/", "/forecast/beliefs/", "/forecast/block/"):
        assert "No forecast is made here." in text(client.get(address)), address
    assert "Issued forecasts" in text(client.get("/forecast/issued/"))


def test_forecast_pauses_between_walks(keeper: Any) -> None:
    """While the book grows a forecast is walked only so often, and only while somebody looks."""
    from corridor.hq.forecasting.standing import LOOKED_SECONDS, PAUSE_SECONDS, Forecaster  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415

    seconds, version = [1_000.0], [(0, 0)]
    outlook = walked(keeper).outlook
    again = Forecaster(
        Canned(outlook),
        board_now=served().board_now,
        board_at=served().board,
        version=lambda: version[0],
        issue=lambda board, outlook: None,
        clock=lambda: seconds[0],
    )
    assert not again.step()  # nobody has looked
    again.latest()
    assert again.step()
    first = again.latest()
    assert first is not None
    version[0] = (1, 1)
    while again.step():
        pass
    assert again.latest() is not None
    assert again.latest().number == first.number
    seconds[0] += PAUSE_SECONDS + 1
    assert again.latest() is not None
    assert again.step()
    assert again.latest().number == first.number + 1
    version[0] = (2, 2)
    seconds[0] += LOOKED_SECONDS + PAUSE_SECONDS + DAY_MS
    assert not again.step()


def killed_when_asked(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that stands still, once something lies unread on its input."""
    assert process.stdin is not None
    while not int.from_bytes(fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4)), sys.byteorder):
        time.sleep(0.01)
    process.kill()


def test_process_beside_walks_the_same(practice: OpenOperation) -> None:
    """What a process beside this one walks is what this one does; when it has ended, a new one is there."""
    from corridor.hq.forecasting.tasks import Ask, Walk, Walking  # noqa: PLC0415
    from corridor.hq.forecasting.walker import Beside  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.journey.forecasting.edits import Edits  # noqa: PLC0415
    from corridor.journey.forecasting.forecast import asked_of  # noqa: PLC0415
    from corridor.journey.forecasting.kept import truth_on  # noqa: PLC0415

    board = served().board_now()
    asked = asked_of(board, seed=1, runs=1)
    assert not isinstance(asked, str)
    walk = Walk(number=1, asked=asked, past=(), truth=truth_on(board), runs=40)
    beside, here = Beside(), Walking()
    found, same = beside.do(walk), here.do(walk)
    assert found.all_out == same.all_out
    assert found.arriving == same.arriving
    assert beside.do(Ask(number=1, edits=Edits(join=78))) == here.do(Ask(number=1, edits=Edits(join=78)))
    assert beside.do(Ask(number=2, edits=Edits())) is None
    assert beside._process is not None
    beside._process.send_signal(signal.SIGSTOP)
    os.waitpid(beside._process.pid, os.WUNTRACED)  # it stands still: what it is asked stays unread
    threading.Thread(target=killed_when_asked, args=(beside._process,)).start()
    with pytest.raises(OSError, match="has ended"):
        beside.do(Ask(number=1, edits=Edits()))
    assert beside.do(Ask(number=1, edits=Edits())) is None  # a fresh process keeps nothing yet
    beside._process.kill()
    beside._process.wait()
    assert beside.do(Ask(number=1, edits=Edits())) is None  # it had ended before it was asked: nobody is told
    beside.end()
