// The roster's pages on the disk: sealed, in their order, and which of them belong together.

import { gunzip, gzip, textOf, utf8 } from "../record/bytes.js";
import { seal, unseal } from "../record/keys.js";

const PACKED_ABOVE = 40; // pages of changes

const placeOf = (device, page) => `roster/${device}/${page}`;
const STATE = "roster";
const EMPTY = {
  generation: null, cursor: null, complete: false, full: false, first: 0, next: 0, persons: 0, expiresAt: null, at: null,
};

/** What is known of the roster without reading it: its `cursor`, whether it is `complete`, when it expires. */
export async function rosterState(store, device) {
  return (await store.get("kept", [device, STATE]))?.state ?? { ...EMPTY };
}

const encoded = async (dataKey, device, number, page) => ({
  device, page: number, sealed: await seal(dataKey, await gzip(utf8(JSON.stringify(page))), placeOf(device, number)),
});

/** Keeps a page of headquarters' answer and the cursor behind it, in one write; returns the state after it.
 *
 * When the last page of a whole download has come, the pages before it are gone: whom it did not name is erased. */
export async function keepPage(store, device, dataKey, page, answeredAt) {
  const state = await rosterState(store, device);
  if (page.full && page.generation !== state.generation) {
    Object.assign(state, { generation: page.generation, full: true, first: state.next, complete: false });
  }
  const number = state.next;
  const row = page.columns.person.length || page.gone.length ? await encoded(dataKey, device, number, page) : null;
  Object.assign(state, { next: number + 1, cursor: page.cursor, persons: page.persons, expiresAt: page.expires_at });
  const done = !page.more;
  if (done) Object.assign(state, { complete: true, full: false, at: answeredAt });
  await store.write(["roster", "kept"], (roster, kept) => {
    if (row) roster.put(row);
    if (done && state.first > 0) roster.delete(IDBKeyRange.bound([device, 0], [device, state.first - 1]));
    kept.put({ device, name: STATE, state });
  });
  return state;
}

/** Every page from a number on, read and opened, the oldest first. */
export async function* pagesFrom(store, device, dataKey, from = 0) {
  for (const { page, sealed } of await store.all("roster", [device], from)) {
    yield [page, JSON.parse(textOf(await gunzip(await unseal(dataKey, sealed, placeOf(device, page)))))];
  }
}

/** Puts many small pages of changes together into one; whoever is named twice keeps the last word. */
export async function packChanges(store, device, dataKey) {
  const state = await rosterState(store, device);
  const kept = await store.all("roster", [device]);
  if (!state.complete || kept.length <= PACKED_ABOVE) return false;
  const last = new Map();
  let page = null;
  for await (const [, one] of pagesFrom(store, device, dataKey)) {
    page = one;
    for (const [place, person] of one.columns.person.entries()) last.set(person, [one.columns, place]);
    for (const person of one.gone) last.delete(person);
  }
  const names = Object.keys(page.columns);
  const rows = [...last.values()];
  const columns = Object.fromEntries(names.map((name) => [name, rows.map(([one, place]) => one[name]?.[place] ?? null)]));
  const row = await encoded(dataKey, device, state.next, { ...page, columns, gone: [] });
  await store.write(["roster", "kept"], (roster, keptStore) => {
    roster.delete(IDBKeyRange.bound([device, 0], [device, state.next - 1]));
    roster.put(row);
    keptStore.put({ device, name: STATE, state: { ...state, first: state.next, next: state.next + 1 } });
  });
  return true;
}

/** Erases the roster: it has expired, or headquarters revoked the device. Records stay. */
export async function eraseRoster(store, device) {
  await store.write(["roster", "kept"], (roster, kept) => {
    roster.delete(IDBKeyRange.bound([device], [device, []]));
    kept.delete([device, STATE]);
  });
}
