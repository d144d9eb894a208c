// Quick triage: one question at a time by START or JumpSTART, then the colour, and the way to the medic.

import * as make from "../gate/drafts.js";
import { triage } from "../gate/triage.js";
import { t } from "../texts/speak.js";
import { button, choice, field, h } from "./dom.js";
import { findScreen } from "./find.js";
import { nameOf } from "./person.js";

const CHILD_YEARS = 14; // the roster has a year of birth only; who looks like an adult is triaged as one
const ANSWERS = {
  walks: [[true, "yes"], [false, "no"]],
  breathes_after: [["airway", "breathes_airway"], ["neither", "breathes_neither"]],
  pulse: [[true, "yes"], [false, "no"]],
  obeys: [[true, "yes"], [false, "no"]],
  avpu: [["alert", "avpu_alert"], ["voice", "avpu_voice"], ["pain", "avpu_pain"], ["pain_inappropriate", "avpu_pain_inappropriate"], ["unresponsive", "avpu_unresponsive"]],
};
const RESCUE = [["rescue_breaths", "breathes_rescue"]];

export function triageScreen(app, facts) {
  const { phone } = app;
  const { person } = facts;
  const year = person.row?.birth_year;
  facts.system ??= year && new Date().getFullYear() - year <= CHILD_YEARS ? "jumpstart" : "start";
  facts.seen ??= {};
  const { ask, colour } = triage(facts.system, facts.seen);
  const answer = (name, value) => {
    facts.seen[name] = value;
    app.draw();
  };
  const systems = choice(t("triage_system"), [["start", t("system_start")], ["jumpstart", t("system_jumpstart")]], facts.system, (system) => {
    Object.assign(facts, { system, seen: {} });
    app.draw();
  });
  const head = [h("h1", { dir: "auto" }, nameOf(person)), systems];
  const back = button(t("go_back"), () => app.back(), { class: "plain" });
  if (colour) return h("section", { class: "list" }, head, h("p", { class: `triage ${colour}` }, t(`triage_${colour}`)), h("nav", { class: "bottom column" }, decide(app, facts, colour), back));
  if (ask === "breathing_per_minute") return breaths(app, head, back, (value) => answer(ask, value));
  const answers = facts.system === "jumpstart" && ask === "breathes_after" ? [ANSWERS[ask][0], ...RESCUE, ANSWERS[ask][1]] : ANSWERS[ask];
  return h("section", { class: "list" }, head, h("h2", {}, t(`ask_${ask}`)), h("nav", { class: "bottom column" }, answers.map(([value, word]) => button(t(word), () => answer(ask, value), { class: "go" })), back));
}

function breaths(app, head, back, answer) {
  const number = field(t("ask_breathing_per_minute"), { type: "number", inputmode: "numeric", min: "0", max: "120", id: "breaths", "data-focus": true });
  const go = (event) => {
    event.preventDefault();
    if (number.input.checkValidity() && number.input.value !== "") answer(number.input.valueAsNumber);
  };
  return h("form", { class: "list", onsubmit: go }, head, number.element, h("nav", { class: "bottom" }, h("button", { type: "submit", class: "go" }, t("next")), back));
}

function decide(app, facts, colour) {
  const { phone } = app;
  const { person, system, seen } = facts;
  const record = (medic) => async () => {
    const at = phone.now();
    const drafts = make.triaged(at, person.id, { system, seen, colour });
    if (medic) drafts.push(...make.toMedic(at, person.id, { encounter: `e-${phone.draw()}`, place: phone.place }));
    if (await app.record(drafts, `${nameOf(person)}: ${t(`triage_${colour}`)}${medic ? ` · ${t("to_medic")}` : ""}`)) app.restart(findScreen);
  };
  return [button(t("record_to_medic"), record(true), { class: "go" }), button(t("record_only"), record(false))];
}
