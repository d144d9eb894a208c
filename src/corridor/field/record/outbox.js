// A phone's own chain: what it records is safe on the disk before it is green, and is sent until it is receipted.
//
// The specification is `corridor/drill/trial/phone.py`. Records are only ever added; they go when a receipt that
// headquarters signed covers them, and long after.

import { hex } from "./bytes.js";
import { seal, unseal } from "./keys.js";
import { BATCH_EVENTS_MAX, ZERO_HASH, chain, frame, readLine, readReceipt, writeLine } from "./wire.js";

export const KEPT_MS = 2 * 24 * 3_600_000; // longer than headquarters' backups are apart: one restored is sent it again

export const BATCHES_MAX = 64;

const placeOf = (device, epoch, seq) => `record/${device}/${epoch}/${seq}`;
export const idOf = (device, epoch, seq) => `${device}/${epoch}/${seq}`;

/** Opens the records of one enrolment. `signerOf(epoch)` gives the key that signs an
 * epoch's batches, `verify` checks headquarters' signature. */
export async function openOutbox({ store, device, user, epoch, dataKey, signerOf, verify }) {
  const outbox = new Outbox({ store, device, user, dataKey, signerOf, verify });
  await outbox.read(epoch);
  return outbox;
}

class Outbox {
  #turn = Promise.resolve(); // one capture after the other

  constructor({ store, device, user, dataKey, signerOf, verify }) {
    Object.assign(this, { store, device, user, dataKey, signerOf, verify });
    this.epochs = new Map();
    this.lockedAway = 0; // records of an earlier PIN, which this one does not open
  }

  /** Reads what the disk holds; `epoch` is the one to record in. */
  async read(epoch) {
    this.epochs.clear();
    for (const one of await this.store.all("receipts", [this.device])) {
      const { start, startHash, seq, at } = one;
      this.#epoch(one.epoch, { start, startHash, receipted: seq, receiptedAt: at });
    }
    this.#epoch(epoch);
    for (const { epoch: number, seq, at, hash, sealed } of await this.store.all("records", [this.device])) {
      const line = await unseal(this.dataKey, sealed, placeOf(this.device, number, seq)).catch(() => null);
      if (line) this.#epoch(number).records.push({ epoch: number, seq, at, hash, line });
      else this.lockedAway += 1;
    }
  }

  /** The epoch it records in. */
  get epoch() {
    return Math.max(...this.epochs.keys());
  }

  #epoch(number, found = { start: 0, startHash: ZERO_HASH, receipted: 0, receiptedAt: null }) {
    if (!this.epochs.has(number)) this.epochs.set(number, { number, records: [], ...found });
    return this.epochs.get(number);
  }

  /** Records drafts; resolves with their ids once they are on the disk, and only then may anything turn green.
   *
   * Who records is fixed here, in the bytes. Throws, with nothing recorded, when the disk is full or fails. */
  capture(drafts, clock) {
    const done = this.#turn.then(() => this.#capture(drafts, clock));
    this.#turn = done.catch(() => {}); // whoever asked is told; the next capture is not held up
    return done;
  }

  async #capture(drafts, { offsetMs = null, uncertaintyMs = null } = {}) {
    const epoch = this.epochs.get(this.epoch);
    const lines = drafts.map((draft) => writeLine({ ...draft, by: this.user }, offsetMs, uncertaintyMs));
    const hashes = await chain(hashOf(epoch, lastOf(epoch)), lines);
    const made = [];
    for (const [place, line] of lines.entries()) {
      const seq = lastOf(epoch) + 1 + place;
      const sealed = await seal(this.dataKey, line, placeOf(this.device, epoch.number, seq));
      made.push({ epoch: epoch.number, seq, at: drafts[place].at, hash: hashes[place], line, sealed });
    }
    await this.store.write(["records"], (records) => {
      for (const { epoch, seq, at, hash, sealed } of made) {
        records.add({ device: this.device, epoch, seq, at, hash, sealed }); // `add` refuses what is there already
      }
    });
    epoch.records.push(...made.map(({ sealed, ...record }) => record));
    return made.map(({ epoch, seq }) => idOf(this.device, epoch, seq));
  }

  /** How many records wait for a receipt, and since when the oldest does (null: none waits). */
  get waiting() {
    let count = 0;
    let since = null;
    for (const epoch of this.epochs.values()) {
      for (const { seq, at } of epoch.records) {
        if (seq <= epoch.receipted) continue;
        count += 1;
        since = since === null ? at : Math.min(since, at);
      }
    }
    return { count, since };
  }

  /** Every record still kept, the newest last: its id, number, time, `event`, and whether a receipt covers it, when. */
  all() {
    const found = [];
    for (const epoch of this.#inOrder()) {
      for (const record of epoch.records) {
        record.event ??= readLine(record.line);
        const id = idOf(this.device, record.epoch, record.seq);
        const receipted = record.seq <= epoch.receipted;
        found.push({ id, ...record, receipted, receiptedAt: receipted ? epoch.receiptedAt : null });
      }
    }
    return found;
  }

  /** Batches that headquarters may lack, the oldest first, about `bytesMax` together but one at least.
   *
   * `tips` is what headquarters says it holds, `{epoch: [[number, hash in hex], …]}`; null when it said nothing. It may
   * hold less than it receipted once: then it was restored, and is sent it again. `pushed` holds the ids of records that
   * are not to be sent now, since they just were. */
  async outgoing(bytesMax, tips = null, pushed = new Set()) {
    const batches = [];
    let room = bytesMax;
    for (const epoch of this.#inOrder()) {
      let after = epoch.receipted;
      if (tips) after = Math.min(after, held(epoch, tips[epoch.number] ?? []));
      const due = epoch.records.filter(({ seq }) => seq > after && !pushed.has(idOf(this.device, epoch.number, seq)));
      while (due.length) {
        const some = [due.shift()];
        room -= some[0].line.length;
        if (room < 0 && batches.length) return batches;
        while (due.length && due[0].seq === some.at(-1).seq + 1 && some.length < BATCH_EVENTS_MAX) {
          if (room - due[0].line.length < 0) break;
          some.push(due.shift());
          room -= some.at(-1).line.length;
        }
        batches.push(await this.#framed(epoch, some));
        if (batches.length === BATCHES_MAX) return batches;
      }
    }
    return batches;
  }

  async #framed(epoch, records) {
    const first = records[0].seq;
    const { seq: last, hash: head } = records.at(-1);
    const facts = { device: this.device, epoch: epoch.number, first, before: hashOf(epoch, first - 1), head };
    const bytes = await frame({ ...facts, lines: records.map(({ line }) => line) }, this.signerOf(epoch.number));
    return { epoch: epoch.number, first, last, bytes, ids: records.map(({ seq }) => idOf(this.device, epoch.number, seq)) };
  }

  #inOrder() {
    return [...this.epochs.values()].sort((one, other) => one.number - other.number);
  }

  /** Moves on to what a receipt covers; false when it is not headquarters' word about this very chain. */
  async hearReceipt(receipt) {
    const said = await readReceipt(receipt, this.verify);
    const epoch = said?.device === this.device ? this.epochs.get(said.epoch) : undefined;
    const own = epoch && hashOf(epoch, said.seq);
    if (!own || hex(own) !== said.head) return false;
    if (said.first <= epoch.receipted + 1 && said.seq > epoch.receipted) {
      await this.#keepReceipt(epoch, { seq: said.seq, at: said.received_at, receipt });
      epoch.receipted = said.seq;
      epoch.receiptedAt = said.received_at;
    }
    return true;
  }

  #keepReceipt(epoch, { seq, at, receipt = null }) {
    const { number, start, startHash } = epoch;
    return this.store.put("receipts", { device: this.device, epoch: number, start, startHash, seq, at, receipt });
  }

  /** Whether headquarters holds an event of this epoch that is not on this chain: another phone writes under this
   * name, or this one was restored from a backup. */
  isForked(tips) {
    const epoch = this.epochs.get(this.epoch);
    const strange = ([seq, head]) => {
      const own = hashOf(epoch, seq);
      return seq > lastOf(epoch) || (seq >= epoch.start && own && hex(own) !== head);
    };
    return Math.max(0, ...Object.keys(tips).map(Number)) > this.epoch || (tips[this.epoch] ?? []).some(strange);
  }

  /** From now on it records in this epoch; what was recorded stays to be sent. */
  begin(epoch) {
    this.#epoch(epoch);
  }

  /** Forgets what was receipted long enough ago. */
  async trim(now) {
    for (const epoch of this.epochs.values()) {
      const { receipted: last, receiptedAt } = epoch;
      if (last <= epoch.start || now - receiptedAt <= KEPT_MS) continue;
      const startHash = hashOf(epoch, last);
      const { number } = epoch;
      await this.store.write(["receipts", "records"], (receipts, records) => {
        receipts.put({ device: this.device, epoch: number, start: last, startHash, seq: last, at: receiptedAt });
        records.delete(IDBKeyRange.bound([this.device, number, 0], [this.device, number, last]));
      });
      epoch.records = epoch.records.filter(({ seq }) => seq > last);
      Object.assign(epoch, { start: last, startHash });
    }
  }
}

const lastOf = (epoch) => epoch.start + epoch.records.length;

/** The hash of an event; null when the phone has no such event any more or yet. */
function hashOf(epoch, seq) {
  if (seq === epoch.start) return epoch.startHash;
  return epoch.records[seq - epoch.start - 1]?.hash ?? null;
}

/** Up to which of the events still kept headquarters holds this very chain without a gap. */
function held(epoch, tips) {
  const good = tips.filter(([seq, head]) => {
    const own = hashOf(epoch, seq);
    return own && hex(own) === head;
  });
  return Math.max(epoch.start, ...good.map(([seq]) => seq));
}
