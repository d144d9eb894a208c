"""How move says no: every refusal of the stage, with its facts and one thing to do."""

from __future__ import annotations

from corridor.base.refusal import RefusalKind

MOVEMENT_EXISTS = RefusalKind(
    "movement_exists", "The movement {movement} is already planned.", "Change it, or give the new one its own id."
)
MOVEMENT_NOT_KNOWN = RefusalKind(
    "movement_not_known", "There is no movement {movement}.", "Plan it first, or choose another."
)
NO_VEHICLE = RefusalKind(
    "movement_without_vehicle", "The movement {movement} has no vehicle.", "Add at least one vehicle with its seats."
)
VEHICLE_TAKEN = RefusalKind(
    "vehicle_taken", "{vehicle} is on {movement} at that time.", "Choose another vehicle, or another time."
)
TIMES_REVERSED = RefusalKind(
    "movement_times_reversed",
    "The movement {movement} would arrive at {arrives_at}, not after it departs at {departs_at}.",
    "Enter the two times again.",
)
MOVEMENT_OVER = RefusalKind(
    "movement_over", "The movement {movement} is {status}.", "Choose a movement that has not left."
)
BOARDING_IS_CLOSED = RefusalKind(
    "boarding_is_closed", "Boarding of {movement} is closed.", "Choose another movement, or correct the closing."
)
BOARDING_IS_OPEN = RefusalKind(
    "boarding_is_open", "Boarding of {movement} is not closed.", "Close boarding first, with the souls counted."
)
PEOPLE_ABOARD = RefusalKind(
    "people_aboard", "On {movement} are still {persons}.", "Record that they got out before it is cancelled."
)
TOO_SMALL = RefusalKind(
    "vehicles_too_small",
    "The vehicles would lack {lacking} {place_type} places on {movement}.",
    "Take people off, or add a vehicle.",
)
NO_PLACE_LEFT = RefusalKind(
    "no_place_left",
    "{asked} {place_type} places are asked for on {where}, and {free} are free.",
    "Take people off, add a vehicle, or choose another movement.",
)
VEHICLE_NOT_KNOWN = RefusalKind(
    "vehicle_not_known", "The movement {movement} has no vehicle {vehicle}.", "Choose one of {vehicles}."
)
GROUP_SPLIT = RefusalKind(
    "party_split",
    "This would leave out {left_out}, who travel together with {taken}.",
    "Take all of them together, or record that the family itself waives it.",
)
LAP_NOT_INFANT = RefusalKind(
    "lap_not_infant", "{persons} is not known to be an infant and needs a seat.", "Give a seat, or correct the age."
)
LAP_WITHOUT_ADULT = RefusalKind(
    "lap_without_adult",
    "{laps} infants would sit on laps on {movement}, and only {adults} of their people have seats there.",
    "Plan an adult of the family for each infant, or give the infant a seat.",
)
ALREADY_PLANNED = RefusalKind(
    "already_planned", "{persons} is already planned on {movement}.", "Take them off that movement first."
)
NOT_PLANNED = RefusalKind("not_planned", "{persons} is not planned on {movement}.", "Choose people from the manifest.")
MAY_NOT_BOARD = RefusalKind("may_not_board", "{person} may not board: {why}", "{remedy}")
ALREADY_ABOARD = RefusalKind(
    "already_aboard", "{person} is aboard {movement}.", "Record where they got out before they board again."
)
ACCOUNT_NOT_KNOWN = RefusalKind(
    "account_not_known", "The book does not know {person} at a place.", "Record where the person is first."
)
PAST_THE_PLACE = RefusalKind(
    "past_the_place",
    "{movement} leaves {place}, and past it already: {persons}.",
    "Leave them out, or choose a movement from where they are.",
)
NOT_ABOARD = RefusalKind("not_aboard", "{persons} is not aboard {movement}.", "Choose people who are aboard.")
SOULS_DIFFER = RefusalKind(
    "souls_differ",
    "{souls} souls were counted on {movement}, and {aboard} are recorded aboard.",
    "Count again, or close with the reason for the difference.",
)
MANIFEST_DIFFERS = RefusalKind(
    "manifest_differs",
    "On {movement} are planned and not aboard: {not_boarded}; aboard and not planned: {not_planned}.",
    "Wait for them, change the manifest, or close with the reason for the difference.",
)
ESCORTS_MISSING = RefusalKind(
    "escorts_missing",
    "{movement} has {souls} souls and lacks {lacking}.",
    "Assign them, or depart with the reason for going without.",
)
NOT_DEPARTED = RefusalKind("not_departed", "{movement} has not departed.", "Record its departure first.")
HOLD_PAST = RefusalKind(
    "seat_hold_past", "The seats would be held until {until}, which is past.", "Set a time to come."
)
NOT_HELD = RefusalKind(
    "seat_not_held", "No seat on {movement} is held for {persons}.", "Choose people with a held seat."
)
ALREADY_ON_STANDBY = RefusalKind(
    "already_on_standby",
    "{persons} already waits for a seat on {movement}.",
    "Their turn is kept; choose others.",
)
NOT_ON_STANDBY = RefusalKind(
    "not_on_standby", "{persons} does not wait for a seat on {movement}.", "Choose people from the standby list."
)
OFFER_EXISTS = RefusalKind("offer_exists", "The offer {offer} already exists.", "Give the new offer its own id.")
OFFER_NOT_KNOWN = RefusalKind("offer_not_known", "There is no offer {offer} on {movement}.", "Choose an open offer.")
OFFER_ANSWERED = RefusalKind("offer_answered", "The offer {offer} is already answered.", "Make a new offer.")
OFFER_EXPIRED = RefusalKind(
    "offer_expired", "The offer {offer} was to be answered by {answer_by}.", "Make a new offer if seats are free."
)
OFFER_PAST = RefusalKind(
    "offer_answer_past", "The offer would have to be answered by {answer_by}, which is past.", "Set a time to come."
)
MORE_THAN_OFFERED = RefusalKind(
    "more_than_offered", "{taken} seats cannot be taken: {seats} were offered.", "Take at most {seats}."
)
OWN_PEOPLE_FIRST = RefusalKind(
    "own_people_first",
    "{asked} seats cannot be offered: {waiting} of our own wait, {free} seats are free, and of the agreed share "
    "{share_left} are still to be offered.",
    "Offer at most {offerable}.",
)
SHARE_NOT_OFFERED = RefusalKind(
    "share_not_offered",
    "Of {seats} seats on {movement} {offered} were offered to partners; {needed} were agreed.",
    "Offer the rest, or close with the reason for the exception.",
)
NOBODY_NAMED = RefusalKind("nobody_named", "The order names nobody.", "Choose at least one person.")

CATALOGUE: tuple[RefusalKind, ...] = (
    MOVEMENT_EXISTS,
    MOVEMENT_NOT_KNOWN,
    NO_VEHICLE,
    VEHICLE_TAKEN,
    TIMES_REVERSED,
    MOVEMENT_OVER,
    BOARDING_IS_CLOSED,
    BOARDING_IS_OPEN,
    PEOPLE_ABOARD,
    TOO_SMALL,
    NO_PLACE_LEFT,
    VEHICLE_NOT_KNOWN,
    GROUP_SPLIT,
    LAP_NOT_INFANT,
    LAP_WITHOUT_ADULT,
    ALREADY_PLANNED,
    NOT_PLANNED,
    MAY_NOT_BOARD,
    ALREADY_ABOARD,
    ACCOUNT_NOT_KNOWN,
    PAST_THE_PLACE,
    NOT_ABOARD,
    SOULS_DIFFER,
    MANIFEST_DIFFERS,
    ESCORTS_MISSING,
    NOT_DEPARTED,
    HOLD_PAST,
    NOT_HELD,
    ALREADY_ON_STANDBY,
    NOT_ON_STANDBY,
    OFFER_EXISTS,
    OFFER_NOT_KNOWN,
    OFFER_ANSWERED,
    OFFER_EXPIRED,
    OFFER_PAST,
    MORE_THAN_OFFERED,
    OWN_PEOPLE_FIRST,
    SHARE_NOT_OFFERED,
    NOBODY_NAMED,
)
