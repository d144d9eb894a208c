// The frame around every screen: where and who, what waits, and what was just recorded.

import { language, speak, t } from "../texts/speak.js";
import { button, h, signal, since, timeOf } from "./dom.js";
import { sendLocked } from "../headquarters/locked.js";
import { lockScreen } from "./lock.js";
import { findScreen } from "./find.js";
import { outboxScreen } from "./outbox.js";
import { corrected } from "../gate/drafts.js";

const LOCK_AFTER_MS = 10 * 60_000;
const UNDO_MS = 12_000;

export class App {
  #screens = [];
  #drawing = 0;
  #sending = null; // what waits is sent while the phone is locked; null: it is not
  #touched = Date.now(); // the monotonic clock stands still while a phone sleeps

  constructor(root, store, version) {
    Object.assign(this, { root, store, version, phone: null, mode: null, ride: null, camera: false, said: null });
    this.refresh = null; // a function of the screen that shows what exchanges bring; null: it shows none of that
    this.update = null; // a function that takes a new version over; null: there is none
    window.addEventListener("popstate", () => this.#popped());
    window.addEventListener("online", () => this.phone?.planExchange(0));
    document.addEventListener("visibilitychange", () => document.hidden || this.#woke());
    document.addEventListener("pointerdown", () => (this.#touched = Date.now()), { passive: true });
    document.addEventListener("keydown", () => (this.#touched = Date.now()));
    setInterval(() => this.#minute(), 20_000);
  }

  /** Opens the phone of an enrolment and shows its first screen. */
  async unlock(phone) {
    this.#sending?.stop();
    this.#sending = null;
    this.phone = phone;
    phone.changed = () => {
      this.#strip();
      this.refresh?.();
    };
    await phone.open();
    this.mode ??= { reception_officer: "reception", movement_officer: "movement" }[phone.enrolment.role] ?? "gate";
    this.restart(findScreen);
    phone.people.onProgress = () => this.#strip();
  }

  /** Forgets the key; whoever comes next types a PIN. */
  lock() {
    this.phone?.close();
    Object.assign(this, { phone: null, mode: null, ride: null, camera: false, said: null });
    this.restart(lockScreen);
  }

  /** Shows a screen on top of this one; the phone's own Back leaves it. */
  go(screen, facts = {}) {
    this.#leave();
    this.#screens.push([screen, facts]);
    history.pushState({ depth: this.#screens.length }, "");
    return this.draw();
  }

  /** Leaves this screen. */
  back() {
    history.back();
  }

  restart(screen, facts = {}) {
    this.#leave();
    if (!this.phone) this.#sending ??= sendLocked(this.store, this.version, () => this.#redrawLock());
    this.#screens = [[screen, facts]];
    return this.draw();
  }

  #popped() {
    this.#leave();
    if (this.#screens.length > 1) this.#screens.pop();
    this.draw();
  }

  #leave() {
    this.leaving?.();
    this.leaving = null;
    this.refresh = null;
  }

  /** Draws the screen anew; a later drawing overtakes an earlier that still reads, and one no longer `wanted` ends. */
  async draw(wanted = () => true) {
    const [screen, facts] = this.#screens.at(-1);
    const drawing = (this.#drawing += 1);
    const content = await screen(this, facts);
    if (drawing !== this.#drawing || !wanted()) return;
    document.documentElement.lang = language();
    document.documentElement.dir = language() === "ar" ? "rtl" : "ltr";
    this.strip = h("header", { class: "strip" });
    this.bar = h("div", { class: "said", role: "status", "aria-live": "assertive" });
    this.root.replaceChildren(...(this.phone ? [this.strip] : []), h("main", {}, content), this.bar);
    this.#strip();
    this.#showSaid();
    this.root.querySelector("[data-focus]")?.focus();
    window.scrollTo(0, 0);
  }

  /** What waits has become less; a PIN that is being typed is left alone. */
  #redrawLock() {
    const untouched = () => this.#screens.at(-1)[0] === lockScreen && !this.root.querySelector("#pin")?.value;
    if (untouched()) this.draw(untouched);
  }

  speak(chosen) {
    speak(chosen);
    return this.draw();
  }

  /** Where and who, and the outbox: how many wait, since when, the last exchange. */
  #strip() {
    if (!this.phone || !this.strip) return;
    const { phone } = this;
    const { count, since: oldest } = phone.outbox.waiting;
    const { heard } = phone.kept;
    const waits = count ? t("wait_since", { n: count, time: since(oldest, phone.now()) }) : t("nothing_waits");
    const last = phone.busy ? t("exchanging") : heard ? t("last_exchange", { time: timeOf(heard, phone.enrolment.zone) }) : t("never_exchanged");
    const outbox = button(h("span", {}, h("b", {}, waits), h("small", {}, last)), () => this.go(outboxScreen), {
      class: `outbox ${count ? "waits" : "clear"}`,
    });
    const who = h("div", { class: "who" }, h("b", {}, this.placeName(phone.place)), h("small", {}, phone.enrolment.userName));
    this.strip.replaceChildren(who, outbox, ...this.#notices());
  }

  #notices() {
    const { phone } = this;
    const notice = (text, ...more) => h("p", { class: "notice" }, text, ...more);
    const found = [];
    if (phone.enrolment.revoked) found.push(notice(t("revoked")));
    if (phone.enrolment.forkedAt) {
      const read = button(t("close"), async () => {
        await phone.forkRead();
        this.#strip();
      });
      found.push(notice(t("forked", { epoch: phone.outbox.epoch }), read));
    }
    if (phone.isExpired) found.push(notice(t("roster_expired")));
    if (this.#screens.at(-1)[0] !== findScreen) return found;
    if (phone.room && !phone.room.persisted) found.push(notice(t("not_persisted")));
    if (phone.room?.quotaBytes && phone.room.usedBytes > 0.8 * phone.room.quotaBytes) found.push(notice(t("nearly_full")));
    if (this.update) found.push(notice(t("new_version"), button(t("take_over"), () => this.update())));
    return found;
  }

  /** The phone was taken out of the pocket: it may be late, and the network may be here. */
  #woke() {
    this.#minute();
    this.phone?.planExchange(0);
  }

  async #minute() {
    if (!this.phone) return;
    if (Date.now() - this.#touched > LOCK_AFTER_MS) return this.lock();
    if (await this.phone.eraseExpired()) this.draw();
    this.#strip();
  }

  /** Records drafts, and says so in green only once they are on the disk; `false` when the disk refused them. */
  async record(drafts, words) {
    try {
      const ids = await this.phone.record(drafts);
      this.said = { good: true, words, ids, until: performance.now() + UNDO_MS };
      signal("good");
      this.#showSaid();
      return true;
    } catch (error) {
      const full = error?.name === "QuotaExceededError";
      this.said = { good: false, words: t(full ? "disk_full" : "not_recorded", { why: String(error) }), until: Infinity };
      signal("look");
      this.#showSaid();
      return false;
    }
  }

  #showSaid() {
    const { said } = this;
    if (!said || performance.now() > said.until) return this.bar.replaceChildren();
    const undo = said.good && said.ids ? button(t("undo"), () => this.undo(said.ids), { class: "undo" }) : null;
    const dismiss = said.good ? null : button(t("close"), () => ((this.said = null), this.#showSaid()));
    this.bar.replaceChildren(
      h("div", { class: said.good ? "green" : "red" }, h("b", {}, said.good ? `✓ ${t("recorded")}` : `✕ ${t("nothing_recorded")}`), h("span", {}, said.words), undo, dismiss),
    );
    if (said.good) setTimeout(() => this.said === said && ((this.said = null), this.#showSaid()), said.until - performance.now());
  }

  /** Takes one's own last records back, by events that correct them; nothing is deleted. */
  async undo(ids) {
    const drafts = ids.flatMap((id) => corrected(this.phone.now(), id, "recorded by mistake"));
    if (await this.record(drafts, t("taken_back"))) {
      this.said.ids = null;
      await this.draw();
    }
  }

  // --- Words for what instructions name

  nameOf(list, id) {
    const found = this.phone?.kept.instructions?.[list]?.find((one) => one.id === id);
    return found?.names?.[language()] ?? found?.names?.en ?? found?.name ?? id ?? "";
  }

  placeName(id) {
    return id ? this.nameOf("places", id) : t("no_place");
  }

  accountName(account) {
    const [kind, id] = (account ?? "").split(":");
    if (kind === "place") return this.placeName(id);
    if (kind === "aboard") return t("aboard", { movement: this.nameOf("movements", id) });
    if (kind === "end") return t(`end_${id}`);
    return t(kind === "suspense" ? "suspense" : "not_known");
  }
}
