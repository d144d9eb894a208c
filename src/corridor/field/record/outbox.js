// A phone's own chain: what it records is safe on the disk before it is green, and is sent until it is receipted.
//
// The specification is `corridor/drill/trial/phone.py`. Records are only ever added; they go when a receipt that
// headquarters signed covers them, and long after.

import { hex } from "./bytes.js";
import { KEYS_MAX, sealedBatch } from "./home.js";
import { seal, unseal } from "./keys.js";
import { BATCH_EVENTS_MAX, ZERO_HASH, chain, frame, readLine, readReceipt, signHeader, writeLine } from "./wire.js";

export const KEPT_MS = 2 * 24 * 3_600_000; // longer than headquarters' backups are apart: one restored is sent it again

export const BATCHES_MAX = 64;

const SEALED_WEIGHS = 2.5; // against a line, which packs to two fifths of its bytes; what is sealed does not pack

const placeOf = (device, epoch, seq) => `record/${device}/${epoch}/${seq}`;
export const idOf = (device, epoch, seq) => `${device}/${epoch}/${seq}`;

/** Opens the records of one enrolment. `signerOf(epoch)` gives the key that signs an epoch's batches (null: it is not
 * there), `verify` checks headquarters' signature, `sealer` seals a line for headquarters, whose key is `exportKey`.
 *
 * Without the `dataKey` (null: the phone is locked) nothing can be read or recorded, and all can be sent. */
export async function openOutbox({ store, device, user, epoch, dataKey, signerOf, verify, sealer, exportKey }) {
  const outbox = new Outbox({ store, device, user, dataKey, signerOf, verify, sealer, exportKey });
  await outbox.read(epoch);
  return outbox;
}

class Outbox {
  #turn = Promise.resolve(); // one capture after the other

  constructor(facts) {
    Object.assign(this, facts);
    this.epochs = new Map();
  }

  /** Reads what the disk holds; `epoch` is the one to record in. */
  async read(epoch) {
    this.epochs.clear();
    for (const one of await this.store.all("receipts", [this.device])) {
      const { start, startHash, seq, at } = one;
      this.#epoch(one.epoch, { start, startHash, receipted: seq, receiptedAt: at });
    }
    this.#epoch(epoch);
    for (const { epoch: number, seq, at, hash, sealed, home = null } of await this.store.all("records", [this.device])) {
      const place = placeOf(this.device, number, seq);
      const line = this.dataKey && (await unseal(this.dataKey, sealed, place).catch(() => null));
      this.#epoch(number).records.push({ epoch: number, seq, at, hash, line, home });
    }
  }

  /** Records of an earlier PIN that wait: they can be sent, and not read here. */
  get unreadable() {
    return this.#waiting().filter(({ line }) => !line).length;
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
      const home = await this.sealer(line, idOf(this.device, epoch.number, seq));
      made.push({ epoch: epoch.number, seq, at: drafts[place].at, hash: hashes[place], line, sealed, home });
    }
    await this.store.write(["records"], (records) => {
      for (const { epoch, seq, at, hash, sealed, home } of made) {
        records.add({ device: this.device, epoch, seq, at, hash, sealed, home }); // `add` refuses what is there already
      }
    });
    epoch.records.push(...made.map(({ sealed, ...record }) => record));
    return made.map(({ epoch, seq }) => idOf(this.device, epoch, seq));
  }

  /** How many records wait for a receipt, and since when the oldest does (null: none waits). */
  get waiting() {
    const due = this.#waiting();
    return { count: due.length, since: due.length ? Math.min(...due.map(({ at }) => at)) : null };
  }

  #waiting() {
    return [...this.epochs.values()].flatMap(({ records, receipted }) => records.filter(({ seq }) => seq > receipted));
  }

  /** Every record still kept that can be read, the newest last: its id, number, time, `event`, and whether a receipt covers it, when. */
  all() {
    const found = [];
    for (const epoch of this.#inOrder()) {
      for (const record of epoch.records) {
        if (!record.line) continue;
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
      if (!this.signerOf(epoch.number)) continue; // its key was sealed under another PIN
      let after = epoch.receipted;
      if (tips) after = Math.min(after, held(epoch, tips[epoch.number] ?? []));
      const due = epoch.records.filter(
        ({ seq, line, home }) => seq > after && (line || home) && !pushed.has(idOf(this.device, epoch.number, seq)),
      );
      while (due.length) {
        const some = [due.shift()];
        room -= weightOf(some[0]);
        if (room < 0 && batches.length) return batches;
        const keys = new Set([keyOf(some[0])]);
        while (due.length && goOn(some.at(-1), due[0]) && some.length < BATCH_EVENTS_MAX) {
          keys.add(keyOf(due[0]));
          if (room - weightOf(due[0]) < 0 || keys.size > KEYS_MAX) break;
          some.push(due.shift());
          room -= weightOf(some.at(-1));
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
    const bytes = await (records[0].line ? this.#plain(facts, records) : this.#sealed(facts, records));
    return { epoch: epoch.number, first, last, bytes, ids: records.map(({ seq }) => idOf(this.device, epoch.number, seq)) };
  }

  #plain(facts, records) {
    return frame({ ...facts, lines: records.map(({ line }) => line) }, this.signerOf(facts.epoch));
  }

  async #sealed(facts, records) {
    const said = await signHeader({ ...facts, count: records.length }, this.signerOf(facts.epoch));
    return sealedBatch({ ...said, to: this.exportKey, homes: records.map(({ home }) => home) });
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
    const fresh = { device: this.device, epoch: number, start, startHash, seq, at, receipt };
    return this.store.write(["receipts"], (receipts) => {
      const asked = receipts.get([this.device, number]);
      asked.onsuccess = () => {
        const kept = asked.result; // the locked and the unlocked phone may hear of the same record
        if (!kept) receipts.put(fresh);
        else if (kept.seq < seq) receipts.put({ ...fresh, start: kept.start, startHash: kept.startHash });
      };
    });
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

const keyOf = ({ line, home }) => (line ? null : hex(home.key));
const weightOf = ({ line, home }) => (line ? line.length : Math.ceil(SEALED_WEIGHS * home.bytes.length));
const goOn = (last, next) => next.seq === last.seq + 1 && Boolean(next.line) === Boolean(last.line);
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
