"""A whole operation made up from one seed: batches as devices would have sent them, identities, and lists as received.

The same operation, plan and claims give the same bytes. Nothing here knows a country or a border: all that is
particular stands in the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from corridor.base.ids import DeviceId, PersonId
from corridor.base.moments import SECOND_MS, Moment
from corridor.base.operation import Operation
from corridor.drill.claim_row import ClaimRow
from corridor.drill.delivery import Delivery, deliver
from corridor.drill.people.identities import identity_of
from corridor.drill.people.invented import Party, invent
from corridor.drill.plan import ReplayPlan
from corridor.drill.story.applications import apply
from corridor.drill.story.crossing import cross_over
from corridor.drill.story.diary import Diary, Note
from corridor.drill.story.homecoming import come_home
from corridor.drill.story.listing import publish
from corridor.drill.story.movements import run_convoys, run_flights
from corridor.drill.story.staging import stay
from corridor.journey.register.identity import Identity
from corridor.ledger.device.signing import SigningKey
from corridor.ledger.kinds import CLAIMED, DEVICE_ENROLLED

SEED_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay gives: `deliveries` by time of receipt, headquarters' enrolment of the other devices first.

    `identities` are for the identity store with the time of writing, `archive` the lists' files as received,
    `headquarters_key` signs what headquarters records from then on, `device_keys` what each device does. `parties` and
    `notes` are the story itself, for tests and training; nothing else reads them.
    """

    deliveries: tuple[Delivery, ...]
    identities: tuple[tuple[PersonId, Identity, Moment], ...]
    archive: tuple[bytes, ...]
    headquarters_key: SigningKey
    device_keys: Mapping[DeviceId, SigningKey]
    parties: tuple[Party, ...]
    notes: tuple[Note, ...]


def generate(operation: Operation, plan: ReplayPlan, claims: Sequence[ClaimRow], rng: Random | None = None) -> Replay:
    """The replay of a plan; `rng` is the plan's own seed unless another is given."""
    rng = rng or Random(plan.seed)
    keys = {device.id: SigningKey.from_seed(rng.randbytes(SEED_BYTES)) for device in operation.devices}
    parties = invent(plan, operation.eligibility.own_citizenships, rng)
    diary = Diary(operation=operation, plan=plan, parties=parties, rng=rng)
    _enrol(diary, keys)
    _claim(diary, claims)
    apply(diary)
    publish(diary)
    cross_over(diary)
    run_convoys(diary)
    run_flights(diary)
    stay(diary)
    come_home(diary)
    return Replay(
        deliveries=deliver(operation, plan, diary.notes, keys, rng),
        identities=tuple(
            (person.id, identity_of(person, party, rng), Moment(diary.registered_at[person.id] + 8 * SECOND_MS))
            for party in parties
            for person in party.members
        ),
        archive=tuple(diary.archive),
        headquarters_key=keys[plan.headquarters],
        device_keys=keys,
        parties=parties,
        notes=tuple(diary.notes),
    )


def _enrol(diary: Diary, keys: dict[DeviceId, SigningKey]) -> None:
    """Headquarters admits every other device, in its first batch."""
    plan = diary.plan
    for device in diary.operation.devices:
        if device.id != plan.headquarters:
            body = {
                "device": device.id,
                "public_key": keys[device.id].public.hex(),
                "place": device.place,
                "role": device.kind,
            }
            diary.note_plain(plan.headquarters, plan.users.duty, DEVICE_ENROLLED, body, plan.begins_at)


def _claim(diary: Diary, claims: Sequence[ClaimRow]) -> None:
    """One event for each published figure, when it was said."""
    plan = diary.plan
    for claim in claims:
        body = {
            "code": claim.code,
            "value": claim.value,
            "at": claim.at,
            "said_by": claim.said_by,
            "certainty": claim.certainty,
            "definition": claim.definition,
            "source": claim.source,
            "note": claim.note,
        }
        diary.note_plain(plan.headquarters, plan.users.press, CLAIMED, body, max(claim.known, plan.begins_at))
