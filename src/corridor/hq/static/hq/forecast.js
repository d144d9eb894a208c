// The forecast's pages: one that waits for its first forecast asks again by itself.
//
// The what-if desk: a change that is switched on or off is answered beside it. The address keeps what is asked, so that
// it can be sent on. Without this script the form's button does the same.

const form = document.getElementById("what-if");
const place = document.getElementById("answer");
const AGAIN = 100; // while futures are walked; the server waits a little itself
const WALKED_AFTER = 2_000;
const RANKING_AGAIN = 3_000; // while single additions are compared

let waits = 0;
let asking = 0; // counts what was asked: an answer to an earlier question is thrown away

function query() {
  const all = new FormData(form);
  const on = new Set(all.getAll("on"));
  const kept = [...all].filter(([name]) => name === "on" || name === "at" || name === "known" || on.has(name));
  return new URLSearchParams(kept).toString();
}

async function ask() {
  const mine = ++asking;
  clearTimeout(waits);
  const text = query();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
  try {
    const answer = await fetch(`${form.dataset.answer}?${text}`, { headers: { "X-Fragment": "answer" }, credentials: "same-origin", cache: "no-store" });
    if (mine !== asking) return;
    if (answer.url.includes("/sign-in/")) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    put(await answer.text(), mine);
  } catch {
    if (mine === asking) place.textContent = place.dataset.failed;
  }
}

function put(text, mine) {
  if (mine !== asking) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = text;
  const found = fresh.content.querySelector(".answer");
  const shown = place.querySelector(".answer");
  // What stands is left, paler, until the new answer is there: nothing jumps.
  if ("pending" in found.dataset && shown) shown.dataset.pending = "";
  else place.replaceChildren(found);
  if ("pending" in found.dataset) waits = setTimeout(ask, AGAIN);
  else if (found.dataset.lacks) waits = setTimeout(ask, RANKING_AGAIN);
}

if (form) {
  let typed = 0;
  form.addEventListener("input", (event) => {
    const { target } = event;
    if (target.type === "number") {
      const box = target.closest(".switch").querySelector("[type=checkbox]");
      if (!target.value || !target.checkValidity()) return;
      box.checked = true; // whoever writes a number wants it counted
    }
    clearTimeout(typed);
    typed = setTimeout(ask, target.type === "number" ? 400 : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  const first = place.querySelector(".answer");
  if (first && ("pending" in first.dataset || first.dataset.lacks)) waits = setTimeout(ask, AGAIN);
}

// Not while somebody writes in a form, and never by sending a form once more.
function again() {
  if (document.querySelector("form[data-changed]") || document.activeElement?.matches("input, select, textarea")) setTimeout(again, WALKED_AFTER);
  else location.replace(location.href);
}
if (document.querySelector("[data-walking]")) setTimeout(again, WALKED_AFTER);
