"""How arrive says no: every refusal of the stage, with its facts and one thing to do."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

NOBODY_NAMED = RefusalKind("nobody_to_place", "The order names nobody.", "Choose at least one person.")
NOT_AT_A_PLACE = RefusalKind(
    "not_at_a_place", "The book does not know {person} at a place.", "Record where the person got out first."
)
ALREADY_RECEIVED = RefusalKind(
    "already_received", "{person} was received by {custodian} at {at}.", "Hand the person over instead."
)
FOLLOW_UP_EXISTS = RefusalKind(
    "follow_up_exists", "The follow-up {follow_up} already exists.", "Give the new one its own id."
)
FOLLOW_UP_PAST = RefusalKind(
    "follow_up_past", "The follow-up would be due at {due_at}, which is past.", "Set a time to come."
)
FOLLOW_UP_NOT_OPEN = RefusalKind(
    "follow_up_not_open", "The follow-up {follow_up} of {person} is not open.", "Choose one that is due."
)
SHELTER_FULL = RefusalKind(
    "shelter_full", "{shelter} has {free} free places, and {asked} are asked for.", "Choose another shelter."
)
SHELTER_FULL_NEAREST = RefusalKind(
    "shelter_full_nearest",
    "{shelter} has {free} free places, and {asked} are asked for.",
    "The nearest with room is {nearest}, with {nearest_free} free places.",
)
SHELTER_FULL_ASK = RefusalKind(
    "shelter_full_ask",
    "{shelter} has {free} free places, and {asked} are asked for.",
    "The nearest other one is {nearest}, whose beds are not known: ask there.",
)
GROUP_SPLIT = RefusalKind(
    "party_split_at_shelter",
    "This would leave out {left_out}, who belong together with {taken}.",
    "Place all of them together, or record that the family itself waives it.",
)
ALREADY_PLACED = RefusalKind("already_placed", "{person} stays at {shelter} already.", "End that placement first.")
PLACEMENT_PAST = RefusalKind(
    "placement_past", "The placement would end at {until}, which is past.", "Set a time to come, or none."
)
NOT_PLACED = RefusalKind("not_placed", "{person} does not stay at {shelter}.", "Choose where the person stays.")
SAME_CUSTODIAN = RefusalKind(
    "same_custodian", "{custodian} cannot hand {person} over to itself.", "Choose another custodian."
)
NOT_IN_CUSTODY = RefusalKind(
    "not_in_custody", "{person} is in the custody of {custodian}, not of {giver}.", "Choose who has the person now."
)
HANDOVER_NOT_KNOWN = RefusalKind(
    "handover_not_known", "No handover of {person} waits for the receipt of {custodian}.", "Record the handover first."
)
NOT_RECEIVED = RefusalKind("not_received", "{person} was not received yet.", "Record who received the person first.")
LEAVES_PAST = RefusalKind(
    "onward_journey_past", "The onward journey would leave at {leaves_at}, which is past.", "Set a time to come."
)

CATALOGUE: tuple[RefusalKind, ...] = (
    NOBODY_NAMED,
    NOT_AT_A_PLACE,
    ALREADY_RECEIVED,
    FOLLOW_UP_EXISTS,
    FOLLOW_UP_PAST,
    FOLLOW_UP_NOT_OPEN,
    SHELTER_FULL,
    SHELTER_FULL_NEAREST,
    SHELTER_FULL_ASK,
    GROUP_SPLIT,
    ALREADY_PLACED,
    PLACEMENT_PAST,
    NOT_PLACED,
    SAME_CUSTODIAN,
    NOT_IN_CUSTODY,
    HANDOVER_NOT_KNOWN,
    NOT_RECEIVED,
    LEAVES_PAST,
)
