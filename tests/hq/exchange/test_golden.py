"""The golden vectors of the exchange: made again they are the same, and our own readers read them."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from tests.hq.exchange import golden_exchange

from corridor.base.refusal import Refusal
from corridor.journey.roster import document_hash
from corridor.journey.roster.wristband import Wristband, read_wristband
from corridor.ledger.device.answer import AnswerError, read_answer
from corridor.ledger.device.request import EnrolRequest, RequestError, enrol_message, read_enrolment, read_request
from corridor.ledger.device.sealed_batch import SealedBatchError, open_batch
from corridor.ledger.device.sealed_file import SealedFileError, open_file, opening_key

GOLDEN: dict[str, Any] = json.loads(golden_exchange.PATH.read_text(encoding="utf-8"))
HEADQUARTERS = golden_exchange.HEADQUARTERS
PHONE = golden_exchange.KEYS["gate-1"]


def test_vectors_are_made_again() -> None:
    """What the program makes today is what the file holds, byte for byte."""
    made = json.loads(json.dumps(golden_exchange.vectors()))
    for one in (*made["exchanges"], *GOLDEN["exchanges"]):
        one.pop("packed", None)  # gzip's bytes differ between versions of its library; what is in them is read below
    assert made == GOLDEN


def test_enrolment_is_proved_by_its_key_only() -> None:
    """The proof holds for this code and key, and for no other."""
    plain = GOLDEN["enrolment"]["request"]
    read = read_enrolment(json.dumps(plain).encode())
    assert read.proved()
    assert enrol_message(read.code, read.public_key).hex() == GOLDEN["enrolment"]["message"]
    other = EnrolRequest(code="B" * 26, public_key=read.public_key, proof=read.proof, nonce=read.nonce, app=read.app)
    assert not other.proved()


@pytest.mark.parametrize("vector", GOLDEN["exchanges"], ids=lambda vector: vector["name"])
def test_exchange_is_read(vector: dict[str, Any]) -> None:
    """Requests and answers are read and proved; an answer for another nonce, or changed in one letter, is none."""
    raw = bytes.fromhex(vector["request"])
    request = read_request(raw)
    assert request.proved(PHONE.public)
    assert [one.hex() for one in request.batches] == vector.get("batches", [one.hex() for one in request.batches])
    if "packed" in vector:
        assert gzip.decompress(bytes.fromhex(vector["packed"])) == raw
    answer = bytes.fromhex(vector["answer"]["raw"])
    nonce = request.header.nonce
    assert read_answer(answer, HEADQUARTERS.public, nonce) == vector["answer"]["facts"]
    for bad in (answer.replace(b'"tips"', b'"tipz"'), answer[:-1], b""):
        with pytest.raises(AnswerError):
            read_answer(bad, HEADQUARTERS.public, nonce)
    with pytest.raises(AnswerError):
        read_answer(answer, HEADQUARTERS.public, "0" * 32)
    with pytest.raises(AnswerError):
        read_answer(answer, PHONE.public, nonce)


@pytest.mark.parametrize("vector", GOLDEN["bad_requests"], ids=lambda vector: vector["name"])
def test_bad_request_is_told(vector: dict[str, Any]) -> None:
    """A request that is framed in another way, or that its device did not sign, is told from a good one."""
    raw = bytes.fromhex(vector["raw"])
    if vector["code"] == golden_exchange.NO_EXCHANGE:
        with pytest.raises(RequestError):
            read_request(raw)
    else:
        assert not read_request(raw).proved(PHONE.public)


@pytest.mark.parametrize("length", [0, 10, 25, 4_000, 9_000])
def test_nonsense_is_no_request(length: int) -> None:
    """Bytes of any length that only begin like a request are refused with a word, never with a crash."""
    for filling in (b"\n", b"{", b"\x00", b'{"device":"gate-1"}\n'):
        with pytest.raises(RequestError):
            read_request((b"corridor/exchange/1\n" + filling * length)[: 20 + length])
        with pytest.raises(RequestError):
            read_enrolment(filling * length)


def test_documents_are_hashed_alike() -> None:
    """A number written with blanks, in lower case or with Arabic digits has the hash that the vectors say."""
    for vector in GOLDEN["documents"]:
        assert document_hash.folded(vector["number"]) == vector["folded"]
        assert document_hash.hash_of(bytes.fromhex(vector["salt"]), vector["number"]) == vector["hash"]
        assert document_hash.last_of(vector["number"]) == vector["last"]


def test_wristbands_are_checked() -> None:
    """A code headquarters signed names its person; another's, a changed or a cut one names nobody."""
    for vector in GOLDEN["wristbands"]:
        read = read_wristband(HEADQUARTERS.public, golden_exchange.OPERATION, vector["text"])
        if vector["good"]:
            assert isinstance(read, Wristband)
            assert (read.person, read.party, read.printed) == (vector["person"], vector["party"], vector["printed"])
        else:
            assert isinstance(read, Refusal), vector["text"]


def test_file_opens_for_headquarters_only() -> None:
    """What a phone sealed is the request it would have sent; changed, cut, or for another it does not open."""
    raw = bytes.fromhex(GOLDEN["file"]["raw"])
    assert open_file(raw, opening_key(HEADQUARTERS)).hex() == GOLDEN["file"]["request"]
    for bad in (
        raw[:-1],
        raw[:400] + bytes([raw[400] ^ 1]) + raw[401:],
        raw.replace(b'"to":"04', b'"to":"05'),
        b"",
        b"x" * 600,
    ):
        with pytest.raises(SealedFileError):
            open_file(bad, opening_key(HEADQUARTERS))
    with pytest.raises(SealedFileError):
        open_file(raw, opening_key(PHONE))


def test_a_sealed_batch_opens_for_headquarters_only() -> None:
    """What a locked phone sent is the batch it recorded; changed anywhere, cut, or for another it does not open."""
    raw = bytes.fromhex(GOLDEN["sealed_batch"]["raw"])
    batch = bytes.fromhex(GOLDEN["sealed_batch"]["batch"])
    assert open_batch(raw, opening_key(HEADQUARTERS)) == batch
    assert batch.split(b"\n")[3] not in raw
    start = raw.index(b'{"to"')
    changed = [raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :] for place in range(start, len(raw), 7)]
    more = (
        raw[:-1],
        raw + b"x",
        raw.replace(b'"first":1', b'"first":2'),
        raw.replace(b"[[0,", b"[[1,"),
        raw.replace(b"[[0,", b"[[-1,"),
        raw[:start],
        b"",
    )
    for bad in (*changed, *more):
        with pytest.raises(SealedBatchError):
            open_batch(bad, opening_key(HEADQUARTERS))
    with pytest.raises(SealedBatchError, match="another"):
        open_batch(raw, opening_key(PHONE))
