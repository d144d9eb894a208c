// A movement: the vehicle first, then the people; who is planned, who is aboard, and who makes the difference, by name.

import * as make from "../gate/drafts.js";
import { differences } from "../gate/standing.js";
import { t } from "../texts/speak.js";
import { button, choice, field, h, timeOf } from "./dom.js";
import { findScreen } from "./find.js";
import { partyScreen } from "./party.js";
import { personLine } from "./person.js";
import { stopScreen } from "./stop.js";

const OVER = new Set(["cancelled"]);

/** Every movement near this place. */
export function movementsScreen(app) {
  const { phone } = app;
  const movements = (phone.kept.instructions?.movements ?? []).filter(({ status }) => !OVER.has(status));
  const line = (one) =>
    h("li", {}, button(
      h("span", { class: "names" }, h("b", {}, one.name ?? one.id), h("small", {}, legName(app, one.leg)),
        h("small", {}, `${one.departs_at === null ? t("time_not_known") : timeOf(one.departs_at, phone.enrolment.zone)} · ${t(`status_${one.status}`)}`)),
      () => choose(app, one), { class: "line" }));
  return h("section", { class: "list" }, h("h1", {}, t("choose_movement")),
    movements.length ? h("ul", { class: "people" }, movements.map(line)) : h("p", {}, t("no_movements")),
    h("nav", { class: "bottom" }, button(t("go_back"), () => app.back(), { class: "plain" })));
}

function choose(app, movement) {
  const leaves = movement.status === "planned" || movement.status === "boarding";
  app.ride = { movement: movement.id, vehicle: movement.vehicles[0]?.id ?? null, way: leaves ? "board" : "alight" };
  app.mode = "movement";
  return app.go(movementScreen);
}

function legName(app, id) {
  const leg = app.phone.kept.instructions.legs.find((one) => one.id === id);
  return leg ? `${app.placeName(leg.source)} → ${app.placeName(leg.target)}` : id;
}

export async function movementScreen(app) {
  const { phone, ride } = app;
  const movement = phone.kept.instructions.movements.find(({ id }) => id === ride.movement);
  const people = await phone.onMovement(ride.movement);
  const { aboard, missing, extra } = differences(people, ride.movement);
  const set = (facts) => {
    Object.assign(app.ride, facts);
    app.draw();
  };
  const part = (title, some) => some.length ? h("section", {}, h("h2", {}, `${title}: ${some.length}`), h("ul", { class: "people" }, some.map((one) => personLine(app, one, () => app.go(partyScreen, { id: one.id }))))) : null;
  const left = ride.way === "board" ? part(t("planned_not_aboard"), missing) : part(t("still_aboard"), aboard);
  const planned = aboard.length + missing.length - extra.length;
  return h("section", { class: "movement" },
    h("h1", {}, movement.name ?? movement.id), h("p", {}, legName(app, movement.leg)),
    choice(t("way"), [["board", t("way_board")], ["alight", t("way_alight")]], ride.way, (way) => set({ way })),
    movement.vehicles.length > 1 ? choice(t("vehicle"), movement.vehicles.map(({ id, seats }) => [id, `${id} · ${seats}`]), ride.vehicle, (vehicle) => set({ vehicle })) : null,
    h("p", { class: "columns" }, h("span", {}, t("planned"), h("b", {}, String(planned))), h("span", {}, t("aboard_now"), h("b", {}, String(aboard.length))), h("span", {}, t("differences"), h("b", { class: missing.length + extra.length ? "differs" : "" }, String(missing.length + extra.length)))),
    part(t("aboard_not_planned"), extra), left,
    h("nav", { class: "bottom" },
      button(t("to_people"), () => app.restart(findScreen), { class: "go" }),
      button(t("close_doors"), () => app.go(soulsScreen, { step: "boarding_closed", planned })),
      button(t("do_departed"), () => app.go(soulsScreen, { step: "departed", planned })),
      button(t("do_arrived"), () => app.go(soulsScreen, { step: "arrived", planned })),
      button(t("go_back"), () => app.back(), { class: "plain" })));
}

/** Souls counted aboard, beside who is recorded: differences are named before doors are shut, and before it leaves. */
async function soulsScreen(app, { step, planned }) {
  const { phone, ride } = app;
  const movement = phone.kept.instructions.movements.find(({ id }) => id === ride.movement);
  const leg = phone.kept.instructions.legs.find(({ id }) => id === movement.leg);
  const { aboard, missing, extra } = differences(await phone.onMovement(ride.movement), ride.movement);
  const souls = field(t("souls"), { type: "number", inputmode: "numeric", min: "0", step: "1", id: "souls", "data-focus": true });
  const told = h("p", { class: "told", role: "alert" });
  const go = async (event) => {
    event.preventDefault();
    const counted = souls.input.valueAsNumber;
    if (!Number.isInteger(counted) || counted < 0) return void (told.textContent = t("number_needed"));
    const differs = [
      counted === aboard.length ? null : { code: "souls_differ", people: [] },
      step === "boarding_closed" && missing.length ? { code: "planned_not_aboard", people: missing } : null,
      step === "boarding_closed" && extra.length ? { code: "aboard_not_planned", people: extra } : null,
    ].filter(Boolean);
    const words = `${t(`did_${step}`)}: ${movement.name ?? movement.id}, ${counted}`;
    const exception = differs.length ? `counted ${counted}, recorded ${aboard.length}, planned ${planned}` : null;
    const record = async () => {
      if (await app.record(drafts(phone.now(), counted, exception), words)) app.restart(findScreen);
    };
    return differs.length ? app.go(stopScreen, { found: differs, words, record }) : record();
  };
  const drafts = (at, counted, exception) => {
    if (step === "boarding_closed") return make.boardingClosed(at, movement.id, { souls: counted, planned, exception });
    return step === "departed" ? make.departed(at, movement.id, leg.source, counted) : make.arrived(at, movement.id, leg.target, counted);
  };
  return h("form", { class: "list", onsubmit: go }, h("h1", {}, t(`do_${step}`)), h("p", {}, t("recorded_aboard", { n: aboard.length })), souls.element, told,
    h("nav", { class: "bottom" }, h("button", { type: "submit", class: "go" }, t("record")), button(t("go_back"), () => app.back(), { class: "plain" })));
}
