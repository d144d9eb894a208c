// The roster in a thread of its own: reading, indexing and searching never hold up the screen.

import { namesBy } from "../names.js";
import { verifier } from "../record/keys.js";
import { openStore } from "../record/store.js";
import { pagesFrom } from "./pages.js";
import { Roster } from "./roster.js";

let names = null;
let roster = null;
let read = 0; // the number of the next page to read
let facts = null;
let ready = null; // resolves when everything on the disk is indexed

const calls = {
  /** Opens the roster of a device; answers at once, and everything else waits until it is read. */
  open({ device, dataKey, operation, headquartersKey }) {
    facts = { device, dataKey, operation, verify: verifier(headquartersKey) };
    ready = load(0);
    return true;
  },
  /** Reads what was written since; `from` 0: everything anew, since a whole download replaced it. While more follows,
   * what a search sorts is not sorted yet: at 100,000 people that would cost more than all the rest. */
  async more({ from, follows = false }) {
    await ready;
    ready = load(from ?? read, !follows);
    await ready;
    return roster.size;
  },
  async find({ text }) {
    await ready;
    return roster.find(text, facts);
  },
  async person({ id }) {
    await ready;
    const person = roster.person(id);
    return { person, party: person?.party ? roster.party(person.party) : person ? [person] : [] };
  },
  async people({ ids }) {
    await ready;
    return ids.map((id) => roster.person(id)).filter(Boolean);
  },
  async onMovement({ id }) {
    await ready;
    return roster.onMovement(id);
  },
  async inAccount({ id }) {
    await ready;
    return roster.inAccount(id);
  },
  async size() {
    await ready;
    return roster.size;
  },
  close() {
    roster = facts = ready = null;
    read = 0;
    return true;
  },
};

async function load(from, prepared = true) {
  names ??= namesBy(await (await fetch(new URL("../names-tables.json", import.meta.url), { credentials: "omit" })).json());
  const found = from === 0 || !roster ? new Roster(names) : roster;
  const store = await openStore();
  try {
    for await (const [number, page] of pagesFrom(store, facts.device, facts.dataKey, from)) {
      found.apply(page);
      read = number + 1;
      postMessage({ read: found.size });
    }
  } finally {
    store.close();
  }
  if (prepared) found.index.prepare();
  roster = found;
}

self.onmessage = async ({ data: { id, call, args } }) => {
  try {
    postMessage({ id, answer: await calls[call](args ?? {}) });
  } catch (error) {
    postMessage({ id, error: String(error?.stack ?? error) });
  }
};
