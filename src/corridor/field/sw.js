// Keeps the app for work without a network: all of one version, and never a mixture of two.
//
// Headquarters fills in the next two lines (`corridor/field/shell.py`).
const VERSION = "unfilled";
const FILES = [];
const CACHE = `corridor-field-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll()); // it takes over only when the app says so: not between two records
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("corridor-field-") && name !== CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(fromHere(request));
});

async function fromHere(request) {
  const cache = await caches.open(CACHE);
  const asked = request.mode === "navigate" ? "./" : request;
  return (await cache.match(asked, { ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
