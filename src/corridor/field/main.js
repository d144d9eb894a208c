// The start: one tab only, the service worker, and the first screen.

import { openStore } from "./record/store.js";
import { t } from "./texts/speak.js";
import version from "./version.js";
import { App } from "./screens/app.js";
import { h } from "./screens/dom.js";
import { enrolScreen } from "./screens/enrol.js";
import { lockScreen } from "./screens/lock.js";

const root = document.getElementById("app");
const address = location.hash; // what follows # is never sent; it is taken from the address and removed there
if (address) history.replaceState(null, "", location.pathname);

const only = (title, words) => root.replaceChildren(h("main", {}, h("section", { class: "lock" }, h("h1", {}, title), h("p", {}, words))));

async function start() {
  const app = new App(root, await openStore(), version);
  if (readsEnrolment(address)) await app.restart(enrolScreen, { address });
  else await app.restart(lockScreen);
  await keepOffline(app);
  performance.mark("ready");
  globalThis.corridor = app; // for whoever looks into a phone with its owner
}

const readsEnrolment = (hash) => hash.startsWith("#enrol=");

/** Keeps the app for work without a network; a new version is told, and taken over when the officer says so. */
async function keepOffline(app) {
  const registration = await navigator.serviceWorker?.register("sw.js").catch(() => null);
  if (!registration) return;
  const tell = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    app.update = () => registration.waiting.postMessage("take over");
    app.draw();
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", tell));
  tell();
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) location.reload(); // an update; the first worker changes nothing
    controlled = true;
  });
}

if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
  only(t("not_secure"), t("not_secure_how"));
} else if (navigator.locks) {
  navigator.locks.request("corridor-field", { ifAvailable: true }, async (lock) => {
    if (!lock) return only(t("open_elsewhere"), t("open_elsewhere_how"));
    await start();
    return new Promise(() => {}); // held as long as this page lives: two tabs never write one chain
  });
} else {
  start();
}
