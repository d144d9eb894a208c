// A head count: what a human counted, beside what the phone knows; neither corrects the other.

import * as make from "../gate/drafts.js";
import { t } from "../texts/speak.js";
import { button, choice, field, h } from "./dom.js";
import { findScreen } from "./find.js";
import { stopScreen } from "./stop.js";

export async function countScreen(app, facts) {
  const { phone } = app;
  const here = make.placeAccount(phone.place);
  const rides = (phone.kept.instructions?.movements ?? []).filter(({ status }) => status !== "planned");
  facts.account ??= app.mode === "movement" && app.ride ? make.aboardAccount(app.ride.movement) : here;
  const accounts = [[here, app.placeName(phone.place)], ...rides.map(({ id, name }) => [make.aboardAccount(id), name ?? id])];
  if (!accounts.some(([account]) => account === facts.account)) accounts.push([facts.account, app.accountName(facts.account)]);
  const known = (await accountPeople(phone, facts.account)).length;
  const count = field(t("counted_known"), { type: "number", inputmode: "numeric", min: "0", step: "1", id: "count", "data-focus": true });
  const strange = field(t("counted_unknown"), { type: "number", inputmode: "numeric", min: "0", step: "1", id: "unidentified", value: "0" });
  const told = h("p", { class: "told", role: "alert" });
  const go = async (event) => {
    event.preventDefault();
    const [all, unidentified] = [count.input.valueAsNumber, strange.input.valueAsNumber || 0];
    if (!Number.isInteger(all) || all < 0 || unidentified < 0 || unidentified > all) return void (told.textContent = t("number_needed"));
    const words = `${t("count")}: ${app.accountName(facts.account)}, ${all}`;
    const record = async () => {
      if (await app.record(make.counted(phone.now(), facts.account, all, unidentified), words)) app.restart(findScreen);
    };
    return all === known ? record() : app.go(stopScreen, { found: [{ code: "count_differs", people: [] }], words: `${words} · ${t("known_here", { n: known })}`, record });
  };
  return h("form", { class: "list", onsubmit: go }, h("h1", {}, t("count")),
    choice(t("where"), accounts, facts.account, (account) => ((facts.account = account), app.draw())),
    h("p", {}, t("known_here", { n: known })), count.element, strange.element, told,
    h("nav", { class: "bottom" }, h("button", { type: "submit", class: "go" }, t("record")), button(t("go_back"), () => app.back(), { class: "plain" })));
}

/** Whom this phone knows in an account: the roster, and what was recorded here since. */
async function accountPeople(phone, account) {
  const rows = await phone.people.ask("inAccount", { id: account });
  const others = [...phone.byPerson.keys()].filter((id) => !rows.some(({ person }) => person === id));
  const more = await phone.people.ask("people", { ids: others });
  const found = new Map(more.map((row) => [row.person, row]));
  const shown = [...rows.map((row) => phone.shown(row.person, row)), ...others.map((id) => phone.shown(id, found.get(id) ?? null))];
  return shown.filter(({ stands }) => stands.account === account);
}
