// The locked phone: it sends what was recorded, sealed for headquarters, and shows and pulls nothing.
//
// It needs the signing key, which the browser keeps and gives to nobody; where an older browser has none of its own, the
// key is sealed under the PIN and the phone waits until it is unlocked. A revoked phone that is locked erases its roster.

import { eraseRoster } from "../people/pages.js";
import { openOutbox } from "../record/outbox.js";
import { signer, signersOf, verifier } from "../record/keys.js";
import { exchange } from "./exchange.js";

const FIRST_MS = 2_000;
const AGAIN_MS = 120_000;
const FAILED_MS = 60_000;

/** Changes some fields of an enrolment as it is on the disk, where it is there still. */
export function changeEnrolment(store, device, facts) {
  return store.write(["enrolments"], (enrolments) => {
    const asked = enrolments.get(device);
    asked.onsuccess = () => asked.result && enrolments.put({ ...asked.result, ...facts });
  });
}

/** What `exchange` asks of a phone, for one enrolment and without its PIN. */
class LockedPhone {
  #held = new Set();

  constructor(store, enrolment, version) {
    Object.assign(this, { store, enrolment, version });
    this.device = enrolment.device;
    this.headquartersKey = enrolment.headquartersKey;
    this.keys = enrolment.keys.filter(({ key }) => key).map(({ from, key }) => ({ from, sign: signer({ own: key }) }));
    this.sign = this.keys.at(-1)?.sign;
  }

  now = () => Date.now();
  lapse = () => performance.now();

  /** Sends what waits; whether less waits afterwards. */
  async send() {
    const { store, device, enrolment } = this;
    const { user, epoch, exportKey } = enrolment;
    this.clock = (await store.get("kept", [device, "clock"]))?.state ?? null;
    const facts = { store, device, user, epoch, exportKey, dataKey: null, sealer: null, signerOf: signersOf(this.keys) };
    this.outbox = await openOutbox({ ...facts, verify: verifier(this.headquartersKey) });
    const before = this.outbox.waiting.count;
    if ((await this.outbox.outgoing(1, null, this.#held)).length) await exchange(this);
    return this.outbox.waiting.count < before;
  }

  asking = () => ({ token: null, cursor: undefined, digest: null });
  skipped = () => [...this.#held];

  async health() {
    const { count, since } = this.outbox.waiting;
    const { offsetMs: offset_ms = null, uncertaintyMs: uncertainty_ms = null } = this.clock ?? {};
    return { app: this.version, backlog: count, backlog_since: since, offset_ms, uncertainty_ms, battery: null };
  }

  async keepClock(measured, answeredAt) {
    const keep = (name, state) => this.store.put("kept", { device: this.device, name, state });
    if (measured) await keep("clock", (this.clock = { ...measured, measuredAt: answeredAt }));
    await keep("heard", this.now());
  }

  /** What headquarters keeps apart is offered again by the unlocked phone, which says so on its screen. */
  async keepVerdicts(_push, held) {
    for (const { ids } of held) for (const id of ids) this.#held.add(id);
  }

  async revoked() {
    await changeEnrolment(this.store, this.device, { revoked: true });
    await eraseRoster(this.store, this.device);
  }

  keepToken() {}
  async forked() {} // the unlocked phone goes on in another epoch, and tells the officer
  onStep() {}
}

/** Sends what waits of every enrolment on this phone, now and again, until `stop` is called. `told()` is called when
 * something was sent. */
export function sendLocked(store, version, told) {
  let timer = null;
  let stopped = false;
  const phones = new Map();
  const turn = async () => {
    let failed = false;
    let sent = false;
    for (const enrolment of await store.all("enrolments")) {
      if (stopped || enrolment.revoked) continue;
      const phone = phones.get(enrolment.device) ?? new LockedPhone(store, enrolment, version);
      phones.set(enrolment.device, phone);
      if (!phone.sign) continue;
      try {
        sent = (await phone.send()) || sent;
      } catch {
        failed = true; // no network, or headquarters says no: the unlocked phone tells why
      }
    }
    if (stopped) return;
    if (sent) told();
    timer = setTimeout(turn, failed ? FAILED_MS : AGAIN_MS);
  };
  const now = () => {
    clearTimeout(timer);
    timer = setTimeout(turn, FIRST_MS);
  };
  window.addEventListener("online", now);
  now();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener("online", now);
    },
  };
}
