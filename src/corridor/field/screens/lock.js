// The locked phone: whose it is, how many records wait, and the PIN. Nothing of persons can be read here.

import { changeEnrolment } from "../headquarters/locked.js";
import { TRIES_MAX, openVault, waitAfter } from "../record/keys.js";
import { eraseRoster } from "../people/pages.js";
import { Phone } from "../phone.js";
import { LANGUAGES, language, t } from "../texts/speak.js";
import { button, choice, field, h, signal, since } from "./dom.js";
import { enrolScreen } from "./enrol.js";

/** How many of an enrolment's records wait and since when, read without the PIN. */
export async function waitingOf(store, device) {
  const receipted = new Map((await store.all("receipts", [device])).map(({ epoch, seq }) => [epoch, seq]));
  const waits = (await store.all("records", [device])).filter(({ epoch, seq }) => seq > (receipted.get(epoch) ?? 0));
  return { count: waits.length, since: waits.length ? Math.min(...waits.map(({ at }) => at)) : null };
}

export const languages = (app) => choice(t("language"), LANGUAGES, language(), (chosen) => app.speak(chosen));

export async function lockScreen(app) {
  const enrolments = await app.store.all("enrolments");
  if (!enrolments.length) return enrolScreen(app, {});
  const chosen = enrolments.find(({ device }) => device === app.chosenDevice) ?? enrolments[0];
  const many = await Promise.all(enrolments.map(async (one) => [one, await waitingOf(app.store, one.device)]));
  const whose = ([{ device, userName, operation }, { count, since: oldest }]) =>
    button(
      h("span", {}, h("b", {}, userName), h("small", {}, `${device} · ${operation}`),
        h("small", {}, count ? t("wait_since", { n: count, time: since(oldest, Date.now()) }) : t("nothing_waits"))),
      () => ((app.chosenDevice = device), app.draw()),
      { class: "whose", "aria-pressed": String(device === chosen.device) },
    );
  const pin = field(t("pin"), { type: "password", inputmode: "numeric", "data-focus": true, id: "pin" });
  const told = h("p", { class: "told", role: "alert" });
  const open = async (event) => {
    event.preventDefault();
    const wait = Math.ceil(((chosen.blockedUntil ?? 0) - Date.now()) / 1000);
    if (wait > 0) return void (told.textContent = t("pin_wait", { n: wait }));
    told.textContent = t("opening");
    const dataKey = await openVault(chosen.vault, pin.input.value);
    if (dataKey) {
      await keepTries(app.store, chosen, 0);
      return app.unlock(new Phone(app.store, chosen, dataKey, app.version));
    }
    await keepTries(app.store, chosen, (chosen.wrongPins ?? 0) + 1);
    signal("look");
    pin.input.value = "";
    const next = waitAfter(chosen.wrongPins) / 1000;
    const words = next ? t("pin_wrong_wait", { n: next }) : t("pin_wrong");
    told.textContent = chosen.wrongPins >= TRIES_MAX ? t("pin_roster_erased") : words;
  };
  return h("form", { class: "lock", onsubmit: open },
    h("h1", {}, t("locked")), many.map(whose), pin.element, told,
    h("button", { class: "go", type: "submit" }, t("unlock")),
    button(t("enrol_another"), () => app.go(enrolScreen, {}), { class: "plain" }), languages(app));
}

/** Wrong PINs in a row slow the next one down; after many the roster is erased, records never are. */
async function keepTries(store, enrolment, wrongPins) {
  const tries = { wrongPins, blockedUntil: wrongPins ? Date.now() + waitAfter(wrongPins) : 0 };
  Object.assign(enrolment, tries);
  await changeEnrolment(store, enrolment.device, tries);
  if (wrongPins >= TRIES_MAX) await eraseRoster(store, enrolment.device);
}
