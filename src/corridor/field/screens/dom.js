// What every screen is made of: elements, times, sounds.

import { language, t } from "../texts/speak.js";

/** An element with attributes (`on…` are listeners, `null` and `false` are left out) and children. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return element;
}

/** A button of a screen; `press` may be slow, and is not begun twice. */
export function button(text, press, attributes = {}) {
  let busy = false;
  const pressed = async (event) => {
    if (busy) return;
    busy = true;
    try {
      await press(event);
    } finally {
      busy = false;
    }
  };
  return h("button", { type: "button", onclick: pressed, ...attributes }, text);
}

/** One of a few words to choose: buttons of which one is pressed. */
export function choice(label, options, chosen, choose) {
  const one = ([value, text]) => button(text, () => choose(value), { "aria-pressed": String(value === chosen) });
  return h("div", { class: "choice", role: "group", "aria-label": label }, options.map(one));
}

/** A labelled field. */
export function field(label, attributes = {}) {
  const input = h("input", { autocomplete: "off", ...attributes });
  return { input, element: h("label", { class: "field" }, h("span", {}, label), input) };
}

/** A moment as a clock time of the officer's zone, with the day unless it is today. */
export function timeOf(moment, zone) {
  const at = new Date(moment);
  const day = (one) => one.toLocaleDateString("en-CA", { timeZone: zone });
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const today = day(at) === day(new Date());
  const how = today ? clock : { ...clock, day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(`${language()}-u-nu-latn`, how).format(at);
}

/** How long ago, in the largest unit that fits. */
export function since(moment, now) {
  const minutes = Math.max(0, Math.round((now - moment) / 60_000));
  if (minutes < 60) return t("minutes", { n: minutes });
  if (minutes < 48 * 60) return t("hours", { n: Math.round(minutes / 60) });
  return t("days", { n: Math.round(minutes / 1440) });
}

/** A difference between clocks in the units in which people would notice it. */
export function clockOf(clock) {
  if (!clock) return t("clock_never");
  const size = Math.abs(clock.offsetMs);
  const [unit, ms] = size < 10_000 ? ["ms", 1] : size < 600_000 ? ["s", 1000] : size < 172_800_000 ? ["min", 60_000] : ["d", 86_400_000];
  return t("clock_offset", { n: `${Math.round(clock.offsetMs / ms)} ${t(`unit_${unit}`)}`, u: `${clock.uncertaintyMs} ${t("unit_ms")}` });
}

let sound = null;

const NOTES = { good: [880, 1320], seen: [660], look: [330, 220] };
const BUZZES = { good: [60], seen: [20], look: [120, 80, 120] };

/** Tells the ear and the hand: `good` only once a record is safe, `seen` when a code was read, `look` when something is
 * to be read before going on. */
export function signal(kind) {
  navigator.vibrate?.(BUZZES[kind]);
  sound ??= window.AudioContext ? new AudioContext() : null;
  if (!sound || sound.state === "suspended") return void sound?.resume();
  for (const [place, pitch] of NOTES[kind].entries()) {
    const note = new OscillatorNode(sound, { frequency: pitch });
    const from = sound.currentTime + place * 0.12;
    const loud = new GainNode(sound, { gain: 0.25 });
    note.connect(loud).connect(sound.destination);
    note.start(from);
    note.stop(from + 0.1);
  }
}
