"""What tests of the exchange share: a small operation opened in a folder, and phones that talk as real ones do."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests import a_road
from tests.hq.conftest import WORKERS, forget_everybody

from corridor.base.ids import AccountId, DeviceId, PersonId, UserId
from corridor.base.moments import Moment, parse_moment
from corridor.ledger.device.answer import read_answer
from corridor.ledger.device.recorder import Recorder
from corridor.ledger.device.request import RosterWanted, enrol_message, write_request
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.event import Draft
from corridor.opening import OpenOperation, open_operation

GATE_WORKER = """
[[users]]
id = "gamal"
name = "Gamal Gate"
role = "gate_officer"
place = "gate"

[[authorities]]
id = "egy"
names = { en = "Egypt" }
list_policy = "add"

[[clearance_rules]]
for_leg = "town-gate"
of = ["egy"]
needed = 1
"""
TODAY = parse_moment("2030-06-01T00:00Z")


@pytest.fixture
def opened(django: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenOperation]:
    """A small operation of this test's own, empty, with headquarters' key; today is 1 June 2030."""
    from corridor.hq import served  # noqa: PLC0415 - the settings are not ready before
    from corridor.hq.access.accounts import ensure_accounts  # noqa: PLC0415

    folder = tmp_path / "small-road"
    folder.mkdir()
    (folder / "operation.toml").write_text(a_road.OPERATION_TOML + WORKERS + GATE_WORKER, encoding="utf-8")
    found = open_operation(str(folder), {"CORRIDOR_HOME": str(tmp_path)}, progress=lambda _: None)
    assert isinstance(found, OpenOperation), found
    served.serve(found, practice_from=TODAY)
    ensure_accounts(found.operation)
    yield found
    found.close()
    forget_phones()
    forget_everybody()


def forget_phones() -> None:
    """Nothing of one test is left for the next."""
    from corridor.hq.models import DeviceContact, EnrolCode, PaperLine, RosterStep  # noqa: PLC0415

    for rows in (DeviceContact, EnrolCode, PaperLine, RosterStep):
        rows.objects.all().delete()


class Phone:
    """A phone as the protocol describes it, on a chain of its own; `ahead_ms` is how far its clock is ahead."""

    def __init__(self, name: str = "gate-1", *, user: str = "gamal", place: str = "gate", ahead_ms: int = 0) -> None:
        self.name, self.user, self.place, self.ahead_ms = name, user, place, ahead_ms
        self.key = SigningKey.from_seed(sha256(f"test phone {name}".encode()).digest())
        self.recorder = Recorder(DeviceId(name), self.key)
        self.client = Client()
        self.token: str | None = None
        self.headquarters_key = b""

    def now(self) -> int:
        """Its own clock."""
        from corridor.hq.served import served  # noqa: PLC0415

        return served().now() + self.ahead_ms

    def code(self, by: str = "alice") -> str:
        """A one-time code for it, as an officer makes one."""
        from corridor.hq.exchange.codes import make_code  # noqa: PLC0415
        from corridor.hq.served import served  # noqa: PLC0415

        return make_code(DeviceId(self.name), UserId(self.user), self.place, UserId(by), served().now())

    def ask_to_enrol(self, code: str, /, **changed: Any) -> Any:
        """The answer to its enrolment, as it came over HTTP."""
        public = self.key.public.hex()
        body = {
            "code": code,
            "public_key": public,
            "proof": self.key.sign(enrol_message(code, public)).hex(),
            "nonce": secrets.token_hex(16),
            "app": "test",
            **changed,
        }
        return self.client.post("/field/enrol", json.dumps(body), content_type="application/json")

    def enrol(self) -> dict[str, Any]:
        """Enrol it, as headquarters told it."""
        answer = self.ask_to_enrol(self.code(), nonce="0" * 32)
        assert answer.status_code == 200, answer.content
        self.headquarters_key = bytes.fromhex(json.loads(answer.content.split(b"\n")[1])["headquarters_key"])
        return read_answer(answer.content, self.headquarters_key, "0" * 32)

    def drafted(self, kind: str, *persons: str, source: str | None = None, target: str | None = None, by: str = "",
                **body: Any) -> Draft:  # fmt: skip
        """An event as it is captured."""
        return Draft(
            kind=kind,
            happened_at=Moment(self.now()),
            by=UserId(by or self.user),
            persons=tuple(PersonId(one) for one in persons),
            source=None if source is None else AccountId(source),
            target=None if target is None else AccountId(target),
            body=body,
        )

    def record(self, *drafts: Draft) -> bytes:
        """A signed batch on its chain."""
        return self.recorder.mint(drafts, clock_offset_ms=-self.ahead_ms, clock_uncertainty_ms=100)[0]

    def crossing(self, *persons: str) -> bytes:
        """A batch that says these people crossed the gate."""
        return self.record(self.drafted("crossed", *persons, source="place:town", target="place:gate", gate="gate"))

    def request(self, *batches: bytes, roster: RosterWanted | None = None, **facts: Any) -> tuple[bytes, str]:
        """The bytes of a request, and its nonce."""
        nonce = secrets.token_hex(16)
        told = {"device": self.name, "epoch": self.recorder.epoch, "nonce": nonce, "sent_at": self.now(),
                "token": self.token, "roster": roster, **facts}  # fmt: skip
        return write_request(self.key, batches, **told), nonce

    def post(self, raw: bytes, **headers: str) -> Any:
        """Send bytes as they are."""
        return self.client.post("/field/exchange", raw, content_type="application/octet-stream", headers=headers)

    def exchange(
        self, *batches: bytes, roster: RosterWanted | None = None, status: int = 200, **facts: Any
    ) -> dict[str, Any]:
        """One exchange, its answer verified."""
        raw, nonce = self.request(*batches, roster=roster, **facts)
        answer = self.post(raw)
        assert answer.status_code == status, answer.content
        told = read_answer(answer.content, self.headquarters_key, nonce)
        self.token = told["token"]
        return told

    def pull(self, cursor: str | None = None, rows: int = 1_000) -> dict[str, Any]:
        """The answer to a request for a page of the roster, with a fresh token."""
        if self.token is None:
            self.exchange()
        return self.exchange(roster=RosterWanted(cursor, rows))


@pytest.fixture
def phone(opened: OpenOperation) -> Phone:
    """A phone of the gate, enrolled."""
    phone = Phone()
    phone.enrol()
    return phone
