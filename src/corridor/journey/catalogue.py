"""Which kinds of event there are: every stage's kinds by name, and the ledger's own."""

from __future__ import annotations

from collections.abc import Mapping

from corridor.journey.arrive.events import KINDS as ARRIVE
from corridor.journey.care.events import KINDS as CARE
from corridor.journey.clear.events import KINDS as CLEAR
from corridor.journey.cross.events import KINDS as CROSS
from corridor.journey.documents.events import KINDS as DOCUMENTS
from corridor.journey.kinds import Kind
from corridor.journey.move.events import KINDS as MOVE
from corridor.journey.register.events import KINDS as REGISTER
from corridor.ledger import kinds as ledger

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*REGISTER, *CLEAR, *CROSS, *CARE, *DOCUMENTS, *MOVE, *ARRIVE)}
"""Every kind that belongs to a stage, by name, in the order of the road."""

LEDGER_KINDS: Mapping[str, str] = {
    ledger.DEVICE_ENROLLED: "Headquarters admitted the device {device}.",
    ledger.DEVICE_REVOKED: "Headquarters revoked the device {device}: {why}.",
    ledger.CORRECTED: "Corrected the event {of}: {why}.",
    ledger.RECONCILED: "An officer judged records that contradict: {says}.",
    ledger.BRANCH_BELIEVED: "This branch of the chain of {device} is believed: {why}.",
    ledger.COUNTED: "Counted {count} people at {account}.",
    ledger.CLAIMED: "Published by {said_by}: {definition}.",
    ledger.DISCREPANCY_ASSIGNED: "The discrepancy {discrepancy} was given to {owner}.",
    ledger.DISCREPANCY_EXPLAINED: "The discrepancy {discrepancy} was explained: {why}.",
    ledger.ROLL_CALL_SCHEDULED: "A roll call at {account} was scheduled.",
    ledger.ROLL_CALL_ENDED: "The roll call {roll_call} was ended: {why}.",
    ledger.VERSION_PROPOSED: "Version {version} of the operation file was proposed: {why}.",
    ledger.VERSION_SIGNED: "Version {version} of the operation file was signed.",
    ledger.VERSION_REJECTED: "Version {version} of the operation file was rejected: {why}.",
    ledger.BELIEF_SET: "What the forecast believes of {belief} was set by hand: {why}.",
    ledger.FORECAST_ISSUED: "A forecast about {persons} people was issued.",
}
"""The kinds that the ledger itself reads, and the sentence a timeline shows for each."""


def sentence(kind: str, body: Mapping[str, object]) -> str:
    """What a timeline shows for an event; facts that the body does not say are shown as not known."""
    template = KINDS[kind].says if kind in KINDS else LEDGER_KINDS.get(kind, kind)
    return template.format_map(_Facts(body))


class _Facts(dict[str, object]):
    """A body whose missing facts read as not known."""

    def __missing__(self, key: str) -> str:
        return "not known"


assert len(KINDS) == sum(map(len, (REGISTER, CLEAR, CROSS, CARE, DOCUMENTS, MOVE, ARRIVE))), "a kind named twice"
