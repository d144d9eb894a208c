// The phone while it is unlocked: whose it is, what it recorded, whom it knows, and how it talks to headquarters.

import { drawn, textOf, utf8 } from "./record/bytes.js";
import { seal, signer, signersOf, unseal, verifier } from "./record/keys.js";
import { openSealer } from "./record/home.js";
import { openOutbox } from "./record/outbox.js";
import { askForRoom } from "./record/store.js";
import { People } from "./people/asking.js";
import { eraseRoster, keepPage, packChanges, rosterState } from "./people/pages.js";
import { exchange, hear } from "./headquarters/exchange.js";
import { readAnswer } from "./headquarters/answer.js";
import { writeFile } from "./headquarters/file.js";
import { colourOf, recordsByPerson, standing } from "./gate/standing.js";

const TOKEN_MS = 9 * 60_000; // a minute less than headquarters gives it
const WAITS_MS = [5_000, 15_000, 60_000, 180_000, 300_000];
const SOON_MS = 1_000;
const IDLE_MS = 120_000;
const PLAIN = new Set(["clock", "heard"]); // nothing of persons, and the locked phone says it too
const HELD_AGAIN_MS = 3_600_000; // how often what headquarters keeps apart is offered to it again

export class Phone {
  #token = null;
  #timer = null;
  #failures = 0;
  #underWay = null; // the exchange that is running, or the last one that ran
  #askedAgain = false; // an exchange was due while one was running
  #heldTried = -Infinity;

  constructor(store, enrolment, dataKey, version) {
    Object.assign(this, { store, enrolment, dataKey, version });
    this.device = enrolment.device;
    this.headquartersKey = enrolment.headquartersKey;
    this.changed = () => {}; // the screen's
    this.busy = false;
    this.refused = null; // why the last exchange came to nothing
    this.kept = { clock: null, instructions: null, held: {}, heard: null, exports: [], place: null };
  }

  /** Reads everything this enrolment has on the disk; the roster is read in its own thread meanwhile. */
  async open() {
    const { device, store, dataKey, enrolment } = this;
    for (const name of Object.keys(this.kept)) {
      const found = await store.get("kept", [device, name]);
      if (found?.sealed) this.kept[name] = JSON.parse(textOf(await unseal(dataKey, found.sealed, `kept/${device}/${name}`)));
      else if (found) this.kept[name] = found.state;
    }
    this.keys = [];
    for (const { from, key, sealedSeed } of enrolment.keys) {
      const seed = sealedSeed ? await unseal(dataKey, sealedSeed, "seed").catch(() => null) : null;
      if (key || seed) this.keys.push({ from, sign: signer({ own: key, seed }) });
    }
    const signerOf = signersOf(this.keys);
    this.sign = this.keys.at(-1).sign;
    const { user, epoch, exportKey } = enrolment;
    const facts = { store, device, user, epoch, dataKey, exportKey, sealer: await openSealer(exportKey) };
    this.outbox = await openOutbox({ ...facts, signerOf, verify: verifier(enrolment.headquartersKey) });
    await this.#readRecords();
    this.rosterState = await rosterState(store, device);
    await this.eraseExpired();
    this.people = new People();
    await this.people.ask("open", { device, dataKey, operation: enrolment.operation, headquartersKey: this.headquartersKey });
    this.room = await askForRoom();
    this.planExchange(0);
  }

  /** Forgets the key and everything read with it; the disk keeps what it has. */
  close() {
    clearTimeout(this.#timer);
    this.people?.worker.terminate();
    this.changed = () => {};
    this.dataKey = null;
    this.closed = true;
  }

  now = () => Date.now();
  lapse = () => performance.now();

  /** This moment by headquarters' clock, as far as it was ever measured. */
  headquartersNow() {
    return this.now() + (this.kept.clock?.offsetMs ?? 0);
  }

  async keep(name, value) {
    this.kept[name] = value;
    if (PLAIN.has(name)) return this.store.put("kept", { device: this.device, name, state: value });
    const sealed = await seal(this.dataKey, utf8(JSON.stringify(value)), `kept/${this.device}/${name}`);
    await this.store.put("kept", { device: this.device, name, sealed });
  }

  // --- Recording

  /** Records drafts; resolves with their ids once they are safe on the disk. */
  async record(drafts) {
    const ids = await this.outbox.capture(drafts, this.kept.clock ?? {});
    await this.#readRecords();
    this.planExchange(SOON_MS);
    this.changed();
    return ids;
  }

  async #readRecords() {
    this.records = this.outbox.all();
    this.byPerson = recordsByPerson(this.records);
  }

  /** How a record stands: `waiting`, `sent` (a receipt covers it) or `held` (headquarters keeps it apart; and its code). */
  stateOf({ id, receipted }) {
    if (receipted) return { state: "sent", code: null };
    return this.kept.held[id] ? { state: "held", code: this.kept.held[id] } : { state: "waiting", code: null };
  }

  // --- People

  /** A person as the screens show them: their row (null: not in the roster), where they stand, and their colour. */
  shown(id, row) {
    const records = this.byPerson.get(id);
    const registered = records?.find(({ event }) => event.kind === "registered") ?? null;
    const facts = { now: this.now(), rosterAt: this.rosterState.at };
    const colour = colourOf(row, this.headquartersNow());
    return { id, row, stands: standing(row, records, facts), colour, registered };
  }

  /** A person and their party, as shown. Somebody not in the roster is alone, under their id. */
  async party(id) {
    const { person, party } = await this.people.ask("person", { id });
    if (!person) return { person: this.shown(id, null), party: [this.shown(id, null)] };
    return { person: this.shown(person.person, person), party: party.map((row) => this.shown(row.person, row)) };
  }

  /** Everybody planned on a movement, aboard it, or recorded here as such. */
  async onMovement(movement) {
    const rows = await this.people.ask("onMovement", { id: movement });
    const known = new Set(rows.map(({ person }) => person));
    const mine = [...this.byPerson].filter(([, records]) => records.some(({ event }) => event.body.movement === movement));
    const others = mine.map(([person]) => person).filter((person) => !known.has(person));
    const more = new Map((await this.people.ask("people", { ids: others })).map((row) => [row.person, row]));
    return [...rows.map((row) => this.shown(row.person, row)), ...others.map((id) => this.shown(id, more.get(id) ?? null))];
  }

  get place() {
    return this.enrolment.place ?? this.kept.place ?? this.kept.instructions?.places[0]?.id ?? null;
  }

  get isExpired() {
    return this.rosterState.expiresAt !== null && this.headquartersNow() >= this.rosterState.expiresAt;
  }

  /** Erases a roster that has expired; says whether it did. Records, and recording, go on. */
  async eraseExpired() {
    if (!this.isExpired || this.rosterState.cursor === null) return false;
    await this.#erase();
    return true;
  }

  async #erase() {
    const { expiresAt } = this.rosterState;
    await eraseRoster(this.store, this.device);
    this.rosterState = { ...(await rosterState(this.store, this.device)), expiresAt };
    await this.people?.ask("more", { from: 0 });
  }

  // --- Headquarters

  /** When to exchange next, in milliseconds; an earlier plan is not put off. */
  planExchange(inMs) {
    const at = this.lapse() + inMs;
    if (this.#timer && this.due <= at) return;
    clearTimeout(this.#timer);
    this.due = at;
    this.#timer = setTimeout(() => this.exchange(), inMs);
  }

  /** One exchange, now, or the one that is running; whatever comes of it, the next is planned. */
  exchange() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.busy) this.#askedAgain = true;
    else if (!this.closed) this.#underWay = this.#exchangeOnce();
    return this.#underWay;
  }

  async #exchangeOnce() {
    this.busy = true;
    this.#askedAgain = false;
    this.changed();
    try {
      await exchange(this);
      this.refused = null;
      this.#failures = 0;
      await this.outbox.trim(this.headquartersNow());
      await packChanges(this.store, this.device, this.dataKey);
      this.rosterState = await rosterState(this.store, this.device);
    } catch (error) {
      if (this.closed) return;
      this.refused = { code: error.code ?? "failed", says: error.says ?? String(error), remedy: error.remedy ?? "" };
      this.retryAfterMs = error.retryAfterMs ?? null;
      this.#failures += 1;
    } finally {
      this.busy = false;
    }
    if (this.closed) return;
    await this.#readRecords();
    const goneOn = this.#askedAgain ? SOON_MS : IDLE_MS; // what was recorded meanwhile may have missed this one
    const wait = this.refused ? WAITS_MS[Math.min(this.#failures, WAITS_MS.length) - 1] : goneOn;
    this.planExchange(Math.max(this.retryAfterMs ?? 0, wait * (0.8 + 0.4 * Math.random())));
    this.retryAfterMs = null;
    this.changed();
  }

  /** What a request asks for. */
  asking() {
    const token = this.#token && this.lapse() - this.#token.at < TOKEN_MS ? this.#token.text : null;
    this.#token = null; // good once
    return { token, cursor: this.rosterState.cursor, digest: this.kept.instructions?.digest ?? null };
  }

  /** Records that are not pushed this time: headquarters keeps them apart, and was asked not long ago. */
  skipped() {
    if (this.lapse() - this.#heldTried < HELD_AGAIN_MS) return Object.keys(this.kept.held);
    this.#heldTried = this.lapse();
    return [];
  }

  /** An exchange that somebody asked for: it offers everything again, after one that is running and may not. */
  async exchangeNow() {
    while (this.busy) await this.#underWay;
    this.#heldTried = -Infinity;
    return this.exchange();
  }

  keepToken(text) {
    this.#token = text && { text, at: this.lapse() };
  }

  async health() {
    const { count, since } = this.outbox.waiting;
    const battery = await navigator.getBattery?.().catch(() => null);
    return {
      app: this.version, backlog: count, backlog_since: since, offset_ms: this.kept.clock?.offsetMs ?? null,
      uncertainty_ms: this.kept.clock?.uncertaintyMs ?? null, battery: battery ? Math.round(battery.level * 100) : null,
    };
  }

  async keepClock(measured, answeredAt) {
    if (measured) await this.keep("clock", { ...measured, measuredAt: answeredAt });
    await this.keep("heard", this.now());
  }

  async keepVerdicts(push, held) {
    const now = { ...this.kept.held };
    for (const { ids } of push) for (const id of ids) delete now[id];
    for (const { ids, code } of held) for (const id of ids) now[id] = code;
    if (push.length) await this.keep("held", now);
  }

  async keepInstructions(instructions) {
    await this.keep("instructions", instructions);
  }

  async keepPage(page, answeredAt) {
    const before = this.rosterState.generation;
    this.rosterState = await keepPage(this.store, this.device, this.dataKey, page, answeredAt);
    const replaced = page.full && !page.more && before !== null;
    const size = await this.people.ask("more", replaced ? { from: 0 } : { follows: page.more });
    if (!page.more && size !== page.persons) this.rosterState = await this.#askAnew();
  }

  /** The phone holds another number of people than headquarters says: it asks from the beginning next time. */
  async #askAnew() {
    const state = { ...this.rosterState, cursor: null, generation: null };
    await this.store.put("kept", { device: this.device, name: "roster", state });
    return state;
  }

  /** Another phone writes under this name, or this one was restored: it goes on in an epoch nobody has used. */
  async forked(tips) {
    const epoch = Math.max(this.outbox.epoch, ...Object.keys(tips).map(Number)) + 1;
    await this.#change({ epoch, forkedAt: this.now() });
    this.outbox.begin(epoch);
  }

  /** The officer has read that the chain forked. */
  async forkRead() {
    await this.#change({ forkedAt: null });
  }

  async revoked() {
    await this.#change({ revoked: true });
    await this.#erase();
  }

  async #change(facts) {
    Object.assign(this.enrolment, facts);
    await this.store.put("enrolments", this.enrolment);
  }

  onStep() {
    this.records = this.outbox.all();
    this.byPerson = recordsByPerson(this.records);
    this.changed();
  }

  /** A file of what waits, sealed to headquarters; its answer can be taken in later. */
  async exportFile() {
    const { name, bytes, nonce, batches } = await writeFile(this, this.enrolment.exportKey);
    await this.keep("exports", [...this.kept.exports.slice(-20), { nonce, batches }]);
    return { name, bytes };
  }

  /** Takes in the answer to an exported file; how many records wait afterwards. */
  async importAnswer(bytes) {
    for (const { nonce, batches } of this.kept.exports) {
      const answer = await readAnswer(bytes, nonce, () => verifier(this.headquartersKey)).catch(() => null);
      if (!answer) continue;
      await hear(this, batches, { ...answer, roster: null, instructions: null, token: null });
      await this.#readRecords();
      this.changed();
      return this.outbox.waiting.count;
    }
    return null;
  }

  /** An id nobody has used. */
  draw = () => drawn(6);
}
