// A person and their party: who is here, who is missing, who is cleared by whom; and what can be recorded of them.

import * as make from "../gate/drafts.js";
import { differences, isHere, warnings } from "../gate/standing.js";
import { t } from "../texts/speak.js";
import { button, choice, h, signal } from "./dom.js";
import { colourBadge, nameOf, namesOf, whereOf, whyOf } from "./person.js";
import { findScreen } from "./find.js";
import { movementsScreen } from "./movement.js";
import { stopScreen } from "./stop.js";
import { triageScreen } from "./triage.js";

export async function partyScreen(app, facts) {
  const { phone } = app;
  const { person, party } = await phone.party(facts.id);
  const acting = actionOf(app);
  if (acting?.action === "boarded") acting.seatsLeft = seatsOf(app) - (await aboardOf(app));
  facts.chosen ??= new Set(start(acting, party, person));
  const toggle = (id) => () => {
    if (!facts.chosen.delete(id)) facts.chosen.add(id);
    app.draw();
  };
  const chosen = party.filter(({ id }) => facts.chosen.has(id));
  const here = party.filter(({ stands }) => isHere(stands, phone.place));
  const head = banner(app, person, facts.found);
  const said = whyOf(app, person);
  const members = h("ul", { class: "members" }, party.map((one) => member(app, one, { chosen: facts.chosen.has(one.id), said, toggle: toggle(one.id) })));
  const presence = party.length > 1 ? h("p", { class: "presence" }, t("here_of", { here: here.length, all: party.length })) : null;
  const all = party.length > 1 && h("div", { class: "row" },
    button(t("only_one"), () => ((facts.chosen = new Set([person.id])), app.draw())),
    button(t("whole_party", { n: party.length }), () => ((facts.chosen = new Set(party.map(({ id }) => id))), app.draw())));
  return h("section", { class: "party" }, head, all, presence, members, actions(app, facts, { acting, chosen, party, person }));
}

/** Who is chosen at first: everybody of the party whom the action would move; at least the one who was found. */
function start(acting, party, person) {
  const moved = ({ stands }) => acting?.source && stands.account !== acting.source;
  const left = party.filter((one) => one.id === person.id || !moved(one));
  return left.map(({ id }) => id);
}

function banner(app, person, found) {
  const { colour } = person.colour;
  const proof = found?.how === "code" ? found.code : null;
  return h("header", { class: `banner ${colour}` },
    h("h1", { dir: "auto" }, nameOf(person)),
    h("p", { dir: "auto", class: "others" }, namesOf(person).slice(1).join(" · ")),
    h("p", { class: "word" }, colourBadge(person)),
    h("p", { class: "why" }, whyOf(app, person)),
    proof?.revoked ? h("p", { class: "proof" }, `! ${t("code_revoked")}`) : null,
    proof?.proof === "unsigned" ? h("p", { class: "proof" }, t("code_unsigned")) : null);
}

/** One of the party, to be chosen or not; why they may not go is said unless it was `said` of the person already. */
function member(app, one, { chosen, said, toggle }) {
  const why = one.colour.colour === "cleared" ? "" : whyOf(app, one);
  return h("li", {},
    h("button", { type: "button", class: `line ${one.colour.colour}`, role: "checkbox", "aria-checked": String(chosen), onclick: toggle },
      h("span", { class: "box", "aria-hidden": "true" }, chosen ? "☑" : "☐"),
      h("span", { class: "names" }, h("b", { dir: "auto" }, nameOf(one)), one.row?.birth_year ? h("small", {}, ` ${one.row.birth_year}`) : null,
        h("small", {}, whereOf(app, one)),
        why && why !== said ? h("small", { class: "why" }, why) : null),
      colourBadge(one)));
}

/** The frequent action of the mode: what it is called, whom it moves from where to where, and its drafts. */
function actionOf(app) {
  const { phone, mode, ride } = app;
  const { place } = phone;
  const legs = phone.kept.instructions?.legs ?? [];
  if (mode === "gate") {
    const leg = make.legAt(legs, place);
    if (!leg) return null;
    const [source, target] = [make.placeAccount(leg.source), make.placeAccount(leg.target)];
    return { action: "crossed", source, target, drafts: (at, ids, chosen) => make.crossed(at, ids, place, leg, make.oneListOf(chosen.map(({ row }) => row))) };
  }
  if (mode === "reception") {
    const custodians = phone.kept.instructions?.custodians ?? [];
    const custodian = app.custodian ?? custodians.find((one) => one.place === place)?.id ?? custodians[0]?.id ?? null;
    if (!custodian) return null;
    return { action: "received", source: make.placeAccount(place), target: "end:received", drafts: (at, ids) => make.received(at, ids, place, custodian) };
  }
  if (!ride) return null;
  const movement = phone.kept.instructions?.movements.find(({ id }) => id === ride.movement);
  const leg = legs.find(({ id }) => id === movement?.leg);
  if (!leg) return null;
  const aboard = make.aboardAccount(ride.movement);
  if (ride.way === "alight") {
    const target = place === leg.source ? leg.source : leg.target;
    return { action: "alighted", source: aboard, target: make.placeAccount(target), drafts: (at, ids) => make.alighted(at, ids, { ...ride, target }) };
  }
  const facts = { ...ride, source: leg.source, placeType: app.placeType ?? "seat" };
  return { action: "boarded", movement: ride.movement, source: make.placeAccount(leg.source), target: aboard, drafts: (at, ids) => make.boarded(at, ids, facts) };
}

/** Places of the vehicles of the movement that is boarding; without end when nobody said how many. */
function seatsOf(app) {
  const { vehicles = [] } = app.phone.kept.instructions.movements.find(({ id }) => id === app.ride.movement);
  return vehicles.length ? vehicles.reduce((sum, { seats }) => sum + (seats ?? Infinity), 0) : Infinity;
}

async function aboardOf(app) {
  return differences(await app.phone.onMovement(app.ride.movement), app.ride.movement).aboard.length;
}

function actions(app, facts, { acting, chosen, party, person }) {
  const { phone } = app;
  const ids = chosen.map(({ id }) => id);
  const whom = ids.length === 1 ? nameOf(chosen[0]) : t("people", { n: ids.length });
  const record = async (action, drafts, guard = {}) => {
    const words = `${t(`did_${action}`)}: ${whom}`;
    const go = async () => {
      if (await app.record(drafts(phone.now()), words)) app.restart(findScreen);
      else app.draw();
    };
    const found = warnings({ action, chosen, party, source: null, target: null, expired: phone.isExpired, ...guard });
    if (!found.length) return go();
    signal("look");
    return app.go(stopScreen, { found, words, record: go });
  };
  const none = ids.length === 0;
  const main = acting && button(`${t(`do_${acting.action}`)}: ${whom}`, () => record(acting.action, (at) => acting.drafts(at, ids, chosen), acting), { class: "go main", disabled: none });
  const gate = app.mode === "gate" && button(t("do_at_gate"), () => record("at_gate", (at) => make.atGate(at, ids, phone.place)), { disabled: none });
  const back = app.mode === "gate" && button(t("do_turned_back"), () => app.go(whyScreen, { record, ids, place: phone.place }), { disabled: none });
  const seen = button(t("do_sighted"), () => record("sighted", (at) => make.sighted(at, ids, phone.place)), { disabled: none });
  const ill = button(t("do_triage"), () => app.go(triageScreen, { person: chosen[0] ?? person }));
  const ride = app.mode === "movement" && !acting && button(t("choose_movement"), () => app.go(movementsScreen), { class: "go main" });
  const seats = acting?.action === "boarded" && choice(t("place_type"), make.PLACE_TYPES.map((type) => [type, t(`type_${type}`)]), app.placeType ?? "seat", (type) => ((app.placeType = type), app.draw()));
  const custodians = phone.kept.instructions?.custodians ?? [];
  const whose = acting?.action === "received" && custodians.length > 1 && choice(t("custodian"), custodians.map(({ id }) => [id, app.nameOf("custodians", id)]), app.custodian ?? null, (id) => ((app.custodian = id), app.draw()));
  return h("nav", { class: "bottom actions", "aria-label": t("actions") }, seats, whose, main, ride, gate, seen, back, ill, button(t("go_back"), () => app.back(), { class: "plain" }));
}

/** Why people were turned back: one touch each. */
function whyScreen(app, { record, ids, place }) {
  const one = (why) => button(t(`turned_${why}`), () => record("turned_back", (at) => make.turnedBack(at, ids, place, why)));
  return h("section", { class: "list" }, h("h1", {}, t("do_turned_back")), h("nav", { class: "bottom column" }, make.TURNED_BACK_WHYS.map(one), button(t("go_back"), () => app.back(), { class: "plain" })));
}
