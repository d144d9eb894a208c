// A passport's zone: read by the camera or typed, in one form; the officer compares every field with the document.

import { zoneFields } from "../people/zone_fields.js";
import { language, t } from "../texts/speak.js";
import { isEnough } from "../zone/voting.js";
import { ZoneReader } from "../zone/reader.js";
import { openCamera } from "./camera.js";
import { button, h, signal } from "./dom.js";
import { findScreen } from "./find.js";

const CAMERA_WIDTH = 1920;
const PICTURE_WIDTH = 1280; // more tells no more, and takes longer
const EVERY_MS = 60;
const NOTHING_AFTER_MS = 6_000;
const NAMES = new Set(["surname", "given_names"]);

export function zoneScreen(app, facts) {
  facts.text ??= ""; // the lines as they stand in the form
  facts.doubts ??= []; // characters that the camera was unsure of
  facts.compared ??= new Set(); // fields at fault or in doubt that the officer has compared
  const said = h("p", { class: "told", role: "status" });
  const room = h("div", { class: "camera-room zone-room" });
  const form = h("textarea", {
    id: "zone", rows: 3, "aria-label": t("zone_lines"), dir: "ltr", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", wrap: "off",
  });
  form.value = facts.text;
  const fields = h("ul", { class: "fields" });
  const go = h("button", { type: "submit", class: "go main" }, t("zone_find"));
  const draw = () => {
    const found = zoneFields(facts.text);
    fields.replaceChildren(...(found ?? []).map((field) => fieldLine(field, facts, draw)));
    const open = (found ?? []).filter((field) => needsLook(field, facts) && !facts.compared.has(field.name));
    go.disabled = !found || open.length > 0;
    if (found) said.textContent = open.length ? t("zone_compare_marked", { n: open.length }) : t("zone_compare");
    else if (facts.text) said.textContent = t("zone_not_yet", { counts: facts.text.trim().split(/\s+/).map(({ length }) => length).join(", ") });
  };
  const stop = () => {
    facts.typing = true; // drawn anew, the screen does not open the camera again
    app.leaving?.();
    app.leaving = null;
    said.textContent = "";
  };
  form.addEventListener("input", () => {
    stop(); // or the camera would write over what is typed
    Object.assign(facts, { text: form.value, doubts: [], compared: new Set() }); // what a hand typed, the camera does not doubt
    draw();
  });
  const type = () => {
    stop();
    form.focus();
  };
  const look = () => {
    Object.assign(facts, { text: "", doubts: [], compared: new Set() });
    form.value = "";
    draw();
    return watch(app, room, said, (together) => {
      Object.assign(facts, { text: together.lines.join("\n"), doubts: together.doubts, compared: new Set() });
      form.value = facts.text;
      signal(together.doubts.length ? "look" : "seen");
      draw();
      go.scrollIntoView({ block: "nearest" });
    }, () => form.focus());
  };
  const found = (event) => {
    event.preventDefault();
    return app.restart(findScreen, { text: facts.text });
  };
  draw();
  if (!facts.text && !facts.typing) queueMicrotask(look);
  return h("form", { class: "zone", onsubmit: found }, h("h1", {}, t("zone")), room, said, form, fields,
    h("nav", { class: "bottom" }, go, button(t("zone_type"), type), button(t("zone_again"), look),
      button(t("go_back"), () => app.back(), { class: "plain" })));
}

const inDoubt = (field, { doubts }) => doubts.filter(({ line, column }) => field.spans.some(([at, from, to]) => at === line && column >= from && column < to));

/** Whether a field is to be touched by itself: its digit does not hold, or the camera was unsure. */
const needsLook = (field, facts) => field.holds === false || inDoubt(field, facts).length > 0;

/** One field as it stands in the zone, its doubtful characters marked; at fault or in doubt, it is ticked by a touch. */
function fieldLine(field, facts, draw) {
  const doubts = inDoubt(field, facts);
  const words = [];
  if (field.holds === false) words.push(t("zone_digit_wrong"));
  if (doubts.length) words.push(t("zone_doubtful", { which: doubts.map((one) => doubtful(facts, one)).join(", ") }));
  const content = [h("span", { class: "names" }, h("small", {}, t(`zone_${field.name}`)), h("b", { dir: field.name.endsWith("_date") ? "auto" : "ltr" }, shown(field, facts, doubts)),
    words.length ? h("span", { class: "why" }, words.join(" ")) : null)];
  if (!needsLook(field, facts)) return h("li", { class: NAMES.has(field.name) ? "line whole" : "line" }, content);
  const touched = () => {
    facts.compared[facts.compared.has(field.name) ? "delete" : "add"](field.name);
    draw();
  };
  const compared = facts.compared.has(field.name);
  return h("li", { class: "whole" }, button([...content, h("span", { class: "box", "aria-hidden": "true" }, compared ? "☑" : "☐")], touched,
    { class: "line look", role: "checkbox", "aria-checked": String(compared) }));
}

/** A doubtful character, where it stands, and what else it may be. */
function doubtful({ text }, { line, column, or }) {
  const letter = text.split("\n")[line][column];
  const which = or ? `${letter}/${or}` : letter;
  return t("zone_character", { which, line: line + 1, place: column + 1 });
}

/** A field's words: a date as a date, everything else as printed with its doubtful characters marked. */
function shown(field, { text }, doubts) {
  if (!doubts.length) return [field.name.endsWith("_date") ? dateOf(field.text) : field.text || "–"];
  const lines = text.split("\n");
  const [line, from, to] = field.spans[0];
  return [...lines[line].slice(from, to).replace(/<+$/, "")].map((letter, at) =>
    doubts.some((one) => one.line === line && one.column === from + at) ? h("mark", {}, letter) : letter);
}

/** Day, month by its name, two digits of the year as the zone has them; what is no date stays as it is. */
function dateOf(text) {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (!day || Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return text;
  const how = new Intl.DateTimeFormat(`${language() === "en" ? "en-GB" : language()}-u-nu-latn`, { day: "2-digit", month: "short", timeZone: "UTC" });
  return `${how.format(Date.UTC(2000, Number(month) - 1, Number(day)))} ’${year}`;
}

/** Looks through the camera until a zone is read, and hands over what all pictures say together. */
async function watch(app, room, said, read, refused) {
  app.leaving?.();
  const camera = await openCamera(app, room, CAMERA_WIDTH);
  if (!camera) {
    said.textContent = t("zone_no_camera");
    return refused();
  }
  const reader = new ZoneReader();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const began = performance.now();
  said.textContent = t("zone_how");
  try {
    while (camera.isOn()) {
      const picture = pictureOf(camera.video, room, canvas, context);
      const { together, read: any } = picture ? await reader.read(picture) : {};
      if (!camera.isOn()) return;
      if (any && isEnough(together, zoneFields(together.lines.join("\n"))?.every(({ holds }) => holds !== false))) {
        camera.stop();
        return read(together);
      }
      if (together) said.textContent = t("zone_hold_still");
      else if (performance.now() - began > NOTHING_AFTER_MS) said.textContent = t("zone_nothing");
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  } catch (error) {
    camera.stop();
    said.textContent = t("zone_failed", { why: String(error?.message ?? error) });
    refused();
  } finally {
    reader.close();
  }
}

/** The part of the camera's picture that is on the screen, as wide as is worth reading; null before the first one. */
function pictureOf(video, room, canvas, context) {
  if (!video.videoWidth || !room.clientWidth) return null;
  const shape = video.clientHeight / video.clientWidth;
  const wide = Math.min(video.videoWidth, video.videoHeight / shape);
  const high = Math.min(video.videoHeight, video.videoWidth * shape);
  const scale = Math.min(1, PICTURE_WIDTH / wide);
  canvas.width = Math.round(wide * scale);
  canvas.height = Math.round(high * scale);
  context.drawImage(video, (video.videoWidth - wide) / 2, (video.videoHeight - high) / 2, wide, high, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
