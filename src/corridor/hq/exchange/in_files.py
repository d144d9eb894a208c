"""What a phone brings in a file instead of over the network: opened, taken in, and the answer to take back to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corridor.base.refusal import Refusal
from corridor.hq.exchange import refusals as no
from corridor.hq.exchange.answering import keys_of
from corridor.hq.exchange.exchange import answer_to
from corridor.hq.served import Served
from corridor.ledger.device.answer import write_answer
from corridor.ledger.device.sealed_file import SealedFileError, open_file


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of a file: the device it is of, its batches by status and code, and the bytes to take back."""

    device: str
    accepted: int
    duplicate: int
    quarantined: tuple[str, ...]  # a code for each batch
    receipts: bytes


def take_in(headquarters: Served, raw: bytes) -> TakenIn | Refusal:
    """Take in what is in a file, as if the phone had sent it. The same file again changes nothing."""
    keys = keys_of(headquarters)
    if isinstance(keys, Refusal):
        return keys
    try:
        request = open_file(raw, keys[1])
    except SealedFileError as error:
        return no.NOT_AN_EXCHANGE(why=str(error))
    answer = answer_to(headquarters, request, in_person=True)
    if isinstance(answer, Refusal):
        return answer
    verdicts: list[dict[str, Any]] = answer["verdicts"]
    return TakenIn(
        device=answer["device"],
        accepted=sum(one["status"] == "accepted" for one in verdicts),
        duplicate=sum(one["status"] == "duplicate" for one in verdicts),
        quarantined=tuple(one["code"] for one in verdicts if one["status"] == "quarantined"),
        receipts=write_answer(keys[0], answer),
    )
