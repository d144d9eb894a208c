// The outbox: every record still on the phone, what became of it, and the ways home by network or by file.

import { t } from "../texts/speak.js";
import { button, clockOf, h, since, timeOf } from "./dom.js";

const SHOWN_MAX = 300;

export function outboxScreen(app) {
  const { phone } = app;
  const line = (record) => {
    const { state, code } = phone.stateOf(record);
    return h("li", {}, h("button", { type: "button", class: `line record ${state}`, onclick: () => app.go(recordScreen, { id: record.id }) },
      h("span", { class: "names" }, h("b", {}, wordsOf(app, record)), h("small", {}, timeOf(record.at, phone.enrolment.zone))),
      h("span", { class: `state ${state}` }, t(`state_${state}`), code ? h("small", {}, t(`held_${code}`)) : null)));
  };
  const [waits, heard, away] = [h("p"), h("p"), h("p", { class: "away" })];
  const told = h("p", { class: "told", role: "status" });
  const list = h("ul", { class: "people" });
  let shown = null;
  app.refresh = () => {
    const { count, since: oldest } = phone.outbox.waiting;
    say(waits, count ? t("wait_since", { n: count, time: since(oldest, phone.now()) }) : t("nothing_waits"));
    say(heard, phone.kept.heard ? t("last_exchange", { time: timeOf(phone.kept.heard, phone.enrolment.zone) }) : t("never_exchanged"));
    say(away, phone.outbox.unreadable ? t("locked_away", { n: phone.outbox.unreadable }) : "");
    say(told, phone.busy ? t("exchanging") : refusalOf(phone));
    const records = phone.records.slice(-SHOWN_MAX).reverse();
    const states = JSON.stringify(records.map((one) => [one.id, phone.stateOf(one)]));
    if (states === shown) return; // whoever reads or presses a line keeps it
    shown = states;
    list.replaceChildren(...records.map(line));
  };
  app.refresh();
  return h("section", { class: "list" }, h("h1", {}, t("outbox")), waits, heard, told, away,
    h("div", { class: "row" }, button(t("exchange_now"), () => phone.exchangeNow(), { class: "go" }),
      button(t("export"), () => exportFile(app)), answerFile(app)),
    list, h("nav", { class: "bottom" }, button(t("go_back"), () => app.back(), { class: "plain" })));
}

/** Says words where others stood; the same words are not said twice. */
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Why the last exchange came to nothing; nothing when it came to something. */
function refusalOf({ refused }) {
  return refused ? t(`refused_${refused.code}`, {}, `${refused.says} ${refused.remedy}`) : "";
}

async function exportFile(app) {
  const { name, bytes } = await app.phone.exportFile();
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  app.said = { good: true, words: t("exported", { name }), until: performance.now() + 8_000 };
  await app.draw();
}

/** Takes in the answer that headquarters gave to an exported file. */
function answerFile(app) {
  const input = h("input", { type: "file", accept: ".receipts", "aria-label": t("import_answer") });
  const told = h("span", { role: "status" });
  input.addEventListener("change", async () => {
    const left = await app.phone.importAnswer(new Uint8Array(await input.files[0].arrayBuffer()));
    told.textContent = left === null ? t("refused_not_an_answer") : t("wait_now", { n: left });
    if (left !== null) await app.draw();
  });
  return h("label", { class: "file" }, t("import_answer"), input, told);
}

/** What a record says, in words. */
function wordsOf(app, { event }) {
  const what = t(`did_${event.kind}`, {}, event.kind);
  return event.persons.length ? `${what}: ${event.persons.length === 1 ? event.persons[0] : t("people", { n: event.persons.length })}` : what;
}

/** One record, opened: everything it says, and its way back where it is the last one. */
async function recordScreen(app, { id }) {
  const { phone } = app;
  const record = phone.records.find((one) => one.id === id);
  const { event } = record;
  const rows = await phone.people.ask("people", { ids: event.persons });
  const named = event.persons.map((person) => rows.find((row) => row.person === person)?.names?.[0] ?? person);
  const { state, code } = phone.stateOf(record);
  const part = (word, value) => value === null || value === undefined || value === "" ? null : [h("dt", {}, t(word)), h("dd", { dir: "auto" }, String(value))];
  const mayUndo = !["corrected"].includes(event.kind) && !phone.records.some((one) => one.event.kind === "corrected" && one.event.body.of === id);
  return h("section", { class: "list" }, h("h1", {}, wordsOf(app, record)),
    h("dl", {}, part("record_state", code ? `${t(`state_${state}`)}: ${t(`held_${code}`)}` : t(`state_${state}`)), part("record_time", timeOf(record.at, phone.enrolment.zone)),
      part("record_people", named.join(", ")), part("record_from", event.source && app.accountName(event.source)), part("record_to", event.target && app.accountName(event.target)),
      part("record_by", event.by), part("record_id", id), part("record_clock", clockOf(event.offset_ms === undefined ? null : { offsetMs: event.offset_ms, uncertaintyMs: event.uncertainty_ms })),
      part("record_body", JSON.stringify(event.body))),
    h("nav", { class: "bottom" }, mayUndo ? button(t("undo"), () => app.undo([id]), { class: "danger" }) : null, button(t("go_back"), () => app.back(), { class: "plain" })));
}
