// Moves the page through time without loading it anew: the slider and the switch stay, the picture is replaced.
// The address always says both clocks. Without this script the form does the same with a button.

const HOUR = 3_600_000;
const form = document.getElementById("clocks");
const picture = document.getElementById("picture");
const slider = document.getElementById("hour");
const claims = document.getElementById("claims");
const typed = form.querySelector("[name=known_local]");
const said = document.getElementById("said");
const play = document.getElementById("play");
const toNow = document.getElementById("to-now");
const language = { en: "en-GB", ar: "ar-u-nu-latn" }[document.documentElement.lang] ?? document.documentElement.lang;
const dates = (zone) =>
  new Intl.DateTimeFormat(language, {
    timeZone: zone, weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
const local = dates(form.dataset.zone);
const utc = new Intl.DateTimeFormat(language, { timeZone: "UTC", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
// The first whole hour after each departure: there the movement is on its way.
const stops = [...document.querySelectorAll(".flight")].map((mark) => Number(mark.dataset.stop)).sort((a, b) => a - b);
const stop = { before: () => stops.findLast((one) => one < at), after: () => stops.find((one) => one > at) };

let at = Number(picture.querySelector(".moment").dataset.at);
let fixed = picture.querySelector(".moment").dataset.knownLocal ? new URL(location).searchParams.get("known") : null;
let asked = null; // the request under way
let waiting = false; // something newer than that request is wanted
let resting = 0;
let playing = 0;

const written = (moment) => new Date(moment).toISOString().replace(/(:00)?\.000Z$/, "Z");

// A typed time is of the operation's zone, so the server reads it once and answers with the address to keep.
function address(moment = at) {
  const choice = new FormData(form).get("known");
  const query = new URLSearchParams({ at: written(moment), known: choice === "at" && fixed ? fixed : choice });
  if (choice === "at" && !fixed) query.set("known_local", typed.value);
  return `${form.getAttribute("action")}?${query}`.replaceAll("%3A", ":");
}

function tell() {
  const now = new Date(at);
  document.getElementById("at-said").value = local.format(now);
  document.getElementById("at-utc").textContent = utc.format(now);
  slider.setAttribute("aria-valuetext", local.format(now));
  for (const id of ["before", "after"]) {
    const link = document.getElementById(id);
    if (stop[id]() === undefined) link.removeAttribute("href");
    else link.href = address(stop[id]());
  }
}

async function load() {
  if (asked) {
    waiting = true;
    return;
  }
  asked = address();
  try {
    const answer = await fetch(asked, { headers: { "X-Fragment": "picture" }, credentials: "same-origin" });
    const whole = answer.url.includes("/sign-in/");
    if (whole || !answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    picture.replaceChildren(...page.body.childNodes);
    const shown = picture.querySelector(".moment").dataset;
    fixed = shown.knownLocal ? shown.known : null;
    if (fixed && document.activeElement !== typed) typed.value = shown.knownLocal;
    history.replaceState(null, "", new URL(answer.url));
    const next = document.querySelector(".languages [name=next]");
    if (next) next.value = location.pathname + location.search;
    for (const link of document.querySelectorAll("[data-clocks]")) link.search = location.search;
    toNow.hidden = false;
    clearTimeout(resting);
    resting = setTimeout(rest, 500);
  } catch (error) {
    if (/^(40[0-9]|200)$/.test(error.message)) location.assign(asked);
    else said.textContent = form.dataset.failed;
    pause();
  } finally {
    asked = null;
    if (waiting) {
      waiting = false;
      load();
    }
  }
}

// When the slider rests: say the figures aloud, and compare what others published, which is slower.
async function rest() {
  said.textContent = picture.querySelector(".moment").dataset.said;
  const query = new URL(location).searchParams;
  // Without the network the claims stay as they are; the figures' own request says so.
  const answer = await fetch(`${claims.dataset.address}?${query}&most=10`, { headers: { "X-Fragment": "claims" } }).catch(() => null);
  if (!answer?.ok || asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  claims.replaceChildren(...page.body.childNodes);
}

function go(moment) {
  at = Math.min(Math.max(moment, slider.min * HOUR), slider.max * HOUR);
  slider.value = Math.floor(at / HOUR);
  tell();
  load();
}

function pause() {
  clearInterval(playing);
  playing = 0;
  play.setAttribute("aria-pressed", "false");
  play.querySelector("use").setAttribute("href", "#i-play");
}

slider.addEventListener("input", () => go(slider.valueAsNumber * HOUR));
slider.addEventListener("keydown", (event) => {
  const days = { PageUp: 1, PageDown: -1 }[event.key];
  if (!days) return;
  event.preventDefault();
  go(at + days * 24 * HOUR);
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", (event) => {
  if (event.target === slider) return;
  if (event.target === typed) form.querySelector("[name=known][value=at]").checked = true;
  fixed = null;
  tell();
  load();
});
for (const id of ["before", "after"]) {
  document.getElementById(id).addEventListener("click", (event) => {
    event.preventDefault();
    if (stop[id]() !== undefined) go(stop[id]());
  });
}
play.addEventListener("click", () => {
  if (playing) return pause();
  if (at >= slider.max * HOUR) at = slider.min * HOUR;
  play.setAttribute("aria-pressed", "true");
  play.querySelector("use").setAttribute("href", "#i-pause");
  playing = setInterval(() => (at >= slider.max * HOUR ? pause() : !asked && go(at + HOUR)), 180);
});

document.documentElement.classList.add("scripted");
play.hidden = false;
tell();
