// The rest: the phone's own health, language, gate of one's own choice, lock.

import { t } from "../texts/speak.js";
import { button, choice, clockOf, h, timeOf } from "./dom.js";
import { findScreen } from "./find.js";
import { languages } from "./lock.js";
import { movementsScreen } from "./movement.js";

export async function moreScreen(app) {
  const { phone } = app;
  const { enrolment, rosterState: roster } = phone;
  const { clock } = phone.kept;
  const zone = enrolment.zone;
  const size = await phone.people.ask("size");
  const megabytes = (bytes) => (bytes === null || bytes === undefined ? t("not_known") : `${(bytes / 1e6).toFixed(1)} MB`);
  const part = (word, value) => [h("dt", {}, t(word)), h("dd", {}, value)];
  const places = phone.kept.instructions?.places ?? [];
  const wanders = enrolment.place === null && places.length > 0;
  return h("section", { class: "list" }, h("h1", {}, t("more")),
    wanders ? choice(t("place"), places.map(({ id }) => [id, app.placeName(id)]), phone.place, async (id) => {
      await phone.keep("place", id);
      await app.draw();
    }) : null,
    languages(app),
    h("dl", {}, part("device", `${phone.device} · ${t("epoch")} ${phone.outbox.epoch}`), part("user", `${enrolment.userName} (${enrolment.user})`),
      part("roster", roster.complete ? t("roster_of", { n: size, time: timeOf(roster.at, zone) }) : t("roster_loading", { n: size })),
      part("roster_until", roster.expiresAt === null ? t("not_known") : timeOf(roster.expiresAt, zone)),
      part("clock", clockOf(clock)),
      part("storage", `${megabytes(phone.room?.usedBytes)} / ${megabytes(phone.room?.quotaBytes)} · ${t(phone.room?.persisted ? "persisted" : "not_persisted_short")}`),
      part("version", app.version), part("headquarters_key", enrolment.headquartersKey.slice(0, 8))),
    h("nav", { class: "bottom" }, button(t("choose_movement"), () => app.go(movementsScreen)), button(t("lock"), () => app.lock(), { class: "go" }),
      button(t("go_back"), () => app.restart(findScreen), { class: "plain" })));
}
