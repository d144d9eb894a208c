// What every desk's page does beside the work itself, which needs no script: keys, news of its live regions, and rows
// that open with Enter.

const NEWS_EVERY = 10_000;
const keys = document.getElementById("keys");
const news = document.getElementById("desk-news");

// --- Live regions: asked anew every ten seconds; left alone while somebody works in them ------------------------------

class Region {
  constructor(element) {
    this.element = element;
    this.tag = element.dataset.tag || "";
    this.told = this.tag ? this.address : "";
    this.failed = 0;
    element.addEventListener("input", () => (this.touched = true));
    element.addEventListener("change", () => (this.touched = true));
  }

  get busy() {
    const { element } = this;
    const inside = document.activeElement;
    const writes = inside && element.contains(inside) && inside.matches("input, select, textarea, [contenteditable]");
    return writes || this.touched || element.querySelector("dialog[open]") || !getSelection().isCollapsed;
  }

  // What it asks: its own address; a region that follows the page's clocks asks by the page's own query.
  get address() {
    const { live, follow } = this.element.dataset;
    return (live || location.href) + (follow === undefined ? "" : location.search);
  }

  // A region may stand still while the page's address names a time.
  get still() {
    const { unless } = this.element.dataset;
    return unless !== undefined && new URL(location).searchParams.has(unless);
  }

  async ask() {
    if (document.hidden || this.busy || this.asked || this.still) return;
    this.asked = true;
    try {
      const { address } = this;
      const headers = { "X-Fragment": this.element.id, "X-News": "1" };
      if (this.tag && address === this.told) headers["If-None-Match"] = this.tag;
      const answer = await fetch(address, { headers, credentials: "same-origin", cache: "no-store" });
      if (answer.url.includes("/sign-in/")) return location.reload();
      if (answer.status === 304) return this.well();
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (this.busy || this.still || address !== this.address) return;
      this.put(text);
      this.tag = answer.headers.get("ETag") || "";
      this.told = address;
      this.well();
    } catch {
      this.failed += 1;
      if (news && this.failed === 2) news.textContent = news.dataset.offline;
      document.documentElement.classList.toggle("offline", this.failed > 1);
    } finally {
      this.asked = false;
    }
  }

  well() {
    this.failed = 0;
    if (news) news.textContent = "";
    document.documentElement.classList.remove("offline");
  }

  put(text) {
    const fresh = document.createElement("template"); // keeps the white space that the page has too
    fresh.innerHTML = text;
    meet(this.element, fresh.content);
    this.element.dispatchEvent(new CustomEvent("news", { bubbles: true }));
  }
}

// Brings `old` to what `fresh` holds and touches only what differs, so that nothing flickers, scrolls or loses focus.
function meet(old, fresh) {
  const here = [...old.childNodes];
  const there = [...fresh.childNodes];
  there.forEach((node, index) => {
    const before = here[index];
    if (!before) old.append(node);
    else if (before.isEqualNode(node)) return;
    else if (before.nodeType !== node.nodeType || before.nodeName !== node.nodeName || before.id !== node.id) before.replaceWith(node);
    else if (node.nodeType === Node.TEXT_NODE) before.data = node.data;
    else {
      for (const { name } of [...before.attributes]) if (!node.hasAttribute(name) && name !== "open" && name !== "class") before.removeAttribute(name);
      for (const { name, value } of node.attributes) if (before.getAttribute(name) !== value) before.setAttribute(name, value);
      meet(before, node);
    }
  });
  for (const node of here.slice(there.length)) node.remove();
}

const regions = [...document.querySelectorAll("[data-live]")].map((element) => new Region(element));
// A region that watches work under way says in how many seconds it asks again.
for (const region of regions) setInterval(() => region.ask(), Number(region.element.dataset.every) * 1000 || NEWS_EVERY);
const followers = regions.filter((region) => "follow" in region.element.dataset);
let searched = null;
function follow() {
  // Asked when the address has rested, not for every hour that the slider passes.
  if (searched === location.search) followers.filter((one) => one.told !== one.address).forEach((one) => one.ask());
  searched = location.search;
}
if (followers.length) {
  follow();
  follow();
  setInterval(follow, 400);
}
document.addEventListener("visibilitychange", () => regions.forEach((region) => region.ask()));

// --- Forms: sent once, and not left by mistake --------------------------------------------------------------------------

for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", () => {
    form.dataset.sent = "yes";
    // After the sending has begun, so that the pressed button's own value still goes with it.
    setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
  });
  if (form.hasAttribute("data-work")) form.addEventListener("input", () => (form.dataset.changed = "yes"));
}
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed]:not([data-sent])")) event.preventDefault();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form button:disabled").forEach((button) => (button.disabled = false));
});

// --- The clocks: a desk shows now, and the way back to the corridor leads to the time one came from ----------------------

const asked = new URL(location).searchParams;
const chosen = ["at", "known"].filter((name) => asked.get(name) && asked.get("live") !== "1");

function carry() {
  for (const link of document.querySelectorAll('main a[href]:not([download], [target="_blank"])')) {
    const to = new URL(link.href);
    if (to.origin !== location.origin || chosen.some((name) => to.searchParams.has(name)) || to.hash) continue;
    for (const name of chosen) to.searchParams.set(name, asked.get(name));
    link.setAttribute("href", to.pathname + to.search);
  }
  for (const form of document.querySelectorAll('main form[method="get"]:not([target="_blank"])')) {
    for (const name of chosen.filter((one) => !form.elements[one])) {
      const kept = document.createElement("input");
      Object.assign(kept, { type: "hidden", name, value: asked.get(name) });
      form.append(kept);
    }
  }
}
if (chosen.length && !document.getElementById("to-now")) {
  carry();
  addEventListener("news", carry);
}

// --- Keys ---------------------------------------------------------------------------------------------------------------

const rows = () => [...document.querySelectorAll("[data-rows] tbody tr, ul[data-rows] > li, .facts-table tbody tr")].filter((row) => row.querySelector("a"));

function step(by) {
  const all = rows();
  const now = all.findIndex((row) => row.contains(document.activeElement));
  all[Math.min(Math.max(now + by, 0), all.length - 1)]?.querySelector("a").focus();
}

// What a key means on a Latin keyboard: Russian and Arabic ones write other letters with the same keys.
function pressed({ key, code, shiftKey }) {
  if (/^[\x21-\x7e]$/.test(key) || key.length > 1) return key;
  if (code === "Slash") return shiftKey ? "?" : "/";
  return /^(Key|Digit)/.test(code) ? code.at(-1).toLowerCase() : key;
}

document.addEventListener("keydown", (event) => {
  const key = pressed(event);
  const writing = event.target.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form") ?? document.querySelector("form[data-main]");
    if (form) form.requestSubmit();
    return event.preventDefault();
  }
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
  const does = {
    "/": () => (document.querySelector("main [data-search]") ?? document.querySelector("[data-search]"))?.focus(),
    "?": () => keys && (keys.open ? keys.close() : keys.showModal()),
    j: () => step(1),
    k: () => step(-1),
  }[key];
  if (does) {
    event.preventDefault();
    does();
    return;
  }
  // A page names a key of its own on what it presses: <button data-key="s">.
  const own = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && !one.disabled);
  if (own) {
    event.preventDefault();
    own.matches("input, select, textarea") ? own.focus() : own.click();
  }
});

// On a narrow screen the tabs scroll: the current one is in sight.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.parentElement.scrollLeft += tab.getBoundingClientRect().left + tab.offsetWidth / 2 - innerWidth / 2;
document.querySelector("[data-focus]")?.focus();
document.documentElement.classList.add("scripted");
