// What an officer's touch becomes: the events of each action, as docs/reference/events.md has them.

import { EVENT_PERSONS_MAX } from "../record/wire.js";

export const TURNED_BACK_WHYS = ["not_listed", "spouse_not_cleared", "papers", "closed", "security", "medical", "own_wish"];
export const AGE_BANDS = ["infant", "child", "adult", "elder"];
export const PLACE_TYPES = ["seat", "lap", "stretcher", "wheelchair"];

export const placeAccount = (place) => `place:${place}`;
export const aboardAccount = (movement) => `aboard:${movement}`;

/** The way people go at a gate: a leg that ends there, on foot rather than not, else the first that begins there; null when none does. */
export function legAt(legs, place) {
  const into = legs.filter((leg) => leg.target === place);
  const onFoot = into.find(({ mode }) => mode === "foot");
  return onFoot ?? into[0] ?? legs.find((leg) => leg.source === place) ?? null;
}

function some(persons, draft) {
  const drafts = [];
  for (let at = 0; at < persons.length; at += EVENT_PERSONS_MAX) {
    drafts.push({ ...draft, persons: persons.slice(at, at + EVENT_PERSONS_MAX) });
  }
  return drafts;
}

export const atGate = (at, persons, gate) => some(persons, { at, kind: "at_gate", body: { gate } });

/** `list`: the list that let them pass; null: none did, or not one list all of them. */
export const crossed = (at, persons, gate, leg, list = null) => {
  const body = list === null ? { gate } : { gate, list };
  return some(persons, { at, kind: "crossed", source: placeAccount(leg.source), target: placeAccount(leg.target), body });
};

/** The list that lets everybody of these rows pass; null: there is not one for all. */
export const oneListOf = (rows) => (rows.every((row) => row?.list === rows[0]?.list) ? (rows[0]?.list ?? null) : null);

export const turnedBack = (at, persons, gate, why) => some(persons, { at, kind: "turned_back", body: { gate, why } });

export const sighted = (at, persons, place) =>
  some(persons, { at, kind: "sighted", target: placeAccount(place), body: {} });

export const boarded = (at, persons, { movement, vehicle, source, placeType }) =>
  some(persons, {
    at, kind: "boarded", source: placeAccount(source), target: aboardAccount(movement),
    body: { movement, ...(vehicle ? { vehicle } : {}), place_type: placeType },
  });

export const alighted = (at, persons, { movement, vehicle, target }) =>
  some(persons, {
    at, kind: "alighted", source: aboardAccount(movement), target: placeAccount(target),
    body: { movement, ...(vehicle ? { vehicle } : {}) },
  });

export const received = (at, persons, place, custodian) =>
  some(persons, { at, kind: "received", source: placeAccount(place), target: "end:received", body: { custodian, place } });

export const boardingClosed = (at, movement, { souls, planned, exception }) => [
  { at, kind: "boarding_closed", body: { movement, souls, planned, ...(exception ? { exception } : {}) } },
];

export const departed = (at, movement, place, souls) => [{ at, kind: "departed", body: { movement, place, souls } }];
export const arrived = (at, movement, place, souls) => [{ at, kind: "arrived", body: { movement, place, souls } }];

export const counted = (at, account, count, unidentified) => [
  { at, kind: "counted", body: { account, count, ...(unidentified ? { unidentified } : {}) } },
];

export const corrected = (at, id, why) => [{ at, kind: "corrected", body: { of: id, why } }];

/** Somebody whom nobody knows yet: on paper first, their details later. The form's number makes their id, so that the
 * same form entered at headquarters too is the same person; without one the id is drawn. */
export function unknown(at, { form, drawn, place, ageBand, sex }) {
  const id = form ? `paper-${form}` : `x-${drawn}`;
  const body = { party: id, citizenships: [], age_band: ageBand };
  if (sex) body.sex = sex;
  if (form) body.application = `paper-${form}`;
  return [{ at, kind: "registered", persons: [id], source: "outside", target: placeAccount(place), body }];
}

/** A triage and, when the person goes to the medic, the referral that hands them over. */
export function triaged(at, person, { system, seen, colour }) {
  return [{ at, kind: "triaged", persons: [person], body: { system, colour, ...seen } }];
}

export const toMedic = (at, person, { encounter, place }) => [
  { at, kind: "encounter", persons: [person], body: { encounter, place, codes: [], disposition: "referred" } },
];
