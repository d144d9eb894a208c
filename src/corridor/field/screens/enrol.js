// Enrolment: the code headquarters showed, a PIN of one's own, and the phone is a device.

import { enrol, readEnrolment } from "../headquarters/enrol.js";
import { PIN_DIGITS_MIN, hasOwnEd25519, makeSigningKey, makeVault, openVault, seal, unseal } from "../record/keys.js";
import { Phone } from "../phone.js";
import { t } from "../texts/speak.js";
import { button, field, h } from "./dom.js";
import { languages } from "./lock.js";

export async function enrolScreen(app, facts) {
  const scanned = readEnrolment(facts.address ?? "");
  const code = field(t("enrol_code"), { id: "code", autocapitalize: "characters", value: scanned.code ?? null, "data-focus": !scanned.code });
  const pin = field(t("pin_choose", { n: PIN_DIGITS_MIN }), { type: "password", inputmode: "numeric", id: "pin", "data-focus": Boolean(scanned.code) });
  const again = field(t("pin_again"), { type: "password", inputmode: "numeric", id: "again" });
  const told = h("p", { class: "told", role: "alert" });
  const go = async (event) => {
    event.preventDefault();
    const typed = readEnrolment(code.input.value);
    if (!typed.code) return void (told.textContent = t("code_not_good"));
    if (!new RegExp(`^\\d{${PIN_DIGITS_MIN},}$`).test(pin.input.value)) return void (told.textContent = t("pin_short", { n: PIN_DIGITS_MIN }));
    if (pin.input.value !== again.input.value) return void (told.textContent = t("pin_differs"));
    told.textContent = t("enrolling");
    try {
      const key = typed.key ?? (typed.code === scanned.code ? scanned.key : null);
      const { enrolment, dataKey } = await becomeDevice(app, typed.code, key, pin.input.value);
      if (!key) await app.go(compareScreen, { enrolment, dataKey });
      else await app.unlock(new Phone(app.store, enrolment, dataKey, app.version));
    } catch (error) {
      told.textContent = t(`refused_${error.code}`, {}, error.remedy ? `${error.says} ${error.remedy}` : String(error));
    }
  };
  return h("form", { class: "lock", onsubmit: go },
    h("h1", {}, t("enrol_title")), h("p", {}, t("enrol_how")), code.element, pin.element, again.element, told,
    h("button", { class: "go", type: "submit" }, t("enrol")), languages(app));
}

/** A typed code names no key of headquarters: its first digits are compared by eye. */
function compareScreen(app, { enrolment, dataKey }) {
  return h("section", { class: "lock" },
    h("h1", {}, t("compare_title")), h("p", {}, t("compare_how")),
    h("p", { class: "digits" }, enrolment.headquartersKey.slice(0, 8)),
    button(t("compare_same"), () => app.unlock(new Phone(app.store, enrolment, dataKey, app.version)), { class: "go" }),
    button(t("compare_other"), async () => {
      await app.store.write(["enrolments"], (enrolments) => void enrolments.delete(enrolment.device));
      app.restart(enrolScreen, {});
    }, { class: "plain" }));
}

/** Makes the key, shows headquarters the code, and keeps the enrolment. The key and the PIN are kept before headquarters
 * is asked, so that the same call can be made again when its answer was lost. */
export async function becomeDevice(app, code, key, pin) {
  const { store } = app;
  const place = ["", "pending"];
  let pending = await store.get("kept", place);
  let dataKey = pending?.code === code ? await openVault(pending.vault, pin) : null;
  if (!dataKey) {
    const made = await makeVault(pin);
    dataKey = made.dataKey;
    const { own, seed, publicKey } = await makeSigningKey(await hasOwnEd25519());
    const sealedSeed = seed && (await seal(dataKey, seed, "seed"));
    pending = { device: place[0], name: place[1], code, vault: made.vault, key: own, publicKey, sealedSeed };
    await store.put("kept", pending);
  }
  const seed = pending.sealedSeed && (await unseal(dataKey, pending.sealedSeed, "seed"));
  const answer = await enrol({ code, key, signingKey: { own: pending.key, seed, publicKey: pending.publicKey }, app: app.version });
  const before = await store.get("enrolments", answer.device);
  const same = before && (await openVault(before.vault, pin)); // the same PIN as before: what it opens stays open
  if (same) dataKey = same;
  const sealedSeed = seed && (await seal(dataKey, seed, "seed"));
  const enrolment = {
    device: answer.device, user: answer.user, userName: answer.user_name, role: answer.role, place: answer.place,
    operation: answer.operation, titles: answer.titles, languages: answer.languages, zone: answer.zone,
    headquartersKey: answer.headquarters_key, exportKey: answer.export_key, rosterHours: answer.roster_hours,
    epoch: Math.max(answer.epoch, before?.epoch ?? 1), revoked: false, forkedAt: null, wrongPins: 0, blockedUntil: 0,
    vault: same ? before.vault : pending.vault, // records of a forgotten PIN stay on the disk, and are counted
    keys: [...(before?.keys ?? []), { from: answer.epoch, key: pending.key, sealedSeed, publicKey: pending.publicKey }],
  };
  await store.write(["enrolments", "kept", "roster"], (enrolments, kept, roster) => {
    enrolments.put(enrolment);
    if (!same) kept.delete(IDBKeyRange.bound([answer.device], [answer.device, []])); // sealed under an earlier PIN
    else kept.delete([answer.device, "roster"]); // it may be of another place
    roster.delete(IDBKeyRange.bound([answer.device], [answer.device, []]));
    kept.delete(place);
  });
  app.chosenDevice = answer.device;
  return { enrolment, dataKey };
}
