"""What phones push: taken in once, receipted, told apart from what is not believed; and what the door refuses."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zlib
from typing import Any

import pytest
from tests.hq.exchange.conftest import Phone

from corridor.base.ids import DeviceId, UserId
from corridor.base.limits import (
    EXCHANGE_BYTES_MAX,
    EXCHANGE_REQUESTS_PER_MINUTE_MAX,
    EXCHANGE_UNPACKED_BYTES_MAX,
    REVOKED_BYTES_MAX,
)
from corridor.base.moments import HOUR_MS
from corridor.journey.devices.facts import device_facts
from corridor.journey.devices.orders import RevokeDevice
from corridor.journey.devices.rules import decide
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.request import MAGIC
from corridor.ledger.writer import Receipt
from corridor.opening import OpenOperation


def revoke(opened: OpenOperation, device: str) -> None:
    """Headquarters revokes a device."""
    from corridor.hq.served import served  # noqa: PLC0415

    order = RevokeDevice(by=UserId("alice"), device=DeviceId(device), why="lost")
    decided = decide(order, device_facts(served().board_now()), served().now())
    assert isinstance(decided, tuple)
    opened.writer.record(decided, served().now())


def begin_anew(opened: OpenOperation) -> None:
    """What a new process does over the same database."""
    from corridor.hq import served  # noqa: PLC0415

    opened.writer._intake = None
    served.serve(opened, practice_from=served.served().now())


def in_the_book(opened: OpenOperation) -> int:
    """How many people the book has."""
    from corridor.hq.served import served  # noqa: PLC0415

    return served().board_now().view.registered


def test_what_is_pushed_is_receipted(opened: OpenOperation, phone: Phone) -> None:
    """Each batch is answered with headquarters' receipt for its events, and people stand where it says."""
    first, second = phone.crossing("p1", "p2"), phone.crossing("p3")
    told = phone.exchange(first, second)
    assert [one["status"] for one in told["verdicts"]] == ["accepted", "accepted"]
    for number, verdict in enumerate(told["verdicts"], start=1):
        receipt = Receipt(verdict["receipt"]["text"].encode(), bytes.fromhex(verdict["receipt"]["signature"]))
        assert receipt.good(phone.headquarters_key)
        assert json.loads(receipt.text)["seq"] == number
    assert told["tips"] == {"1": [[2, phone.recorder.head.hex()]]}
    assert in_the_book(opened) == 3
    assert told["received_at"] <= told["answered_at"]


def test_what_is_pushed_again_counts_once(opened: OpenOperation, phone: Phone) -> None:
    """After an answer that was lost the phone sends the same: duplicate, receipted again, nothing counted twice."""
    batch = phone.crossing("p1")
    raw, _nonce = phone.request(batch)
    assert phone.post(raw).status_code == 200
    assert phone.post(raw).status_code == 200, "the very bytes again"
    told = phone.exchange(batch)
    assert told["verdicts"][0]["status"] == "duplicate"
    assert told["verdicts"][0]["receipt"] is not None
    assert in_the_book(opened) == 1


def test_packed_request_is_the_same(opened: OpenOperation, phone: Phone) -> None:
    """A phone may pack what it sends."""
    raw, _nonce = phone.request(phone.crossing("p1"))
    assert phone.post(gzip.compress(raw), **{"Content-Encoding": "gzip"}).status_code == 200
    assert in_the_book(opened) == 1


def test_kill_between_write_and_answer(opened: OpenOperation, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the commit fails nothing is acknowledged; the phone tries again and it counts once."""
    batch, count = phone.crossing("p1"), opened.store.count()

    def full(_rows: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(type(opened.store), "append", lambda self, rows: full(rows))
        raw, _nonce = phone.request(batch)
        answer = phone.post(raw)
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (503, "try_again_later")
    assert int(answer["Retry-After"]) > 0
    assert opened.store.count() == count
    assert phone.exchange(batch)["verdicts"][0]["status"] == "accepted"
    assert in_the_book(opened) == 1


def test_damaged_batch_is_kept_and_told(opened: OpenOperation, phone: Phone) -> None:
    """Of several batches the bad ones are named with their code and lie in quarantine; the good ones go on."""
    good = phone.crossing("p1")
    other = Phone("gate-2").crossing("p9")
    told = phone.exchange(good.replace(b"p1", b"p2"), b"nonsense\n", other, good)
    assert [(one["status"], one["code"]) for one in told["verdicts"]] == [
        ("quarantined", "broken_chain"),
        ("quarantined", "malformed"),
        ("quarantined", "unknown_device"),
        ("accepted", ""),
    ]
    assert [one["receipt"] is not None for one in told["verdicts"]] == [False, False, False, True]


def test_revoked_phone_is_told_and_its_records_kept(opened: OpenOperation, phone: Phone) -> None:
    """What a revoked phone still pushes goes to quarantine; it is told so under headquarters' signature, no more."""
    phone.exchange(phone.crossing("p1"))
    revoke(opened, phone.name)
    told = phone.exchange(phone.crossing("p2"), status=403)
    assert told["refusal"]["code"] == "device_is_revoked"
    assert [(one["status"], one["code"]) for one in told["verdicts"]] == [("quarantined", "revoked")]
    assert (told["token"], told["roster"], told["instructions"]) == (None, None, None)
    assert opened.writer.intake.tally["quarantined"] == 1
    assert in_the_book(opened) == 1


def test_revoked_phone_cannot_fill_the_disk(opened: OpenOperation, phone: Phone) -> None:
    """Quarantine takes from a revoked phone what an honest one can hold, and then no more."""
    from corridor.hq.models import DeviceContact  # noqa: PLC0415

    revoke(opened, phone.name)
    phone.exchange(phone.crossing("p2"), status=403)
    DeviceContact.objects.filter(device=phone.name).update(held_bytes=REVOKED_BYTES_MAX - 10)
    raw, _nonce = phone.request(phone.crossing("p3"))
    answer = phone.post(raw)
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (413, "exchange_too_large")
    assert opened.writer.intake.tally["quarantined"] == 1


def test_strangers_fill_nothing(opened: OpenOperation, phone: Phone) -> None:
    """Who was never enrolled, or signs with another key, adds nothing to the ledger."""
    count = opened.store.count()
    stranger = Phone("gate-9")
    raw, _nonce = stranger.request(stranger.crossing("p1"))
    answer = stranger.post(raw)
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (403, "device_not_enrolled")
    thief = Phone(phone.name)
    thief.key = stranger.key
    raw, _nonce = thief.request(stranger.crossing("p1"))
    answer = thief.post(raw)
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (403, "exchange_not_proved")
    own = Phone("hq")
    answer = own.post(own.request()[0])
    assert answer.json()["refusal"]["code"] == "device_not_enrolled", "headquarters is no phone"
    assert opened.store.count() == count


def _bomb(length: int) -> bytes:
    return gzip.compress(MAGIC + b"\n" * length)


def _two_members() -> bytes:
    return gzip.compress(MAGIC) * 2


@pytest.mark.parametrize(
    ("raw", "coding", "status", "code"),
    [
        (b"", "", 400, "not_an_exchange"),
        (MAGIC, "", 400, "not_an_exchange"),
        (b"\x1f\x8b nonsense", "gzip", 400, "not_an_exchange"),
        (gzip.compress(MAGIC)[:-3], "gzip", 400, "not_an_exchange"),
        (_two_members(), "gzip", 400, "not_an_exchange"),
        (_bomb(EXCHANGE_UNPACKED_BYTES_MAX), "gzip", 413, "exchange_too_large"),
        (zlib.compress(MAGIC), "deflate", 400, "not_an_exchange"),
        (b"x" * (EXCHANGE_BYTES_MAX + 1), "", 413, "exchange_too_large"),
    ],
    ids=["empty", "bare", "no gzip", "cut gzip", "two gzips", "bomb", "another coding", "too long"],
)
def test_bad_bytes_are_refused(
    opened: OpenOperation, phone: Phone, raw: bytes, coding: str, status: int, code: str
) -> None:
    """Bytes that are no request are refused with a status and a word, whatever they pretend to be."""
    headers = {"Content-Encoding": coding} if coding else {}
    answer = phone.post(raw, **headers)
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (status, code)


def test_phone_that_asks_too_often_waits(opened: OpenOperation, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device has so many requests a minute; the next is told how long to wait, and nothing of it is taken in."""
    from corridor.hq.exchange.phones import phones_of  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415

    now = served().now()
    monkeypatch.setattr(type(served()), "now", lambda self: now)
    batch = phone.crossing("p1")
    for _ in range(EXCHANGE_REQUESTS_PER_MINUTE_MAX - 1):
        assert phones_of(served()).wait_seconds(DeviceId(phone.name), now) == 0
    phone.exchange()
    answer = phone.post(phone.request(batch)[0])
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (429, "too_many_tries")
    assert 0 < int(answer["Retry-After"]) <= 60
    assert in_the_book(opened) == 0


def test_restored_phone_sees_its_fork(opened: OpenOperation, phone: Phone) -> None:
    """A phone restored from a backup is told a tip that it does not have, goes on in the next epoch, and both count."""
    seq, head = phone.recorder.seq, phone.recorder.head
    phone.exchange(phone.crossing("p1"))
    phone.recorder = Recorder(DeviceId(phone.name), phone.key, seq=seq, head=head)  # as the backup has it
    told = phone.exchange(phone.crossing("p2"))
    assert told["verdicts"][0]["status"] == "accepted"
    tips = told["tips"]["1"]
    assert len(tips) == 2, "two branches are held from the first event on"
    assert [1, phone.recorder.head.hex()] in tips
    phone.recorder = Recorder(DeviceId(phone.name), phone.key, epoch=2)
    told = phone.exchange(phone.crossing("p3"))
    assert told["verdicts"][0]["status"] == "accepted", "the same key is good for the next epoch"
    assert set(told["tips"]) == {"1", "2"}


def test_account_that_was_closed_pushes_and_pulls_nothing(opened: OpenOperation, phone: Phone) -> None:
    """What its phone recorded is taken in; the roster is not given."""
    from corridor.hq.models import User  # noqa: PLC0415

    phone.exchange()
    User.objects.filter(name="gamal").update(is_active=False)
    batch = phone.crossing("p1")
    from corridor.ledger.device.request import RosterWanted  # noqa: PLC0415

    told = phone.exchange(batch, roster=RosterWanted(None, 10))
    assert told["verdicts"][0]["status"] == "accepted"
    assert (told["refusal"]["code"], told["roster"]) == ("account_not_good", None)


def test_clock_is_measured_and_kept(opened: OpenOperation) -> None:
    """A phone whose clock is hours wrong is taken in; how wrong it is stands on the Devices page."""
    from django.test import Client  # noqa: PLC0415

    from corridor.hq.models import DeviceContact, User  # noqa: PLC0415

    phone = Phone("gate-3", ahead_ms=3 * HOUR_MS)
    phone.enrol()
    told = phone.exchange(phone.crossing("p1"), backlog=7, backlog_since=phone.now(), battery=42, app="0.7.0")
    assert told["verdicts"][0]["status"] == "accepted"
    contact = DeviceContact.objects.get(device="gate-3")
    assert abs(contact.ahead_ms - 3 * HOUR_MS) < 5_000
    assert (contact.backlog, contact.battery, contact.app) == (7, 42, "0.7.0")
    duty = Client()
    duty.force_login(User.objects.get(name="alice"))
    page = duty.get("/operation/").content.decode()
    assert ("42%" in page and "+3 h" in page) or "+2 h" in page
    one = duty.get("/operation/devices/gate-3/").content.decode()
    assert "Gamal Gate" in one


def test_month_late_is_taken_in(opened: OpenOperation, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a phone recorded is taken in a month later, at the time when it happened."""
    from corridor.base.moments import DAY_MS, Moment  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415

    batch = phone.crossing("p1")
    recorded_at = served().now()
    monkeypatch.setattr(type(served()), "now", lambda self: Moment(recorded_at + 30 * DAY_MS))
    assert phone.exchange(batch)["verdicts"][0]["status"] == "accepted"
    board = served().board_now()
    assert board.view.entered_at(next(iter(board.view.in_book))) <= recorded_at


def test_nothing_secret_is_logged(opened: OpenOperation, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the code nor a token nor a key stands in the log."""
    caplog.set_level("DEBUG")
    phone = Phone()
    code = phone.code()
    phone.ask_to_enrol(code)
    phone.headquarters_key = opened.writer.root_key
    phone.exchange(phone.crossing("p1"))
    assert phone.token is not None
    assert not [secret for secret in (code, phone.token, phone.key.seed.hex()) if secret in caplog.text]


def _brought(opened: OpenOperation, who: str, raw: bytes) -> Any:
    """The desk's page after a file was taken in there."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from corridor.hq.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(name=who))
    fields = {"token": "12345678", "file": SimpleUploadedFile("gate-1.corridor", raw)}
    return client.post("/operation/phones/file/", fields)


def _sealed(opened: OpenOperation, request: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    from corridor.hq.exchange.answering import keys_of  # noqa: PLC0415
    from corridor.hq.served import served  # noqa: PLC0415
    from corridor.ledger.device.sealed_file import public_point, seal  # noqa: PLC0415

    keys = keys_of(served())
    assert isinstance(keys, tuple)
    return seal(request, public_point(keys[1]), ec.generate_private_key(ec.SECP256R1()))


def test_file_brings_home_what_the_network_did_not(opened: OpenOperation, phone: Phone) -> None:
    """A sealed file is taken in as a request would be; its receipts go back; brought twice it counts once."""
    import base64  # noqa: PLC0415
    import re  # noqa: PLC0415

    from corridor.ledger.device.answer import read_answer  # noqa: PLC0415

    request, nonce = phone.request(phone.crossing("p1"), phone.crossing("p2"))
    raw = _sealed(opened, request)
    page = _brought(opened, "alice", raw)
    assert page.status_code == 200
    made = re.search(r"base64,([A-Za-z0-9+/=]+)", page.content.decode())
    assert made is not None
    told = read_answer(base64.b64decode(made.group(1)), phone.headquarters_key, nonce)
    assert [one["status"] for one in told["verdicts"]] == ["accepted", "accepted"]
    assert all(one["receipt"] for one in told["verdicts"])
    assert told["token"] is None and told["roster"] is None, "a file that was found gets nothing of anybody"
    assert in_the_book(opened) == 2
    assert _brought(opened, "alice", raw).status_code == 200
    assert in_the_book(opened) == 2


@pytest.mark.parametrize(("who", "status"), [("alice", 409), ("mark", 403)])
def test_file_of_another_is_refused(opened: OpenOperation, phone: Phone, who: str, status: int) -> None:
    """A file that is none, or one taken in by somebody who may not, changes nothing."""
    count = opened.store.count()
    assert _brought(opened, who, b"corridor/export/1\nnonsense").status_code == status
    assert opened.store.count() == count


def test_record_by_another_is_kept_and_told(opened: OpenOperation, phone: Phone) -> None:
    """What a phone recorded in somebody else's name is taken in, and stands among what is to be seen to; its own does
    not."""
    from corridor.hq.served import served  # noqa: PLC0415

    own = phone.record(phone.drafted("at_gate", "p1", gate="gate"))
    others = phone.record(phone.drafted("at_gate", "p1", by="mark", gate="gate"))
    told = phone.exchange(own, others)
    assert [one["status"] for one in told["verdicts"]] == ["accepted", "accepted"]
    found = [one for one in served().board_now().discrepancies if one.code == "by_another"]
    assert [one.records for one in found] == [(("gate-1", 1, 2),)]
    assert "gamal" in found[0].says
    assert "mark" in found[0].says


def test_headquarters_from_last_nights_backup(opened: OpenOperation, phone: Phone) -> None:
    """Restored without what came since, headquarters tells the earlier tip; the phone sends the rest again, once."""
    first, second = phone.crossing("p1"), phone.crossing("p2")
    held = phone.exchange(first)["tips"]["1"]
    backup = opened.store.count()
    assert phone.exchange(second)["tips"]["1"] == [[2, phone.recorder.head.hex()]]
    opened.database.run("DELETE FROM batch WHERE number > ?", (backup,))
    opened.database.run("DELETE FROM book_checkpoint")
    begin_anew(opened)
    assert phone.exchange()["tips"]["1"] == held
    assert in_the_book(opened) == 1
    assert [one["status"] for one in phone.exchange(first, second)["verdicts"]] == ["duplicate", "accepted"]
    assert in_the_book(opened) == 2


def test_headquarters_that_forgot_an_enrolment(opened: OpenOperation, phone: Phone) -> None:
    """Restored to before a phone was enrolled, headquarters says so and takes nothing; enrolled again by the same name,
    with the key that it has, everything of the phone comes in."""
    first = phone.crossing("p1")
    phone.exchange(first)
    opened.database.run("DELETE FROM batch")
    begin_anew(opened)
    answer = phone.post(phone.request(first)[0])
    assert (answer.status_code, answer.json()["refusal"]["code"]) == (403, "device_not_enrolled")
    assert phone.enrol()["epoch"] == 1
    assert phone.exchange(first)["verdicts"][0]["status"] == "accepted"
    assert in_the_book(opened) == 1
