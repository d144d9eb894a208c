// The first screen: one field for a code, a zone, the last digits of a document, or a name in any script.

import { t } from "../texts/speak.js";
import { button, choice, h, signal } from "./dom.js";
import { cameraView } from "./camera.js";
import { countScreen } from "./count.js";
import { moreScreen } from "./more.js";
import { movementScreen, movementsScreen } from "./movement.js";
import { partyScreen } from "./party.js";
import { personLine } from "./person.js";
import { formNumber, unknownScreen } from "./unknown.js";
import { zoneScreen } from "./zone.js";

const MODES = ["gate", "movement", "reception"];

export function findScreen(app, facts = {}) {
  const { phone } = app;
  const said = h("p", { class: "told", role: "status" });
  const list = h("ul", { class: "people" });
  const input = h("input", {
    id: "find", type: "search", "aria-label": t("find"), placeholder: t("find_how"), autocomplete: "off",
    autocapitalize: "none", spellcheck: "false", enterkeyhint: "search", dir: "auto",
  });
  let asked = 0;
  let gone = false; // a code opens by itself: Enter behind it must not open its person twice
  const opened = (id, found) => {
    gone = true;
    return app.go(partyScreen, { id, found });
  };
  const find = async (text, open = false) => {
    if (gone) return;
    const mine = (asked += 1);
    const began = performance.now();
    if (open && opensMovement(app, text.trim())) return;
    const found = await phone.people.ask("find", { text });
    if (mine !== asked) return; // something else was typed meanwhile
    app.foundInMs = performance.now() - began;
    const shown = found.people.map((row) => phone.shown(row.person, row));
    if (!shown.length) shown.push(...ownPeople(phone, text.trim()));
    said.textContent = words(found, shown, text, phone);
    list.replaceChildren(...shown.map((one) => personLine(app, one, () => app.go(partyScreen, { id: one.id, found }))));
    if (found.how === "code") {
      signal(found.code.proof === "bad" || found.code.revoked ? "look" : "seen");
      if (found.code.proof !== "bad") await opened(shown[0]?.id ?? found.code.person, found);
    } else if (open && shown.length === 1) {
      await opened(shown[0].id, found);
    } else if (open) signal("look");
  };
  let typing = null;
  input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => find(input.value), 80);
  });
  const submit = (event) => {
    event.preventDefault();
    clearTimeout(typing);
    find(input.value, true);
  };
  const camera = h("div", { class: "camera-room" });
  const scan = async () => {
    app.camera = !app.camera;
    if (app.camera) await cameraView(app, camera, (text) => find(text, true), said);
    else stop();
  };
  const stop = () => {
    app.leaving?.();
    camera.replaceChildren();
  };
  if (app.camera) queueMicrotask(() => cameraView(app, camera, (text) => find(text, true), said));
  if (facts.text) {
    input.value = facts.text; // a zone that was compared with its document is asked for once
    facts.text = null;
    queueMicrotask(() => find(input.value, true));
  }
  const modes = choice(t("mode"), MODES.map((mode) => [mode, t(`mode_${mode}`)]), app.mode, (mode) => {
    app.mode = mode;
    app.draw();
  });
  const bottom = h("nav", { class: "bottom", "aria-label": t("actions") },
    button(t("scan"), scan, { class: "scan" }),
    button(t("zone"), () => app.go(zoneScreen), { class: "zone-open" }),
    button(t("count"), () => app.go(countScreen)),
    button(t("unknown"), () => app.go(unknownScreen)),
    button(t("more"), () => app.go(moreScreen)));
  return h("section", { class: "find" }, h("h1", { class: "unseen" }, t("find")), modes, app.mode === "movement" ? ride(app) : null,
    h("form", { role: "search", onsubmit: submit }, input), camera, said, list, bottom);
}

/** People recorded here who are in no roster, by their id or the number of their paper form. */
function ownPeople(phone, text) {
  return [text, `paper-${formNumber(text)}`].filter((id) => phone.byPerson.has(id)).map((id) => phone.shown(id, null));
}

/** What was understood of a text, and how many were found. */
function words(found, shown, text, phone) {
  if (!text.trim()) return "";
  if (found.how === "code") {
    if (found.code.proof === "bad") return t("code_forged");
    if (found.code.revoked) return t("code_revoked");
  }
  if (found.how === "zone" && found.zone.wrong.length) return t("zone_wrong");
  if (!shown.length) return phone.isExpired ? t("roster_expired") : t(`found_none_${found.how}`);
  return t("found", { n: shown.length });
}

/** A code that names a movement or a vehicle opens it: the vehicle first, then the people. */
export function opensMovement(app, text) {
  const movements = app.phone.kept.instructions?.movements ?? [];
  const byId = movements.find(({ id }) => id === text);
  const byVehicle = movements.find(({ vehicles }) => vehicles.some(({ id }) => id === text));
  const movement = byId ?? byVehicle;
  if (!movement) return false;
  app.mode = "movement";
  app.ride = { movement: movement.id, vehicle: byVehicle && !byId ? text : (movement.vehicles[0]?.id ?? null), way: "board" };
  signal("seen");
  app.go(movementScreen);
  return true;
}

function ride(app) {
  if (!app.ride) return button(t("choose_movement"), () => app.go(movementsScreen), { class: "ride" });
  const { movement, vehicle, way } = app.ride;
  return button(`${t(`way_${way}`)}: ${app.nameOf("movements", movement)}${vehicle ? ` · ${vehicle}` : ""}`, () => app.go(movementScreen), { class: "ride" });
}
